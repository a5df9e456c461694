package term

import (
	"reflect"
	"strings"

	tea "charm.land/bubbletea/v2"

	"setpoint/workflow/guard"
)

// guarded is a model whose panics are reported and leave a model that does nothing,
// so that Bubble Tea can clean up as after any other end. (It catches panics by
// itself, but prints some of them onto the screen it is about to leave.)
type guarded struct {
	model  tea.Model
	size   tea.WindowSizeMsg // told before the first frame, unless it is 0x0
	fail   func(error)
	broken bool
	last   tea.View
}

// try runs f unless the model panicked before.
func (g *guarded) try(where string, f func()) {
	if g.broken {
		return
	}
	if err := guard.Catch(where, func() error { f(); return nil }); err != nil {
		g.broken = true
		g.fail(err)
	}
}

func (g *guarded) Init() tea.Cmd {
	var start, sized tea.Cmd
	g.try("init", func() {
		start = g.model.Init()
		if g.size != (tea.WindowSizeMsg{}) {
			g.model, sized = g.model.Update(g.size)
		}
	})
	return g.wrap(tea.Batch(start, sized))
}

func (g *guarded) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	g.try("update", func() { g.model, cmd = g.model.Update(msg) })
	return g, g.wrap(cmd)
}

func (g *guarded) View() tea.View {
	g.try("view", func() { g.last = g.model.View() })
	if overlong(g.last.Content) {
		g.last.Content = strings.ReplaceAll(g.last.Content, "\x1b", "·")
	}
	return g.last
}

// wrap returns cmd with its panics reported, and those of the commands it returns.
func (g *guarded) wrap(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		var msg tea.Msg
		if err := guard.Catch("command", func() error { msg = cmd(); return nil }); err != nil {
			g.fail(err)
			return nil
		}
		return g.wrapAll(msg)
	}
}

var cmdType = reflect.TypeFor[tea.Cmd]()

// wrapAll wraps the commands in the message of [tea.Batch] or [tea.Sequence]; the
// latter's type is not exported, hence the reflection.
func (g *guarded) wrapAll(msg tea.Msg) tea.Msg {
	v := reflect.ValueOf(msg)
	if v.Kind() != reflect.Slice || v.Type().Elem() != cmdType {
		return msg
	}
	all := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		cmd, _ := v.Index(i).Interface().(tea.Cmd)
		all.Index(i).Set(reflect.ValueOf(g.wrap(cmd)))
	}
	return all.Interface()
}

// maxParams is how many parameters of an escape sequence the renderer's parser
// survives (charmbracelet/x/ansi v0.11.9 panics beyond, in a goroutine that nobody
// can guard).
const maxParams = 32

// overlong reports whether content has an escape sequence with more parameters.
// Strangers' text holds none once package display has seen it; this is the net
// below that.
func overlong(content string) bool {
	for {
		i := strings.IndexByte(content, '\x1b')
		if i < 0 {
			return false
		}
		content = content[i+1:]
		params := 1
		for j := 1; j < len(content) && content[j] >= '0' && content[j] <= '?'; j++ {
			if content[j] == ';' || content[j] == ':' {
				params++
			}
		}
		if params > maxParams {
			return true
		}
	}
}
