package term_test

import (
	"sync"
	"testing"
	"testing/synctest"

	"setpoint/ui/term"
)

func TestTheNewestValueWins(t *testing.T) {
	l := term.NewLatest[int]()
	for n := range 5 {
		l.Put(n)
	}
	if got := <-l.C(); got != 4 {
		t.Errorf("got %v, want 4", got)
	}
}

func TestItWaitsForAValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := term.NewLatest[string]()
		var got string
		go func() { got = <-l.C() }()
		synctest.Wait()
		if got != "" {
			t.Fatalf("got %v before anything was put", got)
		}
		l.Put("x")
		synctest.Wait()
		if got != "x" {
			t.Errorf("got %v, want x", got)
		}
	})
}

func TestManyPutAndNobodyWaits(t *testing.T) {
	l := term.NewLatest[int]()
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for range 1000 {
				l.Put(n)
			}
		})
	}
	wg.Wait()
	if got := <-l.C(); got < 0 || got > 7 {
		t.Errorf("got %v", got)
	}
}

func BenchmarkPut(b *testing.B) {
	l := term.NewLatest[*int]()
	v := new(int)
	b.ReportAllocs()
	for b.Loop() {
		l.Put(v)
	}
}
