"""Conversations: what was asked and what was shown, kept so that a reload, a restart or a crash loses nothing."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, func, insert, or_, select, update

from tutor.errors import NotFound
from tutor.progress import moments
from tutor.progress.conversation_rows import (
    Conversation,
    Json,
    Summary,
    Turn,
    conversations,
    summary_of,
    turn_of,
    turns,
)
from tutor.progress.database import Database
from tutor.progress.moments import to_us
from tutor.text.normalise import fold

PAGE = 20
"""Conversations of one page of the list."""
MAX_TITLE = 80
"""Characters of a title; a longer one is cut."""


class Conversations:
    """Those of the database's learner. Every change is on the disk when its method returns."""

    def __init__(self, database: Database, idle: Callable[[str], bool] = lambda _: False) -> None:
        """`idle`: whether a message, as a greeting, gives a conversation no title while a better one may come."""
        self._database = database
        self._idle = idle

    def create(self, title: str = "", *, now: datetime | None = None) -> Conversation:
        """A new, empty conversation. Without a title the first question becomes its title, one that is not idle if
        there is such a one.
        """
        identity, moment = uuid.uuid4().hex, now or moments.now()
        values = {
            "id": identity,
            "learner": self._learner,
            "title": cut(title),
            "searched": fold(cut(title)),
            "created_us": to_us(moment),
            "updated_us": to_us(moment),
        }
        with self._database.write() as connection:
            connection.execute(insert(conversations).values(values))
        return Conversation(Summary(identity, cut(title), moment, moment, 0), (), {})

    def append(
        self,
        conversation: str,
        question: str,
        answer: Json,
        *,
        understood_as: str = "",
        state: Json | None = None,
        now: datetime | None = None,
    ) -> Turn:
        """Keeps a turn; the caller shows its answer only after this has returned. `state` replaces the old one unless
        it is None. Raises NotFound `conversation.unknown`.
        """
        moment = now or moments.now()
        with self._database.write() as connection:
            found = self._found(connection, conversation)
            number = found.turns + 1
            turn = Turn(number, clean(question), clean(understood_as or question), answer, moment)
            connection.execute(
                insert(turns).values(
                    conversation=conversation,
                    number=number,
                    learner=self._learner,
                    question=turn.question,
                    understood_as=turn.understood_as,
                    answer=dump(answer),
                    searched=searched(turn),
                    created_us=to_us(moment),
                )
            )
            title = self._titled(connection, found, question)
            changes: dict[str, object] = {"updated_us": to_us(moment), "title": title, "searched": fold(title)}
            if state is not None:
                changes["state"] = dump(state)
            connection.execute(update(conversations).where(conversations.c.id == conversation).values(changes))
        return turn

    def list(self, words: str = "", *, limit: int = PAGE, offset: int = 0) -> list[Summary]:
        """Conversations, those that were added to last first. With `words`: those in whose title, questions or shown
        quotes every word occurs.
        """
        query = self._summaries(words).order_by(conversations.c.updated_us.desc(), conversations.c.id)
        with self._database.read() as connection:
            return [summary_of(row) for row in connection.execute(query.limit(limit).offset(offset))]

    def count(self, words: str = "") -> int:
        """How many there are, with these words."""
        query = select(func.count()).select_from(self._summaries(words).subquery())
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())

    def get(self, conversation: str, *, last: int | None = None, before: int | None = None) -> Conversation:
        """A conversation with its turns, oldest first: all, or the `last` so many of those `before` a turn's number.

        Raises NotFound `conversation.unknown`.
        """
        query = select(turns).where(turns.c.conversation == conversation).order_by(turns.c.number.desc()).limit(last)
        if before is not None:
            query = query.where(turns.c.number < before)
        with self._database.read() as connection:
            found = self._found(connection, conversation)
            state = select(conversations.c.state).where(conversations.c.id == conversation)
            shown = [turn_of(row) for row in connection.execute(query)]
            return Conversation(found, tuple(reversed(shown)), json.loads(connection.execute(state).scalar_one()))

    def latest(self) -> Summary | None:
        """The conversation that was added to last, None when there is none."""
        return next(iter(self.list(limit=1)), None)

    def find(self, name: str) -> Summary:
        """A conversation by its id, or by the beginning of its id when only one has it. Raises NotFound."""
        query = self._summaries().where(conversations.c.id.startswith(name, autoescape=True)).limit(2)
        with self._database.read() as connection:
            found = [summary_of(row) for row in connection.execute(query)] if name else []
        if len(found) != 1:
            raise NotFound("conversation.unknown", conversation=name)
        return found[0]

    def rename(self, conversation: str, title: str) -> None:
        """Gives a conversation a title; an empty one gives it its first question back, as `create` does. Raises
        NotFound.
        """
        with self._database.write() as connection:
            self._found(connection, conversation)
            if not (title := cut(title)):
                asked = self._asked(connection, conversation)
                title = cut(next((one for one in asked if not self._idle(one)), asked[0] if asked else ""))
            values = {"title": title, "searched": fold(title)}
            connection.execute(update(conversations).where(conversations.c.id == conversation).values(values))

    def delete(self, conversation: str) -> None:
        """Deletes a conversation and its turns. Raises NotFound."""
        with self._database.write() as connection:
            self._found(connection, conversation)
            connection.execute(delete(conversations).where(conversations.c.id == conversation))

    def set_state(self, conversation: str, state: Json) -> None:
        """Replaces what follow-ups need to know. Raises NotFound."""
        with self._database.write() as connection:
            self._found(connection, conversation)
            values = {"state": dump(state)}
            connection.execute(update(conversations).where(conversations.c.id == conversation).values(values))

    def _titled(self, connection: Connection, found: Summary, question: str) -> str:
        """The title after another question. One that the learner gave is never the first question, and stays."""
        if not found.title:
            return cut(question)
        if not self._idle(found.title) or self._idle(question):
            return found.title
        return cut(question) if found.title in map(cut, self._asked(connection, found.id)[:1]) else found.title

    def _asked(self, connection: Connection, conversation: str) -> Sequence[str]:
        """The first questions, in order."""
        query = select(turns.c.question).where(turns.c.conversation == conversation).order_by(turns.c.number)
        return connection.execute(query.limit(PAGE)).scalars().all()

    @property
    def _learner(self) -> str:
        return self._database.learner

    def _summaries(self, words: str = "") -> Select[Any]:
        """Conversations with their number of turns; with `words`, those in which each of them occurs."""
        amount = select(func.count()).where(turns.c.conversation == conversations.c.id).scalar_subquery()
        query = select(conversations, amount.label("amount")).where(conversations.c.learner == self._learner)
        for word in fold(clean(words)).split():
            in_turn = exists().where(
                turns.c.conversation == conversations.c.id, turns.c.searched.contains(word, autoescape=True)
            )
            query = query.where(or_(conversations.c.searched.contains(word, autoescape=True), in_turn))
        return query

    def _found(self, connection: Connection, conversation: str) -> Summary:
        row = connection.execute(self._summaries().where(conversations.c.id == conversation)).one_or_none()
        if row is None:
            raise NotFound("conversation.unknown", conversation=conversation)
        return summary_of(row)


def searched(turn: Turn) -> str:
    """What a search for words looks through: the question, how it was understood, the quotes as shown."""
    quotes = turn.answer.get("quotes") or ()
    shown = [str(q.get("shown") or q.get("text") or "") for q in quotes if isinstance(q, Mapping)]
    return fold(clean("\n".join([turn.question, turn.understood_as, *shown])))


def cut(title: str) -> str:
    """A title on one line, of at most MAX_TITLE characters."""
    line = " ".join(clean(title).split())
    return line if len(line) <= MAX_TITLE else line[: MAX_TITLE - 1] + "…"


def clean(text: str) -> str:
    """Without half characters, which no database can hold."""
    return text.encode("utf-8", "replace").decode()


def dump(value: Json) -> str:
    """As it lies in the database. ASCII, as a quote may hold half a character."""
    return json.dumps(value, allow_nan=False, separators=(",", ":"))
