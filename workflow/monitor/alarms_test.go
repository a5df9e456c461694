package monitor

import "testing"

func TestTheListOfAlarmsIsFilteredByTheNameOfTheSensor(t *testing.T) {
	src := (&script{name: "s"}).reads("oven-1", 0, 45).reads("oven-2", 1, 45).reads("hall", 2, 45)
	m := newMonitor(t, Config{}, src)
	ran(t, m)
	for filter, want := range map[string]int{"": 6, "OVEN": 4, "hall": 2, "attic": 0} {
		s := m.snapshot(View{Alarms: 9, AlarmFilter: filter})
		if s.AlarmsN != want || len(s.Alarms) != want {
			t.Errorf("filter %q: %d of %d alarms, want %d", filter, len(s.Alarms), s.AlarmsN, want)
		}
	}
}
