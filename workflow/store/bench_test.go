package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"setpoint/workflow"
)

// batches returns records of readings of 100 sensors in turn, a thousand at once.
func batches(n int) [][]workflow.Record[payload] {
	list := make([][]workflow.Record[payload], n)
	for b := range list {
		for i := range 1000 {
			r := readingOf("sensor-"+strconv.Itoa(i%100), at.Add(time.Duration(1000*b+i)*10*time.Millisecond), 20+float64(i)/7)
			r.Event.ID = uint64(1000*b + i)
			list[b] = append(list[b], r)
		}
	}
	return list
}

// BenchmarkIngest tells readings a second that are durable and, at the end, in the
// table by key and time, and those of plain inserts of the same rows.
func BenchmarkIngest(b *testing.B) {
	list := batches(200)
	b.Run("store", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s := must(b, b.TempDir(), Options{})
			j := Journal(s, form)
			for _, batch := range list {
				appendTo(b, j, batch...)
			}
			if err := s.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, len(list))
	})
	b.Run("store-moved", func(b *testing.B) {
		for b.Loop() {
			s := must(b, b.TempDir(), Options{})
			j := Journal(s, form)
			for i, batch := range list {
				if pos := appendTo(b, j, batch...); i%20 == 19 {
					if err := j.Truncate(b.Context(), pos); err != nil {
						b.Fatal(err)
					}
				}
			}
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		}
		rate(b, len(list))
	})
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			plainInserts(b, filepath.Join(b.TempDir(), "plain.db"), list)
		}
		rate(b, len(list))
	})
}

func rate(b *testing.B, batches int) {
	b.ReportMetric(float64(b.N)*float64(batches)*1000/b.Elapsed().Seconds(), "readings/s")
}

// plainInserts inserts the same rows, a thousand in a transaction.
func plainInserts(b *testing.B, path string, list [][]workflow.Record[payload]) {
	c, err := sqlite3.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE r(pos INTEGER PRIMARY KEY, key INTEGER, time INTEGER, value REAL," +
		"quality INTEGER, unit INTEGER, event INTEGER, source INTEGER, delay INTEGER, shard INTEGER, shards INTEGER, revision INTEGER)"); err != nil {
		b.Fatal(err)
	}
	s, _, err := c.Prepare("INSERT INTO r VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	pos := int64(0)
	for _, batch := range list {
		if err := c.Exec("BEGIN"); err != nil {
			b.Fatal(err)
		}
		for i := range batch {
			pos++
			ev := &batch[i].Event
			_ = s.BindFloat(4, ev.Payload.V.Value) // cannot fail
			for at, v := range []int64{pos, int64(i % 100), ev.Time.UnixNano(), 0, 1, 1, int64(ev.ID), 1, 1e6, 0, 1, 1} {
				if at != 3 {
					_ = s.BindInt64(at+1, v)
				}
			}
			if err := s.Exec(); err != nil {
				b.Fatal(err)
			}
		}
		if err := c.Exec("COMMIT"); err != nil {
			b.Fatal(err)
		}
	}
}

// counted counts the bytes that are written to files.
type counted struct {
	vfs.VFSFilename
	bytes *atomic.Int64
}

func (v counted) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := v.VFSFilename.OpenFilename(name, flags)
	if file, ok := f.(diskFile); ok {
		return countedFile{file, v.bytes}, flags, err
	}
	return f, flags, err
}

type countedFile struct {
	diskFile
	bytes *atomic.Int64
}

func (f countedFile) WriteAt(p []byte, off int64) (int, error) {
	f.bytes.Add(int64(len(p)))
	return f.diskFile.WriteAt(p, off)
}

// BenchmarkWritten tells how many bytes are written for a million readings of 100
// sensors in turn, and how many they are.
func BenchmarkWritten(b *testing.B) {
	var n atomic.Int64
	under, _ := vfs.Find("os").(vfs.VFSFilename)
	vfs.Register("counted", sums{under: counted{under, &n}})
	defer vfs.Unregister("counted")
	list := batches(1000)
	var size int64
	for b.Loop() {
		s := must(b, b.TempDir(), Options{vfs: "counted"})
		j := Journal(s, form)
		for i, batch := range list {
			if pos := appendTo(b, j, batch...); i%20 == 19 {
				if err := j.Truncate(b.Context(), pos); err != nil {
					b.Fatal(err)
				}
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		info, err := os.Stat(s.path)
		if err != nil {
			b.Fatal(err)
		}
		size = info.Size()
	}
	b.ReportMetric(float64(n.Load())/float64(b.N)/1e6, "MB-written")
	b.ReportMetric(float64(size)/1e6, "MB-file")
}

// BenchmarkRestart tells how long it takes until a store with two million readings
// has its snapshot and its journal read and a record acknowledged.
func BenchmarkRestart(b *testing.B) {
	dir := b.TempDir()
	fresh := must(b, dir, Options{})
	j, x := Journal(fresh, form), Snapshots(fresh, form.Codec, plainText)
	var pos workflow.Position
	for i, batch := range batches(2000) {
		if pos = appendTo(b, j, batch...); i%20 == 19 {
			if err := j.Truncate(b.Context(), pos); err != nil {
				b.Fatal(err)
			}
		}
	}
	snap := workflow.Snapshot[payload, string]{Position: pos - 500}
	for i := range 100 {
		snap.Keys = append(snap.Keys, workflow.KeyState[string]{Key: fmt.Sprint("sensor-", i), State: "state"})
	}
	if err := x.Save(b.Context(), snap); err != nil {
		b.Fatal(err)
	}
	if err := fresh.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s := must(b, dir, Options{})
		snap, err := Snapshots(s, form.Codec, plainText).Load(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		j := Journal(s, form)
		for _, err := range j.Read(b.Context(), snap.Position) {
			if err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Wait(b.Context(), appendTo(b, j, readingOf("sensor-1", at, 1))); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
