package report

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/parley-contracts/parley/conformance/document"
)

// The parts of SARIF 2.1.0 that code scanning reads
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool       `json:"tool"`
	Automation sarifAutomation `json:"automationDetails"` // its id keeps the alerts of two contracts apart
	ColumnKind string          `json:"columnKind"`
	Artifacts  []sarifArtifact `json:"artifacts"`
	Results    []sarifResult   `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string      `json:"id"`
	Short   sarifText   `json:"shortDescription"`
	Full    sarifText   `json:"fullDescription"`
	Help    sarifText   `json:"help"`
	Default sarifLevel  `json:"defaultConfiguration"`
	Props   sarifTagged `json:"properties"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifTagged struct {
	Tags []string `json:"tags"`
}

type sarifText struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type sarifAutomation struct {
	ID string `json:"id"`
}

type sarifArtifact struct {
	Location    sarifFile `json:"location"`
	Description sarifText `json:"description"` // the name by which the user knows it
}

type sarifFile struct {
	URI       string `json:"uri"`
	URIBaseID string `json:"uriBaseId,omitempty"`
}

type sarifResult struct {
	RuleID       string             `json:"ruleId"`
	RuleIndex    int                `json:"ruleIndex"`
	Level        string             `json:"level"`
	Message      sarifText          `json:"message"`
	Locations    []sarifLocation    `json:"locations"`
	Related      []sarifLocation    `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string  `json:"partialFingerprints"`
	Suppressions []sarifSuppression `json:"suppressions,omitempty"`
}

type sarifLocation struct {
	ID       int           `json:"id,omitempty"`
	Message  *sarifText    `json:"message,omitempty"`
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifFile   `json:"artifactLocation"`
	Region   sarifRegion `json:"region"`
}

type sarifRegion struct {
	StartLine   int        `json:"startLine"`
	StartColumn int        `json:"startColumn,omitempty"`
	EndColumn   int        `json:"endColumn,omitempty"`
	Snippet     *sarifText `json:"snippet,omitempty"`
}

type sarifSuppression struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}

// writeSARIF writes what GitHub's code scanning, and others, show beside the lines.
func (p Proof) writeSARIF(w io.Writer) error {
	rules := p.sarifRules()
	index := map[string]int{}
	for i, rule := range rules {
		index[rule.ID] = i
	}
	file := sarifFile{URI: relativeURI(p.Report.Document), URIBaseID: "%SRCROOT%"}
	seen := map[string]int{}
	results := []sarifResult{}
	for _, f := range p.Report.Findings {
		result := p.sarifResult(f, file)
		result.RuleIndex = index[f.Rule]
		print := fingerprint(f)
		seen[print]++
		// The key that GitHub tells alerts apart by. The second of the same kind is told from the first.
		result.Fingerprints = map[string]string{"primaryLocationLineHash": fmt.Sprintf("%s:%d", print, seen[print])}
		results = append(results, result)
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs: []sarifRun{{
			Tool:       sarifTool{sarifDriver{"parley docs", "https://github.com/parley-contracts/parley", rules}},
			Automation: sarifAutomation{"parley-docs/" + p.Report.Contract + "/"},
			ColumnKind: "unicodeCodePoints",
			Artifacts:  []sarifArtifact{{file, sarifText{Text: visible(p.Report.Document)}}},
			Results:    results,
		}},
	})
}

// sarifRules describes all rules, and those that a finding names and nobody described.
func (p Proof) sarifRules() []sarifRule {
	rules := []sarifRule{}
	for _, rule := range p.Rules {
		rules = append(rules, sarifRuleOf(rule))
	}
	for _, f := range p.Report.Findings {
		if !slices.ContainsFunc(rules, func(r sarifRule) bool { return r.ID == f.Rule }) {
			rules = append(rules, sarifRuleOf(document.Rule{Name: f.Rule, Kind: f.Kind, Summary: f.Rule}))
		}
	}
	return rules
}

func sarifRuleOf(rule document.Rule) sarifRule {
	help := rule.Help
	if help == "" {
		help = rule.Summary
	}
	return sarifRule{
		ID: rule.Name, Short: sarifText{Text: rule.Summary}, Full: sarifText{Text: rule.Summary},
		Help: sarifText{Text: help, Markdown: help}, Default: sarifLevel{sarifLevelOf(rule.Kind)},
		Props: sarifTagged{[]string{"documentation", string(rule.Kind)}},
	}
}

func sarifLevelOf(kind document.Kind) string {
	if kind.Error() {
		return "error"
	}
	return "note"
}

func (p Proof) sarifResult(f document.Finding, file sarifFile) sarifResult {
	message := visible(f.Message)
	if f.Subject != "" {
		message = visible(f.Subject) + ": " + message
	}
	result := sarifResult{
		RuleID: f.Rule, Level: sarifLevelOf(f.Kind), Message: sarifText{Text: message},
		Locations: []sarifLocation{{Physical: sarifPhysical{file, p.sarifRegion(f.Line, f.Column, f.Width)}}},
	}
	if f.Other > 0 {
		result.Related = []sarifLocation{{ID: 1, Message: &sarifText{Text: "the other side"},
			Physical: sarifPhysical{file, p.sarifRegion(f.Other, 0, 0)}}}
	}
	if f.Kind == document.Known {
		result.Suppressions = []sarifSuppression{{"external", "accepted", "settled by reading " + f.Reading}}
	}
	return result
}

// sarifRegion is a place. What is about the whole document is shown at its first line: there is no line 0.
func (p Proof) sarifRegion(line, column, width int) sarifRegion {
	region := sarifRegion{StartLine: max(1, line)}
	if line < 1 {
		return region
	}
	quote := p.quote(line)
	if quote != "" {
		region.Snippet = &sarifText{Text: quote}
	}
	if column > 0 && column <= len([]rune(quote)) {
		region.StartColumn = column
		region.EndColumn = min(column+max(1, width), len([]rune(quote))+1)
	}
	return region
}

// fingerprint stays the same when lines move or are worded anew, and becomes another when a value changes.
func fingerprint(f document.Finding) string {
	about := f.Subject
	if about == "" {
		about = f.Section
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, about, f.Document, f.Contract}, "\x00")))
	return fmt.Sprintf("%x", sum[:8])
}

// relativeURI names the document within the checkout: code scanning refuses what has a scheme. A file below the
// working folder goes by its path from there, a page of the web by its host and path.
func relativeURI(name string) string {
	if name == "-" || name == "" {
		return "stdin"
	}
	if u, err := url.Parse(name); err == nil && u.Host != "" {
		return (&url.URL{Path: u.Host + u.Path}).String()
	}
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(name) {
		if relative, err := filepath.Rel(here, name); err == nil {
			name = relative
		}
	}
	return (&url.URL{Path: filepath.ToSlash(filepath.Clean(name))}).String()
}
