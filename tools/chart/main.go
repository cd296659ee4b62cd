// Command chart draws the results of the benchmark (see internal/bench). It reads points as JSON, and writes an SVG with the requests and the
// seconds of a plan by number of users.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/color"
	"io"
	"os"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// point is the requests and seconds of plans of some users.
type point struct {
	Series   string  `json:"series"`
	Users    int     `json:"users"`
	Requests int     `json:"requests"`
	Seconds  float64 `json:"seconds"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "chart:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	var points []point
	if err := json.NewDecoder(in).Decode(&points); err != nil {
		return err
	}
	requests, err := chart("Requests of a plan", "requests", points, func(p point) float64 { return float64(p.Requests) })
	if err != nil {
		return err
	}
	seconds, err := chart("Seconds of a plan, each request taking 50 ms", "seconds", points, func(p point) float64 { return p.Seconds })
	if err != nil {
		return err
	}
	canvas := vgsvg.New(24*vg.Centimeter, 11*vg.Centimeter)
	background := draw.New(canvas)
	background.SetColor(color.White) // the chart must be readable on a dark page
	background.Fill(background.Path())
	plots := [][]*plot.Plot{{requests, seconds}}
	tiles := draw.Tiles{Rows: 1, Cols: 2, PadX: vg.Centimeter, PadTop: 5, PadBottom: 5, PadLeft: 5, PadRight: 15}
	for i, c := range plot.Align(plots, tiles, background)[0] {
		plots[0][i].Draw(c)
	}
	var svg bytes.Buffer
	if _, err := canvas.WriteTo(&svg); err != nil {
		return err
	}
	// Few readers have the font with which the text was measured. These fonts have the same widths.
	_, err = io.WriteString(out, strings.ReplaceAll(svg.String(), "Liberation Sans;", "Liberation Sans,Arial,Helvetica,sans-serif;"))
	return err
}

// colors are different for each series, also for people with color blindness. The shapes of the points are different, too.
var colors = []color.Color{
	color.RGBA{R: 0x88, G: 0x88, B: 0x88, A: 0xff}, color.RGBA{R: 0xd5, G: 0x5e, A: 0xff}, color.RGBA{G: 0x72, B: 0xb2, A: 0xff},
}

var shapes = []draw.GlyphDrawer{draw.SquareGlyph{}, draw.TriangleGlyph{}, draw.CircleGlyph{}}

// chart draws a line for each series, in the order of their first points. Both axes are logarithmic, so points with zero are left out.
func chart(title, unit string, points []point, of func(point) float64) (*plot.Plot, error) {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, "users", unit
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Scale, axis.Tick.Marker = plot.LogScale{}, decades{}
	}
	p.Legend.Top, p.Legend.Left, p.Legend.Padding, p.Legend.XOffs = true, true, 2, 5
	for _, style := range []*font.Font{
		&p.Title.TextStyle.Font, &p.X.Label.TextStyle.Font, &p.Y.Label.TextStyle.Font,
		&p.X.Tick.Label.Font, &p.Y.Tick.Label.Font, &p.Legend.TextStyle.Font,
	} {
		style.Variant = "Sans"
	}
	var names []string
	lines := map[string]plotter.XYs{}
	for _, point := range points {
		if _, known := lines[point.Series]; !known {
			names = append(names, point.Series)
			lines[point.Series] = nil
		}
		if y := of(point); y > 0 {
			lines[point.Series] = append(lines[point.Series], plotter.XY{X: float64(point.Users), Y: y})
		}
	}
	for i, name := range names {
		if len(lines[name]) == 0 {
			continue
		}
		line, dots, err := plotter.NewLinePoints(lines[name])
		if err != nil {
			return nil, err
		}
		line.Color, line.Width = colors[i%len(colors)], 1.5
		dots.Color, dots.Shape, dots.Radius = line.Color, shapes[i%len(shapes)], 3.5
		p.Add(line, dots)
		p.Legend.Add(name, line, dots)
	}
	p.Add(plotter.NewGrid())
	p.Y.Max *= 5 // room for the legend
	return p, nil
}

// decades marks an axis at 1, 2 and 5 times the powers of ten.
type decades struct{}

// Ticks implements plot.Ticker.
func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for power := 0.001; power <= high; power *= 10 {
		for _, digit := range []float64{1, 2, 5} {
			if at := digit * power; at >= low*0.999 && at <= high*1.001 {
				ticks = append(ticks, plot.Tick{Value: at, Label: strconv.FormatFloat(at, 'g', 6, 64)})
			}
		}
	}
	return ticks
}
