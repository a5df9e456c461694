package hwmon

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
)

// hardware returns the sensors of the hardware monitors in fsys, each called after
// its chip and, if it has one, its label: "coretemp Package id 0".
func hardware(fsys fs.FS) []sensor {
	var list []sensor
	for _, file := range glob(fsys, "hwmon/hwmon*/temp*_input") {
		dir, base := path.Split(file)
		stem := strings.TrimSuffix(base, "_input")
		chip := cmp.Or(readText(fsys, dir+"name"), path.Base(dir))
		label := cmp.Or(readText(fsys, dir+stem+"_label"), stem)
		list = append(list, sensor{path: file, Sensor: sensors.Sensor{
			Name:       strings.ToValidUTF8(chip+" "+label, "\uFFFD"),
			Unit:       sensors.DegC,
			Thresholds: declared(fsys, dir+stem),
		}})
	}
	return list
}

// zones returns the thermal zones in fsys, each called after its type.
func zones(fsys fs.FS) []sensor {
	var list []sensor
	for _, file := range glob(fsys, "thermal/thermal_zone*/temp") {
		dir := path.Dir(file)
		list = append(list, sensor{path: file, Sensor: sensors.Sensor{
			Name:       strings.ToValidUTF8(cmp.Or(readText(fsys, dir+"/type"), path.Base(dir)), "\uFFFD"),
			Unit:       sensors.DegC,
			Thresholds: undeclared,
		}})
	}
	return list
}

// undeclared is what a sensor suggests whose driver declares nothing. Many chips
// measure in steps of 1 °C, so the deadband is two of them.
var undeclared = threshold.None.WithDeadband(2)

// declared returns the thresholds that the driver declares for the sensor whose
// files begin with stem. Drivers fill in what they do not know (65261.85 °C is a
// common one), so one that is implausible, or not above zero, is off.
func declared(fsys fs.FS, stem string) threshold.Set {
	set := undeclared
	for k, suffix := range map[threshold.Kind]string{threshold.High: "_max", threshold.Critical: "_crit"} {
		v, err := readValue(fsys, stem+suffix)
		if err == nil && plausible(v) && v > 0 {
			set[k].At = v
		}
	}
	if set[threshold.High].At > set[threshold.Critical].At {
		set[threshold.High].At = threshold.Off
	}
	return set
}

// glob returns the files that match pattern, hwmon2 before hwmon10.
func glob(fsys fs.FS, pattern string) []string {
	files, _ := fs.Glob(fsys, pattern) // the pattern is well formed
	slices.SortFunc(files, func(a, b string) int {
		dirA, dirB := path.Dir(a), path.Dir(b)
		return cmp.Or(
			cmp.Compare(len(dirA), len(dirB)), cmp.Compare(dirA, dirB),
			cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	})
	return files
}
