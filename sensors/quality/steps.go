package quality

import "math"

// steps learns how far a value moves from one reading to the next.
type steps struct {
	Block [block]float32 `json:"block"` // sizes of steps
	N     uint8          `json:"n"`     // of them in Block
	Means uint8          `json:"means"` // medians in Mean, at most 8
	Jump  int8           `json:"jump"`  // the last step was wide: up or down
	Mean  float32        `json:"mean"`  // of the medians
	Least float64        `json:"least"` // the smallest step but 0; 0: there was none
}

// A spike's steps are over so many times the noise.
const spikeTimes = 8

// push learns a step. Every one counts, wide ones as well: were they left out, an
// estimate that is too small could never grow. The median bears them.
func (s *steps) push(step float64, zero bool) {
	size := math.Abs(step)
	if zero {
		size = 0
	} else if s.Least == 0 || size < s.Least {
		s.Least = min(size, math.MaxFloat64)
	}
	s.N = min(s.N, block-1)
	s.Block[s.N] = float32(min(size, math.MaxFloat32))
	s.N++
	if s.N < block {
		return
	}
	s.N, s.Means = 0, min(s.Means, 7)+1
	mean := float64(s.Mean)
	s.Mean = float32(mean + (float64(median(s.Block, block))-mean)/float64(s.Means))
}

// noise returns the standard deviation of a reading about its level; 0 if it is not
// known yet, or if most steps are 0. Steps of normal noise deviate by √2 of it, and
// the median of their size is 0.6745 of that.
func (s *steps) noise() float64 { return float64(s.Mean) * (1 / 0.954) }

// scale is the noise, or for a sensor that mostly repeats its value the smallest
// step; 0 if neither is known.
func (s *steps) scale() float64 { return max(s.noise(), s.Least) }

// wide is the size beyond which a step is no noise.
func (s *steps) wide() float64 {
	if s.Means == 0 || s.scale() == 0 {
		return math.Inf(1)
	}
	return spikeTimes * s.scale()
}

// spike reports whether the reading before the step was a spike: the steps to it
// and from it are wide and opposite.
func (s *steps) spike(step float64) bool {
	var jump int8
	if math.Abs(step) > s.wide() {
		jump = 1
		if step < 0 {
			jump = -1
		}
	}
	if jump*s.Jump == -1 {
		s.Jump = 0
		return true
	}
	s.Jump = jump
	return false
}
