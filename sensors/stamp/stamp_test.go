package stamp

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	newYear := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, in string
		want     time.Time
	}{
		{"RFC 3339 in UTC", "2026-01-01T00:00:00Z", newYear},
		{"a fraction counts", "2026-01-01T00:00:00.001Z", newYear.Add(time.Millisecond)},
		{"digits after the ninth are cut off", "2026-01-01T00:00:00.0000000019999Z", newYear.Add(1)},
		{"lower case letters are taken", "2026-01-01t00:00:00z", newYear},
		{"an offset ahead is subtracted", "2026-01-01T01:30:00+01:30", newYear},
		{"an offset behind is added", "2025-12-31T19:00:00-05:00", newYear},
		{"an offset needs no colon", "2026-01-01 01:00:00+0100", newYear},
		{"an offset may be hours alone", "2026-01-01 01:00:00+01", newYear},
		{"no zone is UTC", "2026-01-01T00:00:00", newYear},
		{"a blank stands for T", "2026-01-01 00:00:00.5", newYear.Add(time.Second / 2)},
		{"slashes are taken", "2026/01/01 00:00:00", newYear},
		{"a date is its first instant", "2026-01-01", newYear},
		{"blanks around are allowed", " 2026-01-01\t", newYear},
		{"the leap day of a leap year exists", "2024-02-29", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)},
		{"the leap day of 2000 exists", "2000-02-29", time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC)},
		{"the first instant", "1678-01-01T00:00:00Z", time.Date(1678, 1, 1, 0, 0, 0, 0, time.UTC)},
		{"the last instant", "2261-12-31T23:59:59.999999999Z", time.Date(2261, 12, 31, 23, 59, 59, 999999999, time.UTC)},
		{"Unix seconds", "1767225600", newYear},
		{"Unix seconds with a fraction are exact", "1767225600.123456789", newYear.Add(123456789)},
		{"Unix milliseconds", "1767225600001", newYear.Add(time.Millisecond)},
		{"Unix milliseconds with a fraction", "1767225600000.5", newYear.Add(500 * time.Microsecond)},
		{"Unix microseconds", "1767225600000001", newYear.Add(time.Microsecond)},
		{"Unix nanoseconds", "1767225600000000001", newYear.Add(1)},
		{"Unix seconds with an exponent", "1.7672256e9", newYear},
		{"Unix seconds before 1970", "-1.5", time.Unix(-2, 5e8).UTC()},
		{"the epoch", "0", time.Unix(0, 0).UTC()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Parse([]byte(tt.in))
			if !ok || got != tt.want {
				t.Errorf("Parse(%q) = %v, %v, want %v", tt.in, got, ok, tt.want)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for _, in := range []string{
		"", " ", "-", ".", ".5", "5.", "+5", "1_000", "0x10", "1e", "1e5e5", "1e999", "NaN", "Inf", "--1", "1-1",
		"2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32", "2026-04-31", "2025-02-29", "1900-02-29",
		"2026-01/01", "2026-1-1", "2026-01-01T", "2026-01-01Z", "2026-01-01T00:00Z", "2026-01-01_00:00:00",
		"2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T0:00:00Z",
		"2026-01-01T00:00:00.Z", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00ZZ", "2026-01-01T00:00:00+24:00",
		"2026-01-01T00:00:00+00:60", "2026-01-01T00:00:00+1", "2026-01-01T00:00:00 UTC", "2026-01-01T00:00:00*00:00",
		"1677-12-31T23:59:59Z", "2262-01-01", "2262-01-01T00:30:00+00:15", "9999-12-31", "0000-01-01", "0000-03-01",
		"9999999999", "99999999999999999999", "9223372036854775807", "-9223372036854775808", "-99999999999", "1e19", "-1e18e",
		"２０２６-01-01", "2026-01-01T00:00:00\x00",
	} {
		if got, ok := Parse([]byte(in)); ok {
			t.Errorf("Parse(%q) = %v, want it refused", in, got)
		}
	}
}

// Every instant within the range comes back from each of its spellings.
func TestEverySpellingComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sec := rapid.Int64Range(minSecond, endSecond-1).Draw(t, "sec")
		nsec := rapid.Int64Range(0, 999999999).Draw(t, "nsec")
		zone := time.FixedZone("", 60*rapid.IntRange(-1439, 1439).Draw(t, "offset"))
		want := time.Unix(sec, nsec).UTC()
		for _, layout := range []string{
			time.RFC3339Nano, "2006-01-02 15:04:05.999999999Z07:00",
			"2006-01-02t15:04:05.999999999Z0700", "2006/01/02 15:04:05.000000000Z07:00",
		} {
			in := want.In(zone).Format(layout)
			if got, ok := Parse([]byte(in)); !ok || got != want {
				t.Fatalf("Parse(%q) = %v, %v, want %v", in, got, ok, want)
			}
		}
	})
}

func FuzzTime(f *testing.F) {
	for _, s := range []string{
		"2026-01-01T00:00:00.001Z", "2026-01-01 00:00:00", "2026/02/29", "1767225600.5", "-1e9",
		"2026-01-01T00:00:00+01:00", "1678-01-01T00:00:00+23:59",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok := Parse(b)
		if ok && (got.Year() < 1678 || got.Year() > 2261 || !time.Unix(0, got.UnixNano()).Equal(got)) {
			t.Errorf("Parse(%q) = %v, which does not fit nanoseconds", b, got)
		}
		if bytes.ContainsAny(b, ", \t") {
			return // time.Parse takes a comma for the point; blanks are ours
		}
		want, err := time.Parse(time.RFC3339, string(b))
		upper := strings.ToUpper(string(b))
		switch {
		case ok && !strings.Contains(upper, "T"): // no time of day: another spelling
		case ok && err != nil:
			layout := "2006-01-02T15:04:05Z0700"
			tail := strings.Replace(upper, "/", "-", 2)
			want, err = time.Parse(layout, tail)
			if err != nil {
				want, err = time.Parse("2006-01-02T15:04:05Z07", tail)
			}
			if err != nil {
				want, err = time.Parse("2006-01-02T15:04:05Z07:00", tail)
			}
			if err != nil {
				want, err = time.Parse("2006-01-02T15:04:05", tail)
			}
			if err != nil || !want.Equal(got) {
				t.Errorf("Parse(%q) = %v, time.Parse says %v, %v", b, got, want, err)
			}
		case ok && !want.Equal(got):
			t.Errorf("Parse(%q) = %v, time.Parse says %v", b, got, want)
		case !ok && err == nil && len(b) >= 20 && b[13] == ':' && plausible(want):
			if _, offset := want.Zone(); math.Abs(float64(offset)) < 86400 && !strings.HasSuffix(string(b), ":60") {
				t.Errorf("Parse(%q) is refused, time.Parse says %v", b, want)
			}
		}
	})
}

// plausible reports whether t is within the years that Parse takes.
func plausible(t time.Time) bool {
	y := t.UTC().Year()
	return y >= 1678 && y <= 2261
}

func BenchmarkParse(b *testing.B) {
	for _, in := range []string{
		"2026-01-01T00:00:00.001Z", "2026-01-01 00:00:00", "2026-01-01T00:00:00+01:00", "1767225600001", "1767225600.25",
	} {
		b.Run(in, func(b *testing.B) {
			b.ReportAllocs()
			text := []byte(in)
			for b.Loop() {
				if _, ok := Parse(text); !ok {
					b.Fatal(in)
				}
			}
		})
	}
}
