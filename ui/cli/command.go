package cli

import "time"

// Request is what a command is asked.
type Request struct {
	What string   // of export the form, of letters the deed, of completion the shell
	IDs  []uint64 // of letters
	All  bool     // every letter

	JSON     bool
	Only     []string // the sensors that are asked about; none: all
	Labels   string   // a file that says which alarms were real
	Budget   Budget
	Band     bool      // suggest a band that follows
	Tests    bool      // export tests with the rules
	From, To time.Time // zero: without bound
}

// A Budget is how many alarms that are not real a sensor may raise.
type Budget struct {
	Alarms float64
	Per    time.Duration
}

// A command is a word that setpoint can begin with.
type command struct {
	name  string
	args  string // that follow it, for the help
	help  string // what it does
	about string // what its arguments are
	words []string
	flags func(*flags)
	take  func(f *flags, args []string) []error
}

// formats, deeds and shells are what export, letters and completion take first.
var (
	formats = []string{"prometheus", "grafana", "homeassistant"}
	deeds   = []string{"list", "show", "redrive", "drop"}
	shells  = []string{"bash", "zsh", "fish"}
)

// commands are all of them; the first one, without a name, is the dashboard. It is a
// function, not a variable, because what takes a word that is none of them reads it.
func commands() []*command {
	return []*command{
		{args: "[flags] [SOURCE ...]", help: "the dashboard; without a SOURCE: sim:", about: aboutSources, flags: (*flags).dashboard, take: takeSources},
		{
			name: "whatif", args: "[flags] SOURCE ...", help: "what thresholds would have raised on recordings",
			about: aboutRecordings, flags: (*flags).whatif, take: takeRecordings,
		},
		{
			name: "suggest", args: "[flags] SOURCE ...", help: "thresholds that keep an alarm budget on recordings",
			about: aboutRecordings, flags: (*flags).suggest, take: takeRecordings,
		},
		{
			name: "export", args: "[flags] FORM [SOURCE ...]", help: "the thresholds as rules of another program", words: formats,
			about: "FORM is prometheus, grafana or homeassistant; a SOURCE is a recording that the tests are cut from.\n", flags: (*flags).export, take: takeForm,
		},
		{
			name: "letters", args: "[flags] list | show ID | redrive ID ... | drop ID ...", help: "the dead letters of a state directory", words: deeds,
			about: "redrive sends letters in again, drop throws them away; --all stands for every ID.\n", flags: (*flags).letters, take: takeDeed,
		},
		{name: "history", args: "[flags]", help: "the stored readings, as JSON lines", about: "A TIME is written as in recordings: 2026-03-01, 2026-03-01T12:00:00Z, or Unix seconds.\n", flags: (*flags).history, take: takeTimes},
		{name: "verify", args: "[flags]", help: "whether the store is whole, and what is wrong", flags: (*flags).verify, take: takeNothing},
		{name: "completion", args: "bash | zsh | fish", help: "a script that completes the command line", words: shells, about: completionHelp, flags: func(*flags) {}, take: takeShell},
		{name: "version", help: "which version this is", flags: func(*flags) {}, take: takeNothing},
	}
}

// Commands are the words that a command line can begin with.
func Commands() (names []string) {
	for _, c := range commands()[1:] {
		names = append(names, c.name)
	}
	return names
}

// find returns the command that args ask for.
func find(args []string) *command {
	if len(args) > 0 && args[0] != "" {
		for _, c := range commands() {
			if c.name == args[0] {
				return c
			}
		}
	}
	return commands()[0]
}

func (f *flags) whatif() {
	f.asking()
	f.set.StringVar(&f.o.Labels, "labels", "", "`FILE` that says which alarms were real")
	f.limits()
	f.asked = append(f.asked, "labels")
}

func (f *flags) suggest() {
	f.set.StringVar(&f.budget, "budget", "1/week", "`N/TIME` alarms that are not real and may be raised: per hour, day, week or month")
	f.set.BoolVar(&f.o.Band, "band", false, "suggest a band that follows the usual course of the day")
	f.whatif()
	f.asked = append(f.asked, "budget", "band")
}

func (f *flags) export() {
	f.set.BoolVar(&f.o.Tests, "tests", false, "with tests of the rules")
	f.limits()
	f.asked = append(f.asked, "tests")
}

func (f *flags) letters() {
	f.set.BoolVar(&f.o.All, "all", false, "every letter")
	f.set.BoolVar(&f.o.JSON, "json", false, "one JSON object a line")
	f.keeping()
	f.configured()
	f.asked = append(f.asked, "all", "json")
}

func (f *flags) history() {
	f.set.StringArrayVar(&f.o.Only, "sensor", nil, "only this `SENSOR`; may be given again")
	f.set.StringVar(&f.from, "from", "", "from this `TIME` on")
	f.set.StringVar(&f.to, "to", "", "up to, not including, this `TIME`")
	f.verify()
	f.asked = append(f.asked, "sensor", "from", "to")
}

func (f *flags) verify() {
	f.keeping()
	f.configured()
}

// asking defines the flags of commands that tell figures of sensors.
func (f *flags) asking() {
	f.set.BoolVar(&f.o.JSON, "json", false, "one JSON object a line")
	f.set.StringArrayVar(&f.o.Only, "sensor", nil, "only this `SENSOR`; may be given again")
	f.asked = append(f.asked, "json", "sensor")
}
