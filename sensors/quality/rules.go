package quality

import "time"

// Rules say how the readings of a sensor are judged. The zero Rules are the usual
// ones, for a sensor of no known kind.
type Rules struct {
	Kind Kind

	// Rate is the fastest believable change, in the sensor's unit per second;
	// 0: any is.
	Rate float64

	// Stale is how long a sensor may be silent; 0: it is found from its readings,
	// as StaleTimes its median interval (0: 5), and at least StaleLeast (0: 10 s).
	Stale      time.Duration
	StaleTimes int
	StaleLeast time.Duration

	// Wait is how long the first reading may take; 0: 60 s.
	Wait time.Duration

	// Flat is the least time for which a sensor has to stand still to be flat;
	// 0: 30 minutes, negative: it never is.
	Flat time.Duration

	// Ahead and Behind are how far the time of a reading may lie after and before
	// its arrival; 0: 2 s and 60 s, negative: any distance is right.
	Ahead, Behind time.Duration
}

func (r *Rules) ahead() time.Duration  { return or(r.Ahead, 2*time.Second) }
func (r *Rules) behind() time.Duration { return or(r.Behind, time.Minute) }
func (r *Rules) wait() time.Duration   { return or(r.Wait, time.Minute) }
func (r *Rules) flat() time.Duration   { return or(r.Flat, 30*time.Minute) }
func (r *Rules) least() time.Duration  { return or(r.StaleLeast, 10*time.Second) }
func (r *Rules) times() int            { return or(r.StaleTimes, 5) }

// or returns v, or what is usual if nobody said anything. (On the path of every
// reading [cmp.Or] is too slow: it builds a list.)
func or[T int | time.Duration](v, usual T) T {
	if v == 0 {
		return usual
	}
	return v
}
