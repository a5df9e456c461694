//go:build linux

package e2e_test

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// note waits until what is shown has a figure, and keeps it as a variable, without
// the commas between its thousands.
func note(ts *testscript.TestScript, args []string) {
	want, err := regexp.Compile(args[1])
	ts.Check(err)
	var found []string
	current(ts).until(ts, "note "+args[1], func(shown string) bool {
		found = want.FindStringSubmatch(shown)
		return len(found) == 2
	})
	ts.Setenv(args[0], strings.ReplaceAll(found[1], ",", ""))
}

// add keeps a sum as a variable.
func add(ts *testscript.TestScript, args []string) {
	sum := 0
	for _, a := range args[1:] {
		n, err := strconv.Atoi(a)
		ts.Check(err)
		sum += n
	}
	ts.Setenv(args[0], strconv.Itoa(sum))
}
