package replay

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"setpoint/sensors"
	"setpoint/sensors/sensorstest"
)

func TestReplayIsASource(t *testing.T) {
	var text strings.Builder
	text.WriteString("time,a,b\nbad,1,2\n")
	for i := range 100 {
		fmt.Fprintf(&text, "%d,%d,NaN\n", i, i%7)
	}
	for name, speed := range map[string]float64{"at once": 0, "as recorded": 1} {
		t.Run(name, func(t *testing.T) {
			sensorstest.Test(t, func() sensors.Source {
				return New(Config{Path: "f.csv", Speed: speed, Open: func() (io.ReadCloser, error) {
					return io.NopCloser(strings.NewReader(text.String())), nil
				}})
			})
		})
	}
}
