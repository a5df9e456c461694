package monitor

import (
	"context"
	"errors"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"setpoint/sensors"
	"setpoint/workflow"
	"setpoint/workflow/guard"
)

// intake is a source of the engine made of a source of readings.
type intake struct {
	m    *Monitor
	src  sensors.Source
	name string // of the source, and of no other

	accepted, rejected atomic.Uint64
	refused            atomic.Uint64        // of the accepted, by a full queue
	emit               workflow.Emit[Input] // set before the source runs

	mu    sync.Mutex
	acks  acker
	state string
	err   error
}

// Name returns the source's name, with a number if another one has it already.
func (i *intake) Name() string { return i.name }

// Overflow returns what happens to readings that come to a full queue: as asked
// for, else a live sensor's newest value takes the older one's place, and whoever
// can wait (a file, a pipe, a simulation at full speed) waits.
func (i *intake) Overflow() workflow.Overflow {
	if i.m.cfg.Acks { // none may take another one's place
		return workflow.Block
	}
	if o := i.m.cfg.Overflow; o != nil {
		return *o
	}
	_, recorded := i.src.(*stored)
	if _, sensor := i.src.(sensors.Describer); sensor && !recorded && !math.IsInf(i.m.cfg.Speed, 0) {
		return workflow.Coalesce
	}
	return workflow.Block
}

// Run runs the source.
func (i *intake) Run(ctx context.Context, emit workflow.Emit[Input]) error {
	i.emit = emit
	i.set("running", nil)
	err := guard.Catch("source", func() error { return i.src.Run(ctx, i) })
	_, bug := err.(*guard.PanicError)
	switch {
	case ctx.Err() != nil && !bug:
		i.set("stopped", nil)
	case err == nil, errors.Is(err, errEnough):
		i.set("ended", nil)
		err = nil
	case i.every() > 0: // observe is told if it will not be
		i.set(workflow.SourceRestarting, err)
		return err
	default:
		i.failed(err)
	}
	i.m.sourceEnded(ctx)
	return err
}

func (i *intake) set(state string, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.state, i.err = state, err
}

func (i *intake) status() SourceStatus {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := SourceStatus{
		Name: i.name, State: i.state, Accepted: i.accepted.Load(), Rejected: i.rejected.Load(),
		Overflow: i.Overflow(),
	}
	if i.state == "running" && i.m.gate.shut.Load() {
		s.State = "paused"
	}
	if i.err != nil {
		s.Error = i.err.Error()
	}
	return s
}

// Reading takes a reading of the source: it is held while the monitor is paused,
// converted to the program's units, disturbed by injected faults, and emitted.
func (i *intake) Reading(ctx context.Context, r sensors.Reading) error {
	if err := i.m.gate.pass(ctx); err != nil {
		return err
	}
	if r.Time.IsZero() {
		r.Time = time.Now()
	}
	r = sensors.Celsius(r)
	if i.m.faults.n.Load() == 0 {
		return i.push(ctx, r)
	}
	for _, r := range i.m.faults.disturb(r) {
		if err := i.push(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (i *intake) push(ctx context.Context, r sensors.Reading) error {
	most := i.m.cfg.MaxEvents
	if most > 0 && i.m.taken.Add(1) > most {
		return errEnough
	}
	err := i.emit(ctx, r.Sensor, r.Time, Input{Kind: InputReading, Quality: r.Quality, Value: r.Value, Unit: r.Unit})
	switch {
	case errors.Is(err, workflow.ErrFull): // as asked for: the source goes on
		i.refused.Add(1)
	case err != nil:
		return err
	}
	i.accepted.Add(1)
	if most > 0 && i.m.landed.Add(1) == most {
		i.m.end(errEnough)
		return errEnough
	}
	return nil
}

// Reject counts a record that could not be a reading.
func (i *intake) Reject(r sensors.Reject) {
	i.rejected.Add(1)
	if i.m.cfg.Acks {
		i.mu.Lock()
		i.acks.rejected(i.accepted.Load())
		records, news := i.acks.committed(0)
		i.mu.Unlock()
		if news {
			defer i.m.lines.ack(i.Name(), records)
		}
	}
	i.m.lines.reject(r)
}

// Settle waits until everything emitted so far has been judged and acted on.
func (i *intake) Settle(ctx context.Context) error { return i.m.engine.Settle(ctx) }

// gate holds readings while the monitor is paused.
type gate struct {
	shut  atomic.Bool
	mu    sync.Mutex
	moved chan struct{} // closed when what follows has changed, and replaced
	steps int           // readings that may pass all the same
}

func (g *gate) pass(ctx context.Context) error {
	for g.shut.Load() {
		g.mu.Lock()
		moved := g.moved
		if g.steps > 0 {
			g.steps--
			g.mu.Unlock()
			return nil
		}
		g.mu.Unlock()
		if moved == nil {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// set shuts the gate or opens it.
func (g *gate) set(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if shut == g.shut.Load() {
		return
	}
	g.steps = 0
	g.shut.Store(shut)
	if shut {
		g.moved = make(chan struct{})
		return
	}
	close(g.moved)
	g.moved = nil
}

// step lets one reading pass a gate that is shut; false: it is open.
func (g *gate) step() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.shut.Load() {
		return false
	}
	g.steps++
	close(g.moved)
	g.moved = make(chan struct{})
	return true
}
