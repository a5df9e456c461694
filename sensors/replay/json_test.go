package replay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"setpoint/sensors/stamp"
)

// record is the JSON line with that text in place of the value.
func record(value string) string {
	return `{"time":"2026-01-01T00:00:00Z","sensor":"a","value":` + value + `}`
}

func TestJSONLine(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"all fields", `{"time":"2026-01-01T00:00:00Z","sensor":"a","value":1.5,"unit":"°C"}`, "a=1.5°C"},
		{"in any order, with blanks", " { \"value\" : -1e1 ,\t\"id\":\"a\",\"ts\":1767225600 } \r", "a=-10"},
		{"other names", `{"date":"2026-01-01","name":"a","temperature":2}`, "a=2"},
		{"unknown keys of any kind are ignored", `{"x":[{"y":[1,2,{}]},[],null,true,false,1e999,"\u00e9"],"timestamp":1767225601,"id":"a","v":0}`, "a=0@1s"},
		{"escapes are resolved in keys and names", `{"t\u0069me":"2026-01-01","sensor":"\ud83d\ude00\t\"","value":1}`, "😀\t\"=1"},
		{"every escape is resolved", `{"time":"2026-01-01","sensor":"\b\f\n\r\t\/\\\u00E9\uFFFD","value":1}`, "\b\f\n\r\t/\\é\ufffd=1"},
		{"a null unit is none", `{"time":"2026-01-01","sensor":"a","value":1,"unit":null}`, "a=1"},
		{"keys in upper case are unknown", `{"time":"2026-01-01","sensor":"a","value":1,"Value":2,"SENSOR":3}`, "a=1"},
		{"NaN as a string is a bad reading", record(`"NaN"`), "a=NaN bad"},
		{"Inf as a string is a bad reading", record(`"-Inf"`), "a=-Inf bad"},
		{"a time in milliseconds", `{"time":1767225600500,"sensor":"a","value":1}`, "a=1@500ms"},
		{"a fraction of a second", `{"time":1767225600.25,"sensor":"a","value":1}`, "a=1@250ms"},
		{"many digits are rounded rightly", record("0.30000000000000004441"), "a=0.30000000000000004"},
		{"nesting to 64 is taken", `{"x":` + strings.Repeat("[", 63) + strings.Repeat("]", 63) + "," + record("1")[1:], "a=1"},
		{"nesting to 65 is not", `{"x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + "," + record("1")[1:], "!1"},
		{"blank lines are no records", "\n \t\r\n" + record("1") + "\n\n", "a=1"},
		{"a byte order mark and CRLF are taken", "\ufeff" + record("1") + "\r\n" + record("2") + "\r\n", "a=1 | a=2"},
		{"a comment is no JSON", "# x\n" + record("1"), "a=1 | !1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := played(t, "f.jsonl", tt.in).brief(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestJSONLineRejects(t *testing.T) {
	for _, in := range []string{
		`{`, `[]`, `1`, `null`, `"x"`, `{}`, `{"time":"2026-01-01"}`, `{]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{1:2}`, `{"a" 1}`,
		record("1") + "x", record("1") + record("1"), record("1") + ",", "\ufeff\ufeff" + record("1"), record("1") + "\x00", record("1") + "\f",
		record("01"), record("-"), record("+1"), record(".5"), record("1."), record("1e"), record("1e+"), record("-01"), record("0x10"), record("1_0"),
		record("NaN"), record("Infinity"), record("nul"), record("tru"), record("True"), record("1e999"), record("-1e999"),
		record("null"), record("true"), record("[1]"), record("{}"), record(`"1"`), record(`"nan"`), record(`""`), record("[1,]"), record("[1"), record("[1}"),
		record("1,\"value\":1"), record("1,\"v\":1"), record("1,\"sensor\":\"b\""), record("1,\"time\":null"), record("1,\"unit\":\"a\",\"unit\":\"a\""),
		record(`1,"x":"\ud800"`), record(`1,"x":"\udc00\ud800"`), record(`1,"x":"\ud800\u0041"`), record(`1,"x":"\ud800x"`), record(`1,"x":"\x"`), record(`1,"x":"\u12"`),
		record(`1,"x":"\u12g4"`), record("1,\"x\":\"\t\""), record("1,\"x\":\"\x1f\""), record("1,\"x\":\"\xff\""), record("1,\"x\":\"\xed\xa0\x80\""), record(`1,"x":'a'`), record(`1,"x":"`), record(`1,"x":"\`),
		record(`1,"unit":1`), record(`1,"unit":"` + strings.Repeat("u", 65) + `"`), record("1,\"\xc3\":1"), record("1/**/"),
		`{"time":"2026-01-01","sensor":"","value":1}`, `{"time":"2026-01-01","sensor":7,"value":1}`, `{"time":"2026-01-01","sensor":null,"value":1}`,
		`{"time":"2026-01-01","sensor":"` + strings.Repeat("s", 1025) + `","value":1}`,
		`{"sensor":"a","value":1}`, `{"time":null,"sensor":"a","value":1}`, `{"time":"","sensor":"a","value":1}`, `{"time":"soon","sensor":"a","value":1}`, `{"time":[],"sensor":"a","value":1}`,
		`{"time":1e300,"sensor":"a","value":1}`, `{"time":true,"sensor":"a","value":1}`,
	} {
		rec := played(t, "f.jsonl", in)
		if got := rec.brief(); got != "!1" {
			t.Errorf("%q: got %s, want one reject", in, got)
			continue
		}
		if r := rec.rejects[0]; r.Reason == "" || len(r.Reason) > 700 || r.Source != "f.jsonl" {
			t.Errorf("%q: reject %+v", in, r)
		}
	}
}

func TestReasonsNameFieldValueAndWish(t *testing.T) {
	for in, want := range map[string]string{
		record(`"warm"`): `value "warm": want a number, "NaN", "Inf" or "-Inf"`,
		record("1e999"):  `value "1e999": want a finite number`,
		`{"sensor":"a"}`: "time is missing: " + stamp.Want,
		`{"time":0}`:     "sensor is missing: want a string",
		`{"time":0 "a"}`: `line "{\"time\":0 \"a\"}", byte 11: want a comma or }`,
		`{"time":0,"sensor":"a","value":1,"unit":"\u001b[2J` + strings.Repeat("x", 99) + `"}`: `unit "\x1b[2J` + strings.Repeat("x", 76) + `"...: want up to 64 bytes of UTF-8`,
	} {
		rec := played(t, "f.jsonl", in)
		if len(rec.rejects) != 1 || rec.rejects[0].Reason != want {
			t.Errorf("%s\ngot  %v\nwant %s", in, rec.rejects, want)
		}
	}
}

// FuzzJSONLine compares the scanner with encoding/json, which is laxer in three
// ways: it has no bound on nesting below 10,000, takes a key twice and lone halves of
// surrogate pairs.
func FuzzJSONLine(f *testing.F) {
	for _, s := range []string{
		record("1"), record(`"NaN"`), record("-0.5e-3"), `{"a":[1,{"b":null}],"time":1,"id":"\ud83d\ude00"}`, `{"v":1}`, `[]`, `{"x":"\ud800"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var s scanner
		err := s.object(b)
		valid := json.Valid(b) && bytes.HasPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte("{"))
		if err != nil {
			lax := strings.HasSuffix(err.Error(), "only") || strings.HasSuffix(err.Error(), "not valid UTF-8") ||
				strings.HasSuffix(err.Error(), "nesting to 64") || strings.HasSuffix(err.Error(), "surrogate pair")
			if valid && !lax {
				t.Fatalf("%q is refused: %v", b, err)
			}
			return
		}
		if !valid {
			t.Fatalf("%q is taken and is no valid JSON object", b)
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(b, &members); err != nil {
			t.Fatal(err)
		}
		for key, raw := range members {
			f := field([]byte(key))
			if f == noField {
				continue
			}
			if err := same(s.fields[f], raw); err != nil {
				t.Fatalf("%q: %s: %v", b, key, err)
			}
		}
	})
}

// same compares a token with what encoding/json says of the same value.
func same(tok token, raw json.RawMessage) error {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil && tok.kind != num {
		return err
	}
	switch v := v.(type) {
	case string:
		if tok.kind != str || string(tok.text) != v {
			return fmt.Errorf("got %q, want %q", tok.text, v)
		}
	case float64:
		if got, ok := number(tok.text); tok.kind != num || !ok || math.Float64bits(got) != math.Float64bits(v) {
			return fmt.Errorf("got %v %v, want %v", got, ok, v)
		}
	case nil:
		if got, ok := number(tok.text); tok.kind == num && ok { // 1e999, an error above
			return fmt.Errorf("got %v, want it refused", got)
		}
	}
	return nil
}
