package e2e_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// An arrow says what a package may import. The first that fits a package counts;
// x/* is every package below x. A package of ui that no row names is a page.
type arrow struct {
	from      string
	setpoint  string // of this module
	libraries string // beyond the standard library: none, any, or where they start
}

const (
	pure  = "sensors/threshold sensors/alarm sensors/history sensors/quality sensors/tune sensors/suggest"
	shown = "workflow workflow/guard workflow/monitor sensors sensors/display " + pure
	parts = "ui/action ui/chart ui/graph ui/screen ui/term ui/theme ui/uitest"
)

var arrows = []arrow{
	{"main", "ui ui/* workflow workflow/* sensors sensors/*", "any"},

	{"ui", "ui/* " + shown, "any"},
	{"ui/config", shown, "any"},
	{"ui/cli", "ui/config " + parts + " sensors/stamp " + shown, "any"},
	{"ui/offline", "ui/cli workflow/store sensors/export " + shown, "any"},
	{parts, parts + " " + shown, "any"},
	{"ui/*", parts + " " + shown, "any"},

	{"workflow/guard", "", "none"},
	{"workflow/monitor", "workflow workflow/guard workflow/store sensors sensors/*", "any"},
	{"workflow", "workflow/guard", "any"},
	{"workflow/*", "workflow workflow/guard", "any"},

	{"sensors/threshold sensors/history sensors/stamp", "", "none"},
	{"sensors/alarm", "sensors/threshold", "none"},
	{"sensors/tune", "sensors/threshold sensors/alarm sensors/history sensors/display sensors/stamp", "none"},
	{"sensors/suggest sensors/export", "sensors sensors/threshold sensors/alarm sensors/history sensors/tune sensors/display", "none"},
	{"sensors/quality", "sensors sensors/threshold", "none"},
	{"sensors/display", "", "github.com/charmbracelet/x/ansi github.com/clipperhouse/ github.com/mattn/go-runewidth github.com/rivo/uniseg golang.org/x/text/"},
	{"sensors", "sensors/threshold", "none"},
	{"sensors/*", "sensors sensors/threshold sensors/alarm sensors/history sensors/display sensors/stamp sensors/sensorstest", "any"},
}

// The sides hold for tests as well: what is below never knows what is above.
var sides = []arrow{
	{"sensors sensors/*", "sensors sensors/*", "any"},
	{"workflow/monitor", "workflow workflow/* sensors sensors/*", "any"},
	{"workflow workflow/*", "workflow workflow/*", "any"},
	{"main ui ui/*", "ui ui/* workflow workflow/* sensors sensors/*", "any"},
}

func TestPackagesImportOnlyWhatTheArrowsAllow(t *testing.T) {
	eachGoFile(t, parser.ImportsOnly, func(pkg, name string, file *ast.File) {
		rules := arrows
		if strings.HasSuffix(name, "_test.go") {
			rules = sides
		}
		for _, imported := range importsOf(t, file) {
			if rule := refused(rules, pkg, imported); rule != "" {
				t.Errorf("%s imports %s: %s", name, imported, rule)
			}
		}
	})
}

func TestArrowsRefuseTheOtherWay(t *testing.T) {
	for _, c := range []struct {
		rules         []arrow
		pkg, imported string
		refused       bool
	}{
		{arrows, "sensors/threshold", "math", false},
		{arrows, "sensors/threshold", "setpoint/sensors", true},
		{arrows, "sensors/threshold", "pgregory.net/rapid", true},
		{arrows, "sensors/sim", "setpoint/sensors/hwmon", true},
		{arrows, "sensors/sim", "setpoint/workflow", true},
		{arrows, "sensors/display", "github.com/rivo/uniseg", false},
		{arrows, "workflow", "setpoint/workflow/guard", false},
		{arrows, "workflow", "setpoint/sensors", true},
		{arrows, "workflow/monitor", "setpoint/sensors/sim", false},
		{arrows, "workflow/monitor", "setpoint/ui", true},
		{arrows, "ui", "setpoint/ui/watch", false},
		{arrows, "ui/watch", "setpoint/ui/theme", false},
		{arrows, "ui/watch", "setpoint/ui/flow", true},
		{arrows, "ui/theme", "setpoint/ui", true},
		{arrows, "ui/watch", "setpoint/sensors/sim", true},
		{arrows, "common", "fmt", true},
		{sides, "sensors/replay", "setpoint/workflow/guard", true},
		{sides, "sensors/threshold", "pgregory.net/rapid", false},
	} {
		if got := refused(c.rules, c.pkg, c.imported); (got != "") != c.refused {
			t.Errorf("%s imports %s: %q, want refused: %t", c.pkg, c.imported, got, c.refused)
		}
	}
}

// refused returns the rule that forbids pkg to import a path, "" if none does.
func refused(rules []arrow, pkg, imported string) string {
	i := slices.IndexFunc(rules, func(a arrow) bool { return named(a.from, pkg) })
	if i < 0 {
		return fmt.Sprintf("no arrow names package %s", pkg)
	}
	a := rules[i]
	if own, ok := strings.CutPrefix(imported, "setpoint/"); ok {
		if !named(a.setpoint, own) {
			return fmt.Sprintf("%s may import of setpoint only [%s]", pkg, a.setpoint)
		}
		return ""
	}
	domain, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(domain, ".") || a.libraries == "any" {
		return ""
	}
	for prefix := range strings.FieldsSeq(a.libraries) {
		if strings.HasPrefix(imported, prefix) {
			return ""
		}
	}
	return fmt.Sprintf("%s may import of libraries only [%s]", pkg, a.libraries)
}

// named reports whether one of the patterns is pkg, or x/* with pkg below x.
func named(patterns, pkg string) bool {
	for p := range strings.FieldsSeq(patterns) {
		below, all := strings.CutSuffix(p, "*")
		if p == pkg || all && strings.HasPrefix(pkg, below) {
			return true
		}
	}
	return false
}

func TestPurePackagesHaveNoClockNoGoroutineAndNoIO(t *testing.T) {
	eachGoFile(t, parser.SkipObjectResolution, func(pkg, name string, file *ast.File) {
		if !named(pure, pkg) || strings.HasSuffix(name, "_test.go") {
			return
		}
		for _, found := range impurities(t, file) {
			t.Errorf("%s has %s: %s must be pure (no clock, no goroutine, no I/O)", name, found, pkg)
		}
	})
}

func TestImpuritiesAreFound(t *testing.T) {
	const src = "package x\nimport (\"os\"; \"io/fs\"; \"math\"; clock \"time\")\n" +
		"func f(m clock.Month) { go f(m); _ = clock.Now(); _, _, _ = os.Args, fs.ErrExist, math.Pi }\n"
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.Join(impurities(t, file), ", "), "import os, import io/fs, a go statement, time.Now"; got != want {
		t.Errorf("found %s, want %s", got, want)
	}
}

// impurities lists what keeps a file from depending on its arguments alone.
func impurities(t *testing.T, file *ast.File) (found []string) {
	for _, imported := range importsOf(t, file) {
		if named("os os/* net net/* io io/* syscall log log/* math/rand crypto/rand", imported) {
			found = append(found, "import "+imported)
		}
	}
	clock := "time"
	for _, spec := range file.Imports {
		if spec.Path.Value == `"time"` && spec.Name != nil {
			clock = spec.Name.Name
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, "a go statement")
		case *ast.SelectorExpr:
			x, ok := n.X.(*ast.Ident)
			if ok && x.Name == "rand" && !named("New NewPCG Rand PCG", n.Sel.Name) { // a seed of its own is pure
				found = append(found, "rand."+n.Sel.Name)
			}
			if ok && x.Name == clock && named("Now Since Until Sleep After AfterFunc Tick NewTimer NewTicker", n.Sel.Name) {
				found = append(found, "time."+n.Sel.Name)
			}
		}
		return true
	})
	return found
}

func TestTopLevelHoldsNothingElse(t *testing.T) {
	root := sourceRoot(t)
	ignored, err := os.ReadFile(filepath.Join(root, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	const wanted = "main.go ui workflow sensors go.mod go.sum README.md LICENSE"
	for _, e := range entries {
		left := func(pattern string) bool { // by a build or a test run
			ok, err := path.Match(strings.TrimPrefix(pattern, "/"), e.Name())
			return ok && err == nil
		}
		if !strings.HasPrefix(e.Name(), ".") && !named(wanted, e.Name()) &&
			!slices.ContainsFunc(strings.Fields(string(ignored)), left) {
			t.Errorf("%s: the top level holds only [%s] and hidden files", e.Name(), wanted)
		}
	}
}

// eachGoFile parses the module's files and calls visit with each one's package,
// relative to the module, and its name. Hidden folders and testdata are left out.
func eachGoFile(t *testing.T, mode parser.Mode, visit func(pkg, name string, file *ast.File)) {
	t.Helper()
	root, files := sourceRoot(t), 0
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir(), path.Ext(name) != ".go":
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, mode)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		if pkg == "." {
			pkg = "main"
		}
		files++
		visit(pkg, name, file)
		return nil
	})
	if err != nil || files == 0 {
		t.Fatalf("read %d Go files under %s: %v", files, root, err)
	}
}

func importsOf(t *testing.T, file *ast.File) (paths []string) {
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return paths
}

// sourceRoot returns the folder of go.mod, looked for from here upwards.
func sourceRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod in any folder above this package")
		}
		dir = filepath.Dir(dir)
	}
}
