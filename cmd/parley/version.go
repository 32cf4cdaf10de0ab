package main

import (
	"runtime/debug"
	"strings"
)

// linkedVersion is set by release builds (-ldflags "-X main.linkedVersion=v1.2.3"), and by nothing else.
var linkedVersion string

// version names this build: the linked version, or else what the Go tool recorded about it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return strings.TrimSpace("unknown " + linkedVersion)
	}
	name := linkedVersion
	if name == "" {
		name = strings.Trim(info.Main.Version, "()") // "(devel)" for a build in a clone
	}
	return name + " (" + info.GoVersion + ")"
}
