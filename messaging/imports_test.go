package messaging

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// The domain depends on nothing but the standard library; each other package depends only on those
// that the layout in docs/architecture.md allows.
func TestDependenciesPointOneWay(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "../...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	const module = "jetonomy-sidecar/"
	allowed := map[string][]string{
		"messaging":  {},
		"messaging/": {"messaging", "messaging/", "wpbridge", "wpbridge/", "internal/"},
		"wpbridge":   {"wpbridge/", "internal/"},
		"wpbridge/":  {"wpbridge", "wpbridge/", "internal/"},
		"extension":  {"internal/"},
		"migrations": {"internal/"},
		"internal/":  {"internal/"},
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		name, ours := strings.CutPrefix(fields[0], module)
		if !ours {
			continue
		}
		rules, ruled := allowed[class(name)]
		if !ruled {
			continue // cmd and e2e may import all
		}
		seen++
		for _, imported := range fields[1:] {
			if other, ours := strings.CutPrefix(imported, module); ours {
				if !slices.Contains(rules, class(other)) {
					t.Errorf("%s imports %s", name, other)
				}
			} else if name == "messaging" && strings.Contains(strings.Split(imported, "/")[0], ".") {
				t.Errorf("%s imports %s, which is not of the standard library", name, imported)
			}
		}
	}
	if seen == 0 {
		t.Fatal("no package of this module was looked at")
	}
}

// class is the package itself where a rule names it, or the folder it is in.
func class(name string) string {
	if i := strings.IndexByte(name, '/'); i >= 0 {
		return name[:i+1]
	}
	return name
}
