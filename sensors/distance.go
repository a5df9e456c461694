package sensors

// Distance returns how many bytes of word must be changed, added or left out to
// make other (Levenshtein): what a mistyped name was meant to be is near. Only the
// first 80 bytes of each are looked at, since either may be a stranger's.
func Distance(word, other string) int {
	word, other = word[:min(len(word), 80)], other[:min(len(other), 80)]
	row := make([]int, len(other)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(word) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(other) {
			change := diagonal
			if word[i] != other[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(other)]
}
