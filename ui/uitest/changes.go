package uitest

import (
	"time"

	"setpoint/sensors/threshold"
	"setpoint/workflow/monitor"
)

// changes is a journal with a line of every kind, newest first.
func changes() []monitor.Change {
	set := func(at float64) threshold.Setting { return threshold.Setting{At: new(at)} }
	rule := func(at float64, on time.Duration) threshold.Rule {
		return threshold.Rule{At: at, Deadband: 1, OnDelay: on, OffDelay: time.Minute}
	}
	wide := rule(38.5, time.Minute)
	wide.Deadband = 0.5
	oven := monitor.Scope{Sensor: "oven-2"}
	list := []monitor.Change{
		{
			Time: ago(66 * time.Second), By: "ana", What: "threshold", Scope: monitor.Scope{Group: "racks"}, Kind: threshold.High, Old: threshold.Setting{}, New: set(38.5),
			Before: rule(38, time.Minute), After: wide, Why: "fans trip too early", Evidence: "4.1 to 1.2 a day, all 3 real ones found, 14 d, 97 % good", Revision: 44, CanUndo: true,
		},
		{Time: ago(2 * time.Minute), By: "ana", What: "threshold", Scope: oven, Kind: threshold.High, Old: set(84), New: set(85), Before: rule(84, 0), After: rule(85, 0), Revision: 43, Undoes: 8, CanUndo: true, Why: "undo of 8"},
		{Time: ago(4 * time.Minute), By: "ben", What: "out of service", Scope: monitor.Scope{Sensor: "boiler"}, Why: "burner is serviced", CanUndo: true},
		{Time: ago(5 * time.Minute), By: "ana", What: "shelve", Scope: monitor.Scope{Sensor: "pump-7"}, Text: "high, for 1h0m0s", Until: Noon.Add(39 * time.Minute), CanUndo: true},
		{Time: ago(626 * time.Second), By: "ana", What: "threshold", Scope: oven, Kind: threshold.High, Old: set(85), New: set(84), Before: rule(85, 0), After: rule(84, 2*time.Minute), Revision: 42, Undone: true},
		{Time: ago(11 * time.Minute), By: "ana", What: "fault", Scope: monitor.Scope{Sensor: "freezer"}, Text: "spike: one reading far off"},
		{Time: ago(50 * time.Minute), By: "ben", What: "acknowledge", Scope: monitor.Scope{Sensor: "oven-1"}, Text: "high"},
		{Time: ago(time.Hour), By: "ben", What: "verdict", Scope: monitor.Scope{Sensor: "oven-1"}, Kind: threshold.High, Text: "real"},
		{Time: ago(26 * time.Hour), By: "ana", What: "threshold", Kind: threshold.Critical, New: set(threshold.Off), Revision: 2, CanUndo: true},
		{Time: ago(27 * time.Hour), By: "ana", What: "write", Text: "setpoint.yaml"},
	}
	for i := range list {
		list[i].ID, list[i].Wall = uint64(12-i), list[i].Time
	}
	return list
}

// changing fills in what s holds of the journal, as far as v asks for it.
func changing(s *monitor.Snapshot, v monitor.View) {
	all := changes()
	from := min(v.ChangeOffset, len(all))
	s.ChangeN, s.Changes = len(all), all[from:min(from+v.Changes, len(all))]
}
