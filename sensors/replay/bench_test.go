package replay

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// Each operation is 1,000 lines, from reading them to pushing what they say.
func BenchmarkRun(b *testing.B) {
	for _, bb := range []struct{ name, path, header, line string }{
		{"JSON", "f.jsonl", "", `{"time":"2026-01-01T00:00:00.%03dZ","sensor":"s-%d","value":21.53,"unit":"°C"}`},
		{"CSV long", "f.csv", "time,sensor,value,unit\n", "2026-01-01T00:00:00.%03dZ,s-%d,21.53,°C"},
		{"CSV two columns", "f.csv", "time,value\n", "2026-01-01 00:00:00.%03d,%d.53"},
		{"CSV wide, 8 sensors", "f.csv", "time,a,b,c,d,e,f,g,h\n", "2026-01-01T00:00:00.%03dZ,%d,21.5,22.5,23.5,24.5,25.5,26.5,27.5"},
	} {
		b.Run(bb.name, func(b *testing.B) {
			const lines = 1000
			var text strings.Builder
			for i := range lines {
				fmt.Fprintf(&text, bb.line+"\n", i, i%100)
			}
			b.ReportAllocs()
			b.SetBytes(int64(text.Len()))
			c := &counter{}
			if err := of(bb.path, &looped{b, text.String(), bb.header}).Run(b.Context(), c); err != nil || c.rejects > 0 {
				b.Fatal(err, c.rejects)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lines), "ns/line")
			b.ReportMetric(float64(c.readings)/b.Elapsed().Seconds(), "readings/s")
		})
	}
}

// looped is a reader of one text for each turn of a benchmark.
type looped struct {
	b          *testing.B
	text, rest string
}

func (l *looped) Read(p []byte) (int, error) {
	if l.rest == "" {
		if !l.b.Loop() {
			return 0, io.EOF
		}
		l.rest = l.text
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

func BenchmarkJSONLine(b *testing.B) {
	j := jsonLines{tables: newTables(), out: &output{sink: &counter{}}}
	line := []byte(`{"time":"2026-01-01T00:00:00.001Z","sensor":"s-12","value":21.53,"unit":"°C"}`)
	b.ReportAllocs()
	b.SetBytes(int64(len(line)))
	ctx := b.Context()
	for b.Loop() {
		if err := j.line(ctx, 1, line); err != nil {
			b.Fatal(err)
		}
	}
}
