package workflow

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// TestEveryRuleNamesTestsThatExist reads the package comment: a rule that names a
// test which is gone is held by nothing.
func TestEveryRuleNamesTestsThatExist(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Example)\w*)\(`).FindAllSubmatch(src, -1) {
			there[string(m[1])] = true
		}
	}
	named := regexp.MustCompile(`\b(?:Test|Example)[A-Z]\w+`).FindAllString(string(doc), -1)
	if len(named) < 50 {
		t.Errorf("the package comment names only %d tests", len(named))
	}
	for _, name := range named {
		if !there[name] {
			t.Errorf("doc.go names %s, which does not exist", name)
		}
	}
}
