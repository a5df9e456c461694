package display

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxQuote = 80   // characters of a stranger's text in an error
	maxError = 4096 // cells of an error, so that it stays a line one can read
)

// Quote returns s in double quotes, escaped as in Go wherever [Text] would not
// keep a character, and cut after 80 characters: `"oven\x1b[2J"`, `"aaaa"…`.
func Quote(s string) string {
	out := append(make([]byte, 0, min(len(s), maxQuote)+8), '"')
	var c cluster
	count := 0
	for i := 0; i < len(s); count++ {
		if count == maxQuote {
			return string(append(out, '"')) + ellipsis
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		char := s[i : i+size]
		if c.take(r, char, s[i+size:]) != keep || r == '"' || r == '\\' {
			char = strconv.QuoteToASCII(char)
			char = char[1 : len(char)-1]
		}
		out = append(out, char...)
		i += size
	}
	return string(append(out, '"'))
}

// Error returns what err says as one line; lines of joined errors are set apart by
// semicolons. A nil err gives "".
func Error(err error) Safe {
	if err == nil {
		return ""
	}
	text := err.Error()
	if len(text) > 4*maxError {
		text = strings.ToValidUTF8(text[:4*maxError], "")
	}
	return Truncate(Text(strings.ReplaceAll(text, "\n", "; ")), maxError)
}
