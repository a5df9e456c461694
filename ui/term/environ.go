package term

import (
	"cmp"
	"os"
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// utf8Locale reports whether the locale of the environment writes UTF-8. One that
// is not set at all says nothing against it.
func utf8Locale() bool {
	locale := strings.ToLower(cmp.Or(os.Getenv("LC_ALL"), os.Getenv("LC_CTYPE"), os.Getenv("LANG")))
	return locale == "" || strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
}

// profile returns how many colours the terminal has, by the environment and by the
// terminfo file alone: no program is started and the terminal is not asked.
func profile() colorprofile.Profile {
	name := os.Getenv("TERM")
	mono := strings.HasPrefix(name, "vt") || strings.HasSuffix(name, "-m") || strings.HasSuffix(name, "-mono")
	if os.Getenv("NO_COLOR") != "" || mono {
		return colorprofile.ASCII // bold and underline stay
	}
	return max(colorprofile.Env(os.Environ()), colorprofile.Terminfo(name))
}
