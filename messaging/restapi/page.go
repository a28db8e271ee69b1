package restapi

import (
	"net/http"
	"slices"
	"strconv"

	"jetonomy-sidecar/messaging"
)

const (
	defaultLimit = 20
	maxOffset    = 1_000_000_000
	maxPageNo    = maxOffset / messaging.MaxPage
)

// window is the part of a list that a client asks for by numbers.
type window struct {
	limit  int
	offset int
	page   int  // as asked for, 0 for none
	byNo   bool // the client counts pages or rows, and wants links that do
}

// readWindow reads limit, offset and page. An offset goes before a page, as in WordPress. A limit above
// the largest one is the largest one.
func readWindow(p *params) (window, error) {
	var w window
	var err error
	var limited, skips, pages bool
	if w.limit, limited, err = get(p, paramLimit, asNumber(1, messaging.MaxPage)); err != nil {
		return w, err
	}
	if !limited {
		w.limit = defaultLimit
	}
	if w.offset, skips, err = get(p, paramOffset, asNumber(0, maxOffset)); err != nil {
		return w, err
	}
	if w.page, pages, err = get(p, paramPage, asNumber(1, maxPageNo)); err != nil {
		return w, err
	}
	switch {
	case skips:
		w.page = 0
	case pages:
		w.offset = (w.page - 1) * w.limit
	}
	w.byNo = skips || pages
	return w, nil
}

// position is where in a list an answer stands.
type position struct {
	window
	total int
	more  bool // in the direction that was asked for
	next  pair // the parameter that continues there, for clients that don't count
}

type listJSON[T any] struct {
	Data []T      `json:"data"`
	Meta metaJSON `json:"meta"`
}

type metaJSON struct {
	Count      int     `json:"count"`
	HasMore    bool    `json:"has_more"`
	CursorNext *string `json:"cursor_next"`
	Total      int     `json:"total"`
	Offset     int     `json:"offset"`
}

func (p position) meta(count int) metaJSON {
	m := metaJSON{Count: count, HasMore: p.more, Total: p.total, Offset: p.offset}
	if p.more {
		m.CursorNext = &p.next.value
	}
	return m
}

// places are the parameters that say where a page begins. A link has one of them.
var places = []pair{{name: "page"}, {name: "offset"}, {name: "cursor"}, {name: "before"}, {name: "after"}}

// pageHeader gives the totals and links that WordPress gives for its lists.
func (a *api) pageHeader(c *call, p position) http.Header {
	pages := (p.total + p.limit - 1) / p.limit
	h := http.Header{}
	h.Set("X-WP-Total", strconv.Itoa(p.total))
	h.Set("X-WP-TotalPages", strconv.Itoa(pages))
	link := ""
	add := func(rel string, replace ...pair) {
		if link != "" {
			link += ", "
		}
		link += "<" + a.Home() + c.path + "?" + c.params.raw.with(replace...) + `>; rel="` + rel + `"`
	}
	switch {
	case !p.byNo:
		if p.more {
			add("next", append(slices.Clone(places), p.next)...)
		}
	case p.page > 0:
		if p.page > 1 && pages > 0 {
			add("prev", pair{"page", strconv.Itoa(min(p.page-1, pages))})
		}
		if p.page < pages {
			add("next", pair{"page", strconv.Itoa(p.page + 1)})
		}
	default:
		if p.offset > 0 {
			add("prev", pair{"offset", strconv.Itoa(max(0, p.offset-p.limit))}, pair{name: "page"})
		}
		if p.offset+p.limit < p.total {
			add("next", pair{"offset", strconv.Itoa(p.offset + p.limit)}, pair{name: "page"})
		}
	}
	if link != "" {
		h.Set("Link", link)
	}
	return h
}
