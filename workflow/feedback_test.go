package workflow

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestOutcomesComeBackWithTheirCause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen []Event[int]
		h := handler(func(_ context.Context, ev Event[int], _ count) error {
			seen = append(seen, ev)
			if ev.Payload == 1 {
				return errCue
			}
			return nil
		})
		r := launch(t, engine(t, acting(t, h, effect{Outcome: func(ev Event[int], s count, err error) (int, bool) {
			if err != nil && (!errors.Is(err, errCue) || s.n != ev.Payload) {
				t.Errorf("the outcome of %d is %v, state %+v", ev.Payload, err, s)
			}
			return ev.Payload + 1, ev.Payload < 3
		}}), config{Shards: 3}), emitting("a", 1))
		time.Sleep(time.Second)
		r.settle()
		r.end()
		if len(seen) != 3 {
			t.Fatalf("handled %+v, want a chain of three", seen)
		}
		for i, ev := range seen[1:] {
			cause := seen[i]
			if ev.Cause != cause.ID || int(ev.Hops) != i+1 || ev.Kind != Control || ev.Key != "a" ||
				ev.Time != cause.Time || ev.Source != "act" || ev.ID <= cause.ID || ev.Payload != i+2 {
				t.Errorf("%+v came from %+v", ev, cause)
			}
		}
		if seen[0].Cause != 0 || seen[0].Kind != Data || seen[0].Source != "source 1" {
			t.Errorf("the first is %+v", seen[0])
		}
	})
}

func TestALoopOfFeedbackEndsAsADeadLetter(t *testing.T) {
	for name, c := range map[string]struct{ max, want uint8 }{
		"eight hops unless it is said": {0, 8},
		"as many as is said":           {3, 3},
		"the most that can be counted": {254, 254},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := handler(func(context.Context, Event[int], count) error { return nil })
				r := launch(t, engine(t, acting(t, h, effect{
					Outcome: func(Event[int], count, error) (int, bool) { return 1, true },
				}), config{MaxHops: c.max}))
				r.inject("a", 1)
				r.settle()
				st := r.end()
				l := r.letters()
				if len(l) != 1 || !errors.Is(l[0].Err, ErrTooMany) || l[0].Event.Hops != c.want+1 || l[0].Node != "count" {
					t.Errorf("letters: %+v", l)
				}
				if st.Folded != uint64(c.want)+1 {
					t.Errorf("%d were folded", st.Folded)
				}
			})
		})
	}
}

// TestCommandsAreNeverDropped floods a tiny queue and a stuck, tiny lane by every
// policy, and counts the commands that get through.
func TestCommandsAreNeverDropped(t *testing.T) {
	for _, policy := range []Overflow{DropOldest, DropNewest, Coalesce, Reject} {
		t.Run(policy.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				commands := 0
				open := make(chan struct{})
				h := handler(func(_ context.Context, ev Event[int], _ count) error {
					<-open
					if ev.Kind == Control {
						commands++
					}
					return nil
				})
				flood := SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
					for i := range 1000 {
						if err := emit(ctx, "a", start0.Add(time.Duration(i)), i); err != nil && err != ErrFull {
							return err
						}
					}
					return nil
				})
				if policy == Coalesce {
					close(open) // it may hold the fold back: a place for each key's newest is not always there
				}
				e := engine(t, acting(t, h, effect{Queue: 2, Overflow: policy}), config{Queue: 2, Overflow: policy})
				r := launch(t, e, flood)
				for i := range 100 {
					r.inject("a", i)
				}
				synctest.Wait()
				if policy != Coalesce {
					if s, _ := r.State("a"); s.n < 100 {
						t.Errorf("the stuck handler holds the fold back: %d were folded", s.n)
					}
					close(open)
				}
				r.settle()
				r.end()
				if commands != 100 {
					t.Errorf("%d of 100 commands were handled", commands)
				}
			})
		})
	}
}

func TestSettleWaitsForChainsButNotForPeople(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		slow := handler(func(context.Context, Event[int], count) error { time.Sleep(time.Second); return nil })
		person := handler(func(ctx context.Context, _ Event[int], _ count) error { <-Draining(ctx); return nil })
		w, err := New[int, count]("count").Step("count", counting, "act").
			Handler("slow", slow, &effect{Outcome: func(ev Event[int], _ count, _ error) (int, bool) {
				return ev.Payload + 1, ev.Payload < 4
			}}).
			Handler("person", person, &effect{Waits: true}).
			Edge("count", "act", "slow", "person").Build()
		if err != nil {
			t.Fatal(err)
		}
		r := launch(t, engine(t, w, config{}))
		r.inject("a", 1)
		r.settle()
		if took := time.Since(begin); took != 4*time.Second {
			t.Errorf("settled after %v, want the four seconds of the chain", took)
		}
		if s, _ := r.State("a"); s.n != 4 {
			t.Errorf("the state is %+v", s)
		}
		r.inject("a", 4)
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second/2, errCue)
		defer cancel()
		if err := r.Settle(ctx); err != errCue {
			t.Errorf("Settle returned %v, want its context's cause", err)
		}
		if st := r.end(); st.Handled != 10 {
			t.Errorf("%d were handled, want five slow and five by the person", st.Handled)
		}
	})
}

func TestASwapIsAnEventBoundary(t *testing.T) {
	for _, policy := range []Overflow{Block, Coalesce} {
		t.Run(policy.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := engine(t, plain(t, counting), config{Shards: 2, Queue: 2, Overflow: policy})
				var calls []Event[int]
				negative := step(func(s count, ev Event[int]) (count, Action) {
					calls = append(calls, ev)
					return count{s.n + 1, s.sum - ev.Payload}, "act"
				})
				// All is queued before the engine runs, so the order is known.
				emit := e.emitter(SourceFunc[int](nil), new(sourceRun))
				put := func(p int) {
					if err := emit(t.Context(), "a", start0.Add(time.Duration(p)), p); err != nil {
						t.Error(err)
					}
				}
				put(1)
				put(2)
				if rev, err := e.Swap("count", negative, "test"); err != nil || rev != 2 {
					t.Fatalf("revision %d, %v", rev, err)
				}
				go put(1000) // waits: it must not take a place before the swap
				synctest.Wait()
				r := launch(t, e)
				r.settle()
				if s, _ := r.State("a"); s != (count{3, 3 - 1000}) {
					t.Errorf("the state is %+v", s)
				}
				if len(calls) != 1 || calls[0].Payload != 1000 || calls[0].Revision != 2 {
					t.Errorf("judged by the new step: %+v", calls)
				}
				if _, err := r.Swap("nowhere", negative, "test"); err == nil {
					t.Error("a step that does not exist was swapped")
				}
				if st := r.end(); st.Revision != 2 {
					t.Errorf("the revision is %d", st.Revision)
				}
				if _, err := r.Swap("count", negative, "test"); err != ErrClosed {
					t.Errorf("after the end Swap returns %v", err)
				}
				if err := r.Inject(t.Context(), "a", start0, 1); err != ErrClosed {
					t.Errorf("after the end Inject returns %v", err)
				}
			})
		})
	}
}

func TestLettersCarryTheRevisionTheyWereJudgedBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := launch(t, engine(t, plain(t, step(func(s count, _ Event[int]) (count, Action) { return s, "nowhere" })), config{}))
		r.inject("a", 1)
		if _, err := r.Swap("count", step(func(s count, _ Event[int]) (count, Action) { panic("on cue") }), "test"); err != nil {
			t.Fatal(err)
		}
		r.inject("a", 2)
		r.settle()
		r.end()
		l := r.letters()
		if len(l) != 2 || l[0].Event.Revision != 1 || l[1].Event.Revision != 2 {
			t.Errorf("letters: %+v", l)
		}
	})
}
