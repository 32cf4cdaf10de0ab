package document

import (
	"slices"
	"strings"
)

// address judges a URL: the API's own has to lead somewhere, and so has one of a host that the contract names.
func (p *proof) address(target string, at spot) {
	m := mentionOf("", target)
	if m.path == "" || m.path == "/" || slices.Contains(p.servers, strings.TrimSuffix(target, "/")) {
		if m.origin == p.origin() && slices.Contains(p.servers, strings.TrimSuffix(target, "/")) {
			p.matched++
			p.baseURL(m, at)
			return
		}
	}
	switch {
	case slices.Contains(p.tokens, target):
		p.matched++
		if r, found := p.route(m); found {
			p.called[r.subject.id] = at
		}
	case m.origin == p.origin():
		p.mentioned(m, at, nil)
	case slices.ContainsFunc(p.words.addresses, func(known string) bool {
		return target == known || strings.HasSuffix(known, "/") && strings.HasPrefix(target, known)
	}):
		p.matched++
	case p.elsewhere(m):
		p.drift("base-url-drift", at, "base URL", "the document has "+m.origin+", the contract "+p.origin(), m.origin, p.origin())
	case p.origin() != "" && !p.otherOrigin(m.origin) && nearest(m.origin, []string{p.origin()}) != "":
		p.drift("base-url-drift", at, "base URL", "the document has "+m.origin+", the contract "+p.origin(), m.origin, p.origin())
	default:
		p.otherAddress(target, m, at)
	}
}

// elsewhere tells whether a URL is one of the API's at another host of the same domain.
func (p *proof) elsewhere(m mention) bool {
	if p.origin() == "" || domain(m.origin) != domain(p.origin()) || p.otherOrigin(m.origin) {
		return false
	}
	_, found := p.route(m)
	return found || slices.Contains(p.basePaths(), m.path)
}

// domain is the last two labels of an origin's host.
func domain(origin string) string {
	_, host, _ := strings.Cut(origin, "://")
	labels := strings.Split(host, ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

// otherOrigin: the contract names the host for something beside the API.
func (p *proof) otherOrigin(origin string) bool {
	return slices.ContainsFunc(p.words.addresses, func(known string) bool { return mentionOf("", known).origin == origin })
}

func (p *proof) otherAddress(target string, m mention, at spot) {
	for _, known := range p.words.addresses {
		ours := mentionOf("", known)
		same := domain(ours.origin) == domain(m.origin) && strings.HasPrefix(m.path, strings.TrimSuffix(ours.path, "/"))
		if same || ours.origin == m.origin || nearest(m.origin, []string{ours.origin}) != "" {
			p.drift("address-drift", at, known, "the document has "+target+", the contract "+known, target, known)
			return
		}
	}
}

// baseURL judges the base URL itself, wherever it stands.
func (p *proof) baseURL(m mention, at spot) {
	p.own = true
	p.says("API", "base URL", "URL", m.origin+m.path, at)
	if p.baseAt.line == 0 {
		p.baseAt = at
	}
}

// barePath judges a path without a method in a sentence.
func (p *proof) barePath(path string, at spot) {
	if slices.Contains(p.basePaths(), path) || strings.ContainsAny(path, ".") {
		return
	}
	m := mentionOf("", path)
	if r, found := p.route(m); found {
		p.matched++
		p.base(m, r, at)
		return
	}
	if _, found := p.abbreviated(m); found {
		return
	}
	if near := p.closest(m); near != nil && len(segments(path)) >= 2 {
		p.drift("endpoint-drift", at, near.id, "the contract has no "+path+"; nearest is "+called(near), path, called(near))
		return
	}
	for _, s := range p.subjects { // one that goes on behind an endpoint
		if s.operation != nil && !s.operation.Reference && strings.HasPrefix(path, s.operation.Path+"/") {
			p.drift("endpoint-drift", at, s.id, "the contract has no "+path+"; nearest is "+called(s), path, called(s))
			return
		}
	}
	if near := nearest(path, p.basePaths()); near != "" {
		p.drift("base-url-drift", at, "base URL", "the contract has no base path "+path+"; nearest is "+near, path, near)
	}
}
