package replay

import (
	"os"
	"syscall"
	"testing"
)

func TestCancelWakesABlockedReadOfABlockingPipe(t *testing.T) {
	var fds [2]int
	if err := syscall.Pipe(fds[:]); err != nil {
		t.Fatal(err)
	}
	w := os.NewFile(uintptr(fds[1]), "w")
	defer w.Close()
	w.WriteString(halfSecond)
	cancelled(t, Stdin(os.NewFile(uintptr(fds[0]), "r")))
}

// A writer that is gone before the pipe is opened anew leaves what it wrote.
func TestPipeOfAWriterThatIsGone(t *testing.T) {
	var fds [2]int
	if err := syscall.Pipe(fds[:]); err != nil {
		t.Fatal(err)
	}
	w := os.NewFile(uintptr(fds[1]), "w")
	w.WriteString(long3)
	w.Close()
	rec := &recorder{}
	if err := Stdin(os.NewFile(uintptr(fds[0]), "r")).Run(t.Context(), rec); err != nil || len(rec.readings) != 3 {
		t.Errorf("Run = %v with %d readings", err, len(rec.readings))
	}
}
