package monitor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"setpoint/workflow"
)

// cues lets handlers misbehave, as the operator asked for.
type cues struct {
	n     atomic.Int32 // how many do: asked for each event
	mu    sync.Mutex
	fault map[string]HandlerFault
}

// errCue is what a handler with the fault Failing fails with.
var errCue = errors.New("injected failure")

func (c *cues) set(handler string, f HandlerFault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fault == nil {
		c.fault = map[string]HandlerFault{}
	}
	if c.fault[handler] = f; f == Sound {
		delete(c.fault, handler)
	}
	c.n.Store(int32(len(c.fault)))
}

func (c *cues) of(handler string) HandlerFault {
	if c.n.Load() == 0 {
		return Sound
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fault[handler]
}

func (c *cues) all() map[string]HandlerFault {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.fault)
}

// wrap returns h with the misbehaviour that its name has at the time.
func (c *cues) wrap(name string, h workflow.Handler[Input, State]) workflow.Handler[Input, State] {
	return workflow.HandlerFunc[Input, State](func(ctx context.Context, ev event, s State) error {
		switch c.of(name) {
		case Failing:
			return errCue
		case Hanging:
			<-ctx.Done()
			return ctx.Err()
		case Slow:
			wait := time.NewTimer(500 * time.Millisecond)
			defer wait.Stop()
			select {
			case <-wait.C:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return h.Handle(ctx, ev, s)
	})
}

// health follows how the run itself does.
type health struct {
	mu       sync.Mutex
	recent   []workflow.Transition          // newest last
	faults   map[string]workflow.Transition // the newest of each node and source with an error
	depths   []int
	findings []Finding
	last     workflow.Stats
}

// How much health remembers.
const (
	recentKept = 32
	depthsKept = 60
)

// observe is told of the engine's transitions.
func (h *health) observe(t workflow.Transition) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.recent) == recentKept {
		h.recent = slices.Delete(h.recent, 0, 1)
	}
	h.recent = append(h.recent, t)
	if t.Err == nil {
		return
	}
	if h.faults == nil {
		h.faults = map[string]workflow.Transition{}
	}
	h.faults[t.Node] = t
}

// check is called once a second with the engine's figures, and what else is wrong. It returns the findings
// that begin and those that end with them.
func (h *health) check(now time.Time, st workflow.Stats, paused bool, more ...Finding) (began, ended []Finding) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.depths) == depthsKept {
		h.depths = slices.Delete(h.depths, 0, 1)
	}
	h.depths = append(h.depths, int(st.Queued))
	found := slices.Concat(behind(h.last, st), ailing(now, h.last.Sources, st.Sources, paused), more)
	h.last = st
	for i, f := range found {
		before := slices.IndexFunc(h.findings, func(o Finding) bool { return o.about == f.about })
		if found[i].Since = now; before >= 0 {
			found[i].Since = h.findings[before].Since
			continue
		}
		began = append(began, found[i])
	}
	for _, o := range h.findings {
		if !slices.ContainsFunc(found, func(f Finding) bool { return o.about == f.about }) {
			ended = append(ended, o)
		}
	}
	h.findings = found
	return began, ended
}

// behind tells whether something had to be left out between two pictures.
func behind(last, st workflow.Stats) []Finding {
	left := func(s workflow.Stats) uint64 {
		return s.Coalesced + s.DroppedOldest + s.DroppedNewest + s.Rejected
	}
	lost, shed := left(st)-left(last), st.Shed-last.Shed
	var what []string
	if lost > 0 {
		what = append(what, fmt.Sprintf("%d readings", lost))
	}
	if shed > 0 {
		what = append(what, fmt.Sprintf("%d orders to handlers", shed))
	}
	if what == nil {
		return nil
	}
	return []Finding{{about: "load", Text: "falling behind: " + strings.Join(what, " and ") + " left out in the last second"}}
}

// ailing tells which sources are silent, wait to be started again, were so since the
// last look, or have failed. While the monitor holds them, silence is no fault.
func ailing(now time.Time, last, sources []workflow.SourceStats, paused bool) (found []Finding) {
	for i, s := range sources {
		text := fmt.Sprintf("source %s is %s", s.Name, s.State)
		switch {
		case s.State == workflow.SourceStale && !paused:
		case s.State == workflow.SourceRestarting:
			in := max(s.Again.Sub(now), 0).Round(100 * time.Millisecond)
			text += fmt.Sprintf(" %d/%d in %v: %v", s.Failures, s.MostRestarts, in, s.Err)
		case s.State == workflow.SourceFailed:
			text += fmt.Sprintf(": %v", s.Err)
		case i < len(last) && s.Restarts > last[i].Restarts:
			text = fmt.Sprintf("source %s was restarted: %v", s.Name, s.Err)
		default:
			continue
		}
		found = append(found, Finding{about: "source " + s.Name, Text: text})
	}
	return found
}

// show copies what is remembered into s.
func (h *health) show(s *Snapshot) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s.Depths, s.Findings, s.Faults = slices.Clone(h.depths), slices.Clone(h.findings), maps.Clone(h.faults)
	s.Recent = slices.Clone(h.recent)
	slices.Reverse(s.Recent)
}

// advance tells the engine what time it is, where the readings' times are those of the
// wall clock: not while the sources are held, nor where recorded times come live. It
// says so only where something is due.
func (m *Monitor) advance(ctx context.Context, now time.Time) {
	if !m.cfg.Live || m.gate.shut.Load() {
		return
	}
	m.recorder.mu.Lock()
	clock := m.recorder.clock
	m.recorder.mu.Unlock()
	if clock.IsZero() || now.Sub(clock) >= time.Hour {
		return
	}
	if m.overdue(now) {
		_ = m.engine.Advance(ctx, now) // fails only at the end
	}
	m.silence(ctx, now)
}

// watchHealth looks at the engine once a second until ctx is done, and tells it what
// time it is where the readings' times are those of the wall clock.
func (m *Monitor) watchHealth(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			m.advance(ctx, now)
			m.expire(ctx)
			began, ended := m.health.check(now, m.engine.Stats(), m.gate.shut.Load(), m.findings()...)
			for _, f := range began {
				m.lines.finding(now, f, false)
				m.cfg.Log.Warn("finding", "text", f.Text)
			}
			for _, f := range ended {
				m.lines.finding(now, f, true)
				m.cfg.Log.Info("finding is over", "text", f.Text)
			}
		}
	}
}
