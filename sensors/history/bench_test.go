package history

import (
	"math"
	"testing"
	"time"
	"unsafe"
)

// full returns a series at its limit.
func full(limit int) *Series {
	s := New(limit)
	for i := range 2 * limit {
		s.Append(time.Unix(int64(i), 0), math.Sin(float64(i)/100), uint8(i%3))
	}
	return s
}

func TestReadingsCostNoMoreThanPromised(t *testing.T) {
	s := full(1 << 16)
	var bytes, index, room int
	for _, g := range s.groups {
		bytes += 8*cap(g.times) + 8*cap(g.values) + cap(g.marks) + int(unsafe.Sizeof(block{}))*cap(g.blocks) + int(unsafe.Sizeof(group{}))
		index += 16*cap(g.blocks) + 16
		room += cap(g.times)
	}
	if per := float64(bytes) / float64(room); per > 17.54 {
		t.Errorf("%g bytes for a reading, want at most 17.54", per)
	}
	if part := float64(index) / float64(17*room); part > 0.015 {
		t.Errorf("least and greatest values take %.2f %% of the readings' memory, want at most 1.5", 100*part)
	}
	dst := make([]Column, 60)
	for name, f := range map[string]func(){
		"Append":   func() { s.Append(s.Last().Add(time.Second), 1, 0) },
		"Columns":  func() { s.Columns(dst, s.First(), s.Last()) },
		"Window":   func() { s.Window(s.First(), s.Last()) },
		"Slope":    func() { s.Slope(s.Last(), time.Minute) },
		"Interval": func() { s.Interval() },
		"Noise":    func() { s.Noise() },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %g allocations, want none", name, n)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	s := New(1 << 16)
	at := time.Unix(0, 0)
	b.ReportAllocs()
	for b.Loop() {
		at = at.Add(time.Second)
		s.Append(at, 20, 1)
	}
}

func BenchmarkAppendLate(b *testing.B) { // two seconds late at 100 readings a second
	s := New(1 << 16)
	at := time.Unix(0, 0)
	b.ReportAllocs()
	for b.Loop() {
		for range 200 {
			at = at.Add(10 * time.Millisecond)
			s.Append(at, 20, 1)
		}
		s.Append(at.Add(-2*time.Second), 20, 1)
	}
}

func BenchmarkColumns(b *testing.B) { // 60 over 100,000 readings
	s := full(100_000)
	dst := make([]Column, 60)
	from, to := s.Last().Add(-100_000*time.Second), s.Last()
	b.ReportAllocs()
	for b.Loop() {
		s.Columns(dst, from, to)
	}
}

func BenchmarkRow(b *testing.B) { // what a row of the list asks for, at a reading a second
	s := full(100_000)
	to := s.Last()
	b.ReportAllocs()
	for b.Loop() {
		s.Window(to.Add(-30*time.Minute), to)
		s.Slope(to, time.Minute)
		s.Interval()
		s.Noise()
	}
}
