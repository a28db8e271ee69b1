// Package bridgeapi answers the WordPress plugin's signed calls that concern no member's own inbox: the
// state of this service, what there is of a member, and what an administrator does to conversations. What
// is asked and answered is described in package wpbridge, under "Signed calls".
//
// Whoever has the key may ask all of it: who may ask the plugin is WordPress's to decide. Without a good
// signature there is nothing here, not even a path.
package bridgeapi
