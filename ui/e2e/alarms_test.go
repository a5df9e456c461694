//go:build linux

package e2e_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestASensorThatFallsSilentKeepsItsAlarmAndRaisesAnother(t *testing.T) {
	t.Parallel()
	c := run(t, program, "--headless", "--high", "30", "--critical", "off", "--deadband", "2", "-")
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for range 6 { // it shows how often it reports
		c.say(`{"sensor":"oven","value":45}` + "\n")
		<-tick.C
	}
	c.wait("high", time.Second, func(l said) bool { return l.Threshold == "high" && l.State == "raised" })
	last := time.Now()
	stale := c.wait("stale", 12*time.Second+slack, func(l said) bool { return l.Threshold == "stale" && l.State == "raised" })
	if silent := stale.came.Sub(last); silent < 9*time.Second {
		t.Errorf("it is stale after %v", silent)
	}
	c.say(`{"sensor":"oven","value":29}` + "\n") // inside the deadband
	c.wait("its return", time.Second+slack, func(l said) bool { return l.Threshold == "stale" && l.State == "cleared" })
	s := c.end(0, 5*time.Second)
	if s.at("sensors.oven.state") != "high" || s.number("alarms.active") != 1 {
		t.Errorf("it is %v, %v alarms are active", s.at("sensors.oven.state"), s.at("alarms.active"))
	}
	for _, l := range c.heard() {
		if l.Threshold == "high" && l.State != "raised" {
			t.Errorf("high is %s: %s", l.State, l.raw)
		}
	}
}

func TestThreeThresholdsGoOnAndOffWithTheirOwnEdges(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i, v := range []int{61, 73, 64, 85, 62, 56, 47} {
		fmt.Fprintf(&b, "{\"time\":%d,\"sensor\":\"cpu\",\"value\":%d}\n", 4102444800+i, v)
	}
	// On at 60, 70, 80; off below 50, 60, 70, one run after the other.
	for _, c := range []struct {
		flags []string
		want  string
	}{
		{[]string{"--high", "60", "--critical", "off", "--deadband", "10"}, "high raised 61, high cleared 47"},
		{[]string{"--high", "70", "--critical", "off", "--deadband", "10"}, "high raised 73, high cleared 56"},
		{[]string{"--high", "60", "--critical", "80", "--deadband", "10"}, "high raised 61, critical raised 85, critical cleared 62, high cleared 47"},
		{[]string{"--high", "60", "--critical", "70", "--deadband", "12"}, "high raised 61, critical raised 73, critical cleared 56, high cleared 47"},
		{[]string{"--low", "50", "--high", "70", "--critical", "80", "--deadband", "9"}, "high raised 73, critical raised 85, critical cleared 62, high cleared 56, low raised 47"},
	} {
		run := run(t, program, append([]string{"--headless", "--low", "off", "-"}, c.flags...)...)
		run.say(b.String())
		run.end(0, 5*time.Second)
		var got []string
		for _, l := range run.heard() {
			if l.Type == "alarm" {
				got = append(got, fmt.Sprint(l.Threshold, " ", l.State, " ", l.Value))
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%v: %v, want %s", c.flags, got, c.want)
		}
	}
}

func TestAFloodOfAlarmsIsToldAndNoneIsLost(t *testing.T) {
	t.Parallel()
	const lines = 40
	c := watch(t, t.TempDir())
	begun := time.Now()
	for i := range lines { // in event time, within ten minutes
		at := begun.Add(-time.Duration(lines-i) * 10 * time.Second)
		c.say(fmt.Sprintf("{\"time\":%q,\"sensor\":\"line-%d\",\"value\":35}\n", at.Format(time.RFC3339Nano), i))
	}
	c.wait("the flood", 5*time.Second, func(l said) bool { return l.Type == "finding" && strings.HasPrefix(l.Text, "alarm flood: ") })
	s := c.end(0, 5*time.Second)
	raised := map[string]int{}
	for _, l := range c.heard() {
		if l.Type == "alarm" && l.State == "raised" && l.Threshold == "high" {
			raised[l.Sensor]++
		}
	}
	if len(raised) != lines || s.number("alarms.raised") != lines {
		t.Errorf("%d alarms are told, the summary has %v, want %d", len(raised), s.at("alarms.raised"), lines)
	}
}
