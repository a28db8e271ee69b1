package wpbridge

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// fakeFiles are files by their absolute paths.
type fakeFiles map[string]string

func (f fakeFiles) Exists(path string) bool { _, ok := f[path]; return ok }

func (f fakeFiles) Read(path string) (string, error) {
	if text, ok := f[path]; ok {
		return text, nil
	}
	return "", errors.New("no such file")
}

func environment(pairs ...string) func(string) string {
	env := map[string]string{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return func(name string) string { return env[name] }
}

func TestConfigExpressions(t *testing.T) {
	t.Parallel()
	files := fakeFiles{
		"/site/local.php":     `<?php define( 'DB_NAME', 'local' ); return; define( 'DB_USER', 'never' );`,
		"/run/secrets/db":     "from a file\r\n",
		"/site/deep/more.php": `<?php define( 'DB_NAME', __DIR__ );`,
	}
	env := environment("NAME=env", "WITH_FILE_FILE=/run/secrets/db", "EXTRA=define('DB_NAME', 'extra');", "SECRET_FILE=/run/secrets/db")

	// Each defines DB_NAME; "?" stands for a value that is not known, "-" for no definition.
	for _, tt := range []struct{ php, want string }{
		{`define( 'DB_NAME', 'plain' );`, "plain"},
		{`define("DB_NAME","double");`, "double"},
		{`DEFINE('DB_NAME', 'any case');`, "any case"},
		{`\define('DB_NAME', 'namespaced');`, "namespaced"},
		{`const DB_NAME = 'const';`, "const"},
		{`const A = 1, DB_NAME = 'second';`, "second"},
		{`define('DB_NAME', 'it\'s \\ \n');`, `it's \ \n`},
		{`define('DB_NAME', "\x41\101\u{42}\$\"\\\t\q");`, "AAB$\"\\\t\\q"},
		{`define('DB_NAME', "a $variable");`, "?"},
		{`define('DB_NAME', "costs 5$ {here}");`, "costs 5$ {here}"},
		{`define('DB_NAME', true);`, "1"},
		{`define('DB_NAME', false);`, ""},
		{`define('DB_NAME', 0x10);`, "16"},
		{`define('DB_NAME', 010);`, "8"},
		{`define('DB_NAME', 1_000);`, "1000"},
		{`define('DB_NAME', 'a' . 'b' . 3);`, "ab3"},
		{`define('DB_NAME', ('a') . ("b"));`, "ab"},

		{`define('DB_NAME', 'first'); define('DB_NAME', 'second');`, "first"},
		{`// define('DB_NAME', 'no');` + "\n# define('DB_NAME', 'no');\n/* define('DB_NAME', 'no'); */ define('DB_NAME', 'yes');", "yes"},
		{"// comment ?> define('DB_NAME', 'text') <?php define('DB_NAME', 'yes');", "yes"},
		{"?> define('DB_NAME', 'text'); <?= 'x' ?> more <?php define('DB_NAME', 'yes');", "yes"},
		{"$x = <<<TEXT\n  define('DB_NAME', 'no');\n  TEXT; define('DB_NAME', 'yes');", "yes"},
		{"$x = <<<'TEXT'\n';\nTEXTURE\nTEXT;\ndefine('DB_NAME', 'yes');", "yes"},
		{`define('DB_NAME_OLD', 'x');`, "-"},
		{`$s = "define('DB_NAME', 'no');"; $t = 'define("DB_NAME", "no");';`, "-"},

		{`define('DB_NAME', getenv('NAME'));`, "env"},
		{`define('DB_NAME', getenv('ABSENT'));`, "?"},
		{`define('DB_NAME', getenv('ABSENT') ?: 'default');`, "default"},
		{`define('DB_NAME', getenv('NAME') ?: 'default');`, "env"},
		{`define('DB_NAME', getenv('A') ?: getenv('B') ?: 'default');`, "default"},
		{`define('DB_NAME', $_ENV['NAME'] ?? 'default');`, "env"},
		{`define('DB_NAME', $_ENV['ABSENT'] ?? $_SERVER["ABSENT"] ?? 'default');`, "default"},
		{`define('DB_NAME', $_SERVER['HTTP_HOST'] ?? 'default');`, "?"},
		{`$_SERVER['HTTP_HOST'] = 'host'; define('DB_NAME', $_SERVER['HTTP_HOST']);`, "host"},
		{`define('DB_NAME', isset($_ENV['NAME']) ? $_ENV['NAME'] : 'default');`, "env"},
		{`define('DB_NAME', empty($_ENV['ABSENT']) ? 'default' : $_ENV['ABSENT']);`, "default"},
		{`define('DB_NAME', (string) getenv('NAME') . '_x');`, "env_x"},
		{`define('DB_NAME', trim(getenv('NAME'), 'ev'));`, "n"},
		{`define('DB_NAME', getenv_docker('NAME', 'default'));`, "env"},
		{`define('DB_NAME', getenv_docker('ABSENT', 'default'));`, "default"},
		{`define('DB_NAME', getenv_docker('WITH_FILE', 'default'));`, "from a file"},
		{`define('DB_NAME', trim(file_get_contents(getenv('SECRET_FILE'))));`, "from a file"},
		{`if ($extra = getenv_docker('EXTRA', '')) { eval($extra); }`, "extra"},
		{`eval($_POST['x']); define('DB_NAME', 'yes');`, "yes"},

		{`if ( ! defined('DB_NAME') ) define('DB_NAME', 'yes');`, "yes"},
		{`define('DB_NAME', 'a'); if ( ! defined('DB_NAME') ) { define('DB_NAME', 'b'); }`, "a"},
		{`defined('DB_NAME') || define('DB_NAME', 'yes');`, "yes"},
		{`defined('DB_NAME') or define('DB_NAME', 'yes');`, "yes"},
		{`defined('X') && define('DB_NAME', 'no');`, "-"},
		{`defined('ABSPATH') || exit; define('DB_NAME', 'yes');`, "yes"},
		{`if (getenv('NAME') === 'env') { define('DB_NAME', 'same'); } else { define('DB_NAME', 'other'); }`, "same"},
		{`if (getenv('NAME') == 'x') define('DB_NAME', 'a'); elseif (true) define('DB_NAME', 'b'); else define('DB_NAME', 'c');`, "b"},
		{`if (false): define('DB_NAME', 'a'); elseif (true): define('DB_NAME', 'b'); else: define('DB_NAME', 'c'); endif;`, "b"},
		{`if ($_SERVER['HTTP_HOST'] === 'x') { define('DB_NAME', 'a'); } else { define('DB_NAME', 'b'); }`, "?"},
		{`if ($_SERVER['HTTP_HOST'] === 'x') { define('WP_DEBUG', true); } define('DB_NAME', 'b');`, "b"},
		{`if (unknown()) { define('DB_NAME', 'a'); } define('DB_NAME', 'b');`, "?"},
		{`if (PHP_SAPI === 'cli') { exit; } define('DB_NAME', 'yes');`, "yes"},
		{`if (true) { exit('off'); } define('DB_NAME', 'no');`, "-"},
		{`$name = 'a'; $name .= 'b'; define('DB_NAME', $name);`, "ab"},
		{`$name = 'a'; if (unknown()) $name = 'b'; define('DB_NAME', $name);`, "?"},
		{`$name ??= 'yes'; define('DB_NAME', $name);`, "yes"},
		{`$config = ['db' => 'x']; define('DB_NAME', $config['db']);`, "?"},
		{`foreach (['a', 'b'] as $name) { $x = 1; } define('DB_NAME', $name);`, "?"},
		{`foreach ($list as $x): define('DB_NAME', 'a'); endforeach; define('DB_NAME', 'b');`, "?"},
		{`switch (true) { case 'x': define('DB_NAME', 'a'); break; default: define('DB_NAME', 'b'); }`, "?"},
		{`function f($a) { define('DB_NAME', 'no'); } define('DB_NAME', 'yes');`, "yes"},
		{`class C { const DB_NAME = 'no'; function f() { return 1; } } define('DB_NAME', 'yes');`, "yes"},
		{`$f = function () { define('DB_NAME', 'no'); }; define('DB_NAME', 'yes');`, "yes"},
		{`$f = static fn($x) => define('DB_NAME', $x); define('DB_NAME', 'yes');`, "yes"},
		{`try { define('DB_NAME', 'yes'); } catch (Exception $e) { define('DB_NAME', 'no'); }`, "yes"},
		{`if (unknown()) { $object->method('x')->y = 'z'; A::b('c'); } define('DB_NAME', 'yes');`, "yes"},
		{`ini_set('a', 1 + 2 * 3); @ini_set("b", -1); define('DB_NAME', 'yes');`, "yes"},
		{`define('DB_NAME', constant('WHERE') ?? 'x');`, "?"},
		{`define('A', 'a'); define('DB_NAME', A . '_b');`, "a_b"},
		{`define('DB_NAME', parse_url(getenv('NAME'), PHP_URL_PATH));`, "?"},
		{`define('DB_NAME', match (true) { default => 'x' });`, "?"},
		{`define('DB_NAME', 7 == '7.0' ? 'a' : 'b');`, "?"},

		{`define('DB_NAME', __FILE__);`, "/site/wp-config.php"},
		{`define('DB_NAME', dirname(__FILE__, 2) . 'x');`, "/x"},
		{`require __DIR__ . '/local.php'; define('DB_NAME', 'after');`, "local"},
		{`include_once('local.php'); define('DB_NAME', 'after');`, "local"},
		{`if (file_exists(__DIR__ . '/local.php')) include __DIR__ . '/local.php';`, "local"},
		{`if (file_exists(__DIR__ . '/gone.php')) include __DIR__ . '/gone.php'; else define('DB_NAME', 'yes');`, "yes"},
		{`require_once ABSPATH . 'unknown.php'; define('DB_NAME', 'yes');`, "yes"},
		{`require dirname(__FILE__) . '/deep/more.php';`, "/site/deep"},
		{`require_once ABSPATH . 'wp-settings.php'; define('DB_NAME', 'too late');`, "-"},
		{`$table_prefix = 'x_'; $GLOBALS['y'] = 'z'; define('DB_NAME', $GLOBALS['table_prefix'] . $y);`, "x_z"},
	} {
		t.Run(tt.php, func(t *testing.T) {
			t.Parallel()
			c, err := parseConfig("/site/wp-config.php", "<?php\n"+tt.php, env, files)
			if err != nil {
				if tt.want != "?" {
					t.Fatal(err)
				}
				return
			}
			got := "-"
			if value, ok := c.Lookup("DB_NAME"); ok {
				got = value
			} else if c.Need("DB_NAME") != nil {
				got = "?"
			}
			if got != tt.want {
				t.Errorf("DB_NAME = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestConfigFile(t *testing.T) {
	t.Parallel()
	c, err := ReadConfig("testdata/wp-config-sample.php", environment())
	if err != nil {
		t.Fatal(err)
	}
	path, _ := filepath.Abs("testdata/wp-config-sample.php")
	want := Config{
		Path:   path,
		DBName: "wordpress", DBUser: "wp", DBPassword: `p'a"s\s$word`, DBHost: "localhost:/run/mysqld/mysqld.sock",
		DBCharset: "utf8mb4", TablePrefix: "wp2_",
		Secret: "0123456789abcdef0123456789abcdef", JWTAuthSecret: "jwt secret",
		SidecarURL: "http://sidecar:8787", Home: "https://site.test", SiteURL: "https://site.test/wp",
	}
	if diff := cmp.Diff(want, c, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".constants" }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
	dsn, err := c.DSN()
	if want := `wp:p'a"s\s$word@unix(/run/mysqld/mysqld.sock)/wordpress`; dsn != want || err != nil {
		t.Errorf("DSN = %q, %v; want %q", dsn, err, want)
	}
}

// TestConfigOfDocker reads the shape of the file that WordPress's Docker image makes.
func TestConfigOfDocker(t *testing.T) {
	t.Parallel()
	env := environment("WORDPRESS_DB_HOST=db", "WORDPRESS_DB_USER=member1", "WORDPRESS_DB_PASSWORD=pass", "WORDPRESS_TABLE_PREFIX=dk_",
		"WORDPRESS_CONFIG_EXTRA=define( 'WP_HOME', 'https://site.test' ); define('JETONOMY_SIDECAR_SECRET', getenv('S'));", "S=0123456789abcdef0123456789abcdef")
	c, err := ReadConfig("testdata/wp-config-docker.php", env)
	if err != nil {
		t.Fatal(err)
	}
	dsn, err := c.DSN()
	if want := "member1:pass@tcp(db:3306)/wordpress"; dsn != want || err != nil {
		t.Errorf("DSN = %q, %v; want %q", dsn, err, want)
	}
	if c.TablePrefix != "dk_" || c.Home != "https://site.test" || c.Secret != "0123456789abcdef0123456789abcdef" {
		t.Errorf("prefix %q, home %q, secret %q", c.TablePrefix, c.Home, c.Secret)
	}
}

func TestSecretFromEnvironment(t *testing.T) {
	t.Parallel()
	env := environment("JETONOMY_SIDECAR_SECRET=from the environment")
	for php, want := range map[string]string{
		``: "from the environment",
		`define('JETONOMY_SIDECAR_SECRET', 'constant');`:  "constant",
		`define('JETONOMY_SIDECAR_SECRET', '');`:          "",
		`define('JETONOMY_SIDECAR_SECRET', unknown());`:   "",
		`if (0) define('JETONOMY_SIDECAR_SECRET', 'no');`: "from the environment",
	} {
		c, err := parseConfig("/wp-config.php", "<?php "+php, env, fakeFiles{})
		if err != nil || c.Secret != want {
			t.Errorf("%s: secret %q, %v; want %q", php, c.Secret, err, want)
		}
	}
}

func TestReadConfigFindsTheFile(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	site := filepath.Join(root, "site")
	write := func(path string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("<?php $table_prefix = '"+filepath.Base(filepath.Dir(path))+"_';"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	prefix := func(path string) string {
		t.Helper()
		c, err := ReadConfig(path, environment())
		if err != nil {
			return err.Error()
		}
		return c.TablePrefix
	}

	write(filepath.Join(site, "wp-settings.php"))
	if got := prefix(site); !strings.Contains(got, "no such file") {
		t.Errorf("without a file: %s", got)
	}
	write(filepath.Join(root, "wp-config.php"))
	if got, want := prefix(site), filepath.Base(root)+"_"; got != want {
		t.Errorf("file above: %s, want %s", got, want)
	}
	write(filepath.Join(root, "wp-settings.php"))
	if got := prefix(site); !strings.Contains(got, "no such file") {
		t.Errorf("file of another WordPress above: %s", got)
	}
	write(filepath.Join(site, "wp-config.php"))
	if got := prefix(site); got != "site_" {
		t.Errorf("file in the folder: %s", got)
	}
	if got := prefix(filepath.Join(site, "wp-config.php")); got != "site_" {
		t.Errorf("file itself: %s", got)
	}
	if got := prefix("/dev/null"); !strings.Contains(got, "not a regular file") {
		t.Errorf("device: %s", got)
	}
}

func TestConfigErrorsNameTheWayOut(t *testing.T) {
	t.Parallel()
	base := "<?php define('DB_USER', 'u');\ndefine('DB_PASSWORD', 'p'); define('DB_HOST', 'h');\n"
	for _, tt := range []struct {
		php  string
		want []string
	}{
		{base, []string{"DB_NAME", "SIDECAR_DSN"}},
		{base + `define('DB_NAME', '');`, []string{"DB_NAME", "SIDECAR_DSN"}},
		{base + `define('DB_NAME', something());`, []string{"DB_NAME", "line 3", "SIDECAR_DSN"}},
		{base + `define('DB_NAME', getenv('THE_NAME'));`, []string{"DB_NAME", "THE_NAME", "SIDECAR_DSN"}},
		{strings.Replace(base, "'h'", "'a:b:c'", 1) + `define('DB_NAME', 'n');`, []string{"DB_HOST", "a:b:c"}},
	} {
		c, err := parseConfig("/site/wp-config.php", tt.php, environment(), fakeFiles{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.DSN()
		for _, want := range tt.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v does not name %s", tt.php, err, want)
			}
		}
	}

	c, err := parseConfig("/site/wp-config.php", `<?php $table_prefix = prefix_of($x);`, environment(), fakeFiles{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Need("DB_NAME", "$table_prefix"); err == nil || !strings.Contains(err.Error(), "SIDECAR_TABLE_PREFIX") {
		t.Errorf("table prefix: %v", err)
	}
	if err := c.Need("DB_NAME", "WP_HOME"); err != nil {
		t.Errorf("constants that are not defined: %v", err)
	}
}

func TestConfigBounds(t *testing.T) {
	t.Parallel()
	for name, php := range map[string]string{
		"nested statements":      "<?php " + strings.Repeat("if (1) ", 10_000) + ";",
		"nested expressions":     "<?php $x = " + strings.Repeat("(", 10_000) + ";",
		"nested negations":       "<?php " + strings.Repeat("!", 10_000) + "1;",
		"file including itself":  "<?php include __FILE__;",
		"string without an end":  "<?php define('DB_NAME', 'x);",
		"comment without an end": "<?php /* ",
		"heredoc without an end": "<?php $x = <<<END\nEN\n",
	} {
		if _, err := parseConfig("/site/wp-config.php", php, environment(), fakeFiles{"/site/wp-config.php": php}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}

	doubling := "<?php $x = 'xxxxxxxxxxxxxxxx';" + strings.Repeat("$x = $x . $x;", 200) + "define('DB_NAME', $x);"
	c, err := parseConfig("/site/wp-config.php", doubling, environment(), fakeFiles{})
	if err != nil || c.Need("DB_NAME") == nil {
		t.Errorf("a string that doubles 200 times: %v", err)
	}
}

// TestConfigReadsWhatPHPWrites: any text, quoted as PHP's var_export does, is read as it is.
func TestConfigReadsWhatPHPWrites(t *testing.T) {
	t.Parallel()
	quote := strings.NewReplacer(`\`, `\\`, `'`, `\'`)
	rapid.Check(t, func(t *rapid.T) {
		name, password := rapid.String().Draw(t, "name"), rapid.String().Draw(t, "password")
		php := fmt.Sprintf("<?php\ndefine( 'DB_NAME', '%s' ); // it's\ndefine( 'DB_PASSWORD', '%s' ); define('DB_USER', 'u'); define('DB_HOST', 'h');", quote.Replace(name), quote.Replace(password))
		c, err := parseConfig("/wp-config.php", php, environment(), fakeFiles{})
		if err != nil || c.DBName != name || c.DBPassword != password {
			t.Fatalf("read %q and %q, %v", c.DBName, c.DBPassword, err)
		}
		if name == "" {
			return
		}
		dsn, err := c.DSN()
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := mysql.ParseDSN(dsn)
		if err != nil || cfg.DBName != name || cfg.Passwd != password {
			t.Fatalf("the driver reads %q as %q and %q, %v", dsn, cfg.DBName, cfg.Passwd, err)
		}
	})
}

// FuzzConfig: no file makes the reader panic or hang, and a definition in front of anything is found, as
// the first one wins.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		"<?php define('DB_NAME', 'x'); $table_prefix = 'wp_';",
		"<?php if (a()): b($c['d'] ??= 1)->e; elseif (!f) { const G = 2 | 3; } else: endif;",
		"<?php $x = <<<'A'\nb\nA . \"c{$d}\" . `e` . (string) -f(...$g) ?: fn() => 1; ?>html<?= h ?>",
		"<?php foreach ($a as $b => $c): switch (1) { case 2: default: } endforeach; eval('x' . $y); include z . '.php';",
		"<?php function &f(int $a = 1): ?int { return 1; } class C extends D { } new class { }; match(1) { 1 => 2 };",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		files := fakeFiles{"/site/wp-config.php": src}
		_, _ = parseConfig("/site/wp-config.php", src, environment("A=b", "x=define('y', 'z');"), files)

		c, err := parseConfig("/site/wp-config.php", "<?php define('DB_NAME', 'first'); ?>"+src, environment(), files)
		if err == nil && c.DBName != "first" {
			t.Errorf("DB_NAME = %q, want the first definition", c.DBName)
		}
	})
}
