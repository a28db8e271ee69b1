package testdb

import (
	"strings"
	"testing"
)

func TestFindSaysWhatToInstall(t *testing.T) {
	_, err := find("mariadb-of-another-world")
	if err == nil || !strings.Contains(err.Error(), "apt-get install mariadb-server-core") {
		t.Errorf("error %v", err)
	}
}
