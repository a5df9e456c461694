package sim

import "time"

// due says when a sensor reads next.
type due struct {
	at     time.Duration
	sensor int32
}

func (d due) before(e due) bool {
	return d.at < e.at || d.at == e.at && d.sensor < e.sensor
}

// A queue holds the sensors by when they read next, ties by number: a binary heap
// whose first element is only ever put off or taken out. (The heap of the
// standard library would allocate for every element.)
type queue []due

// add takes in d.
func (q *queue) add(d due) {
	*q = append(*q, d)
	h := *q
	for i := len(h) - 1; i > 0; {
		up := (i - 1) / 2
		if !h[i].before(h[up]) {
			return
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
}

// postpone puts the first element off until at.
func (q queue) postpone(at time.Duration) {
	moved := due{at, q[0].sensor}
	i := 0
	for {
		down := 2*i + 1
		if down >= len(q) {
			break
		}
		if right := down + 1; right < len(q) && q[right].before(q[down]) {
			down = right
		}
		if moved.before(q[down]) {
			break
		}
		q[i] = q[down]
		i = down
	}
	q[i] = moved
}

// drop takes the first element out.
func (q *queue) drop() {
	h := *q
	last := h[len(h)-1]
	*q = h[:len(h)-1]
	if len(*q) > 0 {
		(*q)[0].sensor = last.sensor
		q.postpone(last.at)
	}
}
