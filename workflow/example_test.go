package workflow_test

import (
	"context"
	"fmt"
	"time"

	"setpoint/workflow"
)

// level is the state of a tank: its level, and how many pumps ran for it.
type level struct{ litres, pumped int }

// A tank's readings are folded into its level; when it is high a handler pumps,
// and its outcome comes back as an event that lowers the level.
func Example() {
	judge := workflow.StepFunc[int, level](func(s level, ev workflow.Event[int]) (level, workflow.Action) {
		if ev.Kind == workflow.Control { // the pump's outcome
			return level{s.litres + ev.Payload, s.pumped + 1}, "fine"
		}
		if s.litres = ev.Payload; s.litres > 100 {
			return s, "high"
		}
		return s, "fine"
	})
	pump := workflow.HandlerFunc[int, level](func(_ context.Context, ev workflow.Event[int], s level) error {
		fmt.Printf("%s holds %d litres: pumping\n", ev.Key, s.litres)
		return nil
	})
	w, err := workflow.New[int, level]("judge").
		Step("judge", judge, "fine", "high").
		Handler("pump", pump, &workflow.Effect[int, level]{
			Timeout: time.Minute,
			Retry:   workflow.Retry{MaxAttempts: 3, Initial: time.Second},
			Outcome: func(_ workflow.Event[int], _ level, err error) (int, bool) { return -50, err == nil },
		}).
		Edge("judge", "fine").
		Edge("judge", "high", "pump").
		Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	e, err := workflow.NewEngine(w, workflow.Config[int, level]{})
	if err != nil {
		fmt.Println(err)
		return
	}
	source, sender := workflow.NewChannel[int](8)
	for minute, litres := range []int{80, 120} {
		_ = sender.Send(context.Background(), "tank-1", time.Unix(int64(60*minute), 0), litres)
	}
	sender.Close()
	st, err := e.Run(context.Background(), source)
	s, _ := e.State("tank-1")
	fmt.Println(s, st.Folded, st.Handled, st.Check(), err)
	// Output:
	// tank-1 holds 120 litres: pumping
	// {70 1} 3 1 <nil> <nil>
}
