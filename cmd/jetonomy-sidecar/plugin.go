package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"

	"jetonomy-sidecar/wpbridge/plugin"
)

func writePlugin(_ context.Context, p process, args []string) error {
	out := ""
	if _, err := flags(p, "plugin", args, func(set *flag.FlagSet) {
		set.StringVar(&out, "out", "jetonomy-sidecar.zip", "the file to write, - for standard output")
	}); err != nil {
		return err
	}
	var zip bytes.Buffer
	if err := plugin.WriteZip(&zip); err != nil {
		return err
	}
	if out == "-" {
		_, err := p.stdout.Write(zip.Bytes())
		return err
	}
	if err := os.WriteFile(out, zip.Bytes(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: plugin version %s. Upload it under Plugins → Add New → Upload Plugin.\n", out, plugin.Version())
	return nil
}
