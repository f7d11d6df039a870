"""The drills as the tutor offers them: cards in step with the notes, and what comes next."""
