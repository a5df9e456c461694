package monitor

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// sameSecond is how many files of one kind can begin in one second.
const sameSecond = 100

// writeNew writes what fill writes to a file in the working directory that was not
// there before, which only its owner can read, and returns its path. The name says
// what it is and when. A file that cannot be written to its end is removed.
func writeNew(what, ext string, fill func(io.Writer) error) (path string, err error) {
	f, err := create(fmt.Sprintf("setpoint-%s-%s", what, time.Now().Format("20060102T150405")), ext)
	if err != nil {
		return "", err
	}
	out := bufio.NewWriter(f)
	err = fill(out)
	if err == nil {
		err = out.Flush()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	if abs, err := filepath.Abs(f.Name()); err == nil {
		return abs, nil
	}
	return f.Name(), nil
}

// create creates a file of that name, or of that name with a number.
func create(name, ext string) (*os.File, error) {
	path := name + "." + ext
	for n := 2; ; n++ {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, fs.ErrExist) || n > sameSecond {
			return f, err
		}
		path = fmt.Sprintf("%s-%d.%s", name, n, ext)
	}
}
