package main

import (
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// checker collects what is wrong with a project.
type checker struct {
	root    string
	project *types.Project
	faults  []string
}

func (c *checker) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf(format, args...))
}

func (c *checker) run() {
	c.variables()
	names := c.knownNames()
	for name, service := range c.project.Services {
		for _, v := range service.Volumes {
			c.mount(name, service, v)
		}
		for variable := range service.Environment {
			if !names[variable] {
				c.fault("%s: nothing reads %s", name, variable)
			}
		}
		for _, argument := range slices.Concat(service.Entrypoint, service.Command) {
			c.program(name, service, argument)
		}
	}
}

var (
	composeVariable = regexp.MustCompile(`\$\{([A-Z_]+)`)
	envVariable     = regexp.MustCompile(`(?m)^#?([A-Z_]+)=`)
)

// variables compares what the Compose files ask for with what docker/.env.example offers.
func (c *checker) variables() {
	asked := c.found("docker-compose.yml", composeVariable)
	for name := range c.found("docker/existing-wordpress.yml", composeVariable) {
		asked[name] = true
	}
	offered := c.found("docker/.env.example", envVariable)
	for name := range asked {
		if !offered[name] {
			c.fault("docker/.env.example lacks %s", name)
		}
	}
	for name := range offered {
		if !asked[name] {
			c.fault("docker/.env.example: nothing asks for %s", name)
		}
	}
}

// found gives what the first group of pattern matches in a file of the work tree, which must be something.
func (c *checker) found(file string, pattern *regexp.Regexp) map[string]bool {
	names := make(map[string]bool)
	text, err := os.ReadFile(filepath.Join(c.root, file))
	if err != nil {
		c.fault("%v", err)
		return names
	}
	for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
		names[m[1]] = true
	}
	if len(names) == 0 {
		c.fault("%s has no variables any more", file)
	}
	return names
}

// mount looks for what is mounted from this work tree. Other folders are the machine's that it runs on.
func (c *checker) mount(name string, service types.ServiceConfig, v types.ServiceVolumeConfig) {
	if v.Type == types.VolumeTypeVolume {
		if _, ok := c.project.Volumes[v.Source]; !ok {
			c.fault("%s: there is no volume %s", name, v.Source)
		}
		return
	}
	inside, err := filepath.Rel(c.absRoot(), v.Source)
	if err != nil || strings.HasPrefix(inside, "..") {
		return
	}
	if _, err := os.Stat(v.Source); err != nil {
		c.fault("%s: %v", name, err)
	}
	if !v.ReadOnly {
		c.fault("%s: may write to %s", name, inside)
	}
	// The mount point of what lies in another mount is made by the one that may write to it.
	for _, outer := range service.Volumes {
		if outer.Type == types.VolumeTypeVolume && strings.HasPrefix(v.Target, outer.Target+"/") && !c.madeBy(outer.Source, v.Target) {
			c.fault("%s: nobody makes %s in the volume %s", name, v.Target, outer.Source)
		}
	}
}

// madeBy tells whether some service mounts something at target in a volume that it may write to.
func (c *checker) madeBy(volume, target string) bool {
	for _, service := range c.project.Services {
		writes := slices.ContainsFunc(service.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Source == volume && !v.ReadOnly })
		mounts := slices.ContainsFunc(service.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Target == target })
		if writes && mounts {
			return true
		}
	}
	return false
}

// program looks for a file that a service is started with, where that is one of this work tree.
func (c *checker) program(name string, service types.ServiceConfig, argument string) {
	for _, v := range service.Volumes {
		if v.Type == types.VolumeTypeBind && strings.HasPrefix(argument, v.Target+"/") {
			if _, err := os.Stat(path.Join(v.Source, strings.TrimPrefix(argument, v.Target))); err != nil {
				c.fault("%s: %v", name, err)
			}
		}
	}
}

func (c *checker) absRoot() string {
	root, err := filepath.Abs(c.root)
	if err != nil {
		return c.root
	}
	return root
}

// mysqlNames are the official MySQL image's.
var mysqlNames = []string{
	"MYSQL_ROOT_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_ONETIME_PASSWORD", "MYSQL_ROOT_HOST",
	"MYSQL_DATABASE", "MYSQL_USER", "MYSQL_PASSWORD", "MYSQL_INITDB_SKIP_TZINFO",
}

// readers are where our own names are read, each with what a name looks like there.
var readers = map[string]*regexp.Regexp{
	"cmd/jetonomy-sidecar/config.go":                 regexp.MustCompile(`"(SIDECAR_[A-Z_]+)"`),
	"wpbridge/config.go":                             regexp.MustCompile(`getenv\("([A-Z_]+)"\)`),
	"wpbridge/plugin/includes/bridge/class-keys.php": regexp.MustCompile(`'(JETONOMY_SIDECAR_[A-Z]+)'`),
	"wpbridge/plugin/includes/class-settings.php":    regexp.MustCompile(`getenv\( '([A-Z_]+)' \)`),
	"wpbridge/testdata/wp-config-docker.php":         regexp.MustCompile(`getenv_docker\('(WORDPRESS_[A-Z_]+)'`),
	"docker/wordpress-setup":                         regexp.MustCompile(`\$([A-Z_]{2,})`),
	"docker/wordpress-setup.php":                     regexp.MustCompile(`'([A-Z_]+_(?:PASSWORD|ACCOUNTS))'`),
}

// knownNames are the environment's that something in a container reads.
func (c *checker) knownNames() map[string]bool {
	known := make(map[string]bool)
	for _, name := range mysqlNames {
		known[name] = true
	}
	for file, pattern := range readers {
		maps.Copy(known, c.found(file, pattern))
	}
	return known
}
