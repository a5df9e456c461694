package sim

import (
	"time"

	"setpoint/sensors/threshold"
)

// scenarios are all there are, by name.
var scenarios = map[string]scenario{
	"": {
		sensors: 9, rate: 4, kinds: plant, day: 4 * time.Minute, spread: 0.2,
		least: 80 * time.Second, most: 140 * time.Second,
		plan: []planned{
			{2500 * time.Millisecond, 0, mishap{15, 9 * time.Second}}, // oven-1: a heater sticks
			{80 * time.Second, 6, mishap{-30, 11 * time.Second}},      // boiler: the flame goes out
			{170 * time.Second, 5, mishap{50, 9 * time.Second}},       // rack-a: a fan fails
		},
	},
	"flood": {sensors: 40, rate: 1, kinds: flood, day: 200 * time.Second, spread: -0.25},
	"quiet": {sensors: 6, rate: 1, kinds: quiet, day: 4 * time.Minute, spread: 0.2},
	"fridge": {
		sensors: 3, rate: 2, kinds: fridge,
		least: 40 * time.Second, most: 90 * time.Second,
		plan: []planned{{12 * time.Second, 0, mishap{26, 12 * time.Second}}}, // the door stands open
	},
	"guide":   {script: guide},
	"failing": {sensors: 3, rate: 2, kinds: calm("press"), day: 4 * time.Minute, spread: 0.2, lapse: lapse{after: 4 * time.Second, fails: 3}},
	"hanging": {sensors: 3, rate: 2, kinds: calm("valve"), day: 4 * time.Minute, spread: 0.2, lapse: lapse{after: 4 * time.Second, hangs: true}},
}

// bounds returns thresholds without a critical low.
func bounds(low, high, critical, deadband float64) threshold.Set {
	return threshold.None.With(threshold.Low, low).With(threshold.High, high).With(threshold.Critical, critical).WithDeadband(deadband)
}

// plant is what the kinds of a small plant are. The deadbands are about four times
// the noise, quantisation included. A bad mishap, which no cooling can hold below
// critical, comes last.
var plant = []kind{
	oven, oven,
	{
		name: "freezer", rest: -20, swing: 0.8, noise: 0.15, lag: 14, power: 12,
		thresholds: bounds(threshold.Off, -16, -10, 0.6),
		mishaps:    []mishap{{13, 8 * time.Second}, {15, 8 * time.Second}, {36, 9 * time.Second}}, // the door is left open
	},
	{
		name: "cold-room", rest: 4, swing: 0.6, noise: 0.1, lag: 16, power: 10,
		thresholds: bounds(1, 8, 12, 0.4),
		mishaps:    []mishap{{12, 9 * time.Second}, {-11, 9 * time.Second}, {34, 9 * time.Second}},
	},
	{
		name: "hall", rest: 21, swing: 1.6, noise: 0.1, lag: 20, power: 14,
		thresholds: bounds(15, 26.5, 35, 0.4),
		mishaps:    []mishap{{-24, 11 * time.Second}, {17, 11 * time.Second}}, // the gate stands open, in winter and in summer
	},
	{
		name: "rack", style: lettered, rest: 31, swing: 1, noise: 0.15, lag: 12, power: 22,
		thresholds: bounds(15, 38, 45, 0.6),
		mishaps:    []mishap{{20, 8 * time.Second}, {50, 9 * time.Second}}, // a fan fails, or all of them
	},
	{
		name: "boiler", rest: 65, swing: 1.5, noise: 0.2, lag: 14, power: 20,
		thresholds: bounds(55, 75, 85, 0.8),
		mishaps:    []mishap{{-28, 10 * time.Second}, {26, 10 * time.Second}, {72, 9 * time.Second}},
	},
	{
		name: "chiller", rest: 7, swing: 0.6, noise: 0.1, lag: 12, power: 10,
		thresholds: bounds(3, 12, 16, 0.4).With(threshold.CriticalLow, 1),
		mishaps:    []mishap{{13, 9 * time.Second}, {-12, 8 * time.Second}, {32, 9 * time.Second}},
	},
	{
		name: "duct", rest: 21.5, swing: 2, noise: 0.2, lag: 10, power: 16,
		thresholds: bounds(14, 30, 40, 0.8),
		mishaps:    []mishap{{20, 8 * time.Second}, {-22, 8 * time.Second}}, // a damper sticks
	},
}

var oven = kind{
	name: "oven", style: numbered, rest: 80, swing: 1.2, noise: 0.25, lag: 10, power: 20,
	thresholds: bounds(threshold.Off, 85, 95, 1),
	mishaps:    []mishap{{14, 9 * time.Second}, {15, 8 * time.Second}, {48, 7 * time.Second}}, // a heater sticks
}

// flood swings over its high threshold with every day.
var flood = []kind{{
	name: "line", style: numbered, rest: 51, swing: 12, noise: 0.2, lag: 8, power: 18,
	thresholds: bounds(20, 60, 75, 2),
}}

var quiet = calm("room")

// calm is a kind in whose zones nothing happens.
func calm(name string) []kind {
	return []kind{{
		name: name, style: numbered, rest: 21, swing: 1.5, noise: 0.1, lag: 20, power: 8,
		thresholds: bounds(10, 30, 40, 0.4),
	}}
}

// fridge is what cools by a compressor of its own. The mishaps are an open door,
// twice, and a defrost.
var fridge = []kind{
	{
		name: "fridge", rest: 4, noise: 0.1, lag: 30, power: 10, pull: 6, band: 1.2,
		thresholds: bounds(0.5, 8, 12, 0.4),
		mishaps:    []mishap{{10, 6 * time.Second}, {24, 12 * time.Second}, {18, 20 * time.Second}},
	},
	{
		name: "freezer", rest: -19, noise: 0.15, lag: 30, power: 12, pull: 6, band: 1.2,
		thresholds: bounds(threshold.Off, -15, -10, 0.6),
		mishaps:    []mishap{{12, 6 * time.Second}, {24, 12 * time.Second}, {20, 20 * time.Second}},
	},
	{
		name: "wine-cooler", rest: 12, noise: 0.1, lag: 40, power: 8, pull: 4, band: 0.8,
		thresholds: bounds(8, 16, 20, 0.4),
		mishaps:    []mishap{{8, 6 * time.Second}, {24, 14 * time.Second}, {16, 24 * time.Second}},
	},
}
