package monitor

import (
	"encoding/json"
	"math"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
	"setpoint/workflow/store"
)

// form is how the payloads of events are kept: readings in columns, the rest as JSON.
var form = store.Form[Input]{
	Codec: workflow.JSONCodec[Input](),
	Split: func(in Input) (store.Value, bool) {
		return store.Value{Value: in.Value, Quality: uint8(in.Quality), Unit: in.Unit}, in.Kind == InputReading
	},
	Join: func(v store.Value) Input {
		return Input{Kind: InputReading, Value: v.Value, Quality: sensors.Quality(v.Quality), Unit: v.Unit}
	},
}

// states is how the states of sensors are kept. Its version rises with every change
// of the form.
var states = workflow.JSONCodec[State]()

// MarshalJSON writes s; a value that is no number is left out.
func (s State) MarshalJSON() ([]byte, error) {
	type plain State
	w := struct {
		plain
		Newest *float64
	}{plain: plain(s)}
	if sensors.Finite(s.Value) {
		w.Newest = &s.Value
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *State) UnmarshalJSON(b []byte) error {
	type plain State
	var w struct {
		plain
		Newest *float64
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*s = State(w.plain)
	if s.Value = math.NaN(); w.Newest != nil {
		s.Value = *w.Newest
	}
	return nil
}

// writtenAlert is an Alert as JSON has it.
type writtenAlert struct {
	Kind      AlertKind
	Time      time.Time
	Sensor    string             `json:",omitempty"`
	Threshold string             `json:",omitempty"`
	Figures   map[string]float64 `json:",omitempty"` // those that are numbers
	Unit      string             `json:",omitempty"`
	Ended     time.Time          `json:",omitzero"`
	Acked     time.Time          `json:",omitzero"`
	Silent    bool               `json:",omitempty"`
	Verdict   Verdict            `json:",omitempty"`
	By        string             `json:",omitempty"`
	Revision  uint64
	Text      string `json:",omitempty"`
}

// figures are the figures of an Alert by name.
func (a *Alert) figures() map[string]*float64 {
	return map[string]*float64{"value": &a.Value, "peak": &a.Peak, "on": &a.On, "off": &a.Off, "old": &a.Old, "new": &a.New}
}

func (a *Alert) marshal() ([]byte, error) {
	w := writtenAlert{
		Kind: a.Kind, Time: a.Time, Sensor: a.Sensor, Threshold: a.Threshold.String(), Figures: map[string]float64{},
		Unit: a.Unit, Ended: a.Ended, Acked: a.Acked, Silent: a.Silent, Verdict: a.Verdict, By: a.By, Revision: a.Revision, Text: a.Text,
	}
	for name, v := range a.figures() {
		if sensors.Finite(*v) {
			w.Figures[name] = *v
		}
	}
	return json.Marshal(w)
}

func (a *Alert) unmarshal(seq uint64, b []byte) error {
	var w writtenAlert
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*a = Alert{
		Seq: seq, Kind: w.Kind, Time: w.Time, Sensor: w.Sensor, Unit: w.Unit, Ended: w.Ended, Acked: w.Acked,
		Silent: w.Silent, Verdict: w.Verdict, By: w.By, Revision: w.Revision, Text: w.Text,
	}
	for k := range threshold.Kind(alarm.Count) {
		if k.String() == w.Threshold {
			a.Threshold = k
		}
	}
	for name, v := range a.figures() {
		f, ok := w.Figures[name]
		if *v = f; !ok {
			*v = math.NaN()
		}
	}
	return nil
}

// The topics of the notes in the store.
const (
	topicAlert    = "alert"
	topicChange   = "change"
	topicLabel    = "label"
	topicDeclared = "declared"
	topicMoved    = "moved" // the changes of thresholds once more, which are never forgotten
)

// views are what people see of the notes who open the store with another program.
var views = map[string]string{
	"alarms": `SELECT id, key AS sensor, json_extract(body, '$.Threshold') AS threshold,
		json_extract(body, '$.Time') AS raised, json_extract(body, '$.Ended') AS cleared,
		json_extract(body, '$.Acked') AS acknowledged, json_extract(body, '$.By') AS acknowledged_by,
		json_extract(body, '$.Figures.value') AS value, json_extract(body, '$.Figures.peak') AS peak,
		json_extract(body, '$.Figures.on') AS "on", json_extract(body, '$.Figures.off') AS off,
		json_extract(body, '$.Revision') AS revision
		FROM notes WHERE topic = 'alert' AND json_extract(body, '$.Kind') = 0`,
	"changes": `SELECT id, json_extract(body, '$.Time') AS time, json_extract(body, '$.By') AS who,
		json_extract(body, '$.What') AS what, key AS sensor, json_extract(body, '$.Scope.Group') AS grp,
		json_extract(body, '$.Old') AS old, json_extract(body, '$.New') AS new, json_extract(body, '$.Text') AS text,
		json_extract(body, '$.Why') AS why, json_extract(body, '$.Revision') AS revision
		FROM notes WHERE topic = 'change'`,
}
