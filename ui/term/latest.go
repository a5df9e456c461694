package term

// Latest hands values to a model through one slot, in which the newest wins: who
// puts never waits, and who is slow misses values, not time.
type Latest[T any] struct{ slot chan T }

// NewLatest returns an empty slot.
func NewLatest[T any]() *Latest[T] { return &Latest[T]{make(chan T, 1)} }

// Put replaces the value in the slot. It never blocks for long and may be called by
// several goroutines.
func (l *Latest[T]) Put(v T) {
	for {
		select {
		case l.slot <- v:
			return
		default:
		}
		select {
		case <-l.slot:
		default:
		}
	}
}

// C returns the channel on which the values come. A model waits on it in a command
// and does so again after each value.
func (l *Latest[T]) C() <-chan T { return l.slot }
