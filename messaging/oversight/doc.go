// Package oversight is what the site's administrators may do with other people's conversations, and how
// that is overseen in turn: no thread is opened without a reason, and what was opened, searched, exported
// or deleted is written into a log whose rows are chained, before anything is shown.
//
// It knows nothing of SQL or HTTP. Who is calling, and with which capability, was decided before: a
// [Visitor] is somebody who may.
package oversight
