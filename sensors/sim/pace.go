package sim

import (
	"context"
	"time"
)

const (
	// tolerance is how far a run may fall behind the wall clock and still catch up.
	tolerance = time.Second

	// nap is the shortest wait: readings that are due within it come together, so
	// that thousands of sensors do not cost thousands of timers.
	nap = time.Millisecond
)

// A pace keeps simulated time in step with the wall clock.
type pace struct {
	speed float64
	wall  time.Time     // the wall time at which
	plant time.Duration // the plant stood here
	gap   time.Duration // how much simulated time was skipped so far
	timer *time.Timer
}

func newPace(speed float64) *pace {
	timer := time.NewTimer(0)
	timer.Stop()
	return &pace{speed: speed, wall: time.Now(), timer: timer}
}

// wait returns when the instant due of the plant has come, with the instant that
// the plant has reached by then. If due is long past it moves the plant's time
// instead of letting it catch up.
func (p *pace) wait(ctx context.Context, due time.Duration) (time.Duration, error) {
	for {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		now := time.Now()
		late := p.late(now, due)
		if late > tolerance {
			p.skip(now, due, late)
			return due, nil
		}
		if late >= 0 {
			return due + p.simulated(late), nil
		}
		p.timer.Reset(max(-late, nap))
		select {
		case <-p.timer.C:
		case <-ctx.Done():
			p.timer.Stop()
		}
	}
}

// late returns by how much wall time due has passed; it is negative while due is
// still to come. The monotonic clock stands still while a machine is suspended,
// the wall clock does not, so the later of the two counts.
func (p *pace) late(now time.Time, due time.Duration) time.Duration {
	ahead := time.Duration(float64(due-p.plant) / p.speed)
	return max(now.Sub(p.wall), now.Round(0).Sub(p.wall.Round(0))) - ahead
}

// skip lets the plant stand at due now, with a gap before it.
func (p *pace) skip(now time.Time, due, late time.Duration) {
	p.gap += min(p.simulated(late), forever-min(p.gap, forever))
	p.wall, p.plant = now, due
}

// simulated returns how much simulated time goes with wall time d.
func (p *pace) simulated(d time.Duration) time.Duration {
	return time.Duration(min(float64(d)*p.speed, float64(forever)))
}
