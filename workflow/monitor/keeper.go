package monitor

// A keeper keeps what has to outlive the program. The zero keeper keeps nothing.
type keeper struct {
}

// alert keeps a line of the alert log as it stands now.
func (k *keeper) alert(a *Alert) {
}

// change keeps a line of the journal as it stands now.
func (k *keeper) change(c *Change) {
}
