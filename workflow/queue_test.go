package workflow

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"

	"pgregory.net/rapid"
)

// mark is an element whose number tells when it was offered.
type mark struct {
	of          string
	no          int
	kept, walls bool
}

func (m mark) key() string { return m.of }
func (m mark) keep() bool  { return m.kept }
func (m mark) wall() bool  { return m.walls }

// queueModel is what a queue should be, said as plainly as can be.
type queueModel struct {
	capacity                                       int
	marks                                          []mark
	offered, received, rejected                    int
	taken, coalesced, droppedOldest, droppedNewest int
	closed                                         bool
}

// offer is tryPush.
func (q *queueModel) offer(m mark, policy Overflow) bool {
	full := len(q.marks) >= q.capacity
	switch {
	case q.closed, full && !m.kept && policy == Reject:
		q.rejected++
	case !full, m.kept && policy != Block:
		q.marks = append(q.marks, m)
	case m.kept, policy == Block:
		return false
	case policy == DropOldest:
		i := slices.IndexFunc(q.marks, func(m mark) bool { return !m.kept })
		if i >= 0 { // else m is the oldest
			q.marks = append(slices.Delete(q.marks, i, i+1), m)
		}
		q.droppedOldest++
	case policy == DropNewest:
		q.droppedNewest++
	case policy == Coalesce:
		i := q.replaceable(m.of)
		if i < 0 {
			return false
		}
		q.marks[i] = m
		q.coalesced++
	}
	q.offered++
	return true
}

// replaceable returns where the newest element of a key stands, -1 if there is
// none or something that must not be overtaken comes after it.
func (q *queueModel) replaceable(key string) int {
	for i, m := range slices.Backward(q.marks) {
		switch {
		case m.walls, m.kept && m.of == key:
			return -1
		case m.of == key:
			return i
		}
	}
	return -1
}

func TestQueueDoesWhatItsModelDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		capacity := rapid.IntRange(1, 9).Draw(t, "capacity")
		policies := []Overflow{Block, DropOldest, DropNewest, Coalesce, Reject}
		if p := rapid.IntRange(0, 2*len(policies)).Draw(t, "policy"); p < len(policies) {
			policies = policies[p : p+1] // else they are mixed, as sources may do
		}
		q, model := newQueue[mark](capacity), queueModel{capacity: capacity}
		var batch, kept []mark   // what was taken last, and what it was then
		last := map[string]int{} // number of the key's element that was taken last
		for no := range rapid.IntRange(1, 120).Draw(t, "operations") {
			switch op := rapid.IntRange(0, 20).Draw(t, "operation"); {
			case op < 14:
				m := mark{of: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key"), no: no}
				m.walls = op == 0
				m.kept = op < 3
				policy := rapid.SampledFrom(policies).Draw(t, "policy of this one")
				if got, want := q.tryPush(&m, policy), model.offer(m, policy); got != want {
					t.Fatalf("offering %+v by %v: got %v, want %v", m, policy, got, want)
				}
			case op == 14:
				m := mark{of: "a", no: no, kept: true}
				if err := q.push(context.Background(), &m, Block, true); (err != nil) != model.closed {
					t.Fatalf("pushing over: %v", err)
				}
				model.offered++
				if model.closed {
					model.rejected++
				} else {
					model.marks = append(model.marks, m)
				}
			case op == 20 && no > 80:
				q.close()
				model.closed = true
			default:
				if !slices.Equal(batch, kept) {
					t.Fatalf("%+v became %+v in the consumer's hands", kept, batch)
				}
				got := q.take(op - 14)
				batch, kept = got, slices.Clone(got)
				q.inflight -= len(got)
				want := model.marks[:min(len(got), len(model.marks))]
				if !slices.Equal(got, want) || len(got) == 0 && len(model.marks) > 0 || len(got) > op-14 {
					t.Fatalf("took %+v, want %+v", got, want)
				}
				model.marks = slices.Clone(model.marks[len(want):])
				model.taken += len(want)
				for _, m := range got {
					if m.no < last[m.of] {
						t.Fatalf("%s: %d came after %d", m.of, m.no, last[m.of])
					}
					last[m.of] = m.no
				}
			}
			model.received = model.offered - model.rejected
			compareQueues(t, q, &model)
		}
	})
}

func compareQueues(t *rapid.T, q *queue[mark], m *queueModel) {
	t.Helper()
	type counters struct{ offered, received, rejected, coalesced, oldest, newest, n int }
	got := counters{int(q.offered), int(q.received), int(q.rejected), int(q.coalesced), int(q.droppedOldest), int(q.droppedNewest), q.n}
	want := counters{m.offered, m.received, m.rejected, m.coalesced, m.droppedOldest, m.droppedNewest, len(m.marks)}
	if got != want {
		t.Fatalf("got %+v, want %+v", got, want)
	}
	if got.received != m.taken+got.coalesced+got.oldest+got.newest+got.n {
		t.Fatalf("the law is broken: %+v, taken %d", got, m.taken)
	}
}

func TestCoalesceKeepsTheNewestOfEachKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newQueue[mark](4)
		newest, controls := map[string]int{}, 0
		for no := range rapid.IntRange(1, 60).Draw(t, "events") {
			m := mark{of: strconv.Itoa(rapid.IntRange(0, 5).Draw(t, "key")), no: no, kept: rapid.IntRange(0, 9).Draw(t, "kind") == 0}
			if q.tryPush(&m, Coalesce) {
				newest[m.of] = no
				if m.kept {
					controls++
				}
			}
		}
		for _, m := range takeAll(q) {
			if m.kept {
				controls--
			}
			if m.no == newest[m.of] {
				delete(newest, m.of)
			}
		}
		if len(newest) != 0 || controls != 0 {
			t.Fatalf("lost the newest of %v and %d controls", newest, controls)
		}
	})
}

func TestTheIndexForgetsWhatWasDropped(t *testing.T) {
	q := newQueue[mark](2)
	for _, offer := range []struct {
		m      mark
		policy Overflow
		done   bool
	}{
		{mark{of: "k", no: 1, kept: true}, Block, true},
		{mark{of: "a", no: 2}, Block, true},
		{mark{of: "a", no: 3}, Coalesce, true},   // makes the index
		{mark{of: "b", no: 4}, DropOldest, true}, // the kept one moves to where 3 stood
		{mark{of: "a", no: 5}, Coalesce, false},  // must not replace it
	} {
		if done := q.tryPush(&offer.m, offer.policy); done != offer.done {
			t.Errorf("offering %+v by %v: %v", offer.m, offer.policy, done)
		}
	}
	if got := takeAll(q); got[0].no != 1 || got[1].no != 4 {
		t.Errorf("took %+v", got)
	}
}

func TestAProducerIsHeldUntilThereIsRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue[mark](1)
		push := func(ctx context.Context, no int) chan error {
			done := make(chan error, 1)
			go func() { done <- q.push(ctx, &mark{of: "a", no: no}, Block, false) }()
			synctest.Wait()
			return done
		}
		if err := <-push(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		held := push(t.Context(), 2)
		ctx, giveUp := context.WithCancelCause(t.Context())
		gaveUp := push(ctx, 3)
		if q.waiting != 2 || q.offered != 3 || q.received != 1 {
			t.Errorf("waiting %d, offered %d, received %d", q.waiting, q.offered, q.received)
		}
		giveUp(errOver)
		if err := <-gaveUp; err != errOver {
			t.Errorf("got %v, want %v", err, errOver)
		}
		q.seal()
		if err := q.push(t.Context(), &mark{}, Block, false); !errors.Is(err, ErrClosed) {
			t.Errorf("a sealed queue answers %v", err)
		}
		if one := q.take(1); len(one) != 1 || one[0].no != 1 {
			t.Errorf("took %+v", one)
		}
		if err := <-held; err != nil {
			t.Errorf("held before it was sealed, refused: %v", err)
		}
		late := push(t.Context(), 4) // sealed, so it is not even held
		if err := <-late; !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want %v", err, ErrClosed)
		}
		if q.waiting != 0 || q.rejected != 3 || q.received != 2 || q.offered != 5 {
			t.Errorf("waiting %d, rejected %d, received %d, offered %d", q.waiting, q.rejected, q.received, q.offered)
		}
	})
}

func TestCloseRefusesWhoIsHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue[mark](1)
		_ = q.tryPush(&mark{no: 1}, Block)
		done := make(chan error, 1)
		go func() { done <- q.push(t.Context(), &mark{no: 2}, Block, false) }()
		synctest.Wait()
		q.close()
		if err := <-done; !errors.Is(err, ErrClosed) {
			t.Errorf("got %v, want %v", err, ErrClosed)
		}
		if all := takeAll(q); len(all) != 1 {
			t.Errorf("%d elements are left, want the one that was queued", len(all))
		}
	})
}

func TestPolicyNamesCanBeReadBack(t *testing.T) {
	for o := Block; o <= Reject; o++ {
		if got, ok := ParseOverflow(o.String()); !ok || got != o {
			t.Errorf("%v is read back as %v, %v", o, got, ok)
		}
	}
	if _, ok := ParseOverflow("sometimes"); ok || Overflow(9).String() != "overflow 9" {
		t.Error("an unknown policy has a name")
	}
}

func takeAll(q *queue[mark]) (all []mark) {
	for q.n > 0 {
		all = append(all, q.take(q.n)...)
	}
	return all
}
