package graph

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow"
)

// A Term is one counter of the law.
type Term struct {
	N     uint64
	Name  display.Safe
	Style theme.Style // where it is not nought
}

// An Equation is one line of the law: Left is the sum of Right.
type Equation struct {
	Left  Term
	Right []Term
}

// Ledger returns the accounting law with the figures of f; [workflow.Stats.Check]
// says whether it holds.
func Ledger(f *workflow.Stats) []Equation {
	return []Equation{
		{Term{f.Offered, "offered", 0}, []Term{
			{f.Received, "received", theme.Text}, {f.Waiting, "waiting", theme.High}, {f.Rejected, "rejected", theme.High},
		}},
		{Term{f.Received, "received", 0}, []Term{
			{f.Folded, "folded", theme.Text},
			{f.Coalesced, "coalesced", theme.High},
			{f.DroppedOldest + f.DroppedNewest, "dropped", theme.High},
			{f.Late, "late", theme.High},
			{f.DeadFold, "dead", theme.Critical},
			{f.Queued, "queued", theme.Text},
		}},
		{Term{f.Dispatched, "dispatched", 0}, []Term{
			{f.Handled, "handled", theme.Text},
			{f.DeadHandler, "dead", theme.Critical},
			{f.Shed, "shed", theme.High},
			{f.Open, "open", theme.Text},
		}},
		{Term{f.Letters, "letters", 0}, []Term{{f.Stored, "stored", theme.Text}, {f.Lost, "lost", theme.Critical}}},
		{Term{f.Found + f.Stored, "stored", 0}, []Term{
			{f.Kept, "kept", theme.High}, {f.Redriven, "redriven", theme.Text}, {f.DroppedLetters, "dropped", theme.Text},
		}},
	}
}

// Label is the width of the labels before figures.
const Label = 11

// terms returns the right side, without the noughts where all have no room.
func (e Equation) terms(a screen.Area) []Term {
	w := Label + a.Width(screen.Count(e.Left.N))
	for _, t := range e.Right {
		w += 3 + a.Width(screen.Count(t.N)) + 1 + a.Width(t.Name)
	}
	if w <= a.W {
		return e.Right
	}
	few := e.Right[:1:1]
	for _, t := range e.Right[1:] {
		if t.N > 0 {
			few = append(few, t)
		}
	}
	return few
}

// Draw paints e from the top of a, on a second line what does not fit on the first,
// and returns how many lines it took.
func (e Equation) Draw(a screen.Area) (lines int) {
	a.Text(0, 0, theme.Dim, e.Left.Name)
	x, y, sep := a.Text(Label, 0, theme.Bright, screen.Count(e.Left.N)), 0, display.Safe(" = ")
	for _, t := range e.terms(a) {
		n := screen.Count(t.N)
		if x+3+a.Width(n)+1+a.Width(t.Name) > a.W && y == 0 {
			x, y = Label-1, 1
		}
		x = a.Text(x, y, theme.Dim, sep)
		st := t.Style
		if t.N == 0 {
			st = theme.Dim
		}
		x = a.Text(x, y, st, n)
		x, sep = a.Text(x+1, y, theme.Dim, t.Name), " + "
	}
	return y + 1
}

// A Pair is a figure with its name.
type Pair struct{ Name, Value display.Safe }

// Pairs paints ps after a label from the top of a, in as many lines as it takes, and
// returns how many that are.
func Pairs(a screen.Area, label display.Safe, ps ...Pair) (lines int) {
	a.Text(0, 0, theme.Dim, label)
	x, y := Label, 0
	for _, p := range ps {
		if x > Label && x+a.Width(p.Name)+1+a.Width(p.Value) > a.W {
			x, y = Label, y+1
		}
		x = a.Text(x, y, theme.Dim, p.Name) + 1
		x = a.Text(x, y, theme.Bright, p.Value) + 2
	}
	return y + 1
}

// Latencies returns the quantiles of q as pairs, micro being the word for µs.
func Latencies(q workflow.Quantiles, micro string) []Pair {
	pair := func(name display.Safe, d time.Duration) Pair { return Pair{name, screen.Latency(d, micro)} }
	return []Pair{
		pair("p50", q.P50), pair("p90", q.P90), pair("p99", q.P99), pair("p99.9", q.P999), pair("max", q.Max),
	}
}
