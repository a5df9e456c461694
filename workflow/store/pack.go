package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"setpoint/workflow"
)

// errForm is what unpacking returns for bytes that no packing made.
var errForm = errors.New("a packed record makes no sense")

// packer appends fields to bytes.
type packer []byte

func (p *packer) uint(v uint64) { *p = binary.AppendUvarint(*p, v) }

func (p *packer) text(s string) {
	p.uint(uint64(len(s)))
	*p = append(*p, s...)
}

func (p *packer) time(t time.Time) {
	*p = binary.AppendVarint(*p, t.Unix())
	p.uint(uint64(t.Nanosecond()))
}

// unpacker takes fields off bytes; after an error it yields zeros.
type unpacker struct {
	b   []byte
	err error
}

func (u *unpacker) fail() {
	if u.err == nil {
		u.err = fmt.Errorf("%w: %d bytes before its end", errForm, len(u.b))
	}
	u.b = nil
}

func (u *unpacker) uint() uint64 {
	v, n := binary.Uvarint(u.b)
	if n <= 0 {
		u.fail()
		return 0
	}
	u.b = u.b[n:]
	return v
}

func (u *unpacker) byte() uint8 {
	v := u.uint()
	if v > math.MaxUint8 {
		u.fail()
	}
	return uint8(v)
}

func (u *unpacker) int() int {
	v := u.uint()
	if v > math.MaxInt32 {
		u.fail()
		return 0
	}
	return int(v)
}

func (u *unpacker) text() string {
	n := u.uint()
	if n > uint64(len(u.b)) {
		u.fail()
		return ""
	}
	s := string(u.b[:n])
	u.b = u.b[n:]
	return s
}

func (u *unpacker) time() time.Time {
	sec, n := binary.Varint(u.b)
	if n <= 0 {
		u.fail()
		return time.Time{}
	}
	u.b = u.b[n:]
	nsec := u.uint()
	if nsec >= 1e9 {
		u.fail()
	}
	return time.Unix(sec, int64(nsec)).UTC()
}

// How a payload is packed.
const (
	payloadNone    = iota // the zero one
	payloadReading        // as a Value
	payloadBytes          // by the codec
)

// packEvent packs an event and, if bare is false, its payload.
func packEvent[E any](p *packer, ev *workflow.Event[E], f *Form[E], bare bool) error {
	for _, v := range []uint64{ev.ID, ev.Cause, ev.Revision, uint64(ev.Kind), uint64(ev.Hops), uint64(ev.Redrives)} {
		p.uint(v)
	}
	p.text(ev.Key)
	p.text(ev.Source)
	p.time(ev.Time)
	p.time(ev.Seen)
	if bare {
		p.uint(payloadNone)
		return nil
	}
	if f.Split != nil {
		if v, ok := f.Split(ev.Payload); ok {
			p.uint(payloadReading)
			p.uint(math.Float64bits(v.Value))
			p.uint(uint64(v.Quality))
			p.text(v.Unit)
			return nil
		}
	}
	b, err := f.Codec.Encode(ev.Payload)
	if err != nil {
		return fmt.Errorf("payload of key %.80q, version %d: %w", ev.Key, f.Codec.Version, err)
	}
	p.uint(payloadBytes)
	p.uint(uint64(f.Codec.Version))
	p.text(string(b))
	return nil
}

func unpackEvent[E any](u *unpacker, f *Form[E]) (ev workflow.Event[E]) {
	ev = workflow.Event[E]{ID: u.uint(), Cause: u.uint(), Revision: u.uint(), Kind: workflow.Kind(u.byte()), Hops: u.byte(), Redrives: u.byte()}
	ev.Key, ev.Source, ev.Time, ev.Seen = u.text(), u.text(), u.time(), u.time()
	switch u.uint() {
	case payloadNone:
	case payloadReading:
		v := Value{Value: math.Float64frombits(u.uint()), Quality: u.byte(), Unit: u.text()}
		if f.Join == nil {
			u.fail()
		}
		if u.err == nil {
			ev.Payload = f.Join(v)
		}
	case payloadBytes:
		version, b := u.int(), u.text()
		if u.err == nil {
			ev.Payload, u.err = f.Codec.Recall(version, []byte(b))
		}
	default:
		u.fail()
	}
	return ev
}

// packRecord returns the whole record but for its position.
func packRecord[E any](r *workflow.Record[E], f *Form[E]) ([]byte, error) {
	var p packer
	p.uint(uint64(r.Kind))
	p.uint(uint64(r.Shard))
	p.uint(uint64(r.Shards))
	p.text(r.Node)
	p.text(r.Why)
	err := packEvent(&p, &r.Event, f, r.Kind != workflow.RecordEvent)
	return p, err
}

func unpackRecord[E any](b []byte, f *Form[E]) (workflow.Record[E], error) {
	u := unpacker{b: b}
	r := workflow.Record[E]{Kind: workflow.RecordKind(u.byte()), Shard: u.int(), Shards: u.int(), Node: u.text(), Why: u.text()}
	r.Event = unpackEvent(&u, f)
	known := r.Kind >= workflow.RecordEvent && r.Kind <= workflow.RecordSwap
	if u.err == nil && (len(u.b) > 0 || !known) {
		u.fail()
	}
	return r, u.err
}
