package wpbridge

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Config is what a wp-config.php says about its site. A constant that the file does not define, or
// defines by an expression that takes PHP to evaluate, is empty here; see [Config.Need].
//
// It holds the site's passwords and secrets.
type Config struct {
	Path string // the file that was read

	DBName, DBUser, DBPassword, DBHost string
	DBCharset, DBCollate               string
	TablePrefix                        string // $table_prefix

	Secret        string // JETONOMY_SIDECAR_SECRET, also from the environment variable of that name
	JWTAuthSecret string // JWT_AUTH_SECRET_KEY
	SidecarURL    string // JETONOMY_SIDECAR_URL, where the plugin finds this service
	Home, SiteURL string // WP_HOME and WP_SITEURL, which replace the options home and siteurl

	constants map[string]phpConstant // and $table_prefix
}

// String gives the path alone, so that no secret reaches a log by mistake.
func (c Config) String() string { return c.Path }

const tablePrefixVariable = "$table_prefix"

// configVariables are the environment variables of this service that replace what the file says.
var configVariables = map[string]string{
	"DB_NAME":                 "SIDECAR_DSN",
	"DB_USER":                 "SIDECAR_DSN",
	"DB_PASSWORD":             "SIDECAR_DSN",
	"DB_HOST":                 "SIDECAR_DSN",
	tablePrefixVariable:       "SIDECAR_TABLE_PREFIX",
	"JETONOMY_SIDECAR_SECRET": "SIDECAR_SECRET",
	"JWT_AUTH_SECRET_KEY":     "SIDECAR_JWT_AUTH_SECRET",
	"WP_HOME":                 "SIDECAR_SITE_URL",
	"WP_SITEURL":              "SIDECAR_SITE_URL",
}

// ReadConfig reads a wp-config.php without running PHP. path is the file, or WordPress's folder: then
// the file may stand in the folder above, where WordPress looks as well.
//
// It follows if and else, includes and the usual expressions: strings, getenv, getenv_docker, $_ENV,
// $_SERVER, ?:, ??, concatenation. getenv gives the environment, which must be the one that PHP has where
// the file reads it. The error is about the file as a whole; what could not be evaluated in it is an error
// of Need for the one who needs it.
func ReadConfig(path string, getenv func(string) string) (Config, error) {
	file, err := findConfig(path)
	if err != nil {
		return Config{}, fmt.Errorf("wpbridge: wp-config.php: %w", err)
	}
	src, err := diskFiles{}.Read(file)
	if err != nil {
		return Config{}, fmt.Errorf("wpbridge: wp-config.php: %w", err)
	}
	return parseConfig(file, src, getenv, diskFiles{})
}

// findConfig gives the absolute path of the file, links resolved, as PHP's __FILE__ has it.
func findConfig(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(path); err != nil {
		return "", err
	} else if info.IsDir() {
		path = inFolder(path)
	}
	return filepath.EvalSymlinks(path)
}

// inFolder looks where WordPress's wp-load.php does: here, or above unless that is another WordPress.
func inFolder(folder string) string {
	const name = "wp-config.php"
	here, above := filepath.Join(folder, name), filepath.Join(filepath.Dir(folder), name)
	files := diskFiles{}
	if !files.Exists(here) && files.Exists(above) && !files.Exists(filepath.Join(filepath.Dir(folder), "wp-settings.php")) {
		return above
	}
	return here
}

func parseConfig(file, src string, getenv func(string) string, files phpFiles) (Config, error) {
	program := newPHPProgram(getenv, files)
	if err := program.run(file, src, false, phpRuns); err != nil {
		return Config{}, fmt.Errorf("wpbridge: read %s: %w", file, err)
	}
	c := Config{Path: file, constants: program.constants}
	if prefix, ok := program.variables["table_prefix"]; ok {
		c.constants[tablePrefixVariable] = phpConstant{phpOperand: prefix, file: file}
	}
	if _, ok := c.constants["JETONOMY_SIDECAR_SECRET"]; !ok {
		c.Secret = getenv("JETONOMY_SIDECAR_SECRET")
	}
	for name, field := range map[string]*string{
		"DB_NAME":                 &c.DBName,
		"DB_USER":                 &c.DBUser,
		"DB_PASSWORD":             &c.DBPassword,
		"DB_HOST":                 &c.DBHost,
		"DB_CHARSET":              &c.DBCharset,
		"DB_COLLATE":              &c.DBCollate,
		tablePrefixVariable:       &c.TablePrefix,
		"JETONOMY_SIDECAR_SECRET": &c.Secret,
		"JWT_AUTH_SECRET_KEY":     &c.JWTAuthSecret,
		"JETONOMY_SIDECAR_URL":    &c.SidecarURL,
		"WP_HOME":                 &c.Home,
		"WP_SITEURL":              &c.SiteURL,
	} {
		if value, ok := c.Lookup(name); ok {
			*field = value
		}
	}
	return c, nil
}

// Lookup gives any constant of the file as a string ("1" and "" for true and false), and false where it
// is not defined or not known.
func (c Config) Lookup(name string) (string, bool) {
	constant, ok := c.constants[name]
	if !ok || !constant.known || constant.missing != "" {
		return "", false
	}
	return constant.value.String(), true
}

// Need reports the first of these constants ("$table_prefix" counts as one) that the file defines in a
// way that cannot be evaluated here, and which environment variable can replace it. Constants that
// are not defined at all are no error.
func (c Config) Need(names ...string) error {
	for _, name := range names {
		constant, ok := c.constants[name]
		switch {
		case !ok:
			continue
		case constant.missing != "":
			return fmt.Errorf("wpbridge: %s: %s comes from the environment variable %s, which is not set for this service: set it%s",
				c.Path, name, constant.missing, alternative(name, " or "))
		case !constant.known:
			return fmt.Errorf("wpbridge: %s: %s is given by an expression that takes PHP to evaluate%s: write it as a plain value%s",
				c.Path, name, place(constant), alternative(name, " or set "))
		}
	}
	return nil
}

func alternative(name, before string) string {
	if variable, ok := configVariables[name]; ok {
		return before + variable
	}
	return ""
}

func place(c phpConstant) string {
	if c.line == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s line %d)", filepath.Base(c.file), c.line)
}

// diskFiles reads the files of this machine.
type diskFiles struct{}

func (diskFiles) Exists(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func (diskFiles) Read(path string) (string, error) {
	// Asked before opening: opening a pipe would wait for its other end.
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", &fs.PathError{Op: "read", Path: path, Err: errors.New("not a regular file")}
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxPHPFile+1))
	if err != nil {
		return "", err
	}
	if len(text) > maxPHPFile {
		return "", &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("longer than %d bytes", maxPHPFile)}
	}
	return string(text), nil
}
