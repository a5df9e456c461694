//go:build linux

package term_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

func TestAKeyOrASignalEndsTheProgramAndLeavesACleanTerminal(t *testing.T) {
	for name, c := range map[string]struct {
		keys   string
		signal syscall.Signal
		status int
	}{
		"q":                 {"q", 0, 0},
		"an interrupt":      {"i", 0, 130},
		"SIGTERM":           {"", syscall.SIGTERM, 143},
		"SIGINT":            {"", syscall.SIGINT, 130},
		"SIGHUP":            {"", syscall.SIGHUP, 129},
		"SIGQUIT":           {"", syscall.SIGQUIT, 131},
		"SIGTERM in a trap": {"d", syscall.SIGTERM, 143},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			con := start(t, "program", 80, 24).read()
			con.expect("80x24 number", 0)
			con.send(c.keys)
			if c.keys == "d" {
				quiet(con)
			}
			if c.signal != 0 {
				_ = con.cmd.Process.Signal(c.signal)
			}
			con.exit(c.status, 2*time.Second)
			con.clean()
		})
	}
}

func TestAPanicIsToldOnceAndAfterTheScreenWasLeft(t *testing.T) {
	for where, key := range map[string]string{
		"update": "u", "view": "v", "command": "c", "command in a batch": "b", "command in a sequence": "s", "goroutine": "g",
	} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			con := start(t, "program", 80, 24).read()
			con.expect("number", 0)
			con.send(key)
			con.exit(1, 2*time.Second)
			con.expect("child_test.go", 0) // the stack
			after := con.clean()
			first, _, _ := strings.Cut(where, " ")
			if want := "ERROR panic in " + first + `: "oops"`; strings.Count(after, want) != 1 {
				t.Errorf("want %s, once, in\n%s", want, after)
			}
			if n := strings.Count(con.output(), "oops"); n != 1 {
				t.Errorf("the panic is told %d times", n)
			}
		})
	}
}

func TestAnEndThatHangsIsCutShortByASecondSignal(t *testing.T) {
	t.Parallel()
	con := start(t, "slow", 80, 24).read()
	con.expect("number", 0)
	_ = con.cmd.Process.Signal(syscall.SIGINT)
	con.expect("\x1b[?1049l", 0)
	_ = con.cmd.Process.Signal(syscall.SIGINT)
	con.exit(130, 2*time.Second)
	con.expect("LOST", 0)
}

func TestAPanicWhileDrainingIsTold(t *testing.T) {
	t.Parallel()
	con := start(t, "clumsy", 80, 24).read()
	con.expect("number", 0)
	con.send("q")
	con.exit(1, 2*time.Second)
	con.expect(`ERROR panic in end: "oops"`, 0)
}

func TestASequenceThatKillsTheRendererIsShownAsText(t *testing.T) {
	t.Parallel()
	con := start(t, "program", 120, 24).read()
	con.expect("number", 0)
	con.send("o")
	con.expect("mSURVIVED", 0)
	con.send("q")
	con.exit(0, 2*time.Second)
	con.clean()
}

func TestAVanishedTerminalEndsTheProgram(t *testing.T) {
	for _, as := range []string{"program", "vanish"} { // with and without SIGHUP
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			con := start(t, as, 80, 24)
			buf := make([]byte, 64<<10)
			for n := 0; !bytes.Contains(buf[:n], []byte("number")); {
				m, err := con.master.Read(buf[n:])
				if err != nil {
					t.Fatal(err)
				}
				n += m
			}
			_ = con.master.Close()
			con.exit(129, time.Second)
		})
	}
}

func TestAnUnreadTerminalHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		columns, rows int
		keys          string
	}{{200, 60, ""}, {500, 200, ""}, {200, 60, "d"}, {200, 60, "\x1a"}, {200, 60, "q"}} {
		con := start(t, "program", c.columns, c.rows)
		full(t, con)
		con.send(c.keys)
		_ = con.cmd.Process.Signal(syscall.SIGTERM)
		con.exit(143, 2*time.Second)
		con.read().clean()
	}
}

func TestCtrlZAndTheSignalGiveTheTerminalToTheShellAndBack(t *testing.T) {
	t.Parallel()
	con := start(t, "shell", 80, 24).read()
	at := con.expect("80x24 number", 0)
	for range 2 {
		con.send("\x1a")
		at = con.expect("\x1b[?1049l", at)
		at = con.expect("PROMPT", at)
		con.send("fg\n")
		at = con.expect("\x1b[?1049h", at)
		at = con.expect("number", at)
	}
	con.send("q")
	con.expect("EXITED 0", at)
	con.exit(0, 2*time.Second)
	con.clean()
}

func TestContinuedInTheBackgroundItLeavesTheTerminalAlone(t *testing.T) {
	t.Parallel()
	con := start(t, "shell", 80, 24).read()
	at := con.expect("80x24 number", 0)
	con.send("\x1a")
	at = con.expect("PROMPT", at)
	con.send("bg\n")
	at = con.expect("PROMPT", at)
	quiet(con)
	if rest := con.output()[at:]; strings.Contains(rest, "\x1b") {
		t.Errorf("in the background it wrote %q", rest)
	}
	con.send("fg\n")
	at = con.expect("\x1b[?1049h", at)
	con.send("\x1a")
	at = con.expect("PROMPT", at)
	con.send("kill\n")
	con.expect("EXITED 143", at)
	con.exit(143, 2*time.Second)
	con.clean()
}

func TestCtrlZWithoutAShellGoesOn(t *testing.T) {
	t.Parallel()
	con := start(t, "program", 80, 24).read()
	at := con.expect("number", 0)
	con.send("\x1a")
	at = con.expect("\x1b[?1049l", at)
	at = con.expect("\x1b[?1049h", at)
	con.expect("number", at)
	con.send("q")
	con.exit(0, 2*time.Second)
	con.clean()
}

func TestEverySizeIsDrawnAtOnceAndAStormOfThemIsSurvived(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{1, 1}, {2, 1}, {1, 50}, {500, 200}, {0, 0}} {
		con := start(t, "program", size[0], size[1]).read()
		con.expect("\x1b[?1049h", 0)
		for n := range 60 {
			_ = pty.Setsize(con.master, &pty.Winsize{Cols: uint16(1 + n*37%499), Rows: uint16(1 + n*23%199)})
		}
		_ = pty.Setsize(con.master, &pty.Winsize{Cols: 90, Rows: 20})
		con.expect("90x20", 0)
		con.send("q")
		con.exit(0, 2*time.Second)
		con.clean()
	}
	con := start(t, "program", 100, 30).read()
	con.expect("100x30 number", 0)
	if first := con.output(); strings.Contains(first, "0x0 number") {
		t.Errorf("a frame was drawn before the size was known")
	}
}

func TestTheRendererGoesOnMeasuringAsDisplayDoes(t *testing.T) {
	t.Parallel()
	con := start(t, "program", 80, 24).read()
	con.expect("number", 0)
	con.send("\x1b[?2027;2$y\x1b[?2026;2$y") // the terminal offers both
	con.expect("\x1b[?2026h", 0)
	con.send("q")
	con.exit(0, 2*time.Second)
	con.clean()
	if strings.Contains(con.output(), "\x1b[?2027h") {
		t.Error("the renderer began to measure by graphemes")
	}
}

func TestWithoutATerminalNothingIsWritten(t *testing.T) {
	for term, want := range map[string]string{"dumb": `TERM is "dumb"`, "": `TERM is ""`} {
		con := start(t, "program", 80, 24, "TERM="+term).read()
		con.exit(2, 2*time.Second)
		con.expect(want, 0)
		if strings.Contains(con.output(), "\x1b") {
			t.Errorf("an escape in %q", con.output())
		}
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = []string{"TERM=xterm", role + "=program"}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "no terminal: standard output is not one") {
		t.Errorf("got %v and %q", err, out)
	}
}

func TestKeysComeFromTheTerminalWhenDataIsPipedIn(t *testing.T) {
	t.Parallel()
	con := start(t, "piped", 80, 24).read()
	con.expect("80x24 number", 0)
	con.send("q")
	con.exit(0, 2*time.Second)
	con.clean()
}
