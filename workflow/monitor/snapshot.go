package monitor

import (
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/history"
	"setpoint/sensors/quality"
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
	Alarms       int           // rows of the list of alarms
	AlarmsOffset int           // rows of it skipped
	AlarmFilter  string        // only alarms of sensors whose name contains it, whatever its case
	Alarm        AlarmKey      // whose detail is wanted; zero: the first
	Changes      int           // lines of the journal
	ChangeOffset int           // newest lines of the journal skipped
}

// AlarmKey names an alarm.
type AlarmKey struct {
	Sensor string
	Kind   threshold.Kind // [threshold.Stale]: of a sensor that has fallen silent
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
	StatusPending  // beyond a threshold, and the on-delay runs
	StatusReturned // normal again, but nobody has acknowledged the alarm
	StatusShelved  // an alarm is on that a person has shelved
	StatusOut      // out of service
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
	Quality  quality.State     // of the newest reading, or of the silence since
	Reason   string            // of that, in words
	Shelved  threshold.Latches // alarms a person has shelved
	Out      string            // why it is out of service, "" if it is not; a person's text
	Pending  bool              // an on-delay runs
	Now, Avg float64           // Avg: mean of the shown window; NaN if it holds no good reading
	Trend    float64           // change over Snapshot.TrendOver, by the slope of the window's end; NaN if unknown
	Time     time.Time         // of the newest reading
	Age      time.Duration     // since then, on the clock of Snapshot.Time
	Min, Max float64           // over the shown window, NaN if empty
	Count    uint64            // readings judged since the start
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
	Silent    bool      // it was suppressed when it was raised: not announced
	Verdict   Verdict   // what people say of it
	By        string    // who acknowledged, moved or injected
	Old, New  float64   // of a moved threshold; NaN is off
	Revision  uint64    // it was judged by, or that it made
	Text      string    // what else there is to say: fault, reason
}

// A SourceStatus is how a source does.
type SourceStatus struct {
	Name     string            // without secrets, a stranger's text all the same
	State    string            // waiting, running, paused, restarting, stopped, ended, failed
	Error    string            // a stranger's text
	Overflow workflow.Overflow // what happens to its readings when the queue is full
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

	Depths    []int                          // of the queue, one a second, oldest first
	Recent    []workflow.Transition          // what happened inside the engine, newest first; Key and Err are strangers' text
	Disturbed map[string]HandlerFault        // handlers with an injected fault
	Faults    map[string]workflow.Transition // the newest of each node and source that had an error
	Handlings []Handling                     // how the handlers are run
	Findings  []Finding                      // what is wrong with the run right now
	Letters   []Letter                       // dead letters, oldest first
	LetterN   int                            // how many there are

	Alarms   []AlarmRow     // the window of them that the View asks for, the most urgent first
	AlarmsN  int            // alarms that are not plainly normal
	AlarmsAt int            // of Alarms[0] in the list
	Alarm    *AlarmDetail   // of the alarm asked for; nil while there is none
	Hygiene  *alarm.Figures // how the alarms do as a whole; nil unless View.Alarms > 0
	Flood    bool           // more alarms than a person can handle, right now
	Shelved  int            // alarms shelved or by sensors out of service
	Changes  []Change       // the journal, newest first
	ChangeN  int            // lines in it
	Store    *StoreStatus   // nil: nothing is kept
	Shadows  []Shadow       // thresholds that run beside those in force
}

// A Verdict is what people say of an alarm afterwards.
type Verdict uint8

// The verdicts.
const (
	NoVerdict Verdict = iota
	Real
	False
)

// String returns "", "real" or "false".
func (v Verdict) String() string { return [...]string{"", "real", "false"}[v%3] }

// An AlarmRow is a line of the list of alarms.
type AlarmRow struct {
	AlarmKey
	Unit       string
	Cond       alarm.Cond
	Unacked    bool
	Suppressed alarm.Suppression
	Until      time.Time     // of a shelf; zero: once, or not shelved
	Reason     string        // of being out of service; a person's text
	Held       bool          // the newest reading is bad, so nothing is known
	Since      time.Time     // when Cond began
	Raised     time.Time     // when it was raised last; zero: never
	For        time.Duration // since Since, on the readings' clock
	Ends       time.Time     // when a delay that runs ends
	Value      float64       // now
	On, Off    float64       // edges; NaN of a stale alarm
	Day        int           // times raised in the last 24 hours
	Seq        uint64        // of its newest alert; 0: none
	AckedBy    string        // a person's text
	AckedAt    time.Time
	Verdict    Verdict // on the newest time it was raised
	Advice     alarm.Advice
}

// An AlarmDetail is what there is to say of one alarm.
type AlarmDetail struct {
	AlarmRow
	Origin string  // where its threshold was set: built-in, source, default, group NAME, sensor; a stranger's text
	Past   []Alert // the times it was raised, newest first
	Path   []Turn  // how it came to where it is, oldest first
}

// A Turn is a change in the life of an alarm.
type Turn struct {
	At   time.Time
	What string // raised, cleared, acknowledged, shelved, unshelved, realarmed
	By   string // a person's text
}

// StoreStatus is how the store does.
type StoreStatus struct {
	Dir      string // a person's text
	State    string // ok, full, failing, read-only
	Error    string
	Since    time.Time // of State
	Pending  int       // records not on disk yet
	Lost     uint64    // records that were not kept
	Bytes    int64     // on disk
	ReadOnly bool
}

// A Letter is a dead letter as the page shows it.
type Letter struct {
	ID       uint64
	At       time.Time // when it failed for good
	Node     string    // the step or handler it failed at
	Reason   string    // failed, timeout, panic, refused, shutdown, unrouted, ...
	Err      string    // of the last attempt; a stranger's text
	First    string    // the error of the first attempt, "" if there was none; a stranger's text
	FirstAt  time.Time
	Claimed  bool // it is on its way: nobody else can take it
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
