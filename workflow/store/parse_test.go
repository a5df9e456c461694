package store

import (
	"bytes"
	"math"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/workflow"
)

func FuzzAMarkIsWhatWasWritten(f *testing.F) {
	for _, m := range []mark{{}, {pid: 7, store: math.MaxUint64, commits: 12, clean: true}} {
		f.Add([]byte(m.String()))
	}
	f.Add([]byte("pid 1 store"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, ok := parseMark(b)
		if !ok && m != (mark{}) {
			t.Errorf("got %v of a damaged mark", m)
		}
		if again, still := parseMark([]byte(m.String())); ok && (!still || again != m) {
			t.Errorf("%v comes back as %v", m, again)
		}
	})
}

func TestAMarkWithAFlippedBitSaysNothing(t *testing.T) {
	want := mark{pid: 4711, store: 0xdeadbeef, commits: 99}
	line := []byte(want.String())
	for bit := range 8 * (len(line) - 1) {
		b := bytes.Clone(line)
		b[bit/8] ^= 1 << (bit % 8)
		if m, ok := parseMark(b); ok && m != want {
			t.Errorf("bit %d: got %v", bit, m)
		}
	}
}

func FuzzAPackedRecordIsReadOrRefused(f *testing.F) {
	for _, v := range []float64{0, math.NaN()} {
		r := readingOf("k\x00", at, v)
		b, err := packRecord(&r, &form)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := unpackRecord(b, &form)
		if p := r.Event.Payload; err != nil || r.Kind != workflow.RecordEvent || p.Reading && p.Text != "" {
			return // refused, or it has what no packing puts there
		}
		again, err := packRecord(&r, &form)
		if err != nil {
			t.Fatal(err)
		}
		if r2, err := unpackRecord(again, &form); err != nil || !equal(r, r2) {
			t.Errorf("%+v comes back as %+v, %v", r, r2, err)
		}
	})
}

// equal compares records to the bit.
func equal(a, b workflow.Record[payload]) bool {
	va, vb := &a.Event.Payload.V.Value, &b.Event.Payload.V.Value
	same := math.Float64bits(*va) == math.Float64bits(*vb)
	*va, *vb = 0, 0
	return same && reflect.DeepEqual(a, b)
}

func TestAnyRecordIsPackedAndUnpacked(t *testing.T) {
	times := rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-1<<40, 1<<40).Draw(t, "s"), rapid.Int64Range(0, 1e9-1).Draw(t, "ns")).UTC()
	})
	rapid.Check(t, func(t *rapid.T) {
		want := workflow.Record[payload]{
			Kind: workflow.RecordEvent, Shard: rapid.IntRange(0, 1<<20).Draw(t, "shard"), Node: rapid.String().Draw(t, "node"),
			Event: workflow.Event[payload]{
				ID: rapid.Uint64().Draw(t, "id"), Cause: rapid.Uint64().Draw(t, "cause"), Key: string(rapid.SliceOf(rapid.Byte()).Draw(t, "key")),
				Time: times.Draw(t, "time"), Seen: times.Draw(t, "seen"), Hops: rapid.Byte().Draw(t, "hops"),
				Payload: payload{rapid.Bool().Draw(t, "reading"), Value{rapid.Float64().Draw(t, "value"), rapid.Byte().Draw(t, "quality"), "K"}, ""},
			},
		}
		b, err := packRecord(&want, &form)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := unpackRecord(b, &form); err != nil || !equal(got, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	})
}
