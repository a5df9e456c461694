package quality

import (
	"math"
	"strings"

	"setpoint/sensors"
)

// A Kind is what physics and the makers of sensors say about all sensors of one
// kind. The zero Kind knows nothing.
type Kind struct {
	// Lo and Hi are the span of what can be measured at all; both 0: anything can.
	Lo, Hi float64

	// Sentinels are values that stand for a fault. They can be measured as well, so
	// they count only as a first reading or after a jump of far more than noise.
	Sentinels []float64

	// PowerOn is a sentinel that goes away by itself: after three in a row it is
	// taken for a measured value. 0: there is none.
	PowerOn float64
}

// temperature is in °C: from absolute zero to more than any pyrometer reads. A
// DS18B20 says -127 when it is cut off and 85 before its first conversion; 999 and
// -273.2 are what displays and controllers make of a broken wire. (The latter is
// beyond the span already.)
var temperature = Kind{Lo: -273.15, Hi: 4000, Sentinels: []float64{-127, 999}, PowerOn: 85}

// humidity is relative; an honest sensor may be 5 % off at either end.
var humidity = Kind{Lo: -5, Hi: 105}

// vacuum is the least pressure over atmosphere that there is, with a tolerance, by
// unit: a gauge may count from there, so less than zero is possible.
var vacuum = map[string]float64{
	"Pa": -110e3, "hPa": -1100, "mbar": -1100, "kPa": -110, "bar": -1.1, "psi": -16,
}

// KindOf returns the kind of a sensor by its declared unit and its name. Values are
// taken to be in °C for every unit of temperature, as [sensors.Celsius] makes them.
// A percentage is a humidity only if unit or name say so. Without a unit nothing is
// known.
func KindOf(unit, name string) Kind {
	switch {
	case unit == "":
		return Kind{}
	case unit == sensors.DegC, sensors.Celsius(sensors.Reading{Unit: unit}).Unit == sensors.DegC:
		return temperature
	}
	if lo, ok := vacuum[unit]; ok {
		return Kind{Lo: lo, Hi: math.Inf(1)}
	}
	switch unit {
	case "%RH", "% RH", "%rH", "% rH", "%rh":
		return humidity
	case "%":
		if strings.Contains(strings.ToLower(name), "humid") {
			return humidity
		}
	}
	return Kind{}
}

// outside returns the end of the span that v lies beyond, if it does.
func (k *Kind) outside(v float64) (end float64, ok bool) {
	switch {
	case k.Lo == 0 && k.Hi == 0:
		return 0, false
	case v < k.Lo:
		return k.Lo, true
	case v > k.Hi:
		return k.Hi, true
	}
	return 0, false
}

// sentinel reports whether v is one that stays, and powerOn whether it is the one
// that goes away. Values that were converted from another unit are a little off.
func (k *Kind) sentinel(v float64) bool {
	for _, s := range k.Sentinels {
		if same(v, s) {
			return true
		}
	}
	return false
}

func (k *Kind) powerOn(v float64) bool { return k.PowerOn != 0 && same(v, k.PowerOn) }

// same reports whether a and b differ by no more than the arithmetic that made them
// may explain.
func same(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-12*math.Abs(b) }
