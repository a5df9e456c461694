package monitor

import (
	"encoding/json"
	"hash/fnv"
	"log/slog"
	"math"
	"time"

	"setpoint/sensors"
	"setpoint/workflow/store"
)

// A keeper keeps what has to outlive the program. Without a store it keeps nothing.
type keeper struct {
	store *store.Store
	log   *slog.Logger
}

// alert keeps a line of the alert log as it stands now.
func (k *keeper) alert(a *Alert) {
	if k.store == nil {
		return
	}
	body, err := a.marshal()
	k.put(store.Note{ID: a.Seq, Topic: topicAlert, Key: a.Sensor, Time: a.Time, Body: body}, err)
}

// endOfTime is the time of notes that the store must not forget.
var endOfTime = time.Unix(0, math.MaxInt64)

// change keeps a line of the journal as it stands now.
func (k *keeper) change(c *Change) {
	if k.store == nil {
		return
	}
	body, err := json.Marshal(c)
	k.put(store.Note{ID: c.ID, Topic: topicChange, Key: c.Scope.Sensor, Time: c.Time, Body: body}, err)
	if c.What == "threshold" || c.What == "write" {
		k.put(store.Note{ID: c.ID, Topic: topicMoved, Key: c.Scope.Sensor, Time: endOfTime, Body: body}, err)
	}
}

// declared keeps the thresholds that a source suggests for a sensor, for those who read
// the store without the source.
func (k *keeper) declared(s sensors.Sensor) {
	if k.store == nil || s.Thresholds.IsZero() {
		return
	}
	id := fnv.New64a()
	_, _ = id.Write([]byte(s.Name)) // it never fails
	body, err := json.Marshal(s)
	k.put(store.Note{ID: id.Sum64() >> 1, Topic: topicDeclared, Key: s.Name, Time: endOfTime, Body: body}, err)
}

// label keeps what a person says of a span of time.
func (k *keeper) label(l *Label) {
	if k.store == nil {
		return
	}
	body, err := json.Marshal(l)
	k.put(store.Note{ID: l.ID, Topic: topicLabel, Key: l.Sensor, Time: l.From, Body: body}, err)
}

func (k *keeper) put(n store.Note, err error) {
	if err != nil {
		k.log.Error("not kept", "topic", n.Topic, "id", n.ID, "err", err)
		return
	}
	k.store.Put(n)
}
