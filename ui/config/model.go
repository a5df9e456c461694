package config

import "slices"

// with returns a copy of n in which path leads to value. What path leads through
// must be mappings, or nothing.
func (n *node) with(path []string, value *node) *node {
	if len(path) == 0 {
		return value
	}
	out := *n
	out.form, out.entries = mapping, slices.Clone(n.entries)
	i := n.find(path[0])
	if i < 0 {
		i = len(out.entries)
		out.entries = append(out.entries, entry{key: path[0], value: &node{}})
	}
	out.entries[i].value = out.entries[i].value.with(path[1:], value)
	return &out
}

// without returns a copy of n that lacks what path leads to, and every mapping that
// has nothing else. It returns nil for nothing.
func (n *node) without(path []string) *node {
	if len(path) == 0 {
		return nil
	}
	i := n.find(path[0])
	out := *n
	out.entries = slices.Clone(n.entries)
	if v := n.entries[i].value.without(path[1:]); v != nil {
		out.entries[i].value = v
		return &out
	}
	out.entries = slices.Delete(out.entries, i, i+1)
	if len(out.entries) == 0 {
		return nil
	}
	return &out
}

// alone returns how many keys at the start of path lead to something that has more
// than what path leads to: the rest, and the key before, can go with it.
func (n *node) alone(path []string) int {
	keep := 0
	for i, key := range path {
		if len(n.entries) > 1 {
			keep = i
		}
		n = n.entries[n.find(key)].value
	}
	return keep
}
