// Command composecheck loads Compose files with the loader of Docker Compose itself (schema, interpolation,
// merging), and holds what they name against this work tree.
//
//	composecheck -root DIR -env FILE COMPOSE-FILE…           checks, one line for each fault
//	composecheck … -print-environment SERVICE COMPOSE-FILE…  prints a service's environment for a shell
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"
)

func main() {
	root := flag.String("root", ".", "the work tree")
	envFile := flag.String("env", ".env", "the file with the variables")
	service := flag.String("print-environment", "", "a service")
	flag.Parse()
	project, err := load(*root, *envFile, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if *service != "" {
		for name, value := range project.Services[*service].Environment {
			if value != nil {
				fmt.Printf("export %s='%s'\n", name, strings.ReplaceAll(*value, "'", `'\''`))
			}
		}
		return
	}
	c := checker{root: *root, project: project}
	c.run()
	for _, fault := range c.faults {
		fmt.Fprintln(os.Stderr, fault)
	}
	if len(c.faults) > 0 {
		os.Exit(1)
	}
	fmt.Printf("%s: %d services\n", strings.Join(flag.Args(), " + "), len(project.Services))
}

// load reads the files as `docker compose -f A -f B` does, with nothing of this shell's environment.
func load(root, envFile string, files []string) (*types.Project, error) {
	variables, err := dotenv.Read(envFile)
	if err != nil {
		return nil, err
	}
	options, err := cli.NewProjectOptions(files, cli.WithWorkingDirectory(root), cli.WithResolvedPaths(true), cli.WithInterpolation(true))
	if err != nil {
		return nil, err
	}
	options.Environment = variables
	return options.LoadProject(context.Background())
}
