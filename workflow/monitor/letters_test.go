package monitor

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// failed runs f ten seconds into a run in which every event of the handler for
// critical readings fails, once that handler is slow but sound.
func failed(t *testing.T, f func(m *Monitor)) {
	synctest.Test(t, func(t *testing.T) {
		m := newMonitor(t, Config{Stay: true, Duration: time.Minute}, steady())
		must(t, m.Do(DisturbHandler{Handler: "critical", Fault: Failing, By: "ana"}))
		time.AfterFunc(10*time.Second, func() {
			must(t, m.Do(Pause{On: true}))
			must(t, m.Do(DisturbHandler{Handler: "critical", Fault: Slow, By: "ana"}))
			time.Sleep(5 * time.Second)
			f(m)
		})
		if s := ran(t, m); s.Flow.Check() != nil {
			t.Error(s.Flow.Check())
		}
	})
}

func TestLettersOnTheirWayAreShownSo(t *testing.T) {
	failed(t, func(m *Monitor) {
		all := m.snapshot(View{Letters: 50}).Letters
		if len(all) < 8 || all[0].First != "injected failure" || all[0].FirstAt.IsZero() || all[0].FirstAt.After(all[0].At) {
			t.Fatalf("%d letters, %+v", len(all), all)
		}
		first, n := []uint64{all[0].ID, all[1].ID}, len(all)
		d := &DryRun{}
		must(t, m.Do(d))
		if want := []Share{{Node: "critical", N: n}}; !reflect.DeepEqual(d.To, want) || d.Away != 0 {
			t.Errorf("%+v, want %+v", d, want)
		}
		before := m.engine.Stats()
		must(t, m.Do(RetryLetters{IDs: first}))
		synctest.Wait() // the handler takes half a second for each
		for i, l := range m.snapshot(View{Letters: 50}).Letters {
			if l.Claimed != (i < 2) {
				t.Errorf("letter %d: on its way: %t", l.ID, l.Claimed)
			}
		}
		if err := m.Do(RetryLetters{IDs: first}); err == nil || !strings.Contains(err.Error(), "on its way") {
			t.Errorf("a second retry: %v", err)
		}
		d = &DryRun{IDs: []uint64{first[1], all[2].ID}}
		must(t, m.Do(d))
		if want := []Share{{Node: "critical", N: 1}}; !reflect.DeepEqual(d.To, want) || d.Away != 1 {
			t.Errorf("%+v, want %+v", d, want)
		}
		time.Sleep(2 * time.Second)
		after := m.engine.Stats()
		if after.Redriven != 2 || after.Handled-before.Handled < 2 || int(after.Kept) != n-2 {
			t.Errorf("redriven %d, handled %d, kept %d of %d", after.Redriven, after.Handled-before.Handled, after.Kept, n)
		}
	})
}

func TestLettersAreWrittenAsJSONLines(t *testing.T) {
	t.Chdir(t.TempDir())
	failed(t, func(m *Monitor) {
		all := m.snapshot(View{Letters: 50}).Letters
		c := &WriteLetters{IDs: []uint64{all[1].ID, all[3].ID}}
		must(t, m.Do(c))
		text, err := os.ReadFile(c.Path)
		if err != nil || c.N != 2 || strings.Count(string(text), "\n") != 2 || filepath.Ext(c.Path) != ".jsonl" {
			t.Fatalf("%v, %d letters:\n%s", err, c.N, text)
		}
		var got struct {
			ID, Attempts  uint64
			FirstAt       time.Time `json:"first_at"`
			FirstError    string    `json:"first_error"`
			Error, Sensor string
		}
		line, _, _ := strings.Cut(string(text), "\n")
		if err := json.Unmarshal([]byte(line), &got); err != nil || got.ID != all[1].ID || got.Sensor != "a" || got.Error != "injected failure" || got.FirstError == "" || !got.FirstAt.Equal(all[1].FirstAt) || got.Attempts != 3 {
			t.Errorf("%v, %+v", err, got)
		}
		if err := m.Do(&WriteLetters{IDs: []uint64{999}}); err == nil {
			t.Error("none are written")
		}
	})
}

func TestALetterAsJSONHasNothingThatATerminalObeys(t *testing.T) {
	evil := "\x1b]0;x\a\u202e\"\xff"
	l := Letter{Node: evil, Reason: evil, Err: evil, First: evil, Sensor: evil, Payload: evil, State: evil}
	text := string(l.AppendJSON([]byte("[")))
	if !json.Valid([]byte(text+"]")) || strings.ContainsAny(text, "\x1b\a\u202e") || !utf8.ValidString(text) {
		t.Errorf("%q", text)
	}
}
