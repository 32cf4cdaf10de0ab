package defects

import (
	"fmt"
	"net/http"
	"sync"
)

// Header names the defect that one request is to be answered with. The answer bears it again.
const Header = "Parley-Defect"

// Player plays the defects that requests name in Header. A request that names none passes at the cost of looking for
// the header.
type Player struct {
	keys   Keys
	next   http.Handler
	stages sync.Map // of those that were named so far, by id: what one has seen it remembers
}

// NewPlayer plays over a server.
func NewPlayer(keys Keys, next http.Handler) *Player { return &Player{keys: keys, next: next} }

func (p *Player) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := r.Header[Header]
	if len(asked) == 0 {
		p.next.ServeHTTP(w, r)
		return
	}
	stage, err := p.stage(asked)
	if err != nil {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(encode(map[string]any{"error": "Unknown defect", "message": Header + ": " + err.Error()}))
		return
	}
	w.Header().Set(Header, asked[0])
	stage.ServeHTTP(w, r)
}

// stage finds the one on which a defect plays, or sets it up.
func (p *Player) stage(asked []string) (http.Handler, error) {
	if len(asked) > 1 {
		return nil, fmt.Errorf("expected one defect, came %d", len(asked))
	}
	if known, ok := p.stages.Load(asked[0]); ok {
		return known.(http.Handler), nil
	}
	d, err := Find(asked[0])
	if err != nil {
		return nil, err
	}
	s := d.Open()
	switch {
	case d.Settings != nil:
		return nil, fmt.Errorf("%s is of the whole server: start it with --defect", d.ID)
	case s.behaviour.deliver != nil:
		return nil, fmt.Errorf("%s is of deliveries, not of an answer: start the mock with --defect", d.ID)
	}
	s.Know(p.keys)
	kept, _ := p.stages.LoadOrStore(asked[0], s.Wrap(p.next))
	return kept.(http.Handler), nil
}
