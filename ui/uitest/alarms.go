package uitest

import (
	"math"
	"slices"
	"strings"
	"time"

	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
	"setpoint/workflow/monitor"
)

// ago returns when it was so long before [Noon].
func ago(d time.Duration) time.Time { return Noon.Add(-d) }

// alarms are the alarms of the plant, most urgent first: one in every state.
func alarms() []monitor.AlarmRow {
	key := func(sensor string, k threshold.Kind) monitor.AlarmKey {
		return monitor.AlarmKey{Sensor: sensor, Kind: k}
	}
	oven := alarm.Advice{
		Cause: "the door seal leaks, or the fan stands still", Consequence: "the batch is lost after ten minutes above 95",
		Action: "Open the damper and call 12", Respond: 5 * time.Minute, Priority: alarm.HighPriority,
	}
	rows := []monitor.AlarmRow{
		{AlarmKey: key("oven-3", threshold.Critical), Unit: "°C", Cond: alarm.Active, Unacked: true, Value: 95.6, On: 95, Off: 94, Day: 3, Seq: 9, Raised: ago(65 * time.Second), Advice: oven},
		{AlarmKey: key("oven-2", threshold.High), Unit: "°C", Cond: alarm.Active, Unacked: true, Value: 90.4, On: 85, Off: 84, Day: 12, Seq: 8, Raised: ago(130 * time.Second)},
		{AlarmKey: key("tank-low", threshold.Low), Unit: "m", Cond: alarm.Active, Unacked: true, Value: 0.51, On: 0.6, Off: 0.615, Day: 1, Seq: 6, Raised: ago(200 * time.Second), Advice: alarm.Advice{Action: "Switch the feed pump to the second tank", Priority: alarm.MediumPriority}},
		{AlarmKey: key("duct-3", threshold.Stale), Unit: "°C", Cond: alarm.Active, Unacked: true, Held: true, Value: 21.5, Day: 1, Seq: 5, Raised: ago(247 * time.Second)},
		{AlarmKey: key("chiller", threshold.High), Unit: "°C", Cond: alarm.Returning, Unacked: true, Value: 8.7, On: 9, Off: 8.8, Ends: Noon.Add(40 * time.Second), Day: 2, Raised: ago(9 * time.Minute)},
		{AlarmKey: key("freezer", threshold.High), Unit: "°C", Cond: alarm.Normal, Unacked: true, Value: -17.2, On: -16, Off: -16.5, Day: 1, Seq: 3, Raised: ago(34 * time.Minute)},
		{AlarmKey: key("oven-1", threshold.High), Unit: "°C", Cond: alarm.Active, Value: 85.6, On: 85, Off: 84, Day: 4, Seq: 2, Raised: ago(51 * time.Minute), AckedBy: "ben", AckedAt: ago(50 * time.Minute), Verdict: monitor.Real},
		{AlarmKey: key("冷蔵庫", threshold.Low), Unit: "°C", Cond: alarm.Active, Held: true, Value: 0.6, On: 1, Off: 1.5, Day: 1, Raised: ago(3 * time.Hour), AckedBy: "ana", AckedAt: ago(26 * time.Hour)},
		{AlarmKey: key("rack-a", threshold.High), Unit: "°C", Cond: alarm.Pending, Value: 38.2, On: 38, Off: 37, Ends: Noon.Add(12 * time.Second)},
		{AlarmKey: key("pump-7", threshold.High), Unit: "bar", Cond: alarm.Active, Suppressed: alarm.Shelved, Until: Noon.Add(39 * time.Minute), Value: 8.2, On: 8, Off: 7.95, Day: 7, Raised: ago(10 * time.Minute)},
		{AlarmKey: key("oven-3", threshold.High), Unit: "°C", Cond: alarm.Active, Suppressed: alarm.ByDesign, Value: 95.6, On: 85, Off: 84, Day: 3, Raised: ago(80 * time.Second)},
		{AlarmKey: key("roof", threshold.High), Unit: "°C", Cond: alarm.Normal, Suppressed: alarm.Shelved, Value: 33, On: 35, Off: 34, Verdict: monitor.False, Seq: 1},
		{AlarmKey: key("boiler", threshold.Critical), Unit: "°C", Cond: alarm.Active, Suppressed: alarm.OutOfService, Reason: "burner is serviced", Value: 97, On: 92, Off: 91, Day: 1, Raised: ago(5 * time.Hour)},
	}
	for i := range rows {
		r := &rows[i]
		if r.Since = r.Raised; r.Since.IsZero() {
			r.Since = ago(8 * time.Second)
		}
		if r.Kind == threshold.Stale {
			r.On, r.Off = math.NaN(), math.NaN()
		}
	}
	return rows
}

// detail returns what there is to say of r.
func detail(r monitor.AlarmRow) *monitor.AlarmDetail {
	d := &monitor.AlarmDetail{AlarmRow: r, Origin: "group ovens"}
	d.Past = []monitor.Alert{
		{Time: r.Since, Threshold: r.Kind, Value: r.Value, Peak: r.Value + 0.3},
		{Time: ago(3 * time.Hour), Threshold: r.Kind, Peak: r.On + 1.5, Ended: ago(172 * time.Minute), Acked: ago(170 * time.Minute), By: "ben", Verdict: monitor.Real},
		{Time: ago(26 * time.Hour), Threshold: r.Kind, Peak: r.On + 0.4, Ended: ago(26*time.Hour - 20*time.Second), Silent: true, Verdict: monitor.False},
	}
	d.Path = []monitor.Turn{
		{At: ago(26 * time.Hour), What: "shelve", By: "ana"},
		{At: ago(26 * time.Hour), What: "raised"},
		{At: ago(26*time.Hour - 20*time.Second), What: "cleared"},
		{At: ago(3 * time.Hour), What: "raised"},
		{At: ago(172 * time.Minute), What: "cleared"},
		{At: ago(170 * time.Minute), What: "acknowledged", By: "ben"},
		{At: r.Since, What: "raised"},
	}
	return d
}

// hygiene returns figures with every verdict.
func hygiene() *alarm.Figures {
	at := func(t time.Time) int64 { return t.UnixNano() }
	key := func(sensor string, k threshold.Kind) alarm.Key { return alarm.Key{Sensor: sensor, Kind: k} }
	return &alarm.Figures{
		From: at(ago(24 * time.Hour)), To: at(Noon),
		Rows: []alarm.Figure{
			{Name: "alarms an hour", Value: 3, Aim: 6, TooMuch: 12, Verdict: alarm.OK},
			{Name: "alarms a day", Value: 301, Aim: 144, TooMuch: 288, Verdict: alarm.TooMuch},
			{Name: "in flood", Unit: "%", Value: 1.2, Aim: 1, Verdict: alarm.OverAim},
			{Name: "chattering", Value: 2, Verdict: alarm.OverAim},
			{Name: "fleeting", Value: 0, Verdict: alarm.OK},
			{Name: "standing", Value: 1, Aim: 4, Verdict: alarm.OK},
			{Name: "top ten", Unit: "%", Value: 16.4, Aim: 5, TooMuch: 15, Verdict: alarm.TooMuch},
			{Name: "medium priority", Unit: "%", Value: 12.2, Aim: 15, Verdict: alarm.OK},
			{Name: "high priority", Unit: "%", Value: 4.1, Aim: 5, Verdict: alarm.NotJudged},
		},
		Flood:      alarm.Flood{From: at(ago(3 * time.Hour)), To: at(ago(160 * time.Minute)), Alarms: 23},
		Chattering: []alarm.Key{key("oven-2", threshold.High), key("pump-7", threshold.High)},
		Standing:   []alarm.Key{key("冷蔵庫", threshold.Low)},
		Top: []alarm.Share{
			{Key: key("oven-2", threshold.High), Alarms: 120, Percent: 39.9},
			{Key: key("pump-7", threshold.High), Alarms: 71, Percent: 23.6},
			{Key: key("oven-1", threshold.High), Alarms: 40, Percent: 13.3},
			{Key: key("oven-3", threshold.Critical), Alarms: 31, Percent: 10.3},
			{Key: key("duct-3", threshold.Stale), Alarms: 3, Percent: 1},
		},
		Priorities: [4]int{0, 250, 37, 14},
		Metrics:    alarm.Metrics{AlarmCount: 5120, MaximumAlarmRate: 38, AverageAlarmRate: 2.5, MaximumUnAck: 185 * time.Minute},
	}
}

// alarming fills in what s holds of the alarms, as far as v asks for it.
func alarming(s *monitor.Snapshot, v monitor.View) {
	if s.Shelved = 3; v.Alarms <= 0 {
		return
	}
	all := slices.DeleteFunc(alarms(), func(r monitor.AlarmRow) bool {
		return !strings.Contains(strings.ToLower(r.Sensor), strings.ToLower(v.AlarmFilter))
	})
	if len(all) == 0 {
		return
	}
	for i := range all {
		all[i].For = s.Time.Sub(all[i].Since)
	}
	s.AlarmsN, s.Hygiene = len(all), hygiene()
	s.AlarmsAt = max(0, min(v.AlarmsOffset, len(all)-v.Alarms))
	s.Alarms = all[s.AlarmsAt:min(s.AlarmsAt+v.Alarms, len(all))]
	at := max(0, slices.IndexFunc(all, func(r monitor.AlarmRow) bool { return r.AlarmKey == v.Alarm }))
	s.Alarm = detail(all[at])
}
