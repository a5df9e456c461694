package replay

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/stamp"
)

// csv decodes the records of a CSV file.
type csv struct {
	out    *output
	tables tables
	live   bool
	sensor []byte // whose readings name none

	split  splitter
	open   quotation // the record whose quote is open
	layout *layout   // nil until a header or a reading has been found
	refuse error     // why the header is of no use, and so every record
	begun  bool      // there was a record
}

// record takes the record of the given cells, which began on line n.
func (c *csv) record(ctx context.Context, n int64, cells [][]byte) error {
	switch {
	case c.refuse != nil:
		c.out.reject(n, "header: "+c.refuse.Error())
		return nil
	case !c.layout.fits(cells):
		c.out.reject(n, fmt.Sprintf("record has %d cells: want %d", len(cells), c.layout.columns))
		return nil
	}
	at, err := c.time(cells)
	if err != nil {
		c.out.reject(n, err.Error())
		return nil
	}
	if c.layout.wide != nil {
		return c.row(ctx, n, at, cells)
	}
	r, err := c.reading(cells)
	if err != nil {
		c.out.reject(n, err.Error())
		return nil
	}
	r.Time = at
	return c.out.reading(ctx, r)
}

// cell returns the cell of field f, which is empty if there is none.
func (c *csv) cell(cells [][]byte, f int) []byte {
	if i := c.layout.at[f]; i != noField && i < len(cells) {
		return cells[i]
	}
	return nil
}

func (c *csv) time(cells [][]byte) (time.Time, error) {
	b := c.cell(cells, fieldTime)
	if len(b) == 0 && c.live {
		return arrival(), nil
	}
	if at, ok := stamp.Parse(b); ok {
		return at, nil
	}
	return time.Time{}, fmt.Errorf("time %s: %s", quote(b), stamp.Want)
}

// reading returns the reading, but for its time, that a record of one value is.
func (c *csv) reading(cells [][]byte) (r sensors.Reading, err error) {
	name := c.sensor
	if c.layout.at[fieldSensor] != noField {
		name = c.cell(cells, fieldSensor)
	}
	if r.Sensor, err = c.tables.sensor(name); err != nil {
		return r, err
	}
	unit := trim(c.cell(cells, fieldUnit))
	value := c.cell(cells, fieldValue)
	v, own, ok := measured(value, c.layout.sep)
	switch {
	case !ok:
		return r, fmt.Errorf("value %s: want a number", quote(value))
	case len(unit) == 0:
		unit = own
	case len(own) > 0 && !bytes.Equal(own, unit):
		return r, fmt.Errorf("value %s has another unit than %s", quote(value), quote(unit))
	}
	r.Value = v
	r.Unit, err = c.tables.unit(unit)
	return r, err
}

// row takes the cells of a wide record, each as a reading of its own.
func (c *csv) row(ctx context.Context, n int64, at time.Time, cells [][]byte) error {
	for i, b := range cells {
		if i == c.layout.at[fieldTime] || len(trim(b)) == 0 {
			continue
		}
		w := c.layout.wide[i]
		v, unit, ok := measured(b, c.layout.sep)
		switch {
		case w.fault != nil:
			c.out.reject(n, fmt.Sprintf("column %d: %v", i+1, w.fault))
			continue
		case !ok:
			c.out.reject(n, fmt.Sprintf("column %d, sensor %s, value %s: want a number", i+1, quote(w.sensor), quote(b)))
			continue
		}
		r := sensors.Reading{Sensor: w.sensor, Time: at, Value: v}
		r.Unit, _ = c.tables.unit(unit) // one of ours, so never refused
		if err := c.out.reading(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// errNoHeader is why a line before the first record is none.
var errNoHeader = errors.New("want a header with a time column, or a reading")

// start looks for the layout in line n: in a header, or in a first reading, which
// it takes.
func (c *csv) start(ctx context.Context, n int64, b []byte) error {
	first := !c.begun
	c.begun = true
	for i := range len(separators) {
		cells, end := c.split.split(b, separators[i])
		if end != whole {
			continue
		}
		l, err := headerLayout(cells, c.live, c.tables)
		if l != nil {
			l.sep, c.layout, c.refuse = separators[i], l, err
			if err != nil {
				c.out.reject(n, "header: "+err.Error())
			}
			return nil
		}
		if l = bareLayout(cells, first, separators[i]); l != nil {
			l.sep, c.layout = separators[i], l
			return c.record(ctx, n, cells)
		}
	}
	c.out.reject(n, fmt.Sprintf("line %s: %v", quote(b), errNoHeader))
	return nil
}
