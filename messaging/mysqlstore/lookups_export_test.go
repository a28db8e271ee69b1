package mysqlstore

// What members who ask at the same time share, for tests that must not depend on who asks when.
var (
	LoadUnreadCounts = (*Store).loadUnreadCounts
	LoadThreadStates = (*Store).loadThreadStates
)

type (
	ThreadKey   = threadKey
	ThreadState = threadState
)

func NewThreadKey(conversationID, userID uint64) ThreadKey { return threadKey{conversationID, userID} }
