package workflow

import (
	"encoding/json"
	"fmt"
)

// A Codec turns values into bytes that outlive the program, and back, across
// versions of their form. Its functions must not keep the bytes they get.
type Codec[T any] struct {
	Version int // of what Encode writes; rises with every change of the form
	Encode  func(T) ([]byte, error)
	Decode  func([]byte) (T, error) // of bytes of Version

	// Migrate leads what an older program wrote on: the function at n turns bytes of
	// version n into bytes of version n+1.
	Migrate map[int]func([]byte) ([]byte, error)
}

// JSONCodec returns a codec of version 1 that writes JSON by encoding/json.
func JSONCodec[T any]() Codec[T] {
	return Codec[T]{
		Version: 1,
		Encode:  func(v T) ([]byte, error) { return json.Marshal(v) },
		Decode: func(b []byte) (v T, err error) {
			err = json.Unmarshal(b, &v)
			return v, err
		},
	}
}

// Recall returns the value that b holds in the form of the given version. Bytes of
// a newer version than the codec's are refused, as are those of an older one from
// which no migration leads on.
func (c Codec[T]) Recall(version int, b []byte) (v T, err error) {
	if version > c.Version {
		return v, fmt.Errorf("version %d: want at most %d, it was written by a newer program", version, c.Version)
	}
	for n := version; n < c.Version; n++ {
		step := c.Migrate[n]
		if step == nil {
			return v, fmt.Errorf("version %d: want %d, and there is no migration from %d to %d", version, c.Version, n, n+1)
		}
		if b, err = step(b); err != nil {
			return v, fmt.Errorf("version %d: migration from %d to %d: %w", version, n, n+1, err)
		}
	}
	if v, err = c.Decode(b); err != nil {
		return v, fmt.Errorf("version %d: %w", version, err)
	}
	return v, nil
}
