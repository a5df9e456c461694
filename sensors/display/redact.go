package display

import (
	"net/url"
	"slices"
	"strings"
)

const hidden = "***"

// secretWords mark a query key whose value is a secret.
var secretWords = []string{"pass", "pwd", "token", "key", "secret", "auth", "cred"}

// Redact returns a source's name or URL without its secrets: user information
// (all of it: a NATS token stands where a user name would) and the values of query
// keys such as password, token, key, secret and auth are shown as ***. It takes
// text that is no valid URL as well, and rather hides too much: everything between
// the scheme and the last @ is user information. The result is still a stranger's
// text.
func Redact(source string) string {
	scheme, rest, ok := cutScheme(source)
	if ok {
		if i := strings.LastIndexByte(rest, '@'); i >= 0 {
			rest = hidden + rest[i:]
		}
	}
	pairs := strings.Split(rest, "&")
	for i, pair := range pairs {
		pairs[i] = redactPair(pair)
	}
	return scheme + strings.Join(pairs, "&")
}

// cutScheme cuts source after its scheme and the slashes that follow it.
func cutScheme(source string) (scheme, rest string, ok bool) {
	end := strings.IndexByte(source, ':') + 1
	for _, c := range []byte(source[:max(end-1, 0)]) {
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("+-._", c) >= 0) {
			return "", source, false
		}
	}
	if end == 0 && !strings.HasPrefix(source, "//") {
		return "", source, false // a file
	}
	for end < len(source) && source[end] == '/' {
		end++
	}
	return source[:end], source[end:], true
}

// redactPair hides what follows the first key in pair that names a secret, or that
// cannot be read. Nothing but & ends a secret, whatever its characters.
func redactPair(pair string) string {
	start := 0
	for i := range len(pair) {
		switch pair[i] {
		case '?', ';', '#':
			start = i + 1
		case '=':
			if secret(pair[start:i]) {
				return pair[:i+1] + hidden
			}
		}
	}
	return pair
}

func secret(key string) bool {
	name, err := url.QueryUnescape(key)
	if err != nil {
		return true
	}
	name = strings.ToLower(name)
	return slices.ContainsFunc(secretWords, func(w string) bool { return strings.Contains(name, w) })
}
