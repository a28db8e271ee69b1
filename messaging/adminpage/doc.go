// Package adminpage renders the page Conversations of wp-admin: WordPress's own markup, for the plugin to print
// into wp-admin's frame. It knows HTTP and HTML; what an administrator may see, and what is logged of it, is
// decided in package oversight, and who is calling by whom the handler is given.
//
// Texts come with each request, in the language of whoever looks; the keys are those of testdata/strings.json.
// What members wrote is escaped by html/template, and nothing is put into a page in any other way.
package adminpage
