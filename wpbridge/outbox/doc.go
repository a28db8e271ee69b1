// Package outbox delivers events to the WordPress plugin: at least once, in order within each conversation,
// in signed batches. The protocol is in package wpbridge. It knows nothing of what an event tells.
//
// # Lifecycle
//
// [Worker.Run] delivers until its context ends. Of several replicas one delivers at a time: the one that
// holds the [Lease].
//
// # Failures
//
// Every answer that is not the plugin's list of results, and no answer within 30 seconds, is a failure of the
// batch. A batch without events then tells whose. If that fails too, WordPress is down, broken or closed, which is
// nobody's fault: the worker waits, longer each time, up to a minute and a half, and no event is blamed. If it does
// not, the first event is sent alone, and is blamed if that fails again: a listener of it ends PHP or never ends,
// or a firewall does not like what it quotes.
//
// An event that failed alone, that the plugin reports as failed, or that another request is at, is tried 10 times
// over a day and then parked; what comes after it in its conversation waits for it until then. A request that was
// killed in the middle of an event keeps that event for 10 minutes.
package outbox
