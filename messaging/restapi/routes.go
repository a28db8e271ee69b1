package restapi

import "github.com/gorilla/mux"

// Prefix is the path that every route begins with.
const Prefix = "/wp-json/jetonomy/v1"

// VersionHeader is on every answer of this service, with its version. WordPress does not pass it on: so a
// client knows which of the two answered, and whether the web server has the fast path.
const VersionHeader = "X-Jetonomy-Sidecar"

func (a *api) routes() *mux.Router {
	router := mux.NewRouter().SkipClean(true) // no redirects: WordPress has no route with a double slash either
	router.NotFoundHandler = a.NoRoute
	v1 := router.PathPrefix(Prefix).Subrouter()
	on := func(path string, operations endpoint) { v1.Handle(path, a.serve(operations)) }

	on("/conversations", endpoint{"GET": a.listConversations, "POST": a.startConversation})
	on("/conversations/unread-count", endpoint{"GET": a.unreadCount})
	on("/conversations/read-all", endpoint{"POST": a.readAll})
	on("/conversations/{id:[0-9]+}", endpoint{"GET": a.getConversation, "PATCH": a.patchConversation})
	on("/conversations/{id:[0-9]+}/messages", endpoint{"GET": a.listMessages, "POST": a.sendMessage})
	on("/conversations/{id:[0-9]+}/participants", endpoint{"POST": a.addParticipants})
	on("/conversations/{id:[0-9]+}/mute", endpoint{"POST": a.mute})
	on("/conversations/{id:[0-9]+}/archive", endpoint{"POST": a.archive})
	on("/conversations/{id:[0-9]+}/block", endpoint{"POST": a.block})
	on("/conversations/{id:[0-9]+}/leave", endpoint{"POST": a.leave})
	on("/conversations/{id:[0-9]+}/read", endpoint{"POST": a.read})
	on("/conversations/{id:[0-9]+}/report", endpoint{"POST": a.reportToModerators})
	on("/messaging/recipient-suggestions", endpoint{"GET": a.suggestRecipients})
	return router
}
