package workflow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"setpoint/workflow"
)

// sum is the step of these examples: the state is the sum of the payloads.
func sum(s int, ev workflow.Event[int]) (int, workflow.Action) { return s + ev.Payload, "next" }

// numbers is a finite source of events of one key.
func numbers(key string, ns ...int) workflow.Source[int] {
	return workflow.FromSeq(func(yield func(workflow.Offer[int], error) bool) {
		for i, n := range ns {
			if !yield(workflow.Offer[int]{Key: key, Time: time.Unix(int64(i), 0), Payload: n}, nil) {
				return
			}
		}
	})
}

// settled is src that ends only once all that came of it is done. (At the end of
// the sources nested workflows are told to end, too.)
func settled(e *workflow.Engine[int, int], src workflow.Source[int]) workflow.Source[int] {
	return workflow.SourceFunc[int](func(ctx context.Context, emit workflow.Emit[int]) error {
		if err := src.Run(ctx, emit); err != nil {
			return err
		}
		return e.Settle(ctx)
	})
}

// must is for examples, whose graphs are right.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// The least workflow: a step, an edge, a source.
func ExampleNew() {
	w := must(workflow.New[int, int]("sum").
		Step("sum", workflow.StepFunc[int, int](sum), "next").
		Edge("sum", "next").
		Build())
	e := must(workflow.NewEngine(w, workflow.Config[int, int]{}))
	st, err := e.Run(context.Background(), numbers("a", 1, 2, 3))
	total, _ := e.State("a")
	fmt.Println(total, st.Folded, err)
	// Output: 6 3 <nil>
}

// A pump that does not answer is tried three times; then its event is a dead
// letter, which is sent again once the pump is mended.
func ExampleEngine_Redrive() {
	mended := make(chan struct{})
	pump := workflow.HandlerFunc[int, int](func(_ context.Context, ev workflow.Event[int], s int) error {
		select {
		case <-mended:
			fmt.Println("pumped for", ev.Key, "with", s)
			return nil
		default:
			return errors.New("no answer")
		}
	})
	w := must(workflow.New[int, int]("sum").
		Step("sum", workflow.StepFunc[int, int](sum), "next").
		Handler("pump", pump, &workflow.Effect[int, int]{Retry: workflow.Retry{MaxAttempts: 3, Initial: time.Millisecond}}).
		Edge("sum", "next", "pump").
		Build())
	e := must(workflow.NewEngine(w, workflow.Config[int, int]{}))
	operator := workflow.SourceFunc[int](func(ctx context.Context, emit workflow.Emit[int]) error {
		_ = emit(ctx, "tank-1", time.Unix(0, 0), 120)
		_ = e.Settle(ctx)
		for _, l := range must(e.Letters(ctx, workflow.Filter{})) {
			fmt.Println(l.Node, l.Reason(), l.Err, "after", l.Attempts, "attempts")
		}
		close(mended)
		n, err := e.Redrive(ctx, workflow.Filter{Node: "pump"}, false)
		fmt.Println(n, "sent again,", err)
		return e.Settle(ctx)
	})
	st, _ := e.Run(context.Background(), operator)
	fmt.Println(st.Kept, "kept,", st.Redriven, "redriven")
	// Unordered output:
	// pump failed no answer after 3 attempts
	// 1 sent again, <nil>
	// pumped for tank-1 with 120
	// 0 kept, 1 redriven
}

// What would another threshold have made of the same events?
func ExampleWorkflow_With() {
	above := func(threshold int) workflow.StepFunc[int, int] {
		return func(alarms int, ev workflow.Event[int]) (int, workflow.Action) {
			if ev.Payload > threshold {
				return alarms + 1, "alarm"
			}
			return alarms, "fine"
		}
	}
	w := must(workflow.New[int, int]("judge").
		Step("judge", above(80), "fine", "alarm").
		Edge("judge", "fine").Edge("judge", "alarm").
		Build())
	var recorded []workflow.Event[int]
	for i, p := range []int{70, 85, 91, 78, 99} {
		recorded = append(recorded, workflow.Event[int]{Key: "boiler", Time: time.Unix(int64(i), 0), Payload: p})
	}
	for _, threshold := range []int{80, 90} {
		whatIf := must(w.With("judge", above(threshold)))
		alarms := 0
		for _, f := range workflow.Replay(whatIf, workflow.ReplayConfig[int, int]{}, slices.Values(recorded)) {
			alarms = f.State
		}
		fmt.Println(threshold, alarms)
	}
	// Output:
	// 80 3
	// 90 2
}

// An event starts an endless workflow, here one that waits for a person's answer.
// It ends by its stop edge.
func ExampleNested() {
	answers, person := workflow.NewChannel[int](1)
	wait := workflow.StepFunc[int, int](func(int, workflow.Event[int]) (int, workflow.Action) { return 1, "answered" })
	ask := workflow.Nested(func(ev workflow.Event[int], _ int) (workflow.Inner[int, int], error) {
		fmt.Println("asking about", ev.Key)
		_ = person.Send(context.Background(), ev.Key, ev.Time, 1) // a quick one
		w := must(workflow.New[int, int]("wait").Step("wait", wait, "answered").Edge("wait", "answered", workflow.Stop).Build())
		e, err := workflow.NewEngine(w, workflow.Config[int, int]{})
		return workflow.Inner[int, int]{Engine: e, Sources: []workflow.Source[int]{answers}}, err
	}, time.Minute)
	w := must(workflow.New[int, int]("sum").
		Step("sum", workflow.StepFunc[int, int](sum), "next").
		Handler("ask", ask, nil).
		Edge("sum", "next", "ask").
		Build())
	e := must(workflow.NewEngine(w, workflow.Config[int, int]{}))
	st, err := e.Run(context.Background(), settled(e, numbers("boiler", 120)))
	fmt.Println(st.Handled, err)
	// Output:
	// asking about boiler
	// 1 <nil>
}

// An event starts a finite workflow, whose result comes back as an event: an order
// for three articles is answered by its price.
func ExampleCall() {
	prices, outcome := workflow.Call(func(ev workflow.Event[int], _ int) (workflow.Inner[int, int], error) {
		w := must(workflow.New[int, int]("sum").Step("sum", workflow.StepFunc[int, int](sum), "next").Edge("sum", "next").Build())
		e, err := workflow.NewEngine(w, workflow.Config[int, int]{})
		return workflow.Inner[int, int]{Engine: e, Sources: []workflow.Source[int]{numbers("price", 5, 7, 30)}}, err
	}, time.Minute, func(_ workflow.Event[int], inner *workflow.Engine[int, int], err error) (int, bool) {
		if err != nil {
			return 0, false
		}
		price, _ := inner.State("price")
		return price, true
	})
	order := workflow.StepFunc[int, int](func(s int, ev workflow.Event[int]) (int, workflow.Action) {
		if ev.Cause == 0 {
			return s, "ordered"
		}
		fmt.Println("the price is", ev.Payload)
		return ev.Payload, "priced"
	})
	w := must(workflow.New[int, int]("order").
		Step("order", order, "ordered", "priced").
		Handler("prices", prices, &workflow.Effect[int, int]{Outcome: outcome}).
		Edge("order", "ordered", "prices").Edge("order", "priced").
		Build())
	e := must(workflow.NewEngine(w, workflow.Config[int, int]{}))
	_, err := e.Run(context.Background(), settled(e, numbers("order-1", 3)))
	fmt.Println(err)
	// Output:
	// the price is 42
	// <nil>
}

// What one workflow has folded are the events of another.
func ExampleResults() {
	handler, results := workflow.Results(8, func(ev workflow.Event[int], s int) (workflow.Offer[int], bool) {
		return workflow.Offer[int]{Key: "all", Time: ev.Time, Payload: s}, s > 1
	})
	build := func() *workflow.Builder[int, int] {
		return workflow.New[int, int]("sum").Step("sum", workflow.StepFunc[int, int](sum), "next")
	}
	first := must(workflow.NewEngine(must(build().Handler("send", handler, nil).Edge("sum", "next", "send").Build()), workflow.Config[int, int]{}))
	second := must(workflow.NewEngine(must(build().Edge("sum", "next").Build()), workflow.Config[int, int]{}))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = first.Run(context.Background(), numbers("a", 1, 2, 3))
	}()
	st, err := second.Run(context.Background(), results)
	<-done
	total, _ := second.State("all")
	fmt.Println(total, st.Folded, err)
	// Output: 9 2 <nil>
}

// The graph, for Mermaid.
func ExampleWorkflow_Mermaid() {
	w := must(workflow.New[int, int]("sum").
		Step("sum", workflow.StepFunc[int, int](sum), "next").
		Edge("sum", "next", workflow.Stop).
		Build())
	var out strings.Builder
	_ = w.Mermaid(&out, nil)
	fmt.Print(out.String())
	// Output:
	// flowchart LR
	// 	n0["sum"]
	// 	n1((("stop")))
	// 	n0 -->|"next"| n1
}
