package display

import (
	"fmt"
	"hash/fnv"
	"strings"
	"unicode"
)

// A Namer gives every exact name a label of its own, so that two names that look
// alike stay two on the screen. A name that is shown as it is labels itself; one
// that [Text] alters, or that can be mistaken for another (spaces nobody sees,
// letters composed with marks, something that looks like our suffix), gets a short
// hash of the exact name: "oven·~3f0a".
//
// A label depends on the name alone, not on the order in which names come, unless
// two hashes collide. The zero value is ready; it holds one entry for each name
// and must not be used by two goroutines at once.
type Namer struct {
	labels map[string]Safe
	taken  map[Safe]bool
}

// Label returns the name's label, always the same one.
func (n *Namer) Label(name string) Safe {
	if l, ok := n.labels[name]; ok {
		return l
	}
	if n.labels == nil {
		n.labels, n.taken = map[string]Safe{}, map[Safe]bool{}
	}
	text := Text(name)
	l := text
	if string(text) != name || ambiguous(name) {
		l = n.suffixed(text, name)
	}
	n.labels[name], n.taken[l] = l, true
	return l
}

// suffixed returns text with as much of the name's hash as makes it unique.
func (n *Namer) suffixed(text Safe, name string) Safe {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name)) // never fails
	sum := fmt.Sprintf("%016x", hash.Sum64())
	for size := suffixLen; size <= len(sum); size += suffixLen {
		if l := text + "~" + Safe(sum[:size]); !n.taken[l] {
			return l
		}
	}
	for i := 2; ; i++ {
		if l := text + Safe(fmt.Sprintf("~%s-%d", sum, i)); !n.taken[l] {
			return l
		}
	}
}

const suffixLen = 4 // hexadecimal digits

// ambiguous reports whether another name could look the same.
func ambiguous(name string) bool {
	if name == "" || strings.TrimSpace(name) != name || strings.Contains(name, "  ") {
		return true
	}
	for _, r := range name {
		if unicode.Is(unicode.Zs, r) && r != ' ' || unicode.Is(unicode.Inherited, r) {
			return true
		}
	}
	i := strings.LastIndexByte(name, '~')
	return i >= 0 && strings.Trim(name[i+1:], "0123456789abcdef-") == ""
}
