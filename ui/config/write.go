package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// ErrChanged is returned by [File.Write] when the file on disk is not the one that
// was read. Nothing is written then; loading it again shows what a person has
// changed.
var ErrChanged = errors.New("changed on disk since it was read: load it again")

// maxFormer is how many former contents a File remembers.
const maxFormer = 32

// header is how a new file begins.
const header = "# setpoint.yaml: thresholds and flags of setpoint; see setpoint --help.\n"

// Write makes the changes in the file, all or none, and in f. A file that is not
// there is created, readable by its owner only; of one that is, a symlink, mode and
// owner are kept. What the file then says must be free of faults. Changes that
// bring back the values of an earlier write of f bring back its bytes.
func (f *File) Write(changes []Change) error {
	t := &text{f.raw, f.root}
	if f.raw == nil {
		t.raw = []byte(header)
	}
	for i := range changes {
		c := &changes[i]
		err := c.check()
		if err == nil {
			t, err = c.apply(t)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	next, err := f.with(t)
	if err != nil || bytes.Equal(next.raw, f.raw) {
		return err
	}
	if err := f.store(next.raw); err != nil {
		return fmt.Errorf("%s: %w", f.name, cause(err))
	}
	if f.raw != nil {
		before := *f
		before.former = nil
		next.former = append([]*File{&before}, f.former[:min(len(f.former), maxFormer-1)]...)
	}
	*f = *next
	return nil
}

// with returns f with another text, or a former one of the same meaning.
func (f *File) with(t *text) (*File, error) {
	next := &File{path: f.path, name: f.name, word: f.word, flags: f.flags, raw: t.raw, root: t.root}
	if faults := next.decode(t.root, f.flags); len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	meaning := next.meaning()
	if i := slices.IndexFunc(f.former, func(o *File) bool { return o.meaning() == meaning }); i >= 0 {
		again := *f.former[i]
		return &again, nil
	}
	return next, nil
}

// meaning tells two files apart that say different things, whatever they look like.
func (f *File) meaning() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q", f.Sources)
	for _, e := range slices.Concat(f.Flags, f.Keys) {
		fmt.Fprintf(&b, " %q:%q", e.Name, e.Words)
	}
	scopes := slices.Clone(f.Scopes)
	slices.SortStableFunc(scopes, func(x, y Scope) int {
		if x.Layer == Sensor && y.Layer == Sensor {
			return strings.Compare(x.Name, y.Name)
		}
		return int(x.Layer) - int(y.Layer)
	})
	for i := range scopes {
		scopes[i].meaning(&b)
	}
	return b.String()
}

func (s *Scope) meaning(b *strings.Builder) {
	fmt.Fprintf(b, "\n%d %q %q %q %q %q", s.Layer, s.Name, s.Patterns, s.Advice, s.OutOfService, s.Kind)
	tell(b, s.Flat)
	tell(b, s.Stale)
	tell(b, s.Adaptive)
	for _, o := range s.Of {
		tell(b, o.At)
		tell(b, o.Deadband)
		tell(b, o.OnDelay)
		tell(b, o.OffDelay)
	}
}

func tell[T any](b *strings.Builder, v *T) {
	if v == nil {
		b.WriteString(" -")
		return
	}
	fmt.Fprintf(b, " %v", *v)
}

// store puts raw in the file's place, if that still holds what was read.
func (f *File) store(raw []byte) error {
	target, mode := f.path, fs.FileMode(0o600)
	var info fs.FileInfo
	if f.raw != nil {
		var err error
		target, err = filepath.EvalSymlinks(f.path)
		if err == nil {
			info, err = os.Stat(target)
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return ErrChanged
		case err != nil:
			return err
		}
		mode = info.Mode().Perm()
	}
	dir := filepath.Dir(target)
	temp, err := os.CreateTemp(dir, ".setpoint-*.yaml")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := errors.Join(fill(temp, raw, mode, info), temp.Close()); err != nil {
		return err
	}
	if err := f.unchanged(target); err != nil {
		return err
	}
	if err := os.Rename(temp.Name(), target); err != nil {
		return err
	}
	return syncDir(dir)
}

// fill writes raw to disk, with the mode and, as far as that is allowed, the owner
// of the file it will replace.
func fill(out *os.File, raw []byte, mode fs.FileMode, old fs.FileInfo) error {
	if _, err := out.Write(raw); err != nil {
		return err
	}
	if old != nil {
		if st, ok := old.Sys().(*syscall.Stat_t); ok {
			_ = out.Chown(int(st.Uid), int(st.Gid)) // only root may give files away
		}
	}
	if err := out.Chmod(mode); err != nil {
		return err
	}
	return out.Sync()
}

// unchanged returns ErrChanged unless the file at target holds what was read. If
// there was none it creates it, empty, so that nobody else does.
func (f *File) unchanged(target string) error {
	if f.raw == nil {
		out, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return ErrChanged
		}
		if err != nil {
			return err
		}
		return out.Close()
	}
	now, err := read(target)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !bytes.Equal(now, f.raw) {
		return ErrChanged
	}
	return err
}

// syncDir makes a rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
