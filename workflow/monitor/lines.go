package monitor

import (
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/sensors/quality"
	"setpoint/sensors/threshold"
)

// lines writes the headless output: one JSON object a line, as the README
// describes it. A nil *lines writes nothing.
type lines struct {
	rejects  bool
	escalate time.Duration // after which an escalation is told

	mu  sync.Mutex
	out io.Writer
	buf []byte
	seq uint64
	err error
}

// event writes the lines of a folded event: its alarms, and that nobody acknowledged
// one in time.
func (l *lines) event(ev event, s State, escalated bool) error {
	if l == nil || (!s.Changes.Any() && !escalated && !s.turned) {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.buf = l.buf[:0]
	if s.Changes.Raised.Has(threshold.Stale) && !s.Silent() { // and it has spoken again
		silent := s
		silent.Verdict, silent.Quality = quality.Verdict{State: quality.Stale}, sensors.Bad
		l.quality(instant(s.Alarm.Of[threshold.Stale].Raised), ev.Key, &silent)
		s.turned = true
	}
	if s.turned {
		l.quality(ev.Time, ev.Key, &s)
	}
	l.alarms(ev, &s)
	if escalated {
		l.begin("escalation")
		l.time(ev.Time.Add(l.escalate))
		l.text("sensor", ev.Key)
		l.end()
	}
	return l.flush()
}

// quality writes that the readings of a sensor are trusted more, or less, from here on.
func (l *lines) quality(at time.Time, sensor string, s *State) {
	l.begin("quality")
	l.time(at)
	l.text("sensor", sensor)
	l.text("state", s.Verdict.State.String())
	l.text("quality", s.Quality.String())
	l.text("reason", s.Verdict.Reason())
	l.end()
}

// alarms writes what ev changed of the alarms.
func (l *lines) alarms(ev event, s *State) {
	c, of := &s.Changes, &s.Alarm.Of
	for _, k := range kindsIn(c.Raised) {
		l.alarm(ev, s, k, "raised", time.Unix(0, of[k].Raised))
	}
	for _, k := range kindsIn(c.Cleared) {
		l.alarm(ev, s, k, "cleared", time.Unix(0, of[k].Since))
	}
	for _, o := range []struct {
		which threshold.Latches
		state string
	}{{c.Acknowledged, "acknowledged"}, {c.Realarmed, "realarmed"}, {c.Shelved, "shelved"}, {c.Unshelved, "unshelved"}} {
		for _, k := range kindsIn(o.which) {
			l.alarm(ev, s, k, o.state, ev.Time)
		}
	}
	for _, k := range kindsIn(s.alarms()) {
		switch {
		case c.Out:
			l.alarm(ev, s, k, "out of service", ev.Time)
		case c.In:
			l.alarm(ev, s, k, "in service", ev.Time)
		}
	}
}

func (l *lines) alarm(ev event, s *State, k threshold.Kind, state string, at time.Time) {
	l.seq++
	l.begin("alarm")
	l.time(at)
	l.text("sensor", ev.Key)
	l.text("threshold", k.String())
	l.text("state", state)
	l.number("value", s.Value)
	on, off := threshold.Off, threshold.Off
	if k < threshold.Kinds {
		on, off = s.Set[k].At, s.Set.OffEdge(k)
	}
	l.number("on", on)
	l.number("off", off)
	if s.Changes.Silent.Has(k) {
		l.name("suppressed")
		l.buf = append(l.buf, "true"...)
	}
	l.text("unit", s.Unit)
	l.count("revision", ev.Revision)
	l.count("seq", l.seq)
	l.end()
}

// start writes the first line.
func (l *lines) start(version string, sources []string) error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin("start")
	l.count("v", 1)
	l.time(time.Now())
	l.text("version", version)
	l.name("sources")
	l.buf = append(l.buf, '[')
	for i, s := range sources {
		if i > 0 {
			l.buf = append(l.buf, ',')
		}
		l.buf = display.AppendJSON(l.buf, s)
	}
	l.buf = append(l.buf, ']')
	l.end()
	return l.flush()
}

// finding writes that something is wrong with the run itself, or no longer is.
func (l *lines) finding(at time.Time, f Finding, over bool) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin("finding")
	l.time(at)
	if l.text("text", f.Text); over {
		l.text("state", "over")
	} else {
		l.text("state", "begun")
	}
	l.end()
	_ = l.flush() // kept in l.err, which summary returns
}

// reject writes a record that could not be a reading, if that is asked for.
func (l *lines) reject(r sensors.Reject) {
	if l == nil || !l.rejects {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin("reject")
	l.text("source", r.Source)
	l.count("line", uint64(max(r.Line, 0)))
	l.text("reason", r.Reason)
	l.end()
	_ = l.flush() // kept in l.err, which summary returns
}

// ack writes that the first n records of a source are on disk.
func (l *lines) ack(source string, n uint64) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin("ack")
	l.text("source", source)
	l.count("n", n)
	l.end()
	_ = l.flush() // kept in l.err, which summary returns
}

// summary writes the last line.
func (l *lines) summary(s *Summary) error {
	if l == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin("summary")
	l.text("reason", s.Reason)
	l.count("accepted", s.Accepted)
	l.count("rejected", s.Rejected)
	l.count("dropped", s.Dropped)
	l.count("dead", s.Dead)
	l.object("accounting", func() {
		for _, c := range s.accounting() {
			l.count(c.name, c.n)
		}
	})
	l.object("handlers", func() {
		for _, n := range s.Flow.Nodes {
			if !n.Step {
				l.count(n.Name, n.Handled)
			}
		}
	})
	l.object("alarms", func() {
		l.count("raised", s.Raised)
		l.count("active", uint64(s.Active))
		l.count("unacked", uint64(s.Unacked))
	})
	l.object("latency_us", func() {
		q := s.Flow.Fold
		l.number("p50", micros(q.P50, q.N))
		l.number("p99", micros(q.P99, q.N))
		l.number("max", micros(q.Max, q.N))
	})
	l.object("sensors", func() {
		for _, n := range slices.SortedFunc(maps.Keys(s.Sensors), natural) {
			l.sensor(n, s.Sensors[n])
		}
	})
	l.end()
	return l.flush()
}

func (l *lines) sensor(name string, s State) {
	l.name(name)
	l.buf = append(l.buf, '{')
	status, _ := s.status()
	if s.Count == 0 {
		s.Sum, s.Min, s.Max = math.NaN(), math.NaN(), math.NaN()
	}
	if s.Count+s.Bad == 0 {
		s.Value = math.NaN()
	}
	l.count("count", s.Count)
	l.number("last", s.Value)
	l.number("mean", s.Sum/float64(s.Count))
	l.number("min", s.Min)
	l.number("max", s.Max)
	l.text("state", status.String())
	l.buf = append(l.buf, '}')
}

// micros returns d in µs, NaN if nothing was measured.
func micros(d time.Duration, measured int64) float64 {
	if measured == 0 {
		return math.NaN()
	}
	return float64(d.Nanoseconds()) / 1000
}

func (l *lines) begin(typ string) {
	l.buf = append(l.buf, '{')
	l.text("type", typ)
}

func (l *lines) end() { l.buf = append(l.buf, '}', '\n') }

func (l *lines) object(name string, fields func()) {
	l.name(name)
	l.buf = append(l.buf, '{')
	fields()
	l.buf = append(l.buf, '}')
}

// name writes a field's name, with a comma unless it is the first one.
func (l *lines) name(name string) {
	if n := len(l.buf); n > 0 && l.buf[n-1] != '{' && l.buf[n-1] != '\n' {
		l.buf = append(l.buf, ',')
	}
	l.buf = append(display.AppendJSON(l.buf, name), ':')
}

func (l *lines) text(name, s string) {
	l.name(name)
	l.buf = display.AppendJSON(l.buf, s)
}

func (l *lines) count(name string, n uint64) {
	l.name(name)
	l.buf = strconv.AppendUint(l.buf, n, 10)
}

// number writes a number, or null where there is none.
func (l *lines) number(name string, v float64) {
	l.name(name)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		l.buf = append(l.buf, "null"...)
		return
	}
	l.buf = strconv.AppendFloat(l.buf, v, 'g', -1, 64)
}

func (l *lines) time(t time.Time) { l.timed("time", t) }

func (l *lines) timed(name string, t time.Time) {
	l.name(name)
	l.buf = append(l.buf, '"')
	l.buf = t.UTC().AppendFormat(l.buf, "2006-01-02T15:04:05.000000000Z")
	l.buf = append(l.buf, '"')
}

// flush hands the finished lines to the writer in one piece.
func (l *lines) flush() error {
	if l.err == nil {
		_, l.err = l.out.Write(l.buf)
	}
	l.buf = l.buf[:0]
	return l.err
}
