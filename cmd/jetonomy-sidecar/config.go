package main

import (
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"github.com/caarlos0/env/v11"
	"github.com/rs/zerolog"

	"jetonomy-sidecar/internal/mysqldb"
	"jetonomy-sidecar/wpbridge"
)

// variables are the environment's, each of which wins over wp-config.php.
type variables struct {
	DSN            string `env:"SIDECAR_DSN"`
	TablePrefix    string `env:"SIDECAR_TABLE_PREFIX"`
	WPConfig       string `env:"SIDECAR_WP_CONFIG"`
	Listen         string `env:"SIDECAR_LISTEN" envDefault:"127.0.0.1:8787"`
	InternalListen string `env:"SIDECAR_INTERNAL_LISTEN" envDefault:"127.0.0.1:8788"`
	Secret         string `env:"SIDECAR_SECRET"`
	JWTAuthSecret  string `env:"SIDECAR_JWT_AUTH_SECRET"`
	SiteURL        string `env:"SIDECAR_SITE_URL"`
	WPURL          string `env:"SIDECAR_WP_URL"`
	LogLevel       string `env:"SIDECAR_LOG_LEVEL" envDefault:"info"`
	LogFormat      string `env:"SIDECAR_LOG_FORMAT" envDefault:"json"`
}

// config is what the commands work with.
type config struct {
	dsn            string
	prefix         mysqldb.Prefix
	listen         string
	internalListen string
	secret         string // replaces the option with the keys, where not empty
	jwtAuthSecret  string
	jwtAuthRefused error  // why JWT_AUTH_SECRET_KEY is not used
	home, siteURL  string // replace the options, where not empty
	wpURL          string // where events are delivered, empty for the site's address
	log            zerolog.Logger
}

// flags parses a command's flags; define may add its own.
func flags(p process, name string, args []string, define func(*flag.FlagSet)) (wpConfig string, err error) {
	set := flag.NewFlagSet("jetonomy-sidecar "+name, flag.ContinueOnError)
	set.SetOutput(p.stderr)
	set.StringVar(&wpConfig, "wp-config", "", "the site's wp-config.php, or its folder")
	if define != nil {
		define(set)
	}
	if err := set.Parse(args); err != nil {
		if err == flag.ErrHelp {
			return "", err
		}
		return "", fmt.Errorf("%w: %v", errUsage, err)
	}
	if set.NArg() > 0 {
		return "", fmt.Errorf("%w: unexpected argument %q", errUsage, set.Arg(0))
	}
	return wpConfig, nil
}

// configure reads the environment and, where something is missing there, wp-config.php. An error is one
// line that names the value at fault.
func configure(p process, wpConfig string) (config, error) {
	v, err := env.ParseAsWithOptions[variables](env.Options{Environment: environment(p.getenv)})
	if err != nil {
		return config{}, err
	}
	if wpConfig == "" {
		wpConfig = v.WPConfig
	}
	c := config{dsn: v.DSN, listen: v.Listen, internalListen: v.InternalListen, secret: v.Secret, jwtAuthSecret: v.JWTAuthSecret}
	if c.log, err = logger(p, v.LogLevel, v.LogFormat); err != nil {
		return config{}, err
	}
	for name, address := range map[string]string{"SIDECAR_LISTEN": v.Listen, "SIDECAR_INTERNAL_LISTEN": v.InternalListen} {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return config{}, fmt.Errorf("%s: %q is not host:port", name, address)
		}
	}
	if v.JWTAuthSecret != "" {
		if err := wpbridge.CheckJWTAuthSecret(v.JWTAuthSecret); err != nil {
			return config{}, fmt.Errorf("SIDECAR_JWT_AUTH_SECRET: %w", err)
		}
	}
	prefix := v.TablePrefix
	if wpConfig != "" {
		if prefix, err = c.read(wpConfig, v, p.getenv); err != nil {
			return config{}, err
		}
	}
	if c.dsn == "" {
		return config{}, fmt.Errorf("no database: give --wp-config PATH, or set SIDECAR_WP_CONFIG or SIDECAR_DSN")
	}
	if prefix == "" {
		prefix = "wp_"
	}
	if c.prefix, err = mysqldb.ParsePrefix(prefix); err != nil {
		return config{}, fmt.Errorf("SIDECAR_TABLE_PREFIX: %w", err)
	}
	if v.SiteURL != "" {
		if c.home, err = address("SIDECAR_SITE_URL", v.SiteURL); err != nil {
			return config{}, err
		}
	}
	if v.WPURL != "" {
		if c.wpURL, err = address("SIDECAR_WP_URL", v.WPURL); err != nil {
			return config{}, err
		}
	}
	return c, nil
}

// address gives an http or https address without a trailing slash.
func address(name, value string) (string, error) {
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", fmt.Errorf("%s: %q is not an http or https address", name, value)
	}
	return strings.TrimRight(value, "/"), nil
}

// read fills in from wp-config.php what the environment left open.
func (c *config) read(path string, v variables, getenv func(string) string) (prefix string, err error) {
	wp, err := wpbridge.ReadConfig(path, getenv)
	if err != nil {
		return "", err
	}
	if c.dsn == "" {
		if c.dsn, err = wp.DSN(); err != nil {
			return "", err
		}
	}
	if prefix = v.TablePrefix; prefix == "" {
		if err := wp.Need("$table_prefix"); err != nil {
			return "", err
		}
		prefix = wp.TablePrefix
	}
	if c.secret == "" {
		if err := wp.Need("JETONOMY_SIDECAR_SECRET"); err != nil {
			return "", err
		}
		c.secret = wp.Secret
	}
	if c.jwtAuthSecret == "" {
		if err := wp.Need("JWT_AUTH_SECRET_KEY"); err != nil {
			return "", err
		}
		c.useJWTAuthSecret(wp.JWTAuthSecret)
	}
	if v.SiteURL == "" {
		// Every token names the site: guessing its address would refuse them all.
		if err := wp.Need("WP_HOME"); err != nil {
			return "", err
		}
	}
	c.home, c.siteURL = strings.TrimRight(wp.Home, "/"), strings.TrimRight(wp.SiteURL, "/")
	return prefix, nil
}

// useJWTAuthSecret takes the other plugin's secret from wp-config.php. One that is no secret takes nothing from the
// members but that plugin's tokens, so it stops no start.
func (c *config) useJWTAuthSecret(secret string) {
	if secret == "" {
		return
	}
	if err := wpbridge.CheckJWTAuthSecret(secret); err != nil {
		c.jwtAuthRefused = fmt.Errorf("JWT_AUTH_SECRET_KEY in wp-config.php: %w; tokens of the plugin JWT Authentication for WP REST API "+
			"are refused until it is replaced, for example by a line of https://api.wordpress.org/secret-key/1.1/salt/", err)
		return
	}
	c.jwtAuthSecret = secret
}

// environment is what the env package wants: the variables of this service as a map.
func environment(getenv func(string) string) map[string]string {
	all := make(map[string]string)
	for _, name := range []string{
		"SIDECAR_DSN", "SIDECAR_TABLE_PREFIX", "SIDECAR_WP_CONFIG", "SIDECAR_LISTEN", "SIDECAR_INTERNAL_LISTEN",
		"SIDECAR_SECRET", "SIDECAR_JWT_AUTH_SECRET", "SIDECAR_SITE_URL", "SIDECAR_WP_URL", "SIDECAR_LOG_LEVEL", "SIDECAR_LOG_FORMAT",
	} {
		if value := getenv(name); value != "" {
			all[name] = value
		}
	}
	return all
}

func logger(p process, level, format string) (zerolog.Logger, error) {
	l, err := zerolog.ParseLevel(level)
	if err != nil || level == "" {
		return zerolog.Logger{}, fmt.Errorf("SIDECAR_LOG_LEVEL: %q is none of trace, debug, info, warn, error", level)
	}
	out := p.stderr
	switch format {
	case "json":
	case "console":
		out = zerolog.ConsoleWriter{Out: p.stderr, NoColor: p.stderr != os.Stderr}
	default:
		return zerolog.Logger{}, fmt.Errorf("SIDECAR_LOG_FORMAT: %q is neither json nor console", format)
	}
	return zerolog.New(out).Level(l).With().Timestamp().Logger(), nil
}
