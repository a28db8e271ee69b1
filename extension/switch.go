package extension

import (
	"sync"
	"sync/atomic"
)

// Switch tells which extensions are on. Asking is one atomic load and a look into a map.
type Switch struct {
	source func() []string
	mu     sync.Mutex // held by the Update that runs
	on     atomic.Pointer[map[string]chan struct{}]
}

// off is the Done of what is off.
var off = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// NewSwitch makes a Switch of a source that gives the ids of the enabled extensions. Ids that no Registry
// knows do no harm.
func NewSwitch(source func() []string) *Switch {
	s := &Switch{source: source}
	s.on.Store(&map[string]chan struct{}{})
	s.Update()
	return s
}

// Update asks the source again. When it returns, On and Done tell the new state, and the Done channels of
// what went off are closed.
func (s *Switch) Update() {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := *s.on.Load()
	after := map[string]chan struct{}{}
	for _, id := range s.source() {
		if done, wasOn := before[id]; wasOn {
			after[id] = done
		} else if after[id] == nil {
			after[id] = make(chan struct{})
		}
	}
	s.on.Store(&after)
	for id, done := range before {
		if _, isOn := after[id]; !isOn {
			close(done)
		}
	}
}

// On reports whether an extension is on.
func (s *Switch) On(id string) bool {
	_, ok := (*s.on.Load())[id]
	return ok
}

// Done gives a channel that is closed once the extension goes off, and is closed already where it is off.
// Switched on again, it has a new channel.
func (s *Switch) Done(id string) <-chan struct{} {
	if done, ok := (*s.on.Load())[id]; ok {
		return done
	}
	return off
}
