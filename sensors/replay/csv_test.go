package replay

import (
	"bytes"
	stdcsv "encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const day = "2026-01-01" // newYear

// numberless is a file without a number.
var numberless = "time,value\n" + day + "," + strings.Join([]string{
	"0x10", "1_000", "0x1p-2", "1e999", "on", "", "null", "1 2", "--1", "+", "NaNs", "-+inf",
}, "\n"+day+",")

func TestCSV(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"long", "time,sensor,value\n" + day + ",a,1.5\n" + day + ",b,-2\n", "a=1.5 | b=-2"},
		{"long with a unit, which may be left out", "time,sensor,value,unit\n" + day + ",a,1,°C\n" + day + ",b,2\n", "a=1°C | b=2"},
		{"long in any order, other columns ignored", "Quality, V ,ID, TimeStamp\ngood,1,a," + day, "a=1"},
		{"quoted header", "\"time\",\"sensor\",\"value\"\n" + day + ",a,1", "a=1"},
		{"wide", "time,a,b c\n" + day + ",1,2\n" + day + ",,3\n", "a=1 | b c=2 | b c=3"},
		{"wide, a bad cell rejects itself only", "time,a,b,c\n" + day + ",1,###,3", "a=1 | c=3 | !2"},
		{"wide, too few cells reject the record", "time,a,b\n" + day + ",1\n" + day + ",1,2", "a=1 | b=2 | !2"},
		{"wide, a bad time rejects the record", "time,a,b\nsoon,1,2", "!2"},
		{"wide with value among the sensors", "time,temperature,humidity\n" + day + ",1,2", "temperature=1 | humidity=2"},
		{"wide, cells below an empty name are rejects", "time,a,\n" + day + ",1,\n" + day + ",1,2", "a=1 | a=1 | !3"},
		{"two columns", "time,value\n" + day + ",1", "f=1"},
		{"two columns and a unit", "value,unit,time\n1,K," + day, "f=1K"},
		{"one column of another name is a sensor", "time,oven\n" + day + ",1", "oven=1"},
		{"no header, two columns", day + ",1\n" + day + ",2", "f=1 | f=2"},
		{"no header, three columns", day + ",a,1\n" + day + ",b,2,K", "a=1 | b=2K"},
		{"no header, sensors with numbers for names", day + ",001,1\n", "001=1"},
		{"a first record that may be wide is not guessed", day + ",1.5,2.5\n", "!1"},
		{"no header, a foreign one before", "Zeit,Ort,Wert\n" + day + ",a,1", "a=1 | !1"},
		{"after a foreign header a wide record is not guessed", "Zeit,a,b\n" + day + ",1,2", "!1 | !2"},
		{"lines before the header are rejects", "Logger 7\n\nserial,12\ntime,sensor,value\n" + day + ",a,1", "a=1 | !1 | !3"},
		{"comments and blank lines are no records", "# x\n\ntime,sensor,value\n  \n#" + day + ",a,1\n" + day + ",a,2", "a=2"},
		{"a header with a field twice refuses the records", "time,ts,sensor,value\n" + day + "," + day + ",a,1", "!1 | !2"},
		{"a header with a sensor twice refuses the records", "time,a,a\n" + day + ",1,2", "!1 | !2"},
		{"semicolons", "time;sensor;value\n" + day + ";a,b;1\n", "a,b=1"},
		{"semicolons with decimal commas", "time;sensor;value\n" + day + ";a;21,5\n" + day + ";a;1.000,5\n", "a=21.5 | !3"},
		{"semicolons with decimal commas and no header", day + ";a;21,5\n", "a=21.5"},
		{"tabs", "time\tsensor\tvalue\n" + day + "\ta\t1\n", "a=1"},
		{"a decimal comma between commas is one cell too many", "time,value\n" + day + ",21,5\n", "!2"},
		{"byte order mark and CRLF", "\ufefftime,sensor,value\r\n" + day + ",a,1\r\n", "a=1"},
		{"blanks are cut, but not in quotes", "time,sensor,value\n" + day + " , a ,\t1\n" + day + ",\" a \",\" 1 \"", "a=1 |  a =1"},
		{"quotes", "time,sensor,value\n" + day + ",\"a,\"\"b\"\"\",\"1\"", "a,\"b\"=1"},
		{"a quote over lines", "time,sensor,value\n" + day + ",\"a\n\nb\",1\n" + day + ",c,2", "a\n\nb=1 | c=2"},
		{"a quote that is never closed loses its record", "time,sensor,value\n" + day + ",\"a,1\n" + day + ",b,2\n" + day + ",c,3", "b=2 | c=3 | !2"},
		{"a quote that is closed by a stray one loses both", "time,sensor,value\n" + day + ",\"a,1\nx,\"b,2\n" + day + ",c,3", "c=3 | !2 | !3"},
		{"a quote open at the end", "time,sensor,value\n" + day + ",a,1\n" + day + ",\"a,1\nx\n\n# y\nz", "a=1 | !3 | !4 | !7"},
		{"a bare quote loses its record", "time,sensor,value\n" + day + ",a\",1\n" + day + ",\"b\"c,2\n" + day + ",c,3", "c=3 | !2 | !3"},
		{"not a number", "time,value\n" + day + ",NaN\n" + day + ",-inf\n", "f=NaN bad | f=-Inf bad"},
		{"forms of numbers", "time,value\n" + day + ",+1\n" + day + ",.5\n" + day + ",1e2\n" + day + ",5.\n", "f=1 | f=0.5 | f=100 | f=5"},
		{"no numbers", numberless, "!2 | !3 | !4 | !5 | !6 | !7 | !8 | !9 | !10 | !11 | !12 | !13"},
		{"units in the cell", "time,value,unit\n" + day + ",21.5 °C\n" + day + ",70F,F\n" + day + ",70F,K\n" + day + ",5 m", "f=21.5°C | f=70F | !4 | !5"},
		{"units in the cells of a wide record", "time,a,b\n" + day + ",21.5°C,3 %\n", "a=21.5°C | b=3%"},
		{"a missing time is a reject", "time,value\n,1\n", "!2"},
		{"a missing value is a reject", "time,sensor,value\n" + day + ",a,\n" + day + ",a\n" + day, "!2 | !3 | !4"},
		{"a bad name is a reject", "time,sensor,value\n" + day + ",,1\n" + day + ",\xff,1\n" + day + "," + strings.Repeat("s", 1025) + ",1", "!2 | !3 | !4"},
		{"nothing", "", ""},
		{"a header alone", "time,value", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := played(t, "dir/f.csv", tt.in).brief(); got != tt.want {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
		})
	}
}

// What encoding/csv writes comes back exactly, whatever the names hold.
func TestLongCSVComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.StringMatching(`[a-z",;\n #°]{1,9}`), 1, 9).Draw(t, "names")
		var b bytes.Buffer
		w := stdcsv.NewWriter(&b)
		w.Write([]string{"time", "sensor", "value"})
		for i, name := range names {
			w.Write([]string{day, name, fmt.Sprint(i)})
		}
		w.Flush()
		rec := &counted{}
		if err := of("f.csv", &b).Run(t.Context(), rec); err != nil || rec.rejects > 0 {
			t.Fatalf("error %v, %d rejects", err, rec.rejects)
		}
		for i, name := range names {
			if bare := strings.Trim(name, " "); !strings.ContainsAny(name, "\",\n") && name[0] != ' ' {
				names[i] = bare // encoding/csv puts no quotes around trailing blanks
			}
		}
		if !slices.Equal(rec.names, names) {
			t.Fatalf("got %q, want %q", rec.names, names)
		}
	})
}

// FuzzCSV holds two laws: without quotes each line is one reading or one reject; and
// whatever came before, a good record at the end is read.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		day + ",a,1", day + ",\"a\nb\",1\n", "x,\"\n\"\"\n\"", "\"\"\"\n\"\"\n,\"", "#\n\n\"a\"b,", "\r\n\x00,\xff,\",\",\"",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		text := "time,sensor,value\n" + string(b) + "\n" + day + ",last,1"
		rec := played(t, "f.csv", text)
		if n := len(rec.readings); n == 0 || rec.readings[n-1].Sensor != "last" {
			t.Fatalf("the last record is lost: %s", rec.brief())
		}
		records := 0
		lines := strings.Split(text, "\n")[1:]
		for _, line := range lines {
			if strings.Trim(strings.TrimSuffix(line, "\r"), " \t") != "" && line[0] != '#' {
				records++
			}
		}
		got := len(rec.readings) + len(rec.rejects)
		if got > records || got < records && !bytes.Contains(b, []byte{'"'}) {
			t.Fatalf("%d readings and rejects of %d records: %s", got, records, rec.brief())
		}
		if !slices.IsSortedFunc(rec.rejects, byLine) {
			t.Fatalf("rejects out of order: %v", rec.rejects)
		}
	})
}
