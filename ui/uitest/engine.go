package uitest

import (
	"errors"
	"math"
	"slices"
	"time"

	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// flow returns how the engine does.
func flow(later time.Duration) workflow.Stats {
	n := uint64(later.Seconds() * 412)
	us := time.Microsecond
	node := func(name string, perMille, dead, open uint64) workflow.NodeStats {
		handled := 1_000_000*perMille/1000 + n*perMille/1000
		return workflow.NodeStats{Name: name, Dispatched: handled + dead + open, Handled: handled, Dead: dead, Open: open, Latency: workflow.Quantiles{P50: 40 * us, P99: 140 * us, Max: 2 * time.Millisecond}}
	}
	return workflow.Stats{
		Offered: 1_204_330 + n, Letters: 5, Stored: 5, Kept: 3, Redriven: 2, Received: 1_204_330 + n, Outcomes: 3_300 + n*2/100, Folded: 1_204_310 + n, Coalesced: 18, Late: 2,
		Dispatched: 1_204_310 + n, Handled: 1_204_305 + n, DeadHandler: 3, Open: 2, Capacity: 1024, HighWater: 37, Oldest: 300 * us,
		Fold:    workflow.Quantiles{P50: 31 * us, P90: 70 * us, P99: 210 * us, P999: 1100 * us, Max: 4 * time.Millisecond},
		Nodes:   []workflow.NodeStats{{Name: "classify", Step: true}, node("normal", 964, 0, 0), node("high", 23, 0, 0), node("low", 11, 0, 0), node("critical", 2, 3, 1), node("escalation", 1, 0, 1), node("record", 1000, 0, 0)},
		Sources: []workflow.SourceStats{{Name: "sim:plant", State: workflow.SourceRunning, Admitted: 1_201_000 + n*98/100, Restarts: 1, Last: Noon.Add(later), MostRestarts: 8, Window: 5 * time.Minute}},
	}
}

// ErrLaw is a broken accounting law.
var ErrLaw = errors.New("received 10 is not folded 9 + coalesced 0")

// depths returns how many events were queued in the last minute.
func depths() []int {
	out := make([]int, 60)
	for i := range out {
		out[i] = int(max(18*math.Sin(float64(i)/7)+19*math.Sin(float64(i)/3), 0))
	}
	return out
}

// transitions returns one of every kind.
func transitions(now time.Time) []workflow.Transition {
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	failure, timeout := errors.New("actuator says 503"), errors.New("attempt 3: timeout after 2s")
	return []workflow.Transition{
		{At: ago(time.Second), Node: "critical", What: "retry", Event: 1_204_301, Key: "oven-3", Wait: 180 * time.Millisecond, Err: failure},
		{At: ago(4 * time.Second), Node: "critical", What: "dead letter", Event: 1_204_288, Key: "oven-3", Err: timeout},
		{At: ago(9 * time.Second), Node: "critical", What: "abandoned", Event: 1_204_288, Key: "oven-3"},
		{At: ago(20 * time.Second), Node: "sim:plant", What: workflow.SourceRunning},
		{At: ago(21 * time.Second), Node: "sim:plant", What: workflow.SourceRestarting, Wait: time.Second, Err: errors.New("connection refused")},
		{At: ago(40 * time.Second), Node: "sim:plant", What: workflow.SourceStale},
		{At: ago(26 * time.Hour), Node: "oven.csv", What: workflow.SourceEnded},
	}
}

// handlings are how the handlers are run.
func handlings() []monitor.Handling {
	ms := time.Millisecond
	act := monitor.Handling{Lanes: 1, Queue: 1024, Timeout: 2 * time.Second, Grace: time.Second, Attempts: 3, First: 100 * ms, Most: 2 * time.Second, MostHanging: 16}
	var list []monitor.Handling
	for _, name := range monitor.Disturbable {
		act.Handler, act.Overflow = name, workflow.DropOldest
		if name == "critical" {
			act.Overflow, act.Breaker = workflow.Block, "half-open"
		}
		list = append(list, act)
	}
	return append(list,
		monitor.Handling{Handler: "escalation", Lanes: 64, Queue: 16, Overflow: workflow.DropNewest, Attempts: 1, Grace: time.Second, MostHanging: 16, Waits: true},
		monitor.Handling{Handler: "record", Lanes: 1, Queue: 1024, Attempts: 1, Grace: time.Second, MostHanging: 16, AtMostOnce: true},
	)
}

// newestFaults returns the newest of each node with an error among list, newest first.
func newestFaults(list []workflow.Transition) map[string]workflow.Transition {
	out := map[string]workflow.Transition{}
	for _, t := range slices.Backward(list) {
		if t.Err != nil {
			out[t.Node] = t
		}
	}
	return out
}

// letters are the dead letters of the plant, oldest first.
var letters = []monitor.Letter{
	{
		ID: 17, At: Noon.Add(-42 * time.Minute), Node: "critical", Reason: workflow.ReasonTimeout, Err: "attempt 3: timeout after 2s",
		First: "dial: no route to host", FirstAt: Noon.Add(-42*time.Minute - 6*time.Second),
		Attempts: 3, Event: 1_198_004, Sensor: "oven-3", Time: Noon.Add(-42*time.Minute - 7*time.Second), Revision: 40,
		Payload: "reading 95.6 °C, good", State: "critical, high on at 85, critical on at 95, unacknowledged, cooling; 4319 judged, mean 86.6",
	},
	{
		ID: 18, At: Noon.Add(-90 * time.Second), Node: "critical", Reason: workflow.ReasonFailed, Err: "actuator says 503",
		First: "actuator says 429", FirstAt: Noon.Add(-91 * time.Second), Claimed: true,
		Attempts: 3, Redrives: 1, Event: 1_204_101, Sensor: "oven-3", Time: Noon.Add(-91 * time.Second), Revision: 41,
		Payload: "reading 95.9 °C, good", State: "critical, critical on at 95, cooling; 4320 judged, mean 86.6",
	},
	{
		ID: 21, At: Noon.Add(-4 * time.Second), Node: "classify", Reason: workflow.ReasonPanic, Err: "step panicked: index out of range",
		Event: 1_204_288, Sensor: "冷蔵庫", Time: Noon.Add(-4 * time.Second), Revision: 41,
		Payload: "reading 4.2 °C, good", State: "normal; 4321 judged, mean 4.2",
	},
}
