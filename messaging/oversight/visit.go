package oversight

import "context"

// BeginVisit notes why a visitor is going to open a conversation. It shows nothing, and logs nothing: each page
// that is opened with the reason then does.
func (s *Service) BeginVisit(ctx context.Context, v Visitor, conversationID uint64, g Given) error {
	if g == (Given{}) {
		return ErrReasonNeeded
	}
	_, err := s.visit(ctx, v, conversationID, g)
	return err
}
