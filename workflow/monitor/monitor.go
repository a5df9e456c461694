package monitor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
	"setpoint/workflow/guard"
)

// Config says what to watch and when to stop.
type Config struct {
	Version string
	Sources []sensors.Source

	Settings  Settings      // what is said of thresholds
	Speed     float64       // of recordings and simulations; 0 or +Inf is as fast as it goes
	Live      bool          // the readings' times are those of the wall clock
	Escalate  time.Duration // within which a critical alarm must be acknowledged; 0: a minute
	Realarm   time.Duration // after which an acknowledged alarm that is still on is unacknowledged again; 0: never
	OnlyWorst bool          // of two alarms of one side only the worse is announced
	Seed      uint64

	Duration      time.Duration // of wall time, 0: endless
	MaxEvents     uint64        // readings, 0: any number
	UntilCritical bool          // stop at the first critical reading
	IdleTimeout   time.Duration // stop when no reading has come for so long, 0: never
	Stay          bool          // go on after the sources' end, until the context is done

	Queue    int
	Overflow *workflow.Overflow // nil: what suits each source

	State    string        // the directory in which the run is kept, "": nowhere
	Acks     bool          // write a line for readings that are on disk
	ReadOnly bool          // commands that change something are refused
	Adaptive bool          // a learned band moves the thresholds
	Stats    time.Duration // between lines of statistics, 0: none

	Write    func([]Written) (file string, err error) // to the configuration file; nil: there is none
	Remember int                                      // readings that are at hand, of all sensors; 0: 4 Mi

	Lines   io.Writer // of the headless output, nil: none
	Rejects bool      // write a line for each rejected record
	FPS     int       // snapshots per second at most; 0: 10
	Log     *slog.Logger
}

// The ways in which a run ends before its sources do.
var (
	errEnough   = errors.New("as many readings as asked for")
	errDuration = errors.New("as long as asked for")
	errIdle     = errors.New("no reading for too long")
)

// lateness is how much older than its sensor's newest a reading may be.
const lateness = 2 * time.Second

// Monitor watches sensors.
type Monitor struct {
	cfg         Config
	engine      *workflow.Engine[Input, State]
	flow        *workflow.Workflow[Input, State] // as it began; its shape stays
	intakes     []*intake
	actuated    []sensors.Actuated
	zones       sync.Map // names of the sensors that have an actuator, as far as known
	recorder    *recorder
	durable     *durable // nil: nothing is kept
	escalations *escalations
	faults      *faults
	gate        gate
	cues        cues
	health      health
	lines       *lines
	held        *held // lets lines out; nil: they go straight out
	rates       rates
	taken       atomic.Uint64 // readings let in, of MaxEvents
	landed      atomic.Uint64 // of these, in the engine
	look        chan struct{} // wakes the snapshot loop for a new view

	moving sync.Mutex                 // one threshold is moved at a time
	moves  []*Change                  // of thresholds, by the last runs
	stuck  uint64                     // the timed change that could not be taken back; of expire
	base   Settings                   // what the configuration file and the command line say; guarded by moving
	judge  atomic.Pointer[classifier] // the newest revision; stored with moving locked

	mu       sync.Mutex
	view     View
	cancel   context.CancelCauseFunc
	running  int    // sources
	finished string // why the run is over
}

// New returns a monitor, or every fault of c.
func New(c Config) (*Monitor, error) {
	if c.Escalate == 0 {
		c.Escalate = time.Minute
	}
	if c.Speed <= 0 {
		c.Speed = math.Inf(1)
	}
	if c.FPS <= 0 {
		c.FPS = 10
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	m := &Monitor{
		cfg: c, recorder: newRecorder(c.Remember), escalations: newEscalations(c.Escalate, c.Live),
		faults: newFaults(c.Seed), look: make(chan struct{}, 1), running: len(c.Sources),
	}
	m.recorder.live = c.Live
	m.judge.Store(&classifier{
		settings: c.Settings, declared: map[string]threshold.Set{}, escalate: c.Escalate,
		realarm: c.Realarm, onlyWorst: c.OnlyWorst, live: c.Live, known: new(known), adaptive: c.Adaptive,
	})
	m.base = m.judge.Load().settings
	m.recorder.priority = func(sensor string, k threshold.Kind) alarm.Priority {
		c := m.judge.Load()
		return c.settings.advice(sensor, k).Priority
	}
	if err := m.know(c.Sources); err != nil {
		return nil, err
	}
	if err := m.openStore(); err != nil {
		return nil, err
	}
	for _, src := range c.Sources {
		if d, ok := src.(sensors.Describer); ok {
			for _, s := range d.Sensors() {
				m.recorder.keep.declared(s)
			}
		}
		if s, ok := src.(*stored); ok && c.ReadOnly {
			if err := m.peek(s.dir); err != nil {
				return nil, errors.Join(err, m.Close())
			}
		}
	}
	if m.durable != nil && c.Lines != nil {
		m.held = newHeld(c.Lines, m.durable.store.Flush, m.end)
		c.Lines = m.held
	}
	if c.Lines != nil {
		m.lines = &lines{out: c.Lines, rejects: c.Rejects, escalate: c.Escalate}
	}
	ec := workflow.Config[Input, State]{
		Queue: c.Queue, Lateness: lateness, Log: c.Log, Seed: c.Seed, Observe: m.observe,
	}
	if err := m.restore(&ec); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	w, err := m.graph(m.judge.Load())
	if err == nil {
		m.flow = w
		m.engine, err = workflow.NewEngine(w, ec)
	}
	if err != nil {
		return nil, errors.Join(err, m.Close())
	}
	if err := m.resume(context.Background()); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// Close lets go of the output and of the store. [Monitor.Run] does it at its end.
func (m *Monitor) Close() error {
	if m.held != nil {
		_ = m.held.Close() // its error is that of Run
	}
	if m.durable == nil {
		return nil
	}
	return m.durable.store.Close()
}

// know takes over what the sources tell of their sensors, and checks that the
// thresholds that result make sense.
func (m *Monitor) know(sources []sensors.Source) error {
	var errs []error
	if err := m.judge.Load().set("", "").Validate(); err != nil {
		errs = append(errs, fmt.Errorf("thresholds: %w", err))
	}
	wrong := len(errs) > 0 // for all sensors: that need not be said of each
	for _, name := range slices.SortedFunc(maps.Keys(m.judge.Load().settings.Sensors), natural) {
		if err := m.judge.Load().set(name, "").Validate(); err != nil {
			errs = append(errs, fmt.Errorf("thresholds of %s: %w", display.Quote(name), err))
		}
	}
	if m.cfg.Live && m.cfg.Stay { // named, and never seen: a person should see that
		for _, name := range slices.SortedFunc(maps.Keys(m.judge.Load().settings.Sensors), natural) {
			m.recorder.declare(sensors.Sensor{Name: name}, m.judge.Load().set(name, ""))
		}
	}
	for _, src := range sources {
		m.intakes = append(m.intakes, &intake{m: m, src: src, name: m.unique(src.Name()), state: "waiting"})
		d, ok := src.(sensors.Describer)
		if !ok {
			continue
		}
		a, actuated := src.(sensors.Actuated)
		if actuated {
			m.actuated = append(m.actuated, a)
		}
		for _, s := range d.Sensors() {
			if !s.Thresholds.IsZero() {
				m.judge.Load().declared[s.Name] = s.Thresholds
			}
			set := m.judge.Load().set(s.Name, s.Unit)
			if err := set.Validate(); err != nil && !wrong {
				errs = append(errs, fmt.Errorf("thresholds of %s: %w", display.Quote(s.Name), err))
			}
			m.recorder.declare(s, set)
			if actuated {
				m.zones.Store(s.Name, true)
			}
		}
	}
	return errors.Join(errs...)
}

// unique returns a name that no source has yet.
func (m *Monitor) unique(name string) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(m.intakes, func(i *intake) bool { return i.name == name })
	}
	one := name
	for n := 2; taken(one); n++ {
		one = name + " (" + strconv.Itoa(n) + ")"
	}
	return one
}

// Run watches until the sources end, a condition of the configuration is met, or
// ctx is done; then it drains and returns what came of it. The error is nil, or
// why the run did not end as asked: the sources' failures, a bug.
func (m *Monitor) Run(ctx context.Context) (*Summary, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	m.mu.Lock()
	m.cancel = cancel
	m.mu.Unlock()
	var names []string
	var sources []workflow.Source[Input]
	for _, i := range m.intakes {
		names = append(names, i.Name())
		sources = append(sources, i)
	}
	err := m.lines.start(m.cfg.Version, names)
	if err == nil {
		err = m.reconcile()
	}
	if err != nil {
		return nil, errors.Join(err, m.Close())
	}
	if m.cfg.Stay {
		sources = append(sources, workflow.SourceFunc[Input](func(ctx context.Context, _ workflow.Emit[Input]) error {
			<-ctx.Done()
			return nil
		}))
	}
	if d := m.cfg.Duration; d > 0 {
		timer := time.AfterFunc(d, func() { m.end(errDuration) })
		defer timer.Stop()
	}
	if m.cfg.IdleTimeout > 0 {
		guard.Go("idle watch", m.end, func() { m.watchIdle(ctx) })
	}
	watched := make(chan struct{})
	guard.Go("health", m.end, func() { defer close(watched); m.watchHealth(ctx) })
	told := make(chan struct{})
	if m.cfg.Stats > 0 {
		guard.Go("stats", m.end, func() { defer close(told); m.watchStats(ctx) })
	} else {
		close(told)
	}
	m.cfg.Log.Info("run begins", "sources", names)
	kept := m.keepStore(ctx)
	flow, err := m.engine.Run(ctx, sources...)
	cancel(nil)
	<-watched // the summary is the last line
	<-told
	lost := kept()
	reason, err := reasonOf(err, m.failures())
	m.mu.Lock()
	m.finished = reason
	m.mu.Unlock()
	m.wake()
	s := m.summary(reason, flow)
	m.cfg.Log.Info("run over", "reason", reason, "accepted", s.Accepted, "rejected", s.Rejected, "alarms", s.Raised, "err", err)
	err = errors.Join(err, m.lines.summary(s))
	if m.held != nil { // an output that fails is not the store's fault
		err = errors.Join(err, m.held.Close())
	}
	if lost = errors.Join(lost, m.Close()); lost != nil {
		err = errors.Join(err, &StoreError{lost})
	}
	return s, err
}

// end ends the run.
func (m *Monitor) end(cause error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.cancel != nil {
		m.cancel(cause)
	}
}

// watchIdle ends the run when no reading has come for the idle timeout.
func (m *Monitor) watchIdle(ctx context.Context) {
	every := max(m.cfg.IdleTimeout/4, time.Millisecond)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	var last uint64
	since := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			var n uint64
			for _, i := range m.intakes {
				n += i.accepted.Load()
			}
			if n != last || m.gate.shut.Load() {
				last, since = n, now
			}
			if now.Sub(since) >= m.cfg.IdleTimeout {
				m.end(errIdle)
				return
			}
		}
	}
}

// sourceEnded notes that a source has come to its end. With the last recording the
// time of the others has come for all sensors: one that stopped before is stale.
func (m *Monitor) sourceEnded(ctx context.Context) {
	if last := m.sourceGone(); last && !m.cfg.Live && ctx.Err() == nil && m.engine.Settle(ctx) == nil {
		m.recorder.mu.Lock()
		at := m.recorder.clock
		m.recorder.mu.Unlock()
		if m.overdue(at) {
			_ = m.engine.Advance(ctx, at) // fails only at the end
		}
		m.silence(ctx, at)
	}
	m.wake()
}

// sourceGone counts a source out, and reports whether it was the last.
func (m *Monitor) sourceGone() (last bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.running--
	return m.running == 0
}

// done returns why nothing more will come, "" while something may.
func (m *Monitor) done() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.finished == "" && m.running == 0 {
		return "ended"
	}
	return m.finished
}

func (c Config) speedName() string {
	switch {
	case c.Speed <= 0 || math.IsInf(c.Speed, 0):
		return "max"
	default:
		return "x" + strconv.FormatFloat(c.Speed, 'g', -1, 64)
	}
}

// String returns the word for a status.
func (s Status) String() string {
	return [...]string{"critical", "high", "low", "bad", "pending", "returned", "shelved", "out of service", "normal", "waiting"}[s]
}
