package suite_test

import (
	"cmp"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/onsi/ginkgo/v2"

	"github.com/parley-contracts/parley/conformance"
	"github.com/parley-contracts/parley/conformance/assistloop"
	"github.com/parley-contracts/parley/conformance/conversations"
	"github.com/parley-contracts/parley/conformance/known"
	"github.com/parley-contracts/parley/conformance/suite"
	"github.com/parley-contracts/parley/fixtures/sender"
	"github.com/parley-contracts/parley/fixtures/stranger"
)

// TestAssistLoop judges the target that the environment names:
//
//	PARLEY_TARGET, PARLEY_TOKEN                       base URL and access token
//	PARLEY_DRIVER, PARLEY_DRIVER_TOKEN                the driver, if there is one
//	PARLEY_CLIENT_ID, PARLEY_CLIENT_SECRET, PARLEY_REDIRECT_URI
//	PARLEY_CONVERSATION                               those that may be written to, with commas between them
//	PARLEY_READ_ONLY, PARLEY_PACE, PARLEY_STRICT      1 for yes
//	PARLEY_PATIENCE                                   as in 60s
//	PARLEY_KNOWN_FAILURES                             a file as --known-failures takes it
//
// Without PARLEY_TARGET it judges an AssistLoop of our own that shares no code with the suite, by way of its driver. With
// `go test`, give -count=1, or the verdict of an earlier run may be shown again; `ginkgo` never does that.
func TestAssistLoop(t *testing.T) {
	only(t, "assistloop")
	target := conformance.Target{
		URL: os.Getenv("PARLEY_TARGET"), Token: os.Getenv("PARLEY_TOKEN"),
		Driver: os.Getenv("PARLEY_DRIVER"), DriverToken: os.Getenv("PARLEY_DRIVER_TOKEN"),
		ClientID: os.Getenv("PARLEY_CLIENT_ID"), ClientSecret: os.Getenv("PARLEY_CLIENT_SECRET"), RedirectURI: os.Getenv("PARLEY_REDIRECT_URI"),
	}
	if target.URL == "" {
		target = ours(t)
	}
	run(t, assistloop.Contract, target, "Conformance with AssistLoop's document")
}

// TestConversations judges a sender of Conversations webhooks, with PARLEY_CONTRACT=conversations: the one whose driver
// PARLEY_DRIVER names, or else one of our own.
func TestConversations(t *testing.T) {
	only(t, "conversations")
	target := conformance.Target{Driver: os.Getenv("PARLEY_DRIVER"), DriverToken: os.Getenv("PARLEY_DRIVER_TOKEN")}
	if target.Driver == "" {
		target = ourSender(t)
	}
	run(t, conversations.Contract, target, "Conformance with the document of Infobip's Conversations webhooks")
}

// only leaves out the contracts that PARLEY_CONTRACT does not name: Ginkgo runs one suite a process.
func only(t *testing.T, contract string) {
	if wanted := cmp.Or(os.Getenv("PARLEY_CONTRACT"), "assistloop"); wanted != contract {
		t.Skipf("PARLEY_CONTRACT is %s", wanted)
	}
}

func run(t *testing.T, load func() (conformance.Contract, error), target conformance.Target, title string) {
	contract, err := load()
	if err != nil {
		t.Fatal(err)
	}
	config, reporter := ginkgo.GinkgoConfiguration()
	config.FailOnEmpty = true // a suite that judged nothing is no success
	selected, err := suite.Filter(contract, config.LabelFilter)
	if err != nil {
		t.Fatal(err)
	}
	patience, err := time.ParseDuration(cmp.Or(os.Getenv("PARLEY_PATIENCE"), "0s"))
	if err != nil {
		t.Fatalf("PARLEY_PATIENCE: %v", err)
	}
	suite.Declare(target, conformance.Options{
		Known:    knownFailures(t, contract),
		Contract: contract, Selected: selected, Patience: patience,
		ReadOnly: yes("PARLEY_READ_ONLY"), Pace: yes("PARLEY_PACE"), Strict: yes("PARLEY_STRICT"),
		Conversation: strings.FieldsFunc(os.Getenv("PARLEY_CONVERSATION"), func(c rune) bool { return c == ',' }),
		Progress:     progress,
	})
	ginkgo.RunSpecs(t, title, config, reporter)
}

func knownFailures(t *testing.T, contract conformance.Contract) map[string]conformance.Known {
	file := os.Getenv("PARLEY_KNOWN_FAILURES")
	if file == "" {
		return nil
	}
	list, err := known.Read(file, contract.Catalogue)
	if err != nil {
		t.Fatalf("PARLEY_KNOWN_FAILURES: %v", err)
	}
	return list.Known()
}

func yes(variable string) bool {
	value := os.Getenv(variable)
	return value == "1" || value == "true"
}

// ours serves a stranger on loopback.
func ours(t *testing.T) conformance.Target {
	s := stranger.New(stranger.Options{})
	t.Cleanup(s.Close)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	ready := s.Ready()
	return conformance.Target{
		URL: server.URL + ready.Base, Token: ready.Token, Driver: server.URL + ready.Driver,
		ClientID: ready.ClientID, ClientSecret: ready.ClientSecret, RedirectURI: ready.RedirectURI,
	}
}

// ourSender serves a sender on loopback.
func ourSender(t *testing.T) conformance.Target {
	s, err := sender.New(sender.Plain())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return conformance.Target{Driver: server.URL + sender.DriverPath}
}

func progress(p conformance.Progress) {
	if p.Waiting > 0 {
		ginkgo.GinkgoWriter.Printf("waiting %v for %s\n", p.Waiting.Round(time.Second), p.Why)
	} else {
		ginkgo.GinkgoWriter.Printf("%s\n", p.Probe)
	}
}
