package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"setpoint/sensors/display"
)

// name is the file's name where none is given.
const name = "setpoint.yaml"

// A File is the configuration file, or the place where one can be written. It must
// not be used by two goroutines at once.
type File struct {
	Sources []string
	Scopes  []Scope // of all, of groups, of sensors, in the file's order
	Flags   []Entry // every other flag
	Keys    []Entry // by the name of the action

	path   string
	name   string // as errors have it
	word   string // as the source of a figure
	flags  []string
	raw    []byte // nil: there is no file
	root   *node
	former []*File // before each write, the newest first, for undoing it
}

// An Entry is a key with one or several words.
type Entry struct {
	Name  string
	Words []string
	Line  int
}

// Load reads the file at path, or without one the setpoint.yaml of the working
// directory, else that of the user's configuration directory. That there is none is
// no fault unless path names it. flags are the long names of the flags a file may
// set beside the thresholds.
//
// The error joins every fault. The File is there even then: it has what could be
// understood, so that other faults can be found with it.
func Load(path string, flags []string) (*File, error) {
	f := &File{path: path, flags: flags, root: &node{line: 1}}
	must := path != ""
	if !must {
		f.path = find()
	}
	f.name = string(display.Truncate(display.Text(f.path), 200))
	f.word = string(display.Truncate(display.Text(filepath.Base(f.path)), 80))
	raw, err := read(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !must:
		return f, nil
	case err != nil:
		return f, fmt.Errorf("%s: %w", display.Quote(f.path), err)
	}
	f.raw = raw
	root, err := parse(raw)
	if e, ok := errors.AsType[*syntaxError](err); ok {
		return f, f.Fault(e.line, e.text)
	}
	f.root = root
	return f, errors.Join(f.decode(root, flags)...)
}

// Path returns where the file is, or would be written.
func (f *File) Path() string { return f.path }

// Fault returns an error that is about a line of the file. The text must be fit to
// be shown.
func (f *File) Fault(line int, text string) error {
	return fmt.Errorf("%s:%d: %s", f.name, line, text)
}

// find returns the path of the file that counts if none is named.
func find() string {
	if _, err := os.Lstat(name); err == nil {
		return name
	}
	if dir, err := os.UserConfigDir(); err == nil {
		path := filepath.Join(dir, "setpoint", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return name
}

// read returns what the file at path holds.
func read(path string) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, cause(err)
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, maxSize+1))
	switch {
	case err != nil:
		return nil, cause(err)
	case len(raw) > maxSize:
		return nil, fmt.Errorf("more than %d bytes: want at most so many", maxSize)
	}
	return raw, nil
}

// cause returns an error of the operating system without the path, which is a
// stranger's text.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	if e, ok := errors.AsType[*os.LinkError](err); ok {
		return e.Err
	}
	return err
}
