package guard_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNoOtherPackageHasABareGoStatement(t *testing.T) {
	root := moduleRoot(t)
	own := filepath.Join(root, "workflow", "guard")
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path == own, d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir(), !strings.HasSuffix(path, ".go"), strings.HasSuffix(path, "_test.go"):
			return nil
		}
		files++
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, at := range bareGo(t, path, src) {
			t.Errorf("%s:%d: a bare go statement: use guard.Go", at.Filename, at.Line)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files == 0 {
		t.Fatalf("no Go files under %s", root)
	}
}

func TestABareGoStatementIsFoundWhereverItHides(t *testing.T) {
	src := "package x\n\nvar f = func() {\n\tgo f()\n}\n\nfunc g() {\n\tselect {\n\tdefault:\n\t\tgo g()\n\t}\n}\n"
	found := bareGo(t, "x.go", []byte(src))
	if len(found) != 2 || found[0].Line != 4 || found[1].Line != 10 {
		t.Errorf("got %v, want lines 4 and 10", found)
	}
}

// bareGo returns where the go statements of a source file stand.
func bareGo(t *testing.T, path string, src []byte) (at []token.Position) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, src, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if g, ok := n.(*ast.GoStmt); ok {
			at = append(at, set.Position(g.Pos()))
		}
		return true
	})
	return at
}

// moduleRoot returns the folder of go.mod, looked for from this package upwards.
func moduleRoot(t *testing.T) string {
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
			t.Fatal("no go.mod above this package")
		}
		dir = filepath.Dir(dir)
	}
}
