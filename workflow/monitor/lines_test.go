package monitor

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"

	"setpoint/sensors/sim"
	"setpoint/workflow"
)

// fields returns the names of the fields of a JSON object, in their order.
func fields(t *testing.T, line string) (names []string) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(line))
	depth, key := 0, false
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		switch tok {
		case json.Delim('{'), json.Delim('['):
			depth++
			key = depth == 1
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
		default:
			if depth == 1 && key {
				names = append(names, tok.(string))
				key = false
				continue
			}
		}
		key = depth == 1
	}
}

var contract = map[string]string{
	"start":      "type v time version sources",
	"alarm":      "type time sensor threshold state value on off unit revision seq",
	"escalation": "type time sensor",
	"reject":     "type source line reason",
	"summary":    "type reason accepted rejected dropped dead accounting handlers alarms latency_us sensors",
}

func TestEachLineIsOneObjectWithTheFieldsOfTheContract(t *testing.T) {
	const hostile = "oven\x1b[2J\u009b\u202e\u2028\"\\\n"
	var m *Monitor
	var out bytes.Buffer
	src := (&script{name: "s\x1b"}).each(hostile, 0, "°\x1bX", 45).reads("a", 0, 20, 45, 5).
		does(func() { must(t, m.Do(Acknowledge{Sensors: []string{"a"}, By: "me"})) }).
		reads("b", 0, 45, 41).reads("b", 100, 20)
	m = newMonitor(t, Config{Lines: &out, Version: "v\x1b1"}, src)
	ran(t, m)
	seen := map[string]int{}
	seq := 0
	for line := range strings.Lines(out.String()) {
		var o struct {
			Type, State string
			Time        string
			Seq         int
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if strings.ContainsFunc(strings.TrimSuffix(line, "\n"), func(r rune) bool { return !unicode.IsGraphic(r) }) {
			t.Errorf("something raw in %q", line)
		}
		if got := strings.Join(fields(t, line), " "); got != contract[o.Type] {
			t.Errorf("%s has the fields %s, want %s", o.Type, got, contract[o.Type])
		}
		if o.Type == "alarm" || o.Type == "start" || o.Type == "escalation" {
			if _, err := time.Parse("2006-01-02T15:04:05.000000000Z", o.Time); err != nil {
				t.Error(err)
			}
		}
		if o.Type == "alarm" {
			if seq++; o.Seq != seq {
				t.Errorf("line %d has the number %d", seq, o.Seq)
			}
		}
		seen[o.Type+o.State]++
	}
	for what, n := range map[string]int{
		"start": 1, "alarmraised": 5, "alarmcleared": 4, "alarmacknowledged": 3, "escalation": 1, "summary": 1,
	} {
		if seen[what] != n {
			t.Errorf("%d lines of %s, want %d:\n%s", seen[what], what, n, out.String())
		}
	}
	if !strings.HasPrefix(out.String(), `{"type":"start","v":1,"time":"`) || !strings.HasSuffix(out.String(), "}\n") {
		t.Errorf("the output is\n%s", out.String())
	}
}

func TestAnAlarmLineToTheByte(t *testing.T) {
	var out bytes.Buffer
	ran(t, newMonitor(t, Config{Lines: &out}, (&script{name: "s"}).each("oven-2", 0, "°C", 31.25)))
	want := `{"type":"alarm","time":"2026-03-01T12:00:00.000000000Z","sensor":"oven-2","threshold":"high","state":"raised",` +
		`"value":31.25,"on":30,"off":29.5,"unit":"°C","revision":1,"seq":1}` + "\n"
	if got := alarmLines(out.String()); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAnEscalationLineHasTheTimeOfTheDeadline(t *testing.T) {
	var out bytes.Buffer
	ran(t, newMonitor(t, Config{Lines: &out}, (&script{name: "s"}).reads("a", 0, 45).reads("a", 70, 45)))
	if want := `{"type":"escalation","time":"2026-03-01T12:01:00.000000000Z","sensor":"a"}` + "\n"; !strings.Contains(out.String(), want) {
		t.Errorf("no line %sin\n%s", want, out.String())
	}
}

// summaryOf returns the summary line of m.
func summaryOf(t *testing.T, out string) (o struct {
	Accounting, Handlers map[string]uint64
	Latency              map[string]*float64 `json:"latency_us"`
	Sensors              map[string]map[string]any
},
) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestWhatIsNotKnownIsNull(t *testing.T) {
	var out bytes.Buffer
	m := newMonitor(t, Config{Lines: &out}, simulation(t, sim.Config{Scenario: "guide"}))
	must(t, m.Do(Pause{On: true}))
	m.cfg.Duration = 1
	ran(t, m)
	o := summaryOf(t, out.String())
	for name, v := range o.Latency {
		if v != nil {
			t.Errorf("latency %s is %g, but nothing was measured", name, *v)
		}
	}
	for _, name := range []string{"last", "mean", "min", "max"} {
		if v, ok := o.Sensors["001"][name]; !ok || v != nil {
			t.Errorf("%s of a sensor without readings is %v", name, v)
		}
	}
	if o.Sensors["001"]["state"] != "waiting" {
		t.Errorf("its state is %v", o.Sensors["001"]["state"])
	}
}

func TestTheSummaryAddsUp(t *testing.T) {
	var out bytes.Buffer
	ran(t, newMonitor(t, Config{Lines: &out}, simulation(t, sim.Config{Length: time.Minute, Seed: 1})))
	o := summaryOf(t, out.String())
	a := o.Accounting
	for name, law := range map[string][2]uint64{
		"offered":    {a["offered"], a["received"] + a["waiting"] + a["rejected"]},
		"received":   {a["received"], a["folded"] + a["coalesced"] + a["dropped_oldest"] + a["dropped_newest"] + a["late"] + a["dead_fold"] + a["queued"]},
		"dispatched": {a["dispatched"], a["handled"] + a["dead_handler"] + a["shed"] + a["open"]},
		"letters":    {a["letters"], a["stored"] + a["lost"]},
	} {
		if law[0] != law[1] || law[0] == 0 && name != "letters" {
			t.Errorf("%s %d, but its parts are %d", name, law[0], law[1])
		}
	}
	var handled uint64
	for _, n := range o.Handlers {
		handled += n
	}
	if handled != a["handled"] || len(o.Handlers) != 6 {
		t.Errorf("%v handled, want %d in all", o.Handlers, a["handled"])
	}
	for name, s := range o.Sensors {
		if s["count"].(float64) == 0 || s["mean"].(float64) < s["min"].(float64) || s["mean"].(float64) > s["max"].(float64) {
			t.Errorf("%s: %v", name, s)
		}
	}
}

// full is a writer without room.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestOutputThatCannotBeWrittenIsAnError(t *testing.T) {
	s, err := newMonitor(t, Config{Lines: full{}}, (&script{name: "s"}).reads("a", 0, 45)).Run(t.Context())
	if !errors.Is(err, errFull) || s != nil {
		t.Errorf("error %v", err)
	}
}

func TestAnOverflowThatDropsIsInTheSummary(t *testing.T) {
	drop := workflow.DropNewest
	s := ran(t, newMonitor(t, Config{Queue: 1, Overflow: &drop}, stream{10, 20_000}))
	if s.Accepted != 20_000 || s.Dropped == 0 || s.Dropped != s.Flow.DroppedNewest {
		t.Errorf("%d accepted, %d dropped", s.Accepted, s.Dropped)
	}
}
