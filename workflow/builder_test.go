package workflow

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestBuildReportsEveryFaultAtOnce(t *testing.T) {
	ok := handler(nil)
	_, err := New[int, count]("nowhere").
		Step("count", counting, "act", "forgotten").
		Step("count", counting).
		Step("", counting).
		Step(Stop, counting).
		Step("empty", nil).
		Handler("none", nil, nil).
		Handler("act", ok, nil).
		Edge("count", "act", "act", "act", "unknown").
		Edge("count", "act").
		Edge("count", "unnamed").
		Edge("act", "done").
		Build()
	if err == nil {
		t.Fatal("it was built")
	}
	got := strings.Split(err.Error(), "\n")
	for _, want := range []string{
		`events enter at "nowhere", which is no step`,
		`step "empty" has no code`,
		`handler "none" has no code`,
		`two nodes are named "count"`,
		`a node is named "": want another name`,
		`a node is named "stop": want another name`,
		`edge count --act-->: it leads to "act" twice`,
		`edge count --act-->: no node is named "unknown"`,
		`edge count --act-->: it is there twice`,
		`edge count --unnamed-->: the step never names this action`,
		`edge act --done-->: it does not begin at a step`,
	} {
		if !slices.Contains(got, want) {
			t.Errorf("not reported: %s", want)
		}
	}
	if t.Failed() {
		t.Logf("got\n%v", err)
	}
}

func TestBuildReportsEveryFaultOfAHandler(t *testing.T) {
	wrong := &effect{
		Timeout: -1, Grace: -2, Lanes: -3, Queue: -4, MaxAbandoned: -5, Overflow: Reject + 1,
		Retry: Retry{MaxAttempts: -6, Initial: -7, Max: -8, Budget: -9, Multiplier: math.NaN()},
	}
	other := &effect{Lanes: 1<<24 + 1, Retry: Retry{Initial: time.Second, Max: time.Second - 1, Multiplier: 0.9}}
	fine := &effect{Lanes: 1 << 24, Overflow: Reject, Retry: Retry{Initial: time.Second, Max: time.Second, Multiplier: 1}}
	_, err := New[int, count]("count").Step("count", counting, "act").
		Handler("a\n", handler(nil), wrong).Handler("b", handler(nil), other).Handler("c", handler(nil), fine).
		Edge("count", "act", "a\n", "b", "c").Build()
	want := `handler "a\n": lanes -3: want 0 to 16777216
handler "a\n": queue -4: want 0 to 16777216
handler "a\n": abandoned attempts -5: want 0 to 16777216
handler "a\n": timeout -1ns: want 0 or more
handler "a\n": grace -2ns: want 0 or more
handler "a\n": policy 5: want 0 to 4
handler "a\n": attempts -6: want 0 to 16777216
handler "a\n": first wait -7ns: want 0 or more
handler "a\n": longest wait -8ns: want 0 or more
handler "a\n": budget -9ns: want 0 or more
handler "a\n": multiplier NaN: want 1 or more
handler "b": lanes 16777217: want 0 to 16777216
handler "b": longest wait 999.999999ms: want at least the first, 1s
handler "b": multiplier 0.9: want 1 or more`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestBuildRefusesGraphsThatCannotRun(t *testing.T) {
	next := step(func(s count, _ Event[int]) (count, Action) { return s, "next" })
	chain := func(n int) *Builder[int, count] {
		b := New[int, count]("0")
		for i := range n {
			b.Step(fmt.Sprint(i), next, "next")
			if i == n-1 {
				b.Edge(fmt.Sprint(i), "next")
			} else {
				b.Edge(fmt.Sprint(i), "next", fmt.Sprint(i+1))
			}
		}
		return b
	}
	for name, c := range map[string]struct {
		graph *Builder[int, count]
		want  string // "" if it can run
	}{
		"eight steps in a row":   {chain(8), ""},
		"nine steps in a row":    {chain(9), "the steps form a circle or a path of more than 8"},
		"a circle":               {New[int, count]("a").Step("a", next, "next").Edge("a", "next", "a"), "the steps form a circle or a path of more than 8"},
		"an action with no edge": {New[int, count]("a").Step("a", next, "next"), `step a names "next", for which there is no edge`},
		"an edge to two steps": {
			chain(2).Step("x", next, "next").Edge("x", "next", "0", "1"),
			`edge x --next-->: it leads to two steps, "0" and "1"`,
		},
		"an island": {chain(2).Handler("far", handler(nil), nil), `node "far" is reached by no edge`},
		"two lines to one step": {
			New[int, count]("a").Step("a", next, "next", "other").Step("b", next, "next").
				Edge("a", "next", "b").Edge("a", "other", "b").Edge("b", "next"), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.graph.Build()
			if err == nil && c.want != "" || err != nil && err.Error() != c.want {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestEngineRefusesConfigurationsThatMakeNoSense(t *testing.T) {
	w := plain(t, counting)
	for name, c := range map[string]config{
		"shards -1: want 0 to 16777216":      {Shards: -1},
		"queue 16777217: want 0 to 16777216": {Queue: 1<<24 + 1},
		"lateness -1ns: want 0 or more":      {Lateness: -1},
		"drain timeout -1ns: want 0 or more": {DrainTimeout: -1},
		"hops 255: want 0 to 254":            {MaxHops: 255},
		"":                                   {Shards: 2, Queue: 1, MaxHops: 254},
	} {
		if _, err := NewEngine(w, c); name == "" && err != nil || name != "" && (err == nil || err.Error() != name) {
			t.Errorf("%+v: got %v, want %q", c, err, name)
		}
	}
}
