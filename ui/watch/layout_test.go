package watch

import (
	"testing"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

func TestPlan(t *testing.T) {
	for _, c := range []struct {
		name          string
		w, h, sensors int
		want          Layout
	}{
		{"a tiny terminal has the list alone", 40, 8, 14, Layout{List: Rect{0, 0, 40, 8}}},
		{"a small one the alerts too", 60, 14, 14, Layout{List: Rect{0, 0, 60, 10}, Alerts: Rect{0, 10, 60, 4}}},
		{"80x24 has list, chart and alerts below each other", 80, 21, 14, Layout{List: Rect{0, 0, 80, 9}, Chart: Rect{0, 9, 80, 8}, Alerts: Rect{0, 17, 80, 4}}},
		{"few sensors leave the chart more room", 80, 22, 3, Layout{List: Rect{0, 0, 80, 5}, Chart: Rect{0, 5, 80, 13}, Alerts: Rect{0, 18, 80, 4}}},
		{"120x32 has chart and alerts side by side below the list", 120, 29, 14, Layout{Boxed: true, List: Rect{0, 0, 120, 17}, Chart: Rect{0, 17, 62, 12}, Alerts: Rect{62, 17, 58, 12}}},
		{"160x45 has the flow too, and all beside the list", 160, 42, 14, Layout{Boxed: true, List: Rect{0, 0, 96, 17}, Chart: Rect{0, 17, 96, 25}, Alerts: Rect{96, 0, 64, 29}, Flow: Rect{96, 29, 64, 13}}},
		{"one sensor leaves the rest to the chart", 160, 43, 1, Layout{Boxed: true, List: Rect{0, 0, 96, 4}, Chart: Rect{0, 4, 96, 39}, Alerts: Rect{96, 0, 64, 30}, Flow: Rect{96, 30, 64, 13}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Plan(c.w, c.h, c.sensors); got != c.want {
				t.Errorf("got %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestPartsLieInsideAndDoNotOverlap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(0, 300).Draw(t, "w"), rapid.IntRange(0, 100).Draw(t, "h")
		l := Plan(w, h, rapid.IntRange(0, 200).Draw(t, "sensors"))
		cells := 0
		parts := []Rect{l.List, l.Chart, l.Alerts, l.Flow}
		for i, r := range parts {
			if !r.Shown() {
				continue
			}
			cells += r.W * r.H
			if r.X < 0 || r.Y < 0 || r.X+r.W > w || r.Y+r.H > h {
				t.Fatalf("%+v is not inside of %d by %d", r, w, h)
			}
			for _, o := range parts[i+1:] {
				if o.Shown() && r.X < o.X+o.W && o.X < r.X+r.W && r.Y < o.Y+o.H && o.Y < r.Y+r.H {
					t.Fatalf("%+v overlaps %+v", r, o)
				}
			}
		}
		if cells != w*h {
			t.Fatalf("%+v covers %d of %d cells", l, cells, w*h)
		}
	})
}

func TestColumnsLeaveInTheirOrder(t *testing.T) {
	shown := func(width int, marked threshold.Kind) (out []column) {
		g := fit(width, need{name: 12, unit: 2, critLow: true, marked: marked})
		for c := range columns {
			if g.w[c] > 0 {
				out = append(out, c)
			}
		}
		return out
	}
	for _, c := range []struct {
		width int
		kind  threshold.Kind
		want  []column
	}{
		{120, threshold.High, []column{colName, colNow, colAvg, colChange, colTrend, colCritLow, colLow, colHigh, colCritical, colRoom}},
		{79, threshold.High, []column{colName, colNow, colAvg, colChange, colTrend, colLow, colHigh, colCritical, colRoom}},
		{79, threshold.CriticalLow, []column{colName, colNow, colChange, colTrend, colCritLow, colLow, colHigh, colCritical, colRoom}},
		{59, threshold.High, []column{colName, colNow, colTrend, colHigh, colRoom}},
		{39, threshold.High, []column{colName, colNow, colHigh, colRoom}},
		{22, threshold.High, []column{colName, colNow}},
		{10, threshold.High, []column{colName}},
	} {
		got := shown(c.width, c.kind)
		if len(got) != len(c.want) {
			t.Errorf("%d cells, %v marked: columns %v, want %v", c.width, c.kind, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%d cells, %v marked: columns %v, want %v", c.width, c.kind, got, c.want)
			}
		}
	}
}

func TestNamesGrowBeforeTheTrendDoes(t *testing.T) {
	for _, c := range []struct{ width, name, wantName, wantTrend int }{
		{93, 8, 8, 27},
		{93, 34, 23, 12},
		{117, 60, 40, 19},
		{180, 8, 8, 60},
		{69, 30, 8, 10},
	} {
		g := fit(c.width, need{name: c.name, unit: 2, marked: threshold.High})
		if g.w[colName] != c.wantName || g.w[colTrend] != c.wantTrend {
			t.Errorf("%d cells, names of %d: got %d and %d, want %d and %d", c.width, c.name, g.w[colName], g.w[colTrend], c.wantName, c.wantTrend)
		}
	}
}
