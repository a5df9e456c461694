package monitor

import (
	"time"

	"setpoint/sensors"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// A View is what a page wants to see: a snapshot carries that and no more, so
// its cost depends on the screen, not on the number of sensors.
type View struct {
	Offset, Rows int           // which sensors, in the order of Snapshot.Names
	Columns      int           // width of a sparkline
	ChartColumns int           // columns of the selected sensor's chart
	Alerts       int           // lines of the alert log
	AlertOffset  int           // newest alerts skipped
	Span         time.Duration // how much time is shown; 0: whatever suits the data
	Until        time.Time     // the right edge; zero: now
	Filter       string        // only sensors whose name contains it, whatever its case
	Selected     string        // the sensor whose chart is wanted; "": the first
	Hold         bool          // keep the order of the rows: a hand is on them
	Letters      int           // dead letters
	LetterOffset int           // oldest dead letters skipped
}

// Mark says how a reading was judged; a larger one is worse.
type Mark = uint8

// The marks of readings in the history.
const (
	MarkNormal Mark = iota
	MarkSuspect
	MarkLow
	MarkHigh
	MarkCritical
)

// A Status is how a sensor stands, worst first.
type Status uint8

// The statuses. Each has a sign, a word and a colour on the screen.
const (
	StatusCritical Status = iota // beyond critical or critical low
	StatusHigh
	StatusLow
	StatusBad      // its newest reading is bad: alarms hold
	StatusReturned // normal again, but nobody has acknowledged the alarm
	StatusNormal
	StatusWaiting // no reading yet
)

// A Row is one sensor in the list.
type Row struct {
	Name     string // exact: a stranger's text
	Unit     string
	Status   Status
	Worst    threshold.Kind // the threshold passed, when Status is critical, high or low
	Unacked  bool
	Suspect  bool
	Now, Avg float64       // Avg: mean of the shown window; NaN if it holds no good reading
	Trend    float64       // change over Snapshot.TrendOver, by the slope of the window's end; NaN if unknown
	Time     time.Time     // of the newest reading
	Age      time.Duration // since then, on the clock of Snapshot.Time
	Min, Max float64       // over the shown window, NaN if empty
	Count    uint64        // readings judged since the start
	Set      threshold.Set
	Room     float64 // distance to the nearest threshold, negative beyond one; NaN if all are off
	Step     float64 // one readable step of a threshold
	Noise    float64 // standard deviation of the newest readings about their level; NaN if unknown
	Drive    sensors.Drive
	Fault    string // an injected fault that acts on it, "" if none
	Spark    []history.Column
}

// TrendOver is the least time over which Row.Trend is given.
const TrendOver = time.Minute

// A Chart is the past of the selected sensor.
type Chart struct {
	Row      Row
	From, To time.Time
	Columns  []history.Column
}

// An AlertKind is what a line of the alert log is about.
type AlertKind uint8

// The kinds of lines in the alert log.
const (
	AlertAlarm     AlertKind = iota // an alarm; its line follows its life
	AlertMoved                      // a threshold was moved
	AlertInjected                   // a fault was injected
	AlertEscalated                  // nobody acknowledged a critical alarm in time
	AlertSource                     // a source ended, failed or came back
)

// An Alert is a line of the alert log.
type Alert struct {
	Seq       uint64 // rises by one with each line
	Kind      AlertKind
	Time      time.Time // event time
	Sensor    string
	Threshold threshold.Kind
	Value     float64   // that raised it, or the returning one once Ended is set
	Peak      float64   // the worst value while it was active
	On, Off   float64   // the threshold's edges when it was raised
	Unit      string    //
	Ended     time.Time // when it returned to normal; zero while active
	Acked     time.Time // zero while nobody has acknowledged it
	By        string    // who acknowledged, moved or injected
	Old, New  float64   // of a moved threshold; NaN is off
	Revision  uint64    // it was judged by, or that it made
	Text      string    // what else there is to say: fault, reason
}

// A SourceStatus is how a source does.
type SourceStatus struct {
	Name     string // without secrets, a stranger's text all the same
	State    string // waiting, running, paused, stopped, ended, failed
	Error    string // a stranger's text
	Accepted uint64
	Rejected uint64
	Rate     float64 // accepted readings per second of wall time
}

// A Snapshot is what the screen shows of the monitor at one moment. It shares
// nothing with the monitor that is written later.
type Snapshot struct {
	Seq       uint64
	View      View      // that it answers
	Wall      time.Time // when it was taken
	Time      time.Time // the clock of the readings: the newest event time; zero before the first
	Live      bool      // the readings' clock runs with the wall clock
	Speed     string    // "x1", "x60", "max"
	Span      time.Duration
	TrendOver time.Duration // over which Row.Trend is given: at least ten usual intervals
	Sources   []SourceStatus
	Rate      float64  // readings judged per second of wall time
	Sensors   int      // all of them
	Names     []string // all that pass the filter, in the order of the rows
	Statuses  []Status // of Names
	Rows      []Row    // the window of them that the View asks for
	Offset    int      // of Rows[0] in Names
	Chart     *Chart   // nil while there is no sensor
	Alerts    []Alert  // newest first
	AlertN    int      // lines in the log
	Today     int      // alarms raised in the last 24 hours
	Hour      int      // alarms raised in the last hour
	Active    int      // alarms active
	Unacked   int      // alarms not acknowledged
	Returned  int      // of these, the ones back to normal
	BadNow    int      // sensors whose newest reading is bad
	Open      int      // escalations waiting for an acknowledgement
	Revision  uint64
	Rejected  uint64
	Paused    bool
	Flow      workflow.Stats
	Law       error  // what the accounting law says, nil: it holds
	Done      string // why the run is over, "" while it runs

	Depths    []int                   // of the queue, one a second, oldest first
	Recent    []workflow.Transition   // what happened inside the engine, newest first; Key and Err are strangers' text
	Disturbed map[string]HandlerFault // handlers with an injected fault
	Findings  []Finding               // what is wrong with the run right now
	Letters   []Letter                // dead letters, oldest first
	LetterN   int                     // how many there are
}

// A Letter is a dead letter as the page shows it.
type Letter struct {
	ID       uint64
	At       time.Time // when it failed for good
	Node     string    // the step or handler it failed at
	Reason   string    // failed, timeout, panic, refused, shutdown, unrouted, ...
	Err      string    // a stranger's text
	Attempts int
	Redrives int // how often it was sent again before
	Event    uint64
	Sensor   string // a stranger's text
	Time     time.Time
	Payload  string // what the event carried, in words; a stranger's text
	State    string // the state that it left, in words; a stranger's text
	Revision uint64
}

// A Finding is a fault of the run itself.
type Finding struct {
	Since time.Time
	Text  string // a stranger's text, such as "source tail.csv is stale"

	about string // what it is about: one finding each
}
