package oauth

import (
	"bytes"
	"html/template"
	"net/http"
	"strings"
	"sync"
)

// The form has no action: it posts to the address of the page, whose query is the request.
const consentText = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Connect to AssistLoop</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}button{font:inherit;padding:.5rem 1rem}</style>
<h1>Connect to AssistLoop</h1>
<p><b>{{.Client}}</b> asks for access to the account of <b>{{.Account}}</b>:</p>
<ul>{{range .Scopes}}
<li><code>{{.}}</code>{{end}}
</ul>
<p>You will be sent back to <code>{{.RedirectURI}}</code>.</p>
<form method="post">
<button name="decision" value="approve">Allow</button>
<button name="decision" value="deny">Deny</button>
</form>
<p><small>This is Parley's stand-in for AssistLoop. Nobody's data is at stake.</small></p>
</html>
`

const refusalText = `<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Not connected</title>
<h1>Not connected</h1>
<p>{{.}}.</p>
</html>
`

// The pages are parsed when first shown: a start-up should not wait for them.
var (
	consentPage = sync.OnceValue(func() *template.Template { return template.Must(template.New("").Parse(consentText)) })
	refusalPage = sync.OnceValue(func() *template.Template { return template.Must(template.New("").Parse(refusalText)) })
)

func (s Server) showConsent(w http.ResponseWriter, asked ask) {
	showPage(w, http.StatusOK, consentPage(), struct {
		Client, Account, RedirectURI string
		Scopes                       []string
	}{asked.client, s.AccountName, asked.redirectURI, asked.scopes.List()})
}

// refuse answers 400 where there is nobody to redirect to: a page for a browser, JSON for anybody else.
func refuse(w http.ResponseWriter, accept, why string) {
	if strings.Contains(accept, "text/html") {
		showPage(w, http.StatusBadRequest, refusalPage(), why)
		return
	}
	noStore(w)
	writeJSON(w, http.StatusBadRequest, refusal{"invalid_request", why})
}

// refusal is an error's body where nobody is redirected to.
type refusal struct {
	Error   string `json:"error"`
	Message string `json:"message"`
}

func showPage(w http.ResponseWriter, status int, page *template.Template, data any) {
	var text bytes.Buffer
	if err := page.Execute(&text, data); err != nil { // cannot be: the data are strings
		http.Error(w, "the page cannot be shown", http.StatusBadRequest)
		return
	}
	noStore(w)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.WriteHeader(status)
	w.Write(text.Bytes())
}
