package quality

import (
	"testing"
	"time"

	"setpoint/sensors"
)

func BenchmarkJudge(b *testing.B) {
	rules := &Rules{Kind: KindOf("°C", "")}
	for name, values := range map[string][]float64{"noise": noisy(20, 0.5, 1024), "constant": repeat(20, 1024)} {
		for live, delay := range map[string]int64{"live": 5e6, "recording": 0} {
			b.Run(name+"/"+live, func(b *testing.B) {
				b.ReportAllocs()
				var track Tracker
				at, i := start, 0
				for b.Loop() {
					at += int64(time.Second)
					arrived := delay
					if delay != 0 {
						arrived += at
					}
					track.Judge(rules, at, arrived, values[i%len(values)], sensors.Good, false)
					i++
				}
			})
		}
	}
}

func BenchmarkHold(b *testing.B) {
	rules := &Rules{}
	var track Tracker
	for i := range 300 {
		track.Judge(rules, start+int64(i)*1e9, 0, float64(i%7), sensors.Good, false)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = track.Hold(rules)
	}
}

func BenchmarkKindOf(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = KindOf("°C", "oven-1")
	}
}
