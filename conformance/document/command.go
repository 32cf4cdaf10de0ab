package document

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

var blankEnd = lazily(`\\[ \t\r]+\n`)

// readCurl reads the first curl command of a text as a shell would pass it on; line is that of the text's first byte.
// Where only its body is broken it gives both the command and the error.
// Variables stay as written ($TOKEN): nothing is expanded, and nothing runs.
func readCurl(text string, line int) (*Curl, error) {
	// A prompt is no part of the command. A space for it keeps the columns.
	if trimmed := strings.TrimLeft(text, " \t"); strings.HasPrefix(trimmed, "$ ") {
		text = strings.Replace(text, "$ ", "  ", 1)
	}
	// Blanks behind a backslash are seen by no reader of a page, and by a shell alone.
	text = blankEnd().ReplaceAllString(text, "\\\n")
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		var at syntax.ParseError
		if errors.As(err, &at) {
			return nil, fmt.Errorf("line %d: the shell cannot read it: %s", line+int(at.Pos.Line())-1, at.Text)
		}
		return nil, fmt.Errorf("line %d: the shell cannot read it: %w", line, err)
	}
	var command []shellWord
	stray := ""
	for _, stmt := range file.Stmts {
		syntax.Walk(stmt, func(node syntax.Node) bool {
			call, ok := node.(*syntax.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			words := shellWords(call.Args, line)
			switch {
			case command == nil && words[0].text == "curl":
				command = words
			case strings.HasPrefix(words[0].text, "-") && stray == "":
				stray = fmt.Sprintf("line %d: %s begins a command of its own: the line above lacks its \\", words[0].line, words[0].text)
			}
			return true
		})
	}
	switch {
	case command == nil:
		return nil, fmt.Errorf("line %d: expected a curl command", line)
	case stray != "":
		return nil, errors.New(stray)
	}
	return curlOf(command)
}

// shellWord is one argument, its quotes resolved. line is where its text begins.
type shellWord struct {
	text string
	line int
}

func shellWords(args []*syntax.Word, line int) []shellWord {
	words := make([]shellWord, 0, len(args))
	for _, arg := range args {
		var b strings.Builder
		for _, part := range arg.Parts {
			wordPart(&b, part, false)
		}
		words = append(words, shellWord{b.String(), line + int(arg.Pos().Line()) - 1})
	}
	return words
}

func wordPart(b *strings.Builder, part syntax.WordPart, quoted bool) {
	switch p := part.(type) {
	case *syntax.Lit:
		b.WriteString(unescape(p.Value, quoted))
	case *syntax.SglQuoted:
		b.WriteString(p.Value)
	case *syntax.DblQuoted:
		for _, inner := range p.Parts {
			wordPart(b, inner, true)
		}
	default:
		_ = syntax.NewPrinter().Print(b, part) // a strings.Builder never fails
	}
}

// unescape takes the backslashes out of a literal: outside of quotes each, inside only those that double quotes heed.
func unescape(text string, quoted bool) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (!quoted || strings.IndexByte("$`\"\\\n", text[i+1]) >= 0) {
			if i++; text[i] == '\n' {
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// valued are curl's options that take a value and say nothing of the request's method, address, header or body.
const valued = " -o --output -A --user-agent -e --referer -b --cookie -c --cookie-jar -u --user -m --max-time --connect-timeout " +
	"-w --write-out --cacert --cert -E --key --retry --retry-delay -x --proxy --resolve -D --dump-header -K --config -T --upload-file " +
	"-C --continue-at -r --range --limit-rate -y -Y -z --interface --ciphers --oauth2-bearer --aws-sigv4 -F --form --form-string "

func curlOf(words []shellWord) (*Curl, error) {
	c := &Curl{}
	var bodies []shellWord
	get, isJSON, method, urls := false, false, "", []string(nil)
	options := &curlOptions{words: words[1:]}
	for options.next() {
		name, value := options.name, options.value
		switch {
		case name == "":
			urls = append(urls, value.text)
		case name == "-X" || name == "--request":
			method = value.text
		case name == "-H" || name == "--header":
			c.Header = append(c.Header, value.text)
		case name == "--url":
			urls = append(urls, value.text)
		case name == "-G" || name == "--get":
			get = true
		case name == "-I" || name == "--head":
			method = "HEAD"
		case isData(name):
			isJSON = isJSON || name == "--json"
			bodies = append(bodies, value)
		}
		if options.missing {
			return nil, fmt.Errorf("line %d: %s lacks its value", words[len(words)-1].line, name)
		}
	}
	if len(urls) == 0 {
		return nil, fmt.Errorf("line %d: the curl command names no URL", words[0].line)
	}
	if len(urls) > 1 {
		return nil, fmt.Errorf("line %d: the curl command names %d URLs, %s and %s", words[0].line, len(urls), urls[0], urls[1])
	}
	c.URL = urls[0]
	broken := c.body(bodies, get)
	if isJSON {
		c.addHeader("Content-Type: application/json")
		c.addHeader("Accept: application/json")
	}
	switch {
	case method != "":
		c.Method = method
	case len(bodies) > 0 && !get:
		c.Method = "POST"
	default:
		c.Method = "GET"
	}
	return c, broken
}

// body sets what the command sends. A body that begins as JSON and is none is an error.
func (c *Curl) body(bodies []shellWord, get bool) error {
	if len(bodies) == 0 {
		return nil
	}
	texts := make([]string, len(bodies))
	for i, b := range bodies {
		texts[i] = b.text
	}
	joined := strings.Join(texts, "&") // as curl joins several -d
	if get {
		separator := "?"
		if u, err := url.Parse(c.URL); err == nil && u.RawQuery != "" {
			separator = "&"
		}
		c.URL += separator + joined
		return nil
	}
	c.Body = joined
	if !opensJSON(joined) {
		return nil
	}
	v, err := readJSON(joined, bodies[0].line)
	c.JSON = v
	return err
}

// addHeader adds what --json implies, unless the command sets it.
func (c *Curl) addHeader(line string) {
	name, _, _ := strings.Cut(line, ":")
	for _, h := range c.Header {
		if given, _, _ := strings.Cut(h, ":"); strings.EqualFold(given, name) {
			return
		}
	}
	c.Header = append(c.Header, line)
}

func isData(name string) bool {
	switch name {
	case "-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json":
		return true
	}
	return false
}

func takesValue(name string) bool {
	switch name {
	case "-X", "--request", "-H", "--header", "--url":
		return true
	}
	return isData(name) || strings.Contains(valued, " "+name+" ")
}

// curlOptions steps through arguments as curl does: -XPOST and -sSX POST are the same, "" is the name of an address.
type curlOptions struct {
	words   []shellWord
	bundle  shellWord // what is left of -sSX
	name    string
	value   shellWord
	missing bool
}

func (o *curlOptions) next() bool {
	if o.bundle.text != "" {
		o.short(o.bundle)
		return true
	}
	if len(o.words) == 0 {
		return false
	}
	word := o.words[0]
	o.words = o.words[1:]
	switch {
	case strings.HasPrefix(word.text, "--") && len(word.text) > 2:
		o.name, o.value = word.text, shellWord{}
		if takesValue(o.name) {
			o.take()
		}
	case strings.HasPrefix(word.text, "-") && len(word.text) > 1:
		o.short(shellWord{word.text[1:], word.line})
	default:
		o.name, o.value = "", word
	}
	return true
}

func (o *curlOptions) short(bundle shellWord) {
	o.name, o.value, o.bundle = "-"+bundle.text[:1], shellWord{}, shellWord{}
	rest := shellWord{bundle.text[1:], bundle.line}
	switch {
	case !takesValue(o.name):
		o.bundle = rest
	case rest.text != "":
		o.value = rest
	default:
		o.take()
	}
}

func (o *curlOptions) take() {
	if len(o.words) == 0 {
		o.missing = true
		return
	}
	o.value, o.words = o.words[0], o.words[1:]
}
