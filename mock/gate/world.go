package gate

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/parley-contracts/parley/mock/grant"
	"github.com/parley-contracts/parley/mock/world"
)

// worldHeader names the world of a request.
const worldHeader = "Parley-World"

// enter finds the world that a request means: the one in its path, else the one in its header, else the one that
// its token names, else the default one. A world that is named and does not exist is an error; a token that names
// none is as unknown in the default world as anywhere. Once a world is named, another world's token is unknown
// in it: so nothing leaks from one to the other.
func (g *Gate) enter(r *http.Request) (*http.Request, *problem) {
	name, path, named := splitPath(r.URL.Path)
	if named {
		r = at(r, path, name)
	} else {
		name = r.Header.Get(worldHeader)
		named = name != ""
	}
	if named {
		found, ok := g.worlds.Get(name)
		if !ok {
			return nil, notFound("there is no world of this name: make it with POST /_parley/worlds")
		}
		return r.WithContext(world.With(r.Context(), found)), nil
	}
	_, secret := credential(r)
	found, ok := g.worlds.Get(grant.WorldOf(secret))
	if !ok {
		found = g.worlds.Default()
	}
	return r.WithContext(world.With(r.Context(), found)), nil
}

// splitPath takes the world out of /_parley/worlds/NAME/at/REST.
func splitPath(path string) (name, rest string, found bool) {
	rest, found = strings.CutPrefix(path, "/_parley/worlds/")
	if !found {
		return "", "", false
	}
	name, rest, _ = strings.Cut(rest, "/")
	rest, found = strings.CutPrefix(rest, "at/")
	return name, "/" + rest, found
}

// at is the request with what is left of its path.
func at(r *http.Request, path, name string) *http.Request {
	shorter := new(http.Request)
	*shorter = *r
	shorter.URL = new(url.URL)
	*shorter.URL = *r.URL
	shorter.URL.Path = path
	_, shorter.URL.RawPath, _ = splitPath(r.URL.RawPath)
	return shorter
}

// clean tells whether the router takes a path as it is. It would redirect any other, which no document shows.
func clean(path string) bool {
	return strings.HasPrefix(path, "/") && !strings.Contains(path, "//") &&
		!strings.Contains(path, "/./") && !strings.Contains(path, "/../") &&
		!strings.HasSuffix(path, "/.") && !strings.HasSuffix(path, "/..")
}
