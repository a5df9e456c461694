package monitor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"setpoint/sensors"
	"setpoint/sensors/sim"
	"setpoint/workflow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A script is a source in memory. It runs its steps one after the other and waits
// until what they pushed has been judged and acted on.
type script struct {
	name  string
	steps []func(ctx context.Context, sink sensors.Sink) error
	hasty bool // does not wait after its steps
}

func (s *script) Name() string { return s.name }

func (s *script) Run(ctx context.Context, sink sensors.Sink) error {
	for _, step := range s.steps {
		if err := step(ctx, sink); err != nil {
			return err
		}
		if s.hasty {
			continue
		}
		if err := sink.Settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *script) then(f func(context.Context, sensors.Sink) error) *script {
	s.steps = append(s.steps, f)
	return s
}

// reads pushes one reading for each value, a second apart, from second `from` on.
func (s *script) reads(sensor string, from int, values ...float64) *script {
	return s.each(sensor, from, "", values...)
}

func (s *script) each(sensor string, from int, unit string, values ...float64) *script {
	for i, v := range values {
		r := sensors.Reading{Sensor: sensor, Time: at(from + i), Value: v, Unit: unit}
		s.then(func(ctx context.Context, sink sensors.Sink) error { return sink.Reading(ctx, r) })
	}
	return s
}

// does calls f between readings.
func (s *script) does(f func()) *script {
	return s.then(func(context.Context, sensors.Sink) error { f(); return nil })
}

// fails ends the source with an error.
func (s *script) fails(err error) *script {
	return s.then(func(context.Context, sensors.Sink) error { return err })
}

// waits holds the source until the run ends.
func (s *script) waits() *script {
	return s.then(func(ctx context.Context, _ sensors.Sink) error { <-ctx.Done(); return ctx.Err() })
}

var epoch = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

func at(second int) time.Time { return epoch.Add(time.Duration(second) * time.Second) }

func newMonitor(t testing.TB, c Config, sources ...sensors.Source) *Monitor {
	t.Helper()
	c.Sources = sources
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// run runs m to its end and checks what holds after every run.
func run(t testing.TB, ctx context.Context, m *Monitor) (*Summary, error) {
	t.Helper()
	s, err := m.Run(ctx)
	if s == nil {
		t.Fatalf("no summary, error %v", err)
	}
	if law := s.Flow.Check(); law != nil {
		t.Errorf("the law does not hold: %v", law)
	}
	if f := s.Flow; f.Queued+f.Waiting+f.Open != 0 {
		t.Errorf("not drained: queued %d, waiting %d, open %d", f.Queued, f.Waiting, f.Open)
	}
	if n := m.escalations.waiting(); n != 0 || len(m.escalations.of) != 0 {
		t.Errorf("%d escalations are open, %d remembered", n, len(m.escalations.of))
	}
	return s, err
}

func ran(t testing.TB, m *Monitor) *Summary {
	t.Helper()
	s, err := run(t, t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func simulation(t testing.TB, c sim.Config) *sim.Source {
	t.Helper()
	c.Speed = math.Inf(1)
	s, err := sim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// alarmLines returns the lines of the given output that tell of alarms.
func alarmLines(out string) string {
	var b strings.Builder
	for line := range strings.Lines(out) {
		if strings.Contains(line, `"type":"alarm"`) {
			b.WriteString(line)
		}
	}
	return b.String()
}

func TestOneSeedGivesTheSameAlarmLines(t *testing.T) {
	for sentence, c := range map[string]sim.Config{
		"the guide": {Scenario: "guide", Seed: 7},
		"the plant": {Seed: 7, Length: 4 * time.Minute},
		"a flood":   {Scenario: "flood", Seed: 7, Length: time.Minute},
	} {
		t.Run(sentence, func(t *testing.T) {
			once := func() string {
				var out bytes.Buffer
				ran(t, newMonitor(t, Config{Lines: &out}, simulation(t, c)))
				return alarmLines(out.String())
			}
			a, b := once(), once()
			if a == "" || a != b {
				t.Errorf("two runs differ, or raise nothing:\n%s\n%s", a, b)
			}
		})
	}
}

func TestTheGuideIsClassifiedToItsEnd(t *testing.T) {
	s := ran(t, newMonitor(t, Config{}, simulation(t, sim.Config{Scenario: "guide", Seed: 8})))
	if s.Reason != "ended" || s.Accepted != 53 {
		t.Errorf("ended by %q after %d readings, want 53", s.Reason, s.Accepted)
	}
	for name, want := range map[string]uint64{"001": 20, "002": 15, "003": 18} {
		if got := s.Sensors[name].Count; got != want {
			t.Errorf("sensor %s: %d readings judged, want %d", name, got, want)
		}
	}
	var handled uint64
	for _, n := range s.Flow.Nodes {
		switch n.Name {
		case "normal", "high", "low", "critical":
			handled += n.Handled
			if n.Handled == 0 {
				t.Errorf("no reading was %s", n.Name)
			}
		}
	}
	if handled != 53 {
		t.Errorf("%d readings were acted on, want 53", handled)
	}
	for name, st := range s.Sensors {
		if st.Drive != sensors.Idle {
			t.Errorf("sensor %s is %s: the guide has no actuators", name, st.Drive)
		}
	}
}

func TestUntilCriticalStopsAtTheFirst(t *testing.T) {
	src := (&script{name: "s"}).reads("a", 0, 20, 31, 41, 42, 43).waits()
	s, err := run(t, t.Context(), newMonitor(t, Config{UntilCritical: true}, src))
	if !errors.Is(err, workflow.ErrStopped) || s.Reason != "critical" {
		t.Errorf("ended by %q with %v", s.Reason, err)
	}
	if got := s.Sensors["a"]; got.Count != 3 || got.Value != 41 {
		t.Errorf("%d readings judged, the last is %g: want 3 and 41", got.Count, got.Value)
	}
}

// firstFailed waits until the first source of the monitor has failed.
func firstFailed(m **Monitor) func(context.Context, sensors.Sink) error {
	return func(ctx context.Context, _ sensors.Sink) error {
		for (*m).intakes[0].status().State != "failed" && ctx.Err() == nil {
			runtime.Gosched()
		}
		return ctx.Err()
	}
}

func TestASourceThatFailsDoesNotEndTheOthers(t *testing.T) {
	broken := errors.New("the wire is cut")
	for sentence, bad := range map[string]*script{
		"an error": (&script{name: "bad"}).reads("b", 0, 20).fails(broken),
		"a panic":  (&script{name: "bad"}).reads("b", 0, 20).does(func() { panic(broken) }),
	} {
		t.Run(sentence, func(t *testing.T) {
			var m *Monitor
			good := (&script{name: "good"}).reads("a", 0, 20).then(firstFailed(&m)).reads("a", 1, 31, 32)
			m = newMonitor(t, Config{}, bad, good)
			s, err := run(t, t.Context(), m)
			if !errors.Is(err, broken) {
				t.Errorf("error %v, want the source's", err)
			}
			if s.Sensors["a"].Count != 3 {
				t.Errorf("the other source was judged %d times, want 3", s.Sensors["a"].Count)
			}
			shot := m.snapshot(View{Alerts: 9})
			if st := shot.Sources[0]; st.State != "failed" || !strings.Contains(st.Error, "wire") || shot.Sources[1].State != "ended" {
				t.Errorf("sources %+v", shot.Sources)
			}
			if a := shot.Alerts[len(shot.Alerts)-1]; a.Kind != AlertSource || !strings.Contains(a.Text, "bad failed: ") {
				t.Errorf("the log begins with %+v", a)
			}
		})
	}
}

func TestAFailureIsToldWhateverEndsTheRun(t *testing.T) {
	broken := errors.New("the wire is cut")
	for want, c := range map[string]Config{
		"max-events": {MaxEvents: 3},
		"duration":   {Duration: 20 * time.Millisecond},
		"ended":      {IdleTimeout: 20 * time.Millisecond},
	} {
		t.Run(want, func(t *testing.T) {
			bad := (&script{name: "bad"}).fails(broken)
			var m *Monitor
			good := (&script{name: "good"}).then(firstFailed(&m)).reads("a", 0, 20, 21, 22).waits()
			m = newMonitor(t, c, bad, good)
			s, err := run(t, t.Context(), m)
			if s.Reason != want || !errors.Is(err, broken) {
				t.Errorf("ended by %q with %v", s.Reason, err)
			}
		})
	}
}

func TestASummaryComesAfterACancelToo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	src := (&script{name: "s"}).reads("a", 0, 20, 45).does(cancel).waits()
	s, err := run(t, ctx, newMonitor(t, Config{Lines: &out}, src))
	if err != nil || s.Reason != "signal" {
		t.Errorf("ended by %q with %v", s.Reason, err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var last struct {
		Type, Reason string
		Accepted     int
	}
	must(t, json.Unmarshal([]byte(lines[len(lines)-1]), &last))
	if last.Type != "summary" || last.Reason != "signal" || last.Accepted != 2 {
		t.Errorf("the last line is %s", lines[len(lines)-1])
	}
}

func TestAcceptedAndRejectedAreAllRecords(t *testing.T) {
	var out bytes.Buffer
	src := (&script{name: "s"}).reads("a", 0, 20, 21).then(func(_ context.Context, sink sensors.Sink) error {
		sink.Reject(sensors.Reject{Source: "s", Line: 3, Reason: "value \"\x1b[2J\": want a number"})
		return nil
	}).reads("a", 2, 22)
	s := ran(t, newMonitor(t, Config{Lines: &out, Rejects: true}, src))
	if s.Accepted != 3 || s.Rejected != 1 || s.Flow.Folded < 3 {
		t.Errorf("accepted %d, rejected %d", s.Accepted, s.Rejected)
	}
	if want := `{"type":"reject","source":"s","line":3,"reason":"value \"\u001b[2J\": want a number"}`; !strings.Contains(out.String(), want+"\n") {
		t.Errorf("no line %s in\n%s", want, out.String())
	}
}

func TestLateAndDuplicateReadingsAreInTheLedger(t *testing.T) {
	var m *Monitor
	var suspect sensors.Quality
	src := (&script{name: "s"}).reads("a", 3600, 20, 21).
		reads("a", 0, 50, 51, 52). // an hour back
		reads("a", 3602, 22).reads("a", 3602, 22).
		reads("a", 3602, 23).does(func() { s, _, _ := m.find("a"); suspect = s.Quality }).
		reads("a", 3603, 24)
	m = newMonitor(t, Config{}, src)
	s := ran(t, m)
	st := s.Sensors["a"]
	if s.Accepted != 9 || s.Flow.Late != 3 || s.Duplicates != 2 || st.Count != 5 {
		t.Errorf("accepted %d, late %d, duplicate %d, judged %d: want 9, 3, 2, 5", s.Accepted, s.Flow.Late, s.Duplicates, st.Count)
	}
	if suspect != sensors.Suspect || st.Quality != sensors.Good {
		t.Errorf("another value at the same time is %s, the next reading %s", suspect, st.Quality)
	}
	if s.Raised != 0 {
		t.Error("a late reading raised an alarm")
	}
	if n := m.recorder.tracks["a"].past.Len(); n != 5 {
		t.Errorf("the history holds %d readings, want 5", n)
	}
}

func TestBadReadingsHoldAnAlarmAndLeaveAGap(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		var m *Monitor
		var held State
		var shot *Snapshot
		src := (&script{name: "s"}).reads("a", 0, 20, 45, v).does(func() {
			held, _, _ = m.find("a")
			shot = m.snapshot(View{Rows: 1})
		}).reads("a", 3, 45, 20)
		m = newMonitor(t, Config{}, src)
		s := ran(t, m)
		if held.Alarm.On() == 0 || held.Changes.Any() || held.Bad != 1 || held.Count != 2 {
			t.Errorf("after %g: %+v", v, held)
		}
		if shot.Rows[0].Status != StatusBad || shot.BadNow != 1 || shot.Active != 2 {
			t.Errorf("after %g: row %+v, %d active", v, shot.Rows[0], shot.Active)
		}
		if s.Raised != 2 || s.Active != 0 {
			t.Errorf("with %g: %d raised, %d active at the end", v, s.Raised, s.Active)
		}
		if c := m.recorder.tracks["a"].past.Window(at(2), at(3)); !c.Gap || c.N != 0 {
			t.Errorf("%g left no gap: %+v", v, c)
		}
	}
}

func TestAGoodReadingThatIsLateIsNoGapBecauseANewerOneIsBad(t *testing.T) {
	src := (&script{name: "s"}).reads("a", 0, 20, 21).reads("a", 3, math.NaN()).reads("a", 2, 22)
	m := newMonitor(t, Config{}, src)
	ran(t, m)
	past := m.recorder.tracks["a"].past
	if at2, v, _ := past.At(2); past.Len() != 4 || v != 22 || !at2.Equal(at(2)) {
		t.Errorf("%d readings, the third is %g at %v", past.Len(), v, at2)
	}
}
