package tune

// Edges are numbers that rise, laid out in a grid of as many equal cells, so that a
// value finds its place among them with no search.
type edges struct {
	list  []float64
	first []int   // of each cell of the grid: how many edges lie before it
	scale float64 // cells for each unit of the value
}

func newEdges(list []float64) edges {
	e := edges{list: list, first: []int{0, len(list)}}
	n := len(list)
	if n < 2 || !(list[n-1] > list[0]) {
		return e
	}
	e.scale = float64(n-1) / (list[n-1] - list[0])
	e.first = make([]int, n+1)
	for i, v := range list {
		if c := e.cell(v); c+1 < len(e.first) {
			e.first[c+1] = i + 1
		}
	}
	for c := 1; c < len(e.first); c++ {
		e.first[c] = max(e.first[c], e.first[c-1])
	}
	return e
}

// cell returns the cell of v. It need not be the right one, but is never less for
// a greater v.
func (e *edges) cell(v float64) int {
	x := (v - e.list[0]) * e.scale
	if !(x > 0) {
		return 0
	}
	return int(min(x, float64(len(e.first)-1)))
}

// upTo returns how many of the edges are at most v.
func (e *edges) upTo(v float64) int {
	k := e.first[e.cell(v)]
	for k < len(e.list) && e.list[k] <= v {
		k++
	}
	return k
}
