package workflow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var texts = Codec[string]{
	Version: 2,
	Encode: func(s string) ([]byte, error) {
		if s == "bad" {
			return nil, errCue
		}
		return []byte(s), nil
	},
	Decode: func(b []byte) (string, error) { return string(b), nil },
}

// fill sets every field below v to something that is not zero.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Struct:
		if _, is := v.Interface().(time.Time); is {
			v.Set(reflect.ValueOf(time.Unix(-5, 17).In(time.FixedZone("", 5400))))
			return
		}
		for _, field := range v.Fields() {
			fill(t, field)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i))
		}
	case reflect.String:
		v.SetString("a\x00\xff\n")
	case reflect.Uint8:
		v.SetUint(math.MaxUint8)
	case reflect.Uint64:
		v.SetUint(math.MaxUint64)
	default:
		t.Fatalf("a %v is not thought of", v.Type())
	}
}

func fullSnapshot(t *testing.T) (snap Snapshot[string, string]) {
	t.Helper()
	fill(t, reflect.ValueOf(&snap).Elem())
	return snap
}

func written(t testing.TB, snap Snapshot[string, string]) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteSnapshot(&b, snap, texts, texts); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readAll(b []byte) (Snapshot[string, string], error) {
	return ReadSnapshot(bytes.NewReader(b), texts, texts)
}

// alike compares snapshots; times are alike when they show the same.
func alike(a, b Snapshot[string, string]) bool {
	utc := func(s Snapshot[string, string]) Snapshot[string, string] {
		plain := func(ts ...*time.Time) {
			for _, t := range ts {
				_, offset := t.Zone()
				*t = t.UTC().Add(time.Duration(offset) << 32)
			}
		}
		s.Shards, s.Keys, s.Open = slices.Clone(s.Shards), slices.Clone(s.Keys), slices.Clone(s.Open)
		plain(&s.Time)
		for i := range s.Shards {
			plain(&s.Shards[i].Swept)
		}
		for i := range s.Keys {
			plain(&s.Keys[i].Watermark, &s.Keys[i].Timer)
		}
		for i := range s.Open {
			plain(&s.Open[i].Event.Time, &s.Open[i].Event.Seen)
		}
		return s
	}
	return reflect.DeepEqual(utc(a), utc(b))
}

func TestAWrittenSnapshotKeepsEveryField(t *testing.T) {
	for name, want := range map[string]Snapshot[string, string]{
		"a full one":        fullSnapshot(t),
		"one with zeros":    {Shards: []ShardState{{}}, Keys: []KeyState[string]{{}}, Open: []OpenEvent[string, string]{{}}},
		"one with nothing":  {},
		"one of the future": {Time: time.Date(20_000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		got, err := readAll(written(t, want))
		if err != nil || !alike(got, want) || got.Time.IsZero() != want.Time.IsZero() {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
		}
	}
}

// TestAFlippedBitIsFound flips every bit of a written snapshot, and cuts it at
// every length.
func TestAFlippedBitIsFound(t *testing.T) {
	whole := written(t, fullSnapshot(t))
	for i := range len(whole) * 8 {
		b := slices.Clone(whole)
		b[i/8] ^= 1 << (i % 8)
		if _, err := readAll(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("bit %d of byte %d: %v", i%8, i/8, err)
		}
	}
	for n := range whole {
		if _, err := readAll(whole[:n]); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut at %d: %v", n, err)
		}
	}
	if _, err := ReadSnapshot(io.MultiReader(bytes.NewReader(whole[:50]), errReader{}), texts, texts); !errors.Is(err, errCue) {
		t.Errorf("the reader's error is lost: %v", err)
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error)  { return 0, errCue }
func (errReader) Write([]byte) (int, error) { return 0, errCue }

func TestASnapshotOfOtherVersionsSaysWhatIsWanted(t *testing.T) {
	long := strings.Repeat("k", 100)
	snap := Snapshot[string, string]{
		Keys: []KeyState[string]{{Key: long, State: "x"}},
		Open: []OpenEvent[string, string]{{Event: Event[string]{Key: "\x1b", Payload: "y"}}},
	}
	b := written(t, snap)
	older, newer := texts, texts
	older.Version, newer.Version = 1, 3
	newer.Migrate = map[int]func([]byte) ([]byte, error){2: func(b []byte) ([]byte, error) { return append(b, '+'), nil }}
	if got, err := ReadSnapshot(bytes.NewReader(b), newer, newer); err != nil || got.Keys[0].State != "x+" || got.Open[0].Event.Payload != "y+" {
		t.Errorf("got %+v, %v", got, err)
	}
	want := `state of key "` + long[:80] + `": version 2: want at most 1, it was written by a newer program`
	if _, err := ReadSnapshot(bytes.NewReader(b), texts, older); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	want = `event of key "\x1b": version 2: want at most 1, it was written by a newer program`
	if _, err := ReadSnapshot(bytes.NewReader(b), older, texts); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	snap.Keys[0].Key, snap.Keys[0].State = "boiler", "bad"
	err := WriteSnapshot(io.Discard, snap, texts, texts)
	if !errors.Is(err, errCue) || err.Error() != `state of key "boiler", version 2: on cue` {
		t.Errorf("got %v", err)
	}
	if err := WriteSnapshot(errReader{}, Snapshot[string, string]{}, texts, texts); !errors.Is(err, errCue) {
		t.Errorf("got %v", err)
	}
}

// FuzzReadSnapshot reads bodies whose checksum is right: what can be read comes
// back the same when it is written and read again.
func FuzzReadSnapshot(f *testing.F) {
	head := len(imageMagic) + 12
	f.Add([]byte{})
	f.Add(written(f, Snapshot[string, string]{})[head:])
	f.Add(written(f, Snapshot[string, string]{
		Time: time.Unix(1, 2), Position: 3, Revision: 4, Why: "w", Shards: []ShardState{{Last: 5, Swept: time.Unix(6, 0)}},
		Keys: []KeyState[string]{{Key: "k", State: "s"}, {Key: "l"}},
		Open: []OpenEvent[string, string]{{Node: "n", Event: Event[string]{ID: 7, Key: "k", Payload: "p"}}},
	})[head:])
	f.Fuzz(func(t *testing.T, body []byte) {
		b := binary.BigEndian.AppendUint64([]byte(imageMagic), uint64(len(body)))
		b = binary.BigEndian.AppendUint32(b, crc32.Checksum(body, castagnoli))
		snap, err := readAll(append(b, body...))
		if err != nil {
			return
		}
		again, err := readAll(written(t, snap))
		if err != nil || !alike(again, snap) {
			t.Errorf("%v: got %+v, want %+v", err, again, snap)
		}
	})
}
