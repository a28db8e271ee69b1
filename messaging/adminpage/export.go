package adminpage

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"jetonomy-sidecar/internal/httpx"
	"jetonomy-sidecar/messaging"
	"jetonomy-sidecar/messaging/oversight"
)

// exportPause is how long an export may wait for whoever reads it, each time.
const exportPause = 30 * time.Second

// serveExport streams an export. What the domain refuses, as long as nothing was sent, is said on the view that the
// form was on; what breaks behind that breaks the connection off, so that nobody takes a part for the whole.
func (a *api) serveExport(w http.ResponseWriter, r *http.Request, p *page) error {
	if !p.caller.Administrator {
		return errForbidden
	}
	ctx := r.Context()
	out := &download{to: w, control: http.NewResponseController(w), format: oversight.Format(p.Form.Get("format"))}
	err := a.export(ctx, p, out)
	switch {
	case err == nil && out.begun:
		return nil
	case err == nil:
		_, err = out.Write(nil)
		return err
	case out.begun:
		a.Log(r, fmt.Errorf("adminpage: export broke off: %w", err))
		panic(http.ErrAbortHandler) // net/http's way to end an answer as unfinished
	case errors.Is(err, ctx.Err()) && ctx.Err() != nil:
		return nil // nobody is left to be told
	case !p.refused(err):
		return err
	}
	view, err := a.view(p)
	if err != nil {
		return err
	}
	if _, err := a.openReports(ctx, p); err != nil {
		return err
	}
	answer, err := a.show(ctx, p, view)
	if err != nil {
		return err
	}
	answer.OpenReports = p.OpenReports()
	httpx.WriteJSON(w, answer.Status, answer)
	return nil
}

// export writes what the form asks for.
func (a *api) export(ctx context.Context, p *page, out *download) error {
	switch p.Form.Get("task") {
	case "export":
		out.name, out.id = "conversation", p.Query.ID("id")
		return a.Oversight.ExportConversation(ctx, p.visitor(), out, out.format, out.id, p.given())
	case "export_member":
		out.name, out.id = "member", p.Query.ID("user")
		if out.id == 0 {
			return messaging.ErrNotFound
		}
		return a.Oversight.ExportMember(ctx, p.visitor(), out, out.format, out.id, p.given())
	}
	return messaging.InvalidParam("task", "There is no such task.")
}

// download is an answer that begins with the first byte.
type download struct {
	to      http.ResponseWriter
	control *http.ResponseController
	name    string
	id      uint64
	format  oversight.Format
	begun   bool
}

func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		kind := map[oversight.Format]string{oversight.JSON: "application/json", oversight.CSV: "text/csv"}[d.format]
		header := d.to.Header()
		header.Set("Content-Type", kind+"; charset=UTF-8")
		header.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%d.%s"`, d.name, d.id, d.format))
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cache-Control", "no-store")
		d.to.WriteHeader(http.StatusOK)
	}
	// The server's own bound is for answers that are small.
	if err := d.control.SetWriteDeadline(time.Now().Add(exportPause)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return 0, err
	}
	return d.to.Write(b)
}
