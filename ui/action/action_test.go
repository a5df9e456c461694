package action

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

type model struct{ ready bool }

func none(*model) tea.Cmd { return nil }

func TestAKeyTakenTwiceIsAnError(t *testing.T) {
	l := List[*model]{{Keys: []string{"a", "b"}, Help: "first", Do: none}, {Keys: []string{"b"}, Help: "second", Do: none}}
	if _, err := l.Index("A"); err == nil || !strings.Contains(err.Error(), `key "b": bound to "first" and to "second"`) {
		t.Errorf("got %v", err)
	}
	by, err := l[:1].Index("A")
	if err != nil || len(by) != 2 || by["b"].Help != "first" {
		t.Errorf("got %v, %v", by, err)
	}
}

func TestAPageHasItsActionsAndThoseOfAll(t *testing.T) {
	l := List[*model]{{On: "A", Keys: []string{"a"}, Help: "on A", Do: none}, {On: "B", Keys: []string{"a"}, Help: "on B", Do: none}, {Keys: []string{"q"}, Help: "on all", Do: none}}
	by, err := l.Index("B")
	if err != nil || len(by) != 2 || by["a"].Help != "on B" || by["q"].Help != "on all" || len(l.For("C")) != 1 {
		t.Errorf("got %v, %v", by, err)
	}
}

func TestOffered(t *testing.T) {
	always := Action[*model]{Do: none}
	ready := Action[*model]{Do: none, Offer: func(m *model) bool { return m.ready }}
	if m := (&model{}); !always.Offered(m) || ready.Offered(m) || !ready.Offered(&model{true}) {
		t.Error("an action is on offer when it should not be, or the other way round")
	}
}

func TestMarkdownEscapesTheBar(t *testing.T) {
	l := List[*model]{{Keys: []string{"|", "ctrl+c"}, Help: "do", Do: none}}
	if got, want := l.Markdown(), "| on | key | does |\n|---|---|---|\n| all | `\\|` `^c` | do |\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
