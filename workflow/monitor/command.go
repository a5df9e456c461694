package monitor

import (
	"time"

	"setpoint/sensors/threshold"
)

// A Command is something a person asks of the monitor. It enters the workflow as
// an event; what it did is seen in later snapshots.
type Command interface{ command() }

// SetThreshold moves a threshold of one sensor; [threshold.Off] switches it off.
type SetThreshold struct {
	Sensor string
	Kind   threshold.Kind
	Value  float64
	By     string // who
}

// Acknowledge marks the alarms of sensors as seen.
type Acknowledge struct {
	Sensors []string
	Kinds   threshold.Latches // which of them; 0: all
	By      string
}

// Shelve hides alarms for a time or, with For 0, until they are back to normal.
type Shelve struct {
	Sensor string
	Kinds  threshold.Latches // 0: all
	For    time.Duration     // 0: once
	By     string
}

// MaxShelf is the longest time for which an alarm can be shelved: what is longer
// is out of service and needs a reason.
const MaxShelf = 24 * time.Hour

// Unshelve shows alarms again.
type Unshelve struct {
	Sensor string
	Kinds  threshold.Latches // 0: all
	By     string
}

// TakeOut takes a sensor out of service: its alarms are judged, but not announced.
type TakeOut struct {
	Sensor string
	Reason string // must not be empty
	By     string
}

// PutBack puts a sensor back into service.
type PutBack struct {
	Sensor string
	By     string
}

// GiveVerdict says whether an alarm was real; what-if and suggestions learn from it.
type GiveVerdict struct {
	Seq     uint64 // of the alert
	Verdict Verdict
	By      string
}

// SetRule sets what is said of a threshold in a scope. A zero Setting inherits what
// weaker scopes say.
type SetRule struct {
	Scope    Scope
	Kind     threshold.Kind
	Setting  threshold.Setting
	Until    time.Time // event time at which it is taken back; zero: never
	By       string
	Why      string
	Evidence string // what spoke for it, such as the figures of a what-if
}

// AddLabel says of a span of time whether it was real, false or maintenance.
type AddLabel struct{ Label Label }

// Undo takes a change back: what it replaced counts again.
type Undo struct {
	ID uint64 // of the Change
	By string
}

// A Scope is where a threshold is set: for a sensor, a group, or (zero) for all.
type Scope struct {
	Group  string
	Sensor string
}

// A Change is a line of the journal: what a person, or the program for one, has
// changed.
type Change struct {
	ID       uint64
	Time     time.Time // event time
	Wall     time.Time
	By       string // a person's text
	What     string // threshold, shelve, unshelve, out of service, back in service, acknowledge, verdict, fault, letters, handler, write
	Scope    Scope  // a stranger's text
	Kind     threshold.Kind
	Old, New threshold.Setting // of a threshold
	Before   threshold.Rule    // of a threshold: in force before, for the first sensor of the scope
	After    threshold.Rule    // and since; the zero Rule: not known
	Text     string            // in words, for all others; a stranger's text
	Until    time.Time         // of a shelf or of a threshold that is taken back
	Why      string
	Evidence string
	Revision uint64
	Undoes   uint64 // the change that this one took back; 0: none
	Undone   bool   // it was taken back
	CanUndo  bool
}

// InjectFault lets a fault act on what a sensor reads next.
type InjectFault struct {
	Sensor string
	Fault  Fault
	By     string
}

// Pause holds the sources, or lets them go on. Nothing is lost by it.
type Pause struct{ On bool }

// Step lets one reading pass while the monitor is paused.
type Step struct{}

// DisturbHandler lets a handler misbehave until it is told otherwise.
type DisturbHandler struct {
	Handler string // one of Disturbable
	Fault   HandlerFault
	By      string
}

// RetryLetters sends dead letters again: those of a handler to that handler, those
// of the fold through the fold.
type RetryLetters struct {
	IDs []uint64 // nil: all
	By  string
}

// DropLetters throws dead letters away.
type DropLetters struct {
	IDs []uint64
	By  string
}

// DryRun asks what RetryLetters would do, which is not done.
type DryRun struct {
	IDs []uint64 // nil: all

	To   []Share // the answer: what would be sent where, in the order of the graph
	Away int     // and how many of them are on their way already
}

// A Share is how many letters one node has.
type Share struct {
	Node string
	Step bool // they would go through the fold, as new events
	Gone bool // no node has that name any more: they would stay
	N    int
}

// WriteLetters writes dead letters as JSON lines to a new file in the working
// directory.
type WriteLetters struct {
	IDs []uint64 // nil: all

	Path string // the answer: of the file
	N    int    // and how many are in it
}

// WriteGraph writes the graph with the figures of now to a new file in the working
// directory.
type WriteGraph struct {
	Format string // dot or mermaid

	Path string // the answer: of the file
}

func (*DryRun) command()        {}
func (*WriteLetters) command()  {}
func (*WriteGraph) command()    {}
func (Shelve) command()         {}
func (Unshelve) command()       {}
func (TakeOut) command()        {}
func (PutBack) command()        {}
func (GiveVerdict) command()    {}
func (SetRule) command()        {}
func (Undo) command()           {}
func (AddLabel) command()       {}
func (Step) command()           {}
func (DisturbHandler) command() {}
func (RetryLetters) command()   {}
func (DropLetters) command()    {}
func (SetThreshold) command()   {}
func (Acknowledge) command()    {}
func (InjectFault) command()    {}
func (Pause) command()          {}

// A HandlerFault is how a handler misbehaves.
type HandlerFault string

// The faults of handlers.
const (
	Sound   HandlerFault = ""        // none
	Slow    HandlerFault = "slow"    // takes half a second for each event
	Failing HandlerFault = "failing" // every attempt fails
	Hanging HandlerFault = "hanging" // every attempt hangs until its timeout
)

// A Fault is a kind of disturbance that can be injected.
type Fault string

// The faults. What each does is said by [Fault.Help].
const (
	Spike     Fault = "spike"
	StepFault Fault = "step"
	Ramp      Fault = "ramp"
	Stuck     Fault = "stuck"
	Dropout   Fault = "dropout"
	NaN       Fault = "nan"
	Noise     Fault = "noise"
	Skew      Fault = "skew"
	Duplicate Fault = "duplicate"
	Late      Fault = "late"
	Burst     Fault = "burst"
)

// Faults lists them all, in the order in which a menu offers them.
var Faults = []Fault{Spike, StepFault, Ramp, Stuck, Dropout, NaN, Noise, Skew, Duplicate, Late, Burst}

// Help says in a few words what the fault does.
func (f Fault) Help() string {
	switch f {
	case Spike:
		return "one reading far off"
	case StepFault:
		return "the level shifts for a minute"
	case Ramp:
		return "the level climbs for a minute"
	case Stuck:
		return "the value freezes for a minute"
	case Dropout:
		return "no readings for 20 s"
	case NaN:
		return "three readings that are no number"
	case Noise:
		return "strong noise for a minute"
	case Skew:
		return "the sensor's clock is 30 s ahead for a while"
	case Duplicate:
		return "one reading comes twice"
	case Late:
		return "one reading comes ten minutes late"
	case Burst:
		return "a hundred readings at once"
	}
	return ""
}
