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
// WordPress being down is nobody's fault: the worker waits, longer each time, and no event is blamed. An
// event that the plugin reports, or that alone makes WordPress answer with an error, is tried 10 times over a
// day and then parked; what comes after it in its conversation waits for it until then.
package outbox
