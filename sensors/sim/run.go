package sim

import (
	"context"
	"time"

	"setpoint/sensors"
)

// tick is how long a step of a run at max speed is.
const tick = 250 * time.Millisecond

// A run is one Run of a Source.
type run struct {
	source  *Source
	sink    sensors.Sink
	start   time.Time // of the simulated time
	pace    *pace     // nil at max speed
	queue   queue
	meters  []meter
	mishaps mishaps
}

// A meter makes the readings of one sensor.
type meter struct {
	period time.Duration
	left   int // readings still to come; negative: endless
	zone   zone
	draw   *draw // instead of the zone, if the scenario is a script
}

// Run pushes the readings of the simulation into sink, from its beginning, until
// its length is over (nil), ctx is done, the sink refuses one, or the scenario lets
// the source fail. A Source is to be run by one goroutine at a time.
func (s *Source) Run(ctx context.Context, sink sensors.Sink) error {
	r := s.newRun(sink)
	defer s.mail.deliver(func(int, order) {}) // what comes too late is not for the next run
	length := forever
	if s.config.Length > 0 {
		length = min(length, s.config.Length)
	}
	s.runs++
	at := s.scenario.lapse.in(s.runs)
	lapses := at < length
	length = min(length, at)
	for len(r.queue) > 0 && r.queue[0].at < length {
		until, err := r.await(ctx)
		if err != nil {
			return err
		}
		s.mail.deliver(r.order)
		if err := r.step(ctx, min(until, length-1)); err != nil {
			return err
		}
		if r.pace != nil {
			continue
		}
		if err := sink.Settle(ctx); err != nil {
			return err
		}
	}
	if lapses {
		return s.scenario.lapse.happen(ctx)
	}
	return nil
}

func (s *Source) newRun(sink sensors.Sink) *run {
	r := &run{source: s, sink: sink, start: s.config.Start.Round(0)}
	if !s.config.max() {
		r.pace = newPace(s.config.Speed)
	}
	if r.start.IsZero() {
		r.start = maxStart
		if r.pace != nil {
			r.start = r.pace.wall.Round(0)
		}
	}
	s.scenario.build(s, r)
	return r
}

// await waits until the next reading is due and returns the instant up to which
// readings belong to the same step.
func (r *run) await(ctx context.Context) (time.Duration, error) {
	next := r.queue[0].at
	if r.pace != nil {
		return r.pace.wait(ctx, next)
	}
	return next - next%tick + tick - 1, ctx.Err()
}

// order hands o to the zone of a sensor.
func (r *run) order(sensor int, o order) {
	r.meters[sensor].zone.order(o.at.Sub(r.origin()), o.drive)
}

// origin returns the event time of the plant's beginning, as seen after all gaps.
func (r *run) origin() time.Time {
	if r.pace == nil {
		return r.start
	}
	return r.start.Add(r.pace.gap)
}

// step pushes every reading that is due by until.
func (r *run) step(ctx context.Context, until time.Duration) error {
	origin := r.origin()
	for len(r.queue) > 0 && r.queue[0].at <= until {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := r.queue[0]
		reading := sensors.Reading{
			Sensor: r.source.sensors[next.sensor].Name,
			Time:   origin.Add(next.at),
			Value:  r.read(next),
			Unit:   sensors.DegC,
		}
		if err := r.sink.Reading(ctx, reading); err != nil {
			return err
		}
	}
	return nil
}

// read returns what the first sensor in the queue reads and puts it back in.
func (r *run) read(next due) float64 {
	m := &r.meters[next.sensor]
	if m.left--; m.left == 0 {
		r.queue.drop()
	} else {
		r.queue.postpone(next.at + m.period)
	}
	if m.draw != nil {
		return m.draw.read()
	}
	r.mishaps.advance(next.at, r.meters)
	return m.zone.read(next.at)
}
