package cli

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"setpoint/ui/theme"
)

// flagWords are the words that a flag takes, where they are few.
var flagWords = map[string][]string{
	"overflow": policies, "emit": lines, "log-level": levels, "theme": theme.Names, "budget": {"1/day", "1/week", "1/month"},
}

// pathFlags take the name of a file or folder.
var pathFlags = []string{"config", "log", "labels", "state"}

// firstSources are sources that can be completed without looking.
var firstSources = []string{"sim:", "sim:guide", "sim:flood", "sim:quiet", "sim:fridge", "hwmon:"}

// Completion returns a script that lets a shell, bash, zsh or fish, complete command
// lines of setpoint. It is static: completing runs no program.
func Completion(shell string) string {
	switch shell {
	case "zsh":
		return zsh()
	case "fish":
		return fish()
	}
	return bash()
}

// flagsOf returns the flags of c.
func flagsOf(c *command) (out []*pflag.Flag) {
	newFlags(c).set.VisitAll(func(fl *pflag.Flag) { out = append(out, fl) })
	return out
}

// last returns all commands, the dashboard, which stands for every other word, last.
func last(all []*command) []*command { return append(all[1:], all[0]) }

// first returns the words that may follow c.
func (c *command) first() []string {
	if c.name == "" {
		return append(Commands(), firstSources...)
	}
	return c.words
}

func bash() string {
	var b strings.Builder
	b.WriteString(`# bash completion for setpoint
_setpoint() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} flags words=
	COMPREPLY=()
	case $prev in
`)
	for name, words := range sorted(flagWords) {
		fmt.Fprintf(&b, "\t--%s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", name, strings.Join(words, " "))
	}
	b.WriteString("\tesac\n\tcase ${COMP_WORDS[1]} in\n")
	for _, c := range last(commands()) {
		name := c.name
		if name == "" {
			name = "*"
		}
		var flags []string
		for _, fl := range flagsOf(c) {
			flags = append(flags, "--"+fl.Name)
		}
		fmt.Fprintf(&b, "\t%s) flags='%s' words='%s' ;;\n", name, strings.Join(flags, " "), strings.Join(c.first(), " "))
	}
	b.WriteString(`	esac
	case $cur in
	-*) COMPREPLY=($(compgen -W "$flags" -- "$cur")) ;;
	*) COMPREPLY=($(compgen -W "$words" -- "$cur") $(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -o bashdefault -F _setpoint setpoint
`)
	return b.String()
}

func zsh() string {
	var b strings.Builder
	b.WriteString("#compdef setpoint\n# zsh completion for setpoint\n_setpoint() {\n\tlocal -a flags first\n\tcase ${words[2]} in\n")
	for _, c := range last(commands()) {
		name := c.name
		if name == "" {
			name = "*"
		}
		fmt.Fprintf(&b, "\t%s)\n\t\tfirst=(%s)\n\t\tflags=(\n", name, strings.Join(c.first(), " "))
		for _, fl := range flagsOf(c) {
			fmt.Fprintf(&b, "\t\t\t%s\n", zshFlag(fl))
		}
		b.WriteString("\t\t)\n")
		if c.name != "" { // what follows the command is a command line of its own
			b.WriteString("\t\twords=(\"${words[1]}\" \"${(@)words[3,-1]}\"); ((CURRENT--)) ;;\n")
			continue
		}
		b.WriteString("\t\t;;\n")
	}
	b.WriteString("\tesac\n\t_arguments -S $flags '1:word:{compadd -a first; _files}' '*:file:_files'\n}\ncompdef _setpoint setpoint\n")
	return b.String()
}

// zshFlag is fl as _arguments wants it.
func zshFlag(fl *pflag.Flag) string {
	arg, help := pflag.UnquoteUsage(fl)
	help = strings.NewReplacer("[", `\[`, "]", `\]`, "'", `'\''`, ":", `\:`).Replace(help)
	spec := "--" + fl.Name
	if fl.Value.Type() == "stringArray" {
		spec = "*" + spec
	}
	if fl.Value.Type() == "bool" {
		return fmt.Sprintf("'%s[%s]'", spec, help)
	}
	values := " " // what it takes is only told
	if words := flagWords[fl.Name]; words != nil {
		values = "(" + strings.Join(words, " ") + ")"
	} else if slices.Contains(pathFlags, fl.Name) {
		values = "_files"
	}
	return fmt.Sprintf("'%s=[%s]:%s:%s'", spec, help, strings.NewReplacer("[", "", "]", "", ":", "").Replace(arg), values)
}

func fish() string {
	var b strings.Builder
	b.WriteString("# fish completion for setpoint\n")
	none := "not __fish_seen_subcommand_from " + strings.Join(Commands(), " ")
	for _, c := range commands() {
		when := "__fish_seen_subcommand_from " + c.name
		if c.name == "" {
			when = none
		} else {
			fmt.Fprintf(&b, "complete -c setpoint -n '%s' -a %s -d '%s'\n", none, c.name, fishText(c.help))
		}
		if len(c.words) > 0 {
			fmt.Fprintf(&b, "complete -c setpoint -n '%s' -f -a '%s'\n", when, strings.Join(c.words, " "))
		}
		for _, fl := range flagsOf(c) {
			_, help := pflag.UnquoteUsage(fl)
			fmt.Fprintf(&b, "complete -c setpoint -n '%s' -l %s%s -d '%s'\n", when, fl.Name, fishArg(fl), fishText(help))
		}
	}
	fmt.Fprintf(&b, "complete -c setpoint -n '%s' -a '%s'\n", none, strings.Join(firstSources, " "))
	return b.String()
}

// fishArg says what fl takes.
func fishArg(fl *pflag.Flag) string {
	words := flagWords[fl.Name]
	switch {
	case fl.Value.Type() == "bool":
		return ""
	case words != nil:
		return " -x -a '" + strings.Join(words, " ") + "'"
	case slices.Contains(pathFlags, fl.Name):
		return " -r"
	}
	return " -x"
}

func fishText(s string) string { return strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) }

// sorted yields what m holds in the order of its keys, so that the script is always
// the same.
func sorted(m map[string][]string) iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			if !yield(k, m[k]) {
				return
			}
		}
	}
}
