package replay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors"
)

func TestPace(t *testing.T) {
	for _, tt := range []struct {
		name  string
		speed float64
		times []float64 // of the readings, in seconds
		want  []float64 // when each is pushed, in seconds
	}{
		{"as fast as the recording", 1, []float64{100, 101, 103.5}, []float64{0, 1, 3.5}},
		{"sixty times as fast", 60, []float64{0, 60, 3600}, []float64{0, 1, 60}},
		{"half as fast", 0.5, []float64{0, 1}, []float64{0, 2}},
		{"no waiting at speed 0", 0, []float64{0, 1, 1e6}, []float64{0, 0, 0}},
		{"no waiting at infinite speed", math.Inf(1), []float64{0, 1, 1e6}, []float64{0, 0, 0}},
		{"a step back does not wait, nor what catches up", 1, []float64{100, 110, 105, 110, 111}, []float64{0, 10, 10, 10, 11}},
		{"newest first does not wait", 1, []float64{3, 2, 1}, []float64{0, 0, 0}},
		{"an hour is waited for", 1, []float64{0, 3600}, []float64{0, 3600}},
		{"a gap of more is cut to 5 s", 1, []float64{0, 3601, 3602, 9e9, 9e9 + 1}, []float64{0, 5, 6, 11, 12}},
		{"a gap at high speed", 1e-300, []float64{0, 1, 2}, []float64{0, 5, 10}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var text strings.Builder
				for _, s := range tt.times {
					fmt.Fprintf(&text, "{\"time\":%f,\"sensor\":\"a\",\"value\":1}\n", s)
				}
				start, i := time.Now(), 0
				rec := &recorder{got: func(sensors.Reading) error {
					if got := time.Since(start).Seconds(); i < len(tt.want) && math.Abs(got-tt.want[i]) > 1e-6 {
						t.Errorf("reading %d is pushed after %v s, want %v", i, got, tt.want[i])
					}
					i++
					return nil
				}}
				s := New(Config{Name: "f", Speed: tt.speed, Open: func() (io.ReadCloser, error) {
					return io.NopCloser(strings.NewReader(text.String())), nil
				}})
				if err := s.Run(t.Context(), rec); err != nil || i != len(tt.times) {
					t.Errorf("Run = %v after %d readings", err, i)
				}
			})
		})
	}
}

func TestCancelEndsAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		s := New(Config{Name: "f", Speed: 1, Open: func() (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("0,1\n100,2\n")), nil
		}})
		rec := &recorder{}
		if err := s.Run(ctx, rec); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second || len(rec.readings) != 1 {
			t.Errorf("Run = %v after %v with %d readings", err, time.Since(start), len(rec.readings))
		}
	})
}

func TestLiveReadingGetsItsArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		go func() {
			for range 3 {
				time.Sleep(time.Second) // fake time
				io.WriteString(w, "{\"sensor\":\"a\",\"value\":1}\n{\"time\":0,\"sensor\":\"b\",\"value\":1}\n")
			}
			w.Close()
		}()
		start := time.Now()
		rec := &recorder{}
		if err := Stdin(r).Run(t.Context(), rec); err != nil || len(rec.readings) != 6 {
			t.Fatalf("Run = %v with %d readings", err, len(rec.readings))
		}
		for i, g := range rec.readings {
			want := start.Add(time.Duration(i/2+1) * time.Second)
			if g.Sensor == "b" {
				want = time.Unix(0, 0)
			}
			if !g.Time.Equal(want) {
				t.Errorf("reading %d has time %v, want %v", i, g.Time, want)
			}
		}
	})
}
