package world

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Default is the name of the world that a request means when it names none.
const Default = "default"

// Registry holds the worlds of a process. It is safe for concurrent use, and looking up takes no lock.
type Registry struct {
	most int

	changes sync.Mutex
	worlds  atomic.Pointer[map[string]*World] // replaced as a whole at every change
}

// NewRegistry makes the default world, and room for so many in all.
func NewRegistry(o Options, most int) (*Registry, error) {
	w, err := New(Default, o)
	if err != nil {
		return nil, err
	}
	r := &Registry{most: most}
	r.worlds.Store(&map[string]*World{Default: w})
	return r, nil
}

// Default is the world that a request means when it names none.
func (r *Registry) Default() *World { return (*r.worlds.Load())[Default] }

// Get finds a world by its name.
func (r *Registry) Get(name string) (*World, bool) {
	w, found := (*r.worlds.Load())[name]
	return w, found
}

// List gives all worlds, by name.
func (r *Registry) List() []*World {
	return slices.SortedFunc(maps.Values(*r.worlds.Load()), func(a, b *World) int {
		return strings.Compare(a.Name, b.Name)
	})
}

// Create makes a world: ErrExists or ErrFull when it cannot. Worlds are made outside of any lock, since a big one
// takes seconds.
func (r *Registry) Create(name string, o Options) (*World, error) {
	if err := r.mayAdd(name); err != nil {
		return nil, err
	}
	w, err := New(name, o)
	if err != nil {
		return nil, err
	}
	err = r.change(func(worlds map[string]*World) error {
		if err := r.mayAdd(name); err != nil {
			return err
		}
		worlds[name] = w
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, w.Close(context.Background()))
	}
	return w, nil
}

func (r *Registry) mayAdd(name string) error {
	worlds := *r.worlds.Load()
	if _, found := worlds[name]; found {
		return fmt.Errorf("world %s: %w", name, ErrExists)
	}
	if len(worlds) >= r.most {
		return fmt.Errorf("world %s: %w", name, ErrFull)
	}
	return nil
}

// Reset makes a world anew from the options it was made with: ErrUnknown when there is none. Requests under way
// finish in the old one. When the new world is there, an error only tells what closing the old one left undone:
// deliveries under way are waited for until ctx ends.
func (r *Registry) Reset(ctx context.Context, name string) (*World, error) {
	for {
		old, found := r.Get(name)
		if !found {
			return nil, fmt.Errorf("world %s: %w", name, ErrUnknown)
		}
		fresh, err := New(name, old.Options)
		if err != nil {
			return nil, err
		}
		if r.replace(old, fresh) {
			return fresh, old.Close(ctx)
		}
		if err := fresh.Close(ctx); err != nil { // somebody else was faster: look again
			return nil, err
		}
	}
}

// replace puts one world in another's place, unless that has lost it meanwhile.
func (r *Registry) replace(old, fresh *World) bool {
	return nil == r.change(func(worlds map[string]*World) error {
		if worlds[old.Name] != old {
			return ErrUnknown
		}
		worlds[old.Name] = fresh
		return nil
	})
}

// Delete ends a world: ErrUnknown or ErrDefault when it cannot.
func (r *Registry) Delete(ctx context.Context, name string) error {
	if name == Default {
		return ErrDefault
	}
	var ended *World
	err := r.change(func(worlds map[string]*World) error {
		w, found := worlds[name]
		if !found {
			return fmt.Errorf("world %s: %w", name, ErrUnknown)
		}
		ended = w
		delete(worlds, name)
		return nil
	})
	if err != nil {
		return err
	}
	return ended.Close(ctx)
}

// Close ends all worlds at once, and says what was left undone.
func (r *Registry) Close(ctx context.Context) error {
	worlds := r.List()
	left := make([]error, len(worlds))
	var closing sync.WaitGroup
	for i, w := range worlds {
		closing.Go(func() { left[i] = w.Close(ctx) })
	}
	closing.Wait()
	return errors.Join(left...)
}

func (r *Registry) change(edit func(map[string]*World) error) error {
	r.changes.Lock()
	defer r.changes.Unlock()
	worlds := maps.Clone(*r.worlds.Load())
	if err := edit(worlds); err != nil {
		return err
	}
	r.worlds.Store(&worlds)
	return nil
}
