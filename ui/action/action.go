// Package action has what a key does as one value: the keys, the words for it,
// when it is on offer and the deed. Handling, the footer, the help page and the
// README's table of keys read the same list, so none can fall behind the others.
package action

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// An Action is one thing the hand can do to a model M.
type Action[M any] struct {
	On    string   // the page it works on; "" is every page
	Not   string   // the page it does not work on, where On is every page
	Keys  []string // as [tea.KeyPressMsg] names them; the first two are shown
	Hint  string   // one word for the footer, "" if it is not in there
	Help  string   // a line for the help page
	Offer func(M) bool
	Do    func(M) tea.Cmd
	DoKey func(M, string) tea.Cmd // in place of Do, where it matters which of the keys it was
}

// Offered reports whether the action would do something now. An action without
// an Offer always would.
func (a Action[M]) Offered(m M) bool { return a.Offer == nil || a.Offer(m) }

// Press does what the key does.
func (a Action[M]) Press(m M, key string) tea.Cmd {
	if a.DoKey != nil {
		return a.DoKey(m, key)
	}
	return a.Do(m)
}

// A List is the actions in the order in which they are shown.
type List[M any] []Action[M]

// For returns the actions that work on a page.
func (l List[M]) For(page string) List[M] {
	return slices.DeleteFunc(slices.Clone(l), func(a Action[M]) bool { return a.On != "" && a.On != page || page != "" && a.Not == page })
}

// Index returns which action each key belongs to on a page. A key that two actions
// claim there is an error.
func (l List[M]) Index(page string) (map[string]Action[M], error) {
	by := make(map[string]Action[M], 2*len(l))
	for _, a := range l.For(page) {
		for _, k := range a.Keys {
			if other, taken := by[k]; taken {
				return nil, fmt.Errorf("key %q: bound to %q and to %q", k, other.Help, a.Help)
			}
			by[k] = a
		}
	}
	return by, nil
}

// Markdown returns the README's table of keys.
func (l List[M]) Markdown() string {
	var b strings.Builder
	b.WriteString("| on | key | does |\n|---|---|---|\n")
	for _, a := range l {
		keys := make([]string, len(a.Keys))
		for i, k := range a.Keys {
			keys[i] = "`" + strings.ReplaceAll(Key(k), "|", `\|`) + "`"
		}
		on := cmp.Or(a.On, "all")
		if a.Not != "" {
			on += " but " + a.Not
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", on, strings.Join(keys, " "), a.Help)
	}
	return b.String()
}

// Key returns a key's name as a person reads it: "up" for the arrow, "^c" for
// "ctrl+c".
func Key(name string) string {
	if rest, ctrl := strings.CutPrefix(name, "ctrl+"); ctrl {
		return "^" + rest
	}
	return name
}
