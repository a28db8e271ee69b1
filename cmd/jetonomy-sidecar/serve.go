package main

import (
	"context"
	"fmt"
	"net"

	"golang.org/x/sync/errgroup"

	"jetonomy-sidecar/extension"
	"jetonomy-sidecar/internal/httpx"
	"jetonomy-sidecar/wpbridge"
)

func serve(ctx context.Context, p process, args []string) error {
	wpConfig, err := flags(p, "serve", args, nil)
	if err != nil {
		return err
	}
	c, err := configure(p, wpConfig)
	if err != nil {
		return err
	}
	// The ports first: a second copy started by mistake must not touch the database.
	public, err := net.Listen("tcp", c.listen)
	if err != nil {
		return fmt.Errorf("SIDECAR_LISTEN: %w", err)
	}
	defer public.Close()
	internal, err := net.Listen("tcp", c.internalListen)
	if err != nil {
		return fmt.Errorf("SIDECAR_INTERNAL_LISTEN: %w", err)
	}
	defer internal.Close()

	progress := func(format string, args ...any) { c.log.Info().Msgf(format, args...) }
	if err := c.migrate(ctx, progress); err != nil {
		return err
	}
	parts, err := assemble(ctx, c)
	if err != nil {
		return err
	}
	defer parts.close()
	if err := parts.store.Backfill(ctx, progress); err != nil {
		return err
	}
	snapshot := parts.options.Snapshot()
	if snapshot.Keys.Current.IsZero() {
		c.log.Warn().Msg(errNoKey.Error())
	}
	if _, err := parts.jetonomy(ctx); err != nil {
		c.log.Error().Err(err).Msg("Jetonomy's rules are not known")
	}
	if c.jwtAuthRefused != nil {
		c.log.Warn().Msg(c.jwtAuthRefused.Error())
	}

	enabled := extension.NewSwitch(func() []string { return parts.options.Snapshot().Extensions })
	parts.options.OnChange(func(*wpbridge.Snapshot) { enabled.Update() })
	options := httpx.ServeOptions{Logger: c.log}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return httpx.Serve(ctx, public, parts.publicHandler(enabled), options) })
	group.Go(func() error { return httpx.Serve(ctx, internal, parts.internalHandler(), options) })
	group.Go(func() error { parts.options.Run(ctx); return nil })
	group.Go(func() error { parts.runChores(ctx); return nil })
	group.Go(func() error { parts.delivery().Run(ctx); return nil })
	c.log.Info().Str("version", version).Str("site", snapshot.Home).Str("listen", public.Addr().String()).
		Str("internal", internal.Addr().String()).Msg("serving")
	err = group.Wait()
	c.log.Info().Msg("stopped")
	return err
}
