package main

import (
	"context"
	"hash/fnv"
	"time"
)

const (
	// retentionHour is the hour of the site's day in which retention runs, at a minute of the site's own: so many
	// sites on one database server do not begin together.
	retentionHour = 3

	// retentionBatch is how many conversations it purges before it deletes their messages.
	retentionBatch = 50
)

// retain purges what the setting retention_months lets go of, once a night, and at once where a night was
// missed. The first night is the one after the setting was made, so that there is time to think again.
func (p *parts) retain(ctx context.Context, now time.Time) error {
	months := p.settings().RetentionMonths
	last, err := p.store.LastRetention(ctx)
	if err != nil {
		return err
	}
	switch snapshot := p.options.Snapshot(); {
	case months == 0 && last.IsZero():
		return nil
	case months == 0:
		return p.store.SetLastRetention(ctx, time.Time{})
	case last.IsZero():
		return p.store.SetLastRetention(ctx, now)
	case !last.Before(night(now, snapshot.Location(), snapshot.Home)):
		return nil
	}
	total, before := 0, monthsBefore(now, months)
	for {
		// Not for longer than the setting is what it was.
		if p.settings().RetentionMonths != months {
			return nil
		}
		n, err := p.oversight.PurgeInactive(ctx, before, retentionBatch, "inactive since "+before.UTC().Format(time.DateOnly))
		if err != nil {
			return err
		}
		total += n
		if err := repeat(ctx, p.store.SweepPurged); err != nil {
			return err
		}
		if n < retentionBatch {
			break
		}
	}
	if total > 0 {
		p.log.Info().Int("conversations", total).Time("before", before).Msg("inactive conversations purged")
	}
	return p.store.SetLastRetention(ctx, now)
}

// night is the last time before now that retention was to run.
func night(now time.Time, zone *time.Location, site string) time.Time {
	h := fnv.New32a()
	h.Write([]byte(site))
	local := now.In(zone)
	run := time.Date(local.Year(), local.Month(), local.Day(), retentionHour, int(h.Sum32()%60), 0, 0, zone)
	if run.After(now) {
		run = run.AddDate(0, 0, -1)
	}
	return run
}
