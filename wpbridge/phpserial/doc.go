// Package phpserial reads PHP's serialize() format, in which WordPress keeps options and user meta.
//
// The bytes come out of a database that other code writes, so decoding trusts nothing: it never
// panics, refuses what is nested deeper than [MaxDepth] or longer than [MaxBytes], and allocates at
// most a small multiple of its input, whatever counts and lengths the input claims. References
// (R and r), custom serialized classes (C) and enums (E) are refused; an object is given as its
// properties and its class name, and no code ever runs for it.
package phpserial
