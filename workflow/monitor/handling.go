package monitor

import (
	"fmt"
	"io"
	"time"

	"github.com/sony/gobreaker/v2"

	"setpoint/sensors/display"
	"setpoint/workflow"
)

// Disturbable are the handlers that can be made to misbehave.
var Disturbable = []string{"normal", "high", "low", "critical"}

// A Handling is how a handler is run.
type Handling struct {
	Handler     string
	Lanes       int               // its work is spread over so many
	Queue       int               // events that may wait in each
	Overflow    workflow.Overflow // what happens when they are more
	Timeout     time.Duration     // of an attempt; 0: none
	Grace       time.Duration     // that an attempt which is out of time has to return
	Attempts    int               // at most
	First, Most time.Duration     // bounds of the first wait between attempts, and of all; 0: none
	MostHanging int               // attempts that may hang before the handler is refused events
	Breaker     string            // closed, half-open or open; "" without one
	AtMostOnce  bool              // what it was not done with at a crash is not run again
	Waits       bool              // for a person
}

// handlings returns how the handlers are run.
func (m *Monitor) handlings() (list []Handling) {
	for _, name := range m.flow.Handlers() {
		e, _ := m.flow.Effect(name)
		h := Handling{
			Handler: name, Lanes: e.Lanes, Queue: e.Queue, Overflow: e.Overflow, Timeout: e.Timeout, Grace: e.Grace,
			Attempts: max(e.Retry.MaxAttempts, 1), First: e.Retry.Initial, Most: e.Retry.Max,
			MostHanging: e.MaxAbandoned, AtMostOnce: e.AtMostOnce, Waits: e.Waits,
		}
		if b, ok := e.Breaker.(interface{ State() gobreaker.State }); ok {
			h.Breaker = b.State().String()
		}
		list = append(list, h)
	}
	return list
}

// writeGraph writes the graph to a file.
func (m *Monitor) writeGraph(c *WriteGraph) (err error) {
	live := m.engine.Stats()
	draw, ext := m.flow.DOT, c.Format
	switch c.Format {
	case "dot":
	case "mermaid":
		draw, ext = m.flow.Mermaid, "mmd"
	default:
		return fmt.Errorf("unknown format %s of a graph: want dot or mermaid", display.Quote(c.Format))
	}
	c.Path, err = writeNew("flow", ext, func(out io.Writer) error { return draw(out, &live) })
	return err
}
