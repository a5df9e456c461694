//go:build linux

package e2e_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// program is where the built program is.
var program string

func TestMain(m *testing.M) {
	status, err := build(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, "building the program:", err)
		status = 1
	}
	os.Exit(status)
}

// build builds the program as a user does, and runs the tests while it is there.
func build(run func() int) (status int, err error) {
	dir, err := os.MkdirTemp("", "setpoint")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "setpoint")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", program, "setpoint")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return 0, err
	}
	return run(), nil
}

// TestScripts runs the scripts of testdata/script. Beside the commands of package
// testscript they have:
//
//	setpoint STATUS ARG...       run the program to its end, want the exit status; an
//	                             ARG with a backslash in it is quoted as in Go
//	summary [PATH=VALUE]...      of the last run; PATH>VALUE and PATH<VALUE compare numbers
//	same FILE                    want the alarm lines of the last run in FILE, or put them there
//	make RECORDING FILE          write a recording that is too long or too foul for a script
//	gzip FILE [BYTES]            write FILE.gz without its last bytes
//	begin ARG...                 start the program; its standard input stays open
//	screen SIZE[:unread] ARG...  start it on a terminal of that size
//	expect TEXT...               wait until standard output or the screen has each
//	gone TEXT                    wait until the screen no longer has it
//	note NAME REGEXP             wait until the group matches a figure, keep it as a variable
//	add NAME N...                keep a sum as a variable
//	type TEXT                    to standard input or the terminal, quoted as in Go
//	resize SIZE                  of the terminal
//	full                         wait until an unread terminal takes no more
//	signal NAME                  to the program
//	hangup                       take the terminal away
//	end STATUS                   wait for the end of the program, want the exit status
//
// After every run, what the program promises of its output is checked.
func TestScripts(t *testing.T) {
	operator := "operator"
	if u, err := user.Current(); err == nil {
		operator = u.Username
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("LANG", "C.UTF-8")
			env.Setenv("OPERATOR", operator)
			env.Values[onStage{}] = new(stage)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"setpoint": command(1, setpoint),
			"summary":  command(0, summary),
			"same":     command(1, same),
			"make":     command(2, makeRecording),
			"gzip":     command(1, compress),
			"begin":    command(0, begin),
			"screen":   command(1, begins),
			"expect":   command(1, expect),
			"gone":     command(1, gone),
			"note":     command(2, note),
			"add":      command(2, add),
			"type":     command(1, typeText),
			"resize":   command(1, resize),
			"full":     command(0, full),
			"signal":   command(1, signal),
			"hangup":   command(0, hangup),
			"end":      command(1, end),
		},
	})
}

// command makes a script's command of f, which wants so many arguments at least.
func command(least int, f func(*testscript.TestScript, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) < least {
			ts.Fatalf("want at least %d arguments and no !", least)
		}
		f(ts, args)
	}
}

func setpoint(ts *testscript.TestScript, args []string) {
	err := ts.Exec(program, unquoted(ts, args[1:])...)
	status := 0
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		status = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	want(ts, status, args[0])
	ts.Check(sound(ts.ReadFile("stdout"), ts.ReadFile("stderr")))
}

func want(ts *testscript.TestScript, status int, wanted string) {
	if strconv.Itoa(status) != wanted {
		ts.Fatalf("exit status %d, want %s", status, wanted)
	}
}

// unquoted returns arguments as the program gets them.
func unquoted(ts *testscript.TestScript, args []string) []string {
	for i, a := range args {
		if strings.Contains(a, `\`) {
			text, err := strconv.Unquote(`"` + strings.ReplaceAll(a, `"`, `\"`) + `"`)
			ts.Check(err)
			args[i] = text
		}
	}
	return args
}
