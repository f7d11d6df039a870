"""The learner's conversations, for the page: opened, kept, listed, renamed, deleted, written out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tutor.as_json import kept_json
from tutor.errors import NotFound, TutorError
from tutor.talking.state import to_json
from tutor.ui.talk import SHOWN, Exchange, Talk, exchange_of, talk_of

if TYPE_CHECKING:
    from tutor.progress.conversation_rows import Summary
    from tutor.records import Answer
    from tutor.talking.state import State
    from tutor.tutor import Tutor

LISTED = 60


class Talks:
    """One for all visitors; what they have open travels as arguments."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor

    def opened(self, identity: str) -> Talk:
        """The end of a conversation. Raises TutorError."""
        return talk_of(self._tutor.conversations.get(identity, last=SHOWN))

    def with_earlier(self, talk: Talk) -> Talk:
        """The same with more of what stands before. Raises TutorError."""
        if not talk.id or not talk.earlier:
            return talk
        before = self._tutor.conversations.get(talk.id, last=SHOWN, before=talk.earlier + 1)
        older = tuple(exchange_of(turn) for turn in before.turns)
        return replace(talk, exchanges=(*older, *talk.exchanges), earlier=before.earlier if older else 0)

    def kept(self, talk: Talk, question: str, answer: Answer, state: State) -> tuple[Talk, Exchange]:
        """The conversation under its name in the learner's records, and the exchange as it lies there. An answer that
        cannot be kept is shown all the same, with the reason.
        """
        number = talk.next_number
        talk = replace(talk, state=state)
        how: dict[str, Any] = {"understood_as": answer.understood_as, "state": to_json(state)}
        try:
            records = self._tutor.conversations
            if not talk.id:
                talk = replace(talk, id=records.create().id)
            kept = kept_json(answer)
            try:
                turn = records.append(talk.id, question, kept, **how)
            except NotFound:  # deleted meanwhile, in another window
                talk = Talk(records.create().id, state=state)
                turn = records.append(talk.id, question, kept, **how)
            # A turn that was stopped or failed has a number on the page and none in the records.
            talk = replace(talk, title=records.find(talk.id).title)
            return talk, Exchange(max(turn.number, number), question, answer)
        except TutorError as error:
            return talk, Exchange(number, question, answer, unkept=error)

    def listed(self, words: str = "") -> list[Summary]:
        """Conversations with something in them, the latest first. Raises TutorError."""
        return [s for s in self._tutor.conversations.list(words, limit=LISTED) if s.turns]

    def renamed(self, talk: Talk, identity: str, title: str) -> Talk:
        """Gives a conversation a title; `talk`, if it is that one, with it. Raises TutorError."""
        records = self._tutor.conversations
        records.rename(identity, title)
        return replace(talk, title=records.find(identity).title) if identity == talk.id else talk

    def deleted(self, identity: str) -> None:
        """Gone for good. Raises TutorError."""
        self._tutor.conversations.delete(identity)

    def written(self, identity: str, lang: str) -> str:
        """All of a conversation as Markdown, with its sources. Raises TutorError."""
        from tutor.progress.conversation_export import conversation_markdown

        return conversation_markdown(self._tutor.conversations.get(identity), lang)
