package display

import (
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const hex = "0123456789abcdef"

// AppendJSON appends s to dst as a JSON string (RFC 8259) in which no control,
// format, private or unassigned character and no line separator stands raw: they
// are written as \uXXXX. It decodes to s again; bytes that are not UTF-8 become
// \ufffd.
func AppendJSON(dst []byte, s string) []byte {
	dst = append(dst, '"')
	raw := 0 // s[raw:i] is not yet written and needs no escape
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		if fine(r, size) {
			i += size
			continue
		}
		dst = appendEscape(append(dst, s[raw:i]...), r)
		i += size
		raw = i
	}
	return append(append(dst, s[raw:]...), '"')
}

// fine reports whether r, of the given size in bytes, can stand raw in a JSON
// string.
func fine(r rune, size int) bool {
	switch {
	case r == '"', r == '\\', r == utf8.RuneError && size == 1:
		return false
	case r < utf8.RuneSelf:
		return r >= ' ' && r <= '~'
	}
	return unicode.IsGraphic(r)
}

func appendEscape(dst []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	for _, u := range utf16.AppendRune(nil, r) {
		dst = append(dst, '\\', 'u', hex[u>>12], hex[u>>8&15], hex[u>>4&15], hex[u&15])
	}
	return dst
}
