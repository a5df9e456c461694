package replay

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors"
)

var _ sensors.Source = (*Source)(nil)

const long3 = "time,sensor,value\n" + day + ",a,1\n" + day + ",a,2\n" + day + ",a,3\n"

// zipped returns text compressed.
func zipped(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormatFollowsExtensionOrContent(t *testing.T) {
	csvText, jsonText := "time,value\n"+day+",1", `{"time":"2026-01-01","sensor":"j","value":1}`
	for _, tt := range []struct{ name, path, in, want string }{
		{"CSV by extension", "a/f.x.CSV", csvText, "f.x=1"},
		{"CSV by content", "f.log", csvText, "f=1"},
		{"CSV without an extension", "f", csvText, "f=1"},
		{"a file that is all extension keeps its name", ".csv", csvText, ".csv=1"},
		{"JSON by extension", "f.ndjson", jsonText, "j=1"},
		{"JSON by content", "f.txt", "\n \n" + jsonText, "j=1"},
		{"JSON after a byte order mark", "f", "\ufeff" + jsonText, "j=1"},
		{"JSON after a banner", "f", "feed 1.2\n" + jsonText, "j=1 | !1"},
		{"CSV stays CSV once it has a header", "f", csvText + "\n" + jsonText, "f=1 | !3"},
		{"the extension wins", "f.json", csvText, "!1 | !2"},
		{"compressed CSV", "f.csv.gz", zipped(t, csvText), "f=1"},
		{"compressed JSON", "f.jsonl.GZ", zipped(t, jsonText), "j=1"},
		{"compressed without saying so", "f", zipped(t, jsonText), "j=1"},
		{"compressed in two parts", "f.csv", zipped(t, csvText+"\n") + zipped(t, day+",2"), "f=1 | f=2"},
		{"half of a compressed file's mark", "f", "\x1f", "!1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := played(t, tt.path, tt.in).brief(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// Wherever a compressed file is cut, what comes out is whole records from its
// beginning, and an error.
func TestCutCompressedFileGivesWhatCameBefore(t *testing.T) {
	var text strings.Builder
	text.WriteString("time,sensor,value\n")
	for i := range 300 {
		fmt.Fprintf(&text, "%s,a,%d\n", day, 1000+i*7919%9000)
	}
	whole := zipped(t, text.String())
	all := played(t, "f.csv.gz", whole).readings
	delivered := 0
	for cut := 1; cut < len(whole); cut++ {
		rec := &recorder{}
		err := of("f.csv.gz", strings.NewReader(whole[:cut])).Run(t.Context(), rec)
		if cut < 2 {
			continue // one byte is no mark of gzip
		}
		if !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			t.Fatalf("cut at %d of %d: error %v", cut, len(whole), err)
		}
		if len(rec.rejects) > 1 || len(rec.readings) > len(all) || len(rec.readings) < delivered {
			t.Fatalf("cut at %d: %d readings after %d, rejects %v", cut, len(rec.readings), delivered, rec.rejects)
		}
		delivered = len(rec.readings)
		for i, r := range rec.readings {
			if r != all[i] {
				t.Fatalf("cut at %d: reading %d is %v, want %v", cut, i, r, all[i])
			}
		}
	}
	if delivered < len(all) {
		t.Errorf("%d of %d readings before the last byte", delivered, len(all))
	}
}

func TestLongLineIsOneReject(t *testing.T) {
	good := `{"time":"2026-01-01","sensor":"a","value":1}`
	padded := func(n int) string { return good + strings.Repeat(" ", n-len(good)) }
	for _, n := range []int{maxLine, maxLine + 1, maxLine + 2, maxLine + bufferSize, maxLine + bufferSize + 1, 3 * maxLine} {
		want := "a=1 | a=1 | a=1"
		if n > maxLine {
			want = "a=1 | a=1 | !2"
		}
		for _, last := range []string{"\n" + good, "\n" + good + "\n"} {
			if got := played(t, "f.jsonl", good+"\n"+padded(n)+last).brief(); got != want {
				t.Errorf("%d bytes: got %s, want %s", n, got, want)
			}
		}
	}
	rec := played(t, "f", strings.Repeat("x", maxLine+1))
	if len(rec.rejects) != 1 || rec.rejects[0] != (sensors.Reject{Source: "f", Line: 1, Reason: "line is longer than 1 MiB"}) {
		t.Errorf("a long line without an end: %v", rec.rejects)
	}
	text := "time,sensor,value\n" + day + ",\"a,1\n" + strings.Repeat("x", maxLine+1) + "\n" + day + ",b,2\n"
	if got := played(t, "f.csv", text).brief(); got != "b=2 | !2 | !3" {
		t.Errorf("a long line in a quote: %s", got)
	}
	text = "time,sensor,value\n" + day + ",\"a,1\n" + strings.Repeat(strings.Repeat("x", 999)+"\n", 1200) + day + ",b,2\n"
	if rec := played(t, "f.csv", text); len(rec.readings) != 1 || len(rec.rejects) != 1201 {
		t.Errorf("a quote over 1.2 MB: %d readings, %d rejects", len(rec.readings), len(rec.rejects))
	}
}

func TestMemoryIsBounded(t *testing.T) {
	for name, r := range map[string]*repeated{
		"a line of 256 MiB":       {text: strings.Repeat("x", 1<<20), n: 256},
		"open quotes over 16 MiB": {text: "time,value\n\"" + strings.Repeat(strings.Repeat("x", 1023)+"\n", 1<<10), n: 16},
		"lines of separators":     {text: "time,value\n" + strings.Repeat(",", 1<<19) + "\n", n: 16},
		"quotes that open often":  {text: "time,a,b\n\",\",\"\"\"\n", n: 10_000},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := of("f.csv", r).Run(t.Context(), &counter{}); err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if grown := int64(after.Sys) - int64(before.Sys); grown > 64<<20 {
			t.Errorf("%s: memory grew by %d MiB", name, grown>>20)
		}
	}
}

func TestNumberOfSensorsIsBounded(t *testing.T) {
	var text strings.Builder
	for i := range maxSensors + 2 {
		fmt.Fprintf(&text, "{\"time\":0,\"sensor\":\"s%d\",\"value\":1}\n", i%(maxSensors+1))
	}
	rec := played(t, "f.jsonl", text.String())
	if len(rec.readings) != maxSensors+1 || len(rec.rejects) != 1 || rec.rejects[0].Reason != `sensor "s200000": more than 200000 sensors` {
		t.Errorf("%d readings, rejects %v", len(rec.readings), rec.rejects)
	}
}

// Any mixture of good, bad and blank lines: each record is accounted for.
func TestReadingsAndRejectsAreAllRecords(t *testing.T) {
	lines := []string{
		`{"time":"2026-01-01","sensor":"a","value":1}`, `{"time":1,"id":"b","v":"NaN"}`, `{`, `{}`, "\xff", "x,y", "\"", `{"a":"` + strings.Repeat("x", maxLine) + `"}`,
		"", "  ", "\t\r",
	}
	const records = 8 // the first ones
	rapid.Check(t, func(t *rapid.T) {
		picks := rapid.SliceOfN(rapid.IntRange(0, len(lines)-1), 0, 40).Draw(t, "lines")
		var text strings.Builder
		want := 0
		for _, p := range picks {
			text.WriteString(lines[p] + "\n")
			if p < records {
				want++
			}
		}
		c := &counter{}
		if err := of("f.jsonl", strings.NewReader(text.String())).Run(t.Context(), c); err != nil || c.readings+c.rejects != want {
			t.Fatalf("error %v, %d readings and %d rejects of %d records", err, c.readings, c.rejects, want)
		}
	})
}

func TestSinkErrorEndsRun(t *testing.T) {
	for _, text := range []string{long3, "time,a,b\n" + day + ",1,2\n", "{\"time\":0,\"sensor\":\"a\",\"value\":1}\n"} {
		rec := &recorder{got: func(sensors.Reading) error { return errFull }}
		if err := of("f", strings.NewReader(text)).Run(t.Context(), rec); err != errFull || len(rec.readings) != 1 {
			t.Errorf("Run = %v after %d readings, want %v after 1", err, len(rec.readings), errFull)
		}
	}
}

func TestReadErrorNamesSourceAndLine(t *testing.T) {
	r := io.MultiReader(strings.NewReader(long3+day+",a,4"), iotest.ErrReader(errFull))
	rec := &recorder{}
	err := of("f.csv", r).Run(t.Context(), rec)
	if !errors.Is(err, errFull) || err.Error() != `"f.csv", after line 4: full` {
		t.Errorf("Run = %v", err)
	}
	if got := rec.brief(); got != "a=1 | a=2 | a=3 | !5" {
		t.Errorf("got %s", got)
	}
}

func TestOpenFailsEarlyAndClearly(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir, 0); err == nil || !strings.HasSuffix(err.Error(), `": is a folder, want a file`) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(dir+"/\x1bno", 0); !errors.Is(err, os.ErrNotExist) || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("no file: %v", err)
	}
}

func TestRunPlaysTheFileAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.csv")
	if err := os.WriteFile(path, []byte(long3), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path, 0)
	if err != nil {
		t.Fatal(err)
	}
	if s.Name() != path {
		t.Errorf("Name = %q, want %q", s.Name(), path)
	}
	for range 2 {
		rec := &recorder{}
		if err := s.Run(t.Context(), rec); err != nil || len(rec.readings) != 3 {
			t.Errorf("Run = %v with %d readings", err, len(rec.readings))
		}
	}
}

func TestEveryLineIsDeliveredAtOnce(t *testing.T) {
	r, w := io.Pipe()
	got := make(chan sensors.Reading)
	rec := &recorder{got: func(r sensors.Reading) error { got <- r; return nil }}
	done := make(chan error, 1)
	go func() { done <- Stdin(r).Run(t.Context(), rec) }()
	for i := range 3 {
		fmt.Fprintf(w, "{\"sensor\":\"a\",\"value\":%d}\n", i)
		if r := <-got; r.Value != float64(i) || time.Since(r.Time) > time.Minute {
			t.Errorf("got %v, want %d on its arrival", r, i)
		}
	}
	w.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestLiveCSVNeedsNoTime(t *testing.T) {
	for in, want := range map[string]string{
		"sensor,value\na,1\n":                "a",
		"value\n1\n":                         "stdin",
		"time,sensor,value\n,a,1\n":          "a",
		"time,value\n2026-01-01,1\n":         "stdin",
		"{\"id\":\"a\",\"v\":1}\n":           "a",
		"{\"ts\":null,\"id\":\"a\",\"v\":1}": "a",
	} {
		rec := &recorder{}
		if err := Stdin(io.NopCloser(strings.NewReader(in))).Run(t.Context(), rec); err != nil {
			t.Fatal(err)
		}
		if len(rec.readings) != 1 || len(rec.rejects) > 0 || rec.readings[0].Sensor != want || rec.readings[0].Time.IsZero() {
			t.Errorf("%q: got %v and %v", in, rec.readings, rec.rejects)
		}
	}
}

// cancelled runs s until it blocks in Read, cancels it and wants it to end.
func cancelled(t *testing.T, s *Source) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan struct{})
	rec := &recorder{got: func(sensors.Reading) error { close(first); return nil }}
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, rec) }()
	<-first
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Run = %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("Run does not end")
	}
	if got := rec.brief(); len(rec.readings) != 1 || len(rec.rejects) != 0 {
		t.Errorf("got %s, want the first reading only", got)
	}
}

const halfSecond = "{\"sensor\":\"a\",\"value\":1}\n{\"sensor\":\"a\",\"val"

func TestCancelWakesABlockedRead(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	w.WriteString(halfSecond)
	cancelled(t, Stdin(r))

	pr, pw := io.Pipe()
	defer pw.Close()
	go pw.Write([]byte(halfSecond))
	cancelled(t, Stdin(pr))
}

func TestCancelEndsAFileOfRejects(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := of("f.csv", &repeated{text: "x\n", n: 1 << 30}).Run(ctx, &counter{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Run = %v", err)
	}
}
