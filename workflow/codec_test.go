package workflow

import (
	"errors"
	"strings"
	"testing"
)

// lengths is a codec of version 3: a string; version 2 had dots around it, version
// 1 cannot be led on.
var lengths = Codec[string]{
	Version: 3,
	Encode:  func(s string) ([]byte, error) { return []byte(s), nil },
	Decode: func(b []byte) (string, error) {
		if strings.Contains(string(b), "!") {
			return "", errCue
		}
		return string(b), nil
	},
	Migrate: map[int]func([]byte) ([]byte, error){
		2: func(b []byte) ([]byte, error) {
			if len(b) < 2 {
				return nil, errCue
			}
			return b[1 : len(b)-1], nil
		},
	},
}

func TestACodecLeadsOldVersionsOnAndRefusesTheRest(t *testing.T) {
	for name, c := range map[string]struct {
		version     int
		bytes, want string
		fault       string
	}{
		"its own version":                      {3, "abc", "abc", ""},
		"an older one is led on":               {2, ".abc.", "abc", ""},
		"a migration that fails":               {2, ".", "", "version 2: migration from 2 to 3: on cue"},
		"an old one from which nothing leads":  {1, "abc", "", "version 1: want 3, and there is no migration from 1 to 2"},
		"a newer one":                          {4, "abc", "", "version 4: want at most 3, it was written by a newer program"},
		"bytes that make no sense":             {3, "!", "", "version 3: on cue"},
		"bytes that make no sense once led on": {2, ".!.", "", "version 2: on cue"},
	} {
		got, err := lengths.Recall(c.version, []byte(c.bytes))
		if got != c.want || (err == nil) != (c.fault == "") || err != nil && err.Error() != c.fault {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
		if strings.Contains(c.fault, "on cue") && !errors.Is(err, errCue) {
			t.Errorf("%s: the cause is lost", name)
		}
	}
}

func TestJSONCodecKeepsWhatJSONKeeps(t *testing.T) {
	type state struct {
		N    int
		Name string
	}
	c := JSONCodec[state]()
	b, err := c.Encode(state{3, "boiler"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.Recall(c.Version, b); err != nil || got != (state{3, "boiler"}) {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := c.Recall(c.Version, b[1:]); err == nil {
		t.Error("half a state was read")
	}
}
