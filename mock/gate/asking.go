package gate

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/parley-contracts/parley/mock/fault"
)

// asking is a call as rules of faults look at it, before anything is known of its caller.
type asking call

var _ fault.Request = (*asking)(nil)

// Operation is the contract's id for what is asked.
func (a *asking) Operation() string { return a.op.ID }

// Path is the request's, below the world.
func (a *asking) Path() string { return a.r.URL.Path }

// Header gives a header's values.
func (a *asking) Header(name string) []string { return a.r.Header[name] }

// Grant tells whose token the request bears, if it is good.
func (a *asking) Grant() fault.Caller {
	_, secret := credential(a.r)
	if secret == "" {
		return fault.Caller{}
	}
	g, err := a.op.contract.Credentials.Store(a.world).Lookup(secret)
	if err != nil {
		return fault.Caller{}
	}
	return fault.Caller{Grant: g.ID, Account: g.Account, Main: secret == a.world.Token || secret == a.world.Key}
}

// Body decodes a body of JSON, or a form as an object of strings.
func (a *asking) Body() any {
	text := (*call)(a).body()
	mediaType, _, _ := mime.ParseMediaType(a.r.Header.Get("Content-Type"))
	if mediaType == "application/x-www-form-urlencoded" {
		values, _ := url.ParseQuery(string(text))
		object := map[string]any{}
		for name := range values {
			object[name] = values.Get(name)
		}
		return object
	}
	var value any
	if json.Unmarshal(text, &value) != nil {
		return nil
	}
	return value
}

// body reads what a request brings, up to the bound, and leaves all of it to be read again.
func (c *call) body() []byte {
	if c.r.Body == nil || c.r.Body == http.NoBody {
		return nil
	}
	text, err := io.ReadAll(io.LimitReader(c.r.Body, longestBody))
	rest := io.Reader(c.r.Body)
	if err != nil {
		rest = failing{err}
	}
	c.r.Body = readAgain{io.MultiReader(bytes.NewReader(text), rest), c.r.Body}
	return text
}

type readAgain struct {
	io.Reader
	io.Closer
}

// failing repeats an error.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
