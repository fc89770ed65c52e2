package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReserved checks that no variable of the output can hide a function that the output imports.
func TestReserved(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	calls := regexp.MustCompile(`\.lang\("(\w+)"\)`)
	seen := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range calls.FindAllStringSubmatch(string(text), -1) {
			seen++
			if !langExports[m[1]] {
				t.Errorf("%s: gocsp/golib has no %s", file, m[1])
			}
			if name := m[1]; lower(name) == name && !reserved[name] {
				t.Errorf("%s: a variable %s would hide the function of gocsp/golib", file, name)
			}
		}
	}
	if seen < 50 {
		t.Errorf("found %d imports", seen)
	}
}
