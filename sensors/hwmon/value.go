package hwmon

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"
)

// most is how much of a file is read: more than any value or label has, and
// little enough that two labels make a valid name.
const most = 128

// read returns the beginning of a file without the space around it. Only plain
// files are opened: a named pipe would hold up Run for ever.
func read(fsys fs.FS, name string) (string, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return "", bare(name, err)
	}
	if !info.Mode().IsRegular() {
		return "", bare(name, errors.New("want a plain file"))
	}
	file, err := fsys.Open(name)
	if err != nil {
		return "", bare(name, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, most))
	if err != nil {
		return "", bare(name, err)
	}
	return strings.TrimSpace(string(text)), nil
}

// bare returns err with the name of the file quoted: it is a stranger's.
func bare(name string, err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return fmt.Errorf("read %s: %w", quote(name), err)
}

// readText returns what stands in a file, "" if it cannot be read.
func readText(fsys fs.FS, name string) string {
	text, _ := read(fsys, name) // a sensor without a label is called after its file
	return text
}

// readValue returns the temperature in a file, in °C.
func readValue(fsys fs.FS, name string) (float64, error) {
	text, err := read(fsys, name)
	if err != nil {
		return 0, err
	}
	v, err := parse(text)
	if err != nil {
		return 0, bare(name, err)
	}
	return v, nil
}

// parse reads a temperature in thousandths of a °C, a whole number, as °C.
func parse(text string) (float64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("value %s: want thousandths of a °C", quote(text))
	}
	return float64(n) / 1000, nil
}

// quote makes a stranger's text fit for an error.
func quote(s string) string {
	if len(s) > 80 {
		return strconv.Quote(s[:80]) + "..."
	}
	return strconv.Quote(s)
}
