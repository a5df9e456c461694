package workflow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"time"
)

// ErrDamaged is returned by ReadSnapshot for what was no snapshot, or is none any
// more.
var ErrDamaged = errors.New("damaged snapshot")

// The form of a written snapshot: this line, the length of the body (8 bytes, big
// endian), the CRC32C of the body (4 bytes), the body.
const imageMagic = "workflow snapshot 1\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// WriteSnapshot writes snap. Times keep their instant and their offset from UTC,
// not the name of their zone.
func WriteSnapshot[E, S any](out io.Writer, snap Snapshot[E, S], events Codec[E], states Codec[S]) error {
	var w imageWriter
	w.time(snap.Time)
	w.uint(uint64(snap.Position))
	w.uint(snap.Revision)
	w.text(snap.Why)
	w.uint(uint64(events.Version))
	w.uint(uint64(states.Version))
	w.uint(uint64(len(snap.Shards)))
	for _, s := range snap.Shards {
		w.uint(s.Last)
		w.uint(s.Ticks)
		w.time(s.Swept)
	}
	w.uint(uint64(len(snap.Keys)))
	for _, k := range snap.Keys {
		w.text(k.Key)
		w.time(k.Watermark)
		w.time(k.Timer)
		writeValue(&w, "state", k.Key, k.State, states)
	}
	w.uint(uint64(len(snap.Open)))
	for _, o := range snap.Open {
		w.text(o.Node)
		writeEvent(&w, o.Event, events)
		writeValue(&w, "state", o.Event.Key, o.State, states)
	}
	if w.err != nil {
		return w.err
	}
	head := binary.BigEndian.AppendUint64([]byte(imageMagic), uint64(len(w.b)))
	head = binary.BigEndian.AppendUint32(head, crc32.Checksum(w.b, castagnoli))
	_, err := io.Copy(out, io.MultiReader(bytes.NewReader(head), bytes.NewReader(w.b)))
	return err
}

// ReadSnapshot reads what WriteSnapshot wrote, and leads it on to the versions of
// the codecs. Anything else is an error that Is [ErrDamaged], or says which version
// cannot be read.
func ReadSnapshot[E, S any](in io.Reader, events Codec[E], states Codec[S]) (Snapshot[E, S], error) {
	body, err := readBody(in)
	if err != nil {
		return Snapshot[E, S]{}, err
	}
	r := imageReader{b: body}
	snap := Snapshot[E, S]{Time: r.time(), Position: Position(r.uint()), Revision: r.uint(), Why: r.text()}
	eventVersion, stateVersion := r.version(), r.version()
	for range r.count() {
		snap.Shards = append(snap.Shards, ShardState{Last: r.uint(), Ticks: r.uint(), Swept: r.time()})
	}
	for range r.count() {
		k := KeyState[S]{Key: r.text(), Watermark: r.time(), Timer: r.time()}
		k.State = readValue(&r, "state", k.Key, stateVersion, states)
		snap.Keys = append(snap.Keys, k)
	}
	for range r.count() {
		o := OpenEvent[E, S]{Node: r.text(), Event: readEvent(&r, eventVersion, events)}
		o.State = readValue(&r, "state", o.Event.Key, stateVersion, states)
		snap.Open = append(snap.Open, o)
	}
	if r.err == nil && len(r.b) > 0 {
		r.fail()
	}
	if r.err != nil {
		return Snapshot[E, S]{}, r.err
	}
	return snap, nil
}

// readBody returns the body if it is whole.
func readBody(in io.Reader) ([]byte, error) {
	var head [len(imageMagic) + 12]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil, fmt.Errorf("%w: its head: %w", ErrDamaged, err)
	}
	if got := string(head[:len(imageMagic)]); got != imageMagic {
		return nil, fmt.Errorf("%w: it begins with %q, want %q", ErrDamaged, got, imageMagic)
	}
	size, sum := binary.BigEndian.Uint64(head[len(imageMagic):]), binary.BigEndian.Uint32(head[len(imageMagic)+8:])
	var body bytes.Buffer // grows with what is there, whatever size says
	if n, err := io.Copy(&body, io.LimitReader(in, int64(min(size, math.MaxInt64)))); err != nil || uint64(n) != size {
		return nil, errors.Join(fmt.Errorf("%w: %d bytes of %d", ErrDamaged, n, size), err)
	}
	if got := crc32.Checksum(body.Bytes(), castagnoli); got != sum {
		return nil, fmt.Errorf("%w: checksum %08x, want %08x", ErrDamaged, got, sum)
	}
	return body.Bytes(), nil
}

// imageWriter collects the body; after an error it is of no use.
type imageWriter struct {
	b   []byte
	err error
}

func (w *imageWriter) uint(v uint64) { w.b = binary.AppendUvarint(w.b, v) }

func (w *imageWriter) text(s string) {
	w.uint(uint64(len(s)))
	w.b = append(w.b, s...)
}

func (w *imageWriter) time(t time.Time) {
	_, offset := t.Zone()
	w.b = binary.AppendVarint(w.b, t.Unix())
	w.uint(uint64(t.Nanosecond()))
	w.b = binary.AppendVarint(w.b, int64(offset))
}

func writeEvent[E any](w *imageWriter, ev Event[E], c Codec[E]) {
	w.uint(ev.ID)
	w.uint(ev.Cause)
	w.uint(ev.Revision)
	w.text(ev.Key)
	w.text(ev.Source)
	w.time(ev.Time)
	w.time(ev.Seen)
	w.uint(uint64(ev.Kind))
	w.uint(uint64(ev.Hops))
	w.uint(uint64(ev.Redrives))
	writeValue(w, "event", ev.Key, ev.Payload, c)
}

func writeValue[T any](w *imageWriter, what, key string, v T, c Codec[T]) {
	b, err := c.Encode(v)
	if err != nil && w.err == nil {
		w.err = fmt.Errorf("%s of key %.80q, version %d: %w", what, key, c.Version, err)
	}
	w.text(string(b))
}

// imageReader takes the body apart; after an error it yields zeros.
type imageReader struct {
	b   []byte
	err error
}

// fail says that the body is not in order, although its checksum is.
func (r *imageReader) fail() {
	if r.err == nil {
		r.err = fmt.Errorf("%w: its body makes no sense %d bytes before its end", ErrDamaged, len(r.b))
	}
	r.b = nil
}

func (r *imageReader) uint() uint64 { return number(r, binary.Uvarint) }
func (r *imageReader) int() int64   { return number(r, binary.Varint) }

func number[T uint64 | int64](r *imageReader, decode func([]byte) (T, int)) T {
	v, n := decode(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count returns how many elements follow, each of which takes a byte at least.
func (r *imageReader) count() uint64 {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.fail()
		return 0
	}
	return n
}

func (r *imageReader) text() string {
	n := r.count()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

// byte returns a number below 256.
func (r *imageReader) byte() uint8 {
	v := r.uint()
	if v > math.MaxUint8 {
		r.fail()
	}
	return uint8(v)
}

func (r *imageReader) version() int {
	v := r.uint()
	if v > math.MaxInt32 {
		r.fail()
		return 0
	}
	return int(v)
}

func (r *imageReader) time() time.Time {
	sec, nsec, offset := r.int(), r.uint(), r.int()
	if nsec >= 1e9 || offset < -86400 || offset > 86400 {
		r.fail()
		return time.Time{}
	}
	t := time.Unix(sec, int64(nsec)).UTC()
	if offset != 0 {
		t = t.In(time.FixedZone("", int(offset)))
	}
	return t
}

func readEvent[E any](r *imageReader, version int, c Codec[E]) Event[E] {
	ev := Event[E]{
		ID: r.uint(), Cause: r.uint(), Revision: r.uint(), Key: r.text(), Source: r.text(),
		Time: r.time(), Seen: r.time(), Kind: Kind(r.byte()), Hops: r.byte(), Redrives: r.byte(),
	}
	ev.Payload = readValue(r, "event", ev.Key, version, c)
	return ev
}

func readValue[T any](r *imageReader, what, key string, version int, c Codec[T]) (v T) {
	b := r.text()
	if r.err != nil {
		return v
	}
	v, err := c.Recall(version, []byte(b))
	if err != nil {
		r.err = fmt.Errorf("%s of key %.80q: %w", what, key, err)
		r.b = nil
	}
	return v
}
