package adminpage

import (
	"time"

	"jetonomy-sidecar/messaging/oversight"
)

// Size of the chart, in its own units.
const (
	chartWidth  = 600
	chartHeight = 80
	barGap      = 4
)

// glance is the state of messaging on top of the list.
type glance struct {
	oversight.Glance
	Unread        string
	Waiting       string
	Width, Height int
	Bars          []bar
	Greatest      int
	Total         int
	Since         time.Time
}

// bar is a day in the chart.
type bar struct {
	X, Y, Width, Height int
	Date                string
	Messages            int
}

func (p *page) glance(g oversight.Glance) *glance {
	chart := &glance{Glance: g, Unread: p.Percent(g.UnreadShare), Waiting: p.Number(g.Pending), Width: chartWidth, Height: chartHeight}
	if g.PendingMore {
		chart.Waiting = p.T("or_more", chart.Waiting)
	}
	for _, d := range g.Days {
		chart.Greatest = max(chart.Greatest, d.Messages)
		chart.Total += d.Messages
	}
	step := chartWidth / max(len(g.Days), 1)
	for i, d := range g.Days {
		height := 0
		if d.Messages > 0 {
			height = max(2, d.Messages*(chartHeight-2)/chart.Greatest)
		}
		// The days are whole ones, whatever the zone.
		day := time.Date(d.Date.Year(), d.Date.Month(), d.Date.Day(), 12, 0, 0, 0, p.location)
		chart.Bars = append(chart.Bars, bar{
			X: i * step, Y: chartHeight - height, Width: step - barGap, Height: height, Date: p.Date(day), Messages: d.Messages,
		})
	}
	return chart
}
