package messaging

// mayChangeOwnState is asked before anything a member does to their own view of a conversation:
// read marks, mute, archive, leave, block. A silenced or banned member keeps these: they put nothing
// in front of anybody, and taking away "block" or "leave" would punish the wrong thing.
func mayChangeOwnState(caller Member) error {
	if caller.PendingVerification {
		return ErrPendingVerification
	}
	return nil
}

// mayWrite is asked before anything that others will see. incoming says whether somebody else wrote
// in the conversation before; it is false for a conversation that is being started.
func mayWrite(caller Member, s Settings, incoming bool) error {
	switch {
	case caller.PendingVerification:
		return ErrPendingVerification
	case caller.Banned:
		return ErrBanned
	case caller.Silenced:
		return ErrSilenced
	case caller.Staff(), caller.TrustLevel >= s.MinTrustLevel:
		return nil
	case s.ReplyBelowTrust && incoming:
		return nil
	default:
		return ErrTrust(s.MinTrustLevel)
	}
}

// mayReport is asked before a member brings something to the moderators. That it is too early for them to
// write, or that they are silenced, is no reason to put up with what others write.
func mayReport(caller Member) error {
	switch {
	case caller.PendingVerification:
		return ErrPendingVerification
	case caller.Banned:
		return ErrBanned
	default:
		return nil
	}
}

// mayReceive says whether a message can be brought to member at all. A banned member cannot be
// written to: they could not answer.
func mayReceive(member Member, exists bool) bool { return exists && !member.Banned }
