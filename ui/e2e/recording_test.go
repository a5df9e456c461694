package e2e_test

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// foul is names and units that act on a terminal which gets them raw.
var foul = []string{
	"esc\x1b[2Jape", "csi\x1b[" + strings.Repeat("1;", 40) + "m", "title\x1b]0;owned\a", "clip\x1b]52;c;aGk=\x1b\\",
	"dcs\x1bP1$r\x1b\\", "c1\u009b2J", "st\u009c", "bidi\u202etxt.exe\u202c", "isolate\u2066x\u2069", "zero\u200bwidth",
	"line\u2028end", "tag\U000E0041", "private\ue000", "bell\a", "back\b\b\bspace", "null\x00", "del\x7f", "shift\x0eout",
	"new\nline", "cr\rreturn", "bad\xffutf8", "half\xe2\x82", "surrogate\xed\xa0\x80", `quote"back\slash`,
	"zalgo" + strings.Repeat("\u0301", 200), strings.Repeat("wide日", 300), strings.Repeat("x", 1<<20),
}

var recordings = map[string]func() []byte{
	"hour-back":  hourBack,
	"foul-csv":   foulCSV,
	"foul-wide":  foulWide,
	"foul-jsonl": foulJSON,
	"shown-csv":  shownCSV,
	"long":       long,
}

func makeRecording(ts *testscript.TestScript, args []string) {
	recording, ok := recordings[args[0]]
	if !ok {
		ts.Fatalf("%s: no such recording", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), recording(), 0o600))
}

// hourBack is three hours in steps of five minutes. After two the clock is put back
// by one: 37 readings, of which one is a time over again and the 11 before it are
// older than what has been.
func hourBack() []byte {
	var b bytes.Buffer
	b.WriteString("time,sensor,value\n")
	at := time.Date(2026, 10, 25, 0, 0, 0, 0, time.UTC)
	for i := range 37 {
		if i == 25 {
			at = at.Add(-time.Hour)
		}
		fmt.Fprintf(&b, "%s,hall,%d\n", at.Format(time.RFC3339), 15+i%10)
		at = at.Add(5 * time.Minute)
	}
	return b.Bytes()
}

// foulCSV has the foul names and units, and then a reading of an honest sensor.
func foulCSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"time", "sensor", "value", "unit"})
	for i, name := range foul {
		at := strconv.Itoa(1_700_000_000 + i)
		_ = w.Write([]string{at, name, "45", "°C"})
		_ = w.Write([]string{at, "unit", "45", name})
		_ = w.Write([]string{name, "time", "45", "°C"})
		_ = w.Write([]string{at, "value", name, "°C"})
	}
	_ = w.Write([]string{"1700009999", "honest", "21.5", "°C"})
	w.Flush()
	return b.Bytes()
}

// foulWide has the foul names in its header, which must be a line.
func foulWide() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	header, row := []string{"time"}, []string{"1700000000"}
	for _, name := range foul {
		if len(name) < 1<<20 && !strings.Contains(name, "\n") {
			header, row = append(header, name), append(row, "45")
		}
	}
	_ = w.Write(header)
	_ = w.Write(row)
	w.Flush()
	return b.Bytes()
}

// foulJSON has the foul names both escaped and raw.
func foulJSON() []byte {
	var b bytes.Buffer
	for i, name := range foul {
		quoted, _ := json.Marshal(name)
		for _, q := range []string{string(quoted), `"` + name + `"`} {
			fmt.Fprintf(&b, "{\"time\":%d,\"sensor\":%s,\"value\":45,\"unit\":\"°C\"}\n", 1_700_000_000+i, q)
			fmt.Fprintf(&b, "{\"time\":%d,\"sensor\":\"unit\",\"value\":45,\"unit\":%s}\n", 1_700_000_000+i, q)
			fmt.Fprintf(&b, "{\"time\":%s,\"sensor\":\"time\",\"value\":45}\n", q)
		}
	}
	b.WriteString("{\"time\":1700009999,\"sensor\":\"honest\",\"value\":21.5,\"unit\":\"°C\"}\n")
	return b.Bytes()
}

// shownCSV has the foul names, short enough for a row each, and thresholds passed so
// that the alert log has them too.
func shownCSV() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"time", "sensor", "value", "unit"})
	for i, name := range foul {
		name = name[:min(len(name), 900)]
		_ = w.Write([]string{strconv.Itoa(1_700_000_000 + i), name, "45", "\u202e°C"})
	}
	_ = w.Write([]string{"1700009999", "honest", "21.5", "°C"})
	w.Flush()
	return b.Bytes()
}

// long is 20,000 readings of one sensor.
func long() []byte {
	b := []byte("time,sensor,value\n")
	for i := range 20_000 {
		b = strconv.AppendInt(b, 1_700_000_000+int64(i), 10)
		b = append(b, ",hall,"...)
		b = strconv.AppendInt(b, int64(15+i%10), 10)
		b = append(b, '\n')
	}
	return b
}

// compress writes FILE.gz, without its last bytes if it is told how many.
func compress(ts *testscript.TestScript, args []string) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	ts.Check(w.Close())
	cut := 0
	if len(args) > 1 {
		cut, err = strconv.Atoi(args[1])
		ts.Check(err)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0])+".gz", b.Bytes()[:b.Len()-cut], 0o600))
}
