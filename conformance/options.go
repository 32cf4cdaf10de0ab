package conformance

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Target is the implementation under test. Of one whose contract has no operations to ask, the driver is all there is.
type Target struct {
	URL      string      // the documented base URL, as https://api.assistloop.ai/v1
	Token    string      // the main account's access token
	TokenURL string      // the token endpoint, when it is not at /oauth/token of the origin
	Header   http.Header // sent along with every request
	CACert   []byte      // PEM, for targets with a certificate of their own authority
	Insecure bool        // takes any certificate, of a target on this machine
	// Dial makes connections to target and driver, where they are not reached over the network; nil otherwise.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// ClientID and ClientSecret add the authorization-code flow, where the target consents by itself.
	ClientID, ClientSecret, RedirectURI string

	Driver      string // the driver's URL, "" for none
	DriverToken string
}

// Loopback tells whether the target is on this machine, where the suite may write freely.
func (t Target) Loopback() bool {
	u, err := url.Parse(t.where())
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost") || (ip != nil && ip.IsLoopback())
}

// Receiver says how the suite's webhook receiver is reached.
type Receiver struct {
	Listen    string // address, "127.0.0.1:0" by default
	URL       string // a public URL of the user's that leads to it
	CA        string // file with the authority, made when it is missing
	Cert, Key string // files with a certificate of the user's
}

// Options say how to run.
type Options struct {
	Contract     Contract
	Strict       bool
	ReadOnly     bool
	Pace         bool     // never exceed a documented limit; leaves limits skipped
	Conversation []string // conversations that the suite may write to
	// Selected tells which requirements are wanted; nil wants all. The others are skipped.
	Selected func(requirement, section, level string) bool
	Known    map[string]Known
	Patience time.Duration // how long to wait, in real time, for what the target does by itself; 60 s
	Timeout  time.Duration // of one request; 15 s
	Receiver Receiver
	// Progress is told what goes on, for people; nil for silence.
	Progress func(Progress)
	// Now is when the run begins, which expiry dates of known failures are held against; time.Now by default.
	Now func() time.Time
}

// Progress is one step of a run.
type Progress struct {
	Probe   string // what is being looked at
	Done    int
	Total   int
	Waiting time.Duration // how long the run waits, when it does
	Why     string
}

// where is the address that stands for the target.
func (t Target) where() string { return cmp.Or(t.URL, t.Driver) }

func (t Target) check(c Contract) error {
	if t.Insecure && !t.Loopback() {
		return fmt.Errorf("target %s: its certificate has to be verified, since it is not on this machine", shownURL(t.where()))
	}
	switch {
	case c.Reach != nil:
		return t.checkEndpoint()
	case c.Driven():
		return t.checkDriven(c)
	}
	u, err := url.Parse(t.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("target %q: expected an http or https base URL as https://api.example.com/v1", t.URL)
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("target %q: expected a base URL without query and fragment", t.URL)
	}
	if t.Driver != "" {
		if err := t.checkDriver(); err != nil {
			return err
		}
	}
	if t.Token == "" {
		return fmt.Errorf("no token: pass --token, --token-file or PARLEY_TOKEN")
	}
	return nil
}

// checkEndpoint: what takes webhooks is one URL, with whatever is in it.
func (t Target) checkEndpoint() error {
	u, err := url.Parse(t.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("target %q: expected the http or https URL that takes webhooks, as http://127.0.0.1:3000/hooks", t.URL)
	}
	return nil
}

func (t Target) checkDriven(c Contract) error {
	switch {
	case t.URL != "" || t.Token != "":
		return fmt.Errorf("%s has no operations to ask: expected a driver alone, came a target or a token, too", c.Name)
	case t.Driver == "":
		return fmt.Errorf("no driver: pass --driver, or judge recorded bodies with --payloads")
	}
	return t.checkDriver()
}

func (t Target) checkDriver() error {
	d, err := url.Parse(t.Driver)
	if err != nil || d.Host == "" || (d.Scheme != "http" && d.Scheme != "https") {
		return fmt.Errorf("driver %q: expected an http or https URL", t.Driver)
	}
	return nil
}

func (o *Options) defaults() {
	if o.Patience == 0 {
		o.Patience = 60 * time.Second
	}
	if o.Timeout == 0 {
		o.Timeout = 15 * time.Second
	}
	if o.Receiver.Listen == "" {
		o.Receiver.Listen = "127.0.0.1:0"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
}
