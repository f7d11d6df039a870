"""The learner's cards, which of the notes they were made of, and the learner's choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, literal, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or

from tutor.errors import NotFound
from tutor.progress.card_rows import cards, memories, noted, settings
from tutor.progress.card_scope import listed, within
from tutor.progress.card_values import card_of, card_values, slot_of
from tutor.progress.conversations import clean
from tutor.progress.database import Database
from tutor.progress.moments import to_us
from tutor.study import EVERYTHING, Card, CardStatus, Draft, Scope, Slot

_OWN = ("id", "learner", "created_us", "accepted", "report")
"""Columns that no change of the notes or of the words touches."""


class Cards:
    """The learner's cards. Reviews and schedules are in `reviews`, what comes next in `queue`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._learner = database.learner

    @property
    def folder(self) -> Path:
        """Where the database lies."""
        return self._database.path.parent

    # --- looking up -------------------------------------------------------------------------------------------------

    def all(self, status: CardStatus | None = CardStatus.ACTIVE, scope: Scope = EVERYTHING) -> list[Card]:
        """Every card of a status (None: of any) in a scope, by note and place."""
        wanted = select(cards).where(cards.c.learner == self._learner, *within(scope))
        if status is not None:
            wanted = wanted.where(cards.c.status == status.value)
        return self._found(wanted.order_by(cards.c.path, cards.c.start, cards.c.id))

    def of_notes(self, paths: Iterable[str]) -> list[Card]:
        """The cards of notes, of any status."""
        wanted = select(cards).where(cards.c.learner == self._learner, listed(cards.c.path, paths))
        return self._found(wanted.order_by(cards.c.path, cards.c.start, cards.c.id))

    def orphaned(self) -> list[Card]:
        """Cards whose note or sentence is gone."""
        return self.all(CardStatus.ORPHANED)

    def studied(self, paths: Iterable[str]) -> frozenset[str]:
        """Ids of the cards of notes that have been reviewed."""
        wanted = select(memories.c.card).join(cards, cards.c.id == memories.c.card)
        with self._database.read() as connection:
            found = connection.execute(wanted.where(cards.c.learner == self._learner, listed(cards.c.path, paths)))
            return frozenset(found.scalars())

    def get(self, card_id: str) -> Card:
        """By its id, or the beginning of it if no other begins so. Raises NotFound `card.unknown`."""
        wanted = select(cards).where(cards.c.learner == self._learner, cards.c.id.startswith(card_id, autoescape=True))
        with self._database.read() as connection:
            exact = select(cards).where(cards.c.learner == self._learner, cards.c.id == card_id)
            found = connection.execute(exact).all() or connection.execute(wanted.limit(2)).all()
        if len(found) != 1 or not card_id:
            raise NotFound("card.unknown", card=card_id)
        return card_of(found[0])

    def count(self, status: CardStatus = CardStatus.ACTIVE) -> int:
        """How many cards of a status."""
        wanted = select(func.count()).where(cards.c.learner == self._learner, cards.c.status == status.value)
        with self._database.read() as connection:
            return int(connection.execute(wanted).scalar_one())

    def slots(self, ids: Iterable[str]) -> list[Slot]:
        """Cards as a queue needs them, in no order."""
        wanted = select(cards.c.id, cards.c.path, cards.c.headings, cards.c.prompt)
        with self._database.read() as connection:
            found = connection.execute(wanted.where(cards.c.learner == self._learner, listed(cards.c.id, ids)))
            return [slot_of(row) for row in found]

    def sections(self, scope: Scope = EVERYTHING) -> list[Slot]:
        """One slot for each section that has active cards, without a prompt."""
        columns = (func.min(cards.c.id).label("id"), cards.c.path, cards.c.headings, literal("").label("prompt"))
        wanted = select(*columns).where(
            cards.c.learner == self._learner, cards.c.status == CardStatus.ACTIVE.value, *within(scope)
        )
        with self._database.read() as connection:
            return [slot_of(row) for row in connection.execute(wanted.group_by(cards.c.path, cards.c.headings))]

    def _found(self, wanted: Select[Any]) -> list[Card]:
        with self._database.read() as connection:
            return [card_of(row) for row in connection.execute(wanted)]

    # --- changing ---------------------------------------------------------------------------------------------------

    def change(
        self,
        card_id: str,
        draft: Draft | None = None,
        status: CardStatus | None = None,
        report: str | None = None,
        accepted: bool | None = None,
    ) -> Card:
        """Edits a card's words, suspends, deletes, reports or accepts it; its history stays. Raises NotFound."""
        card = self.get(card_id)
        values: dict[str, Any] = {}
        if draft is not None:
            edited = Card(card.id, draft, edited=True)
            values |= {n: v for n, v in card_values(edited, 0, self._learner).items() if n not in (*_OWN, "status")}
        if status is not None:
            values["status"] = status.value
        if report is not None:
            values["report"] = clean(report)
        if accepted is not None:
            values["accepted"] = int(accepted)
        if values:
            with self._database.write() as connection:
                connection.execute(update(cards).where(cards.c.id == card.id).values(values))
        return self.get(card.id)

    def keep(
        self,
        changed: Sequence[Card],
        added: Sequence[Card],
        now: datetime,
        digests: Mapping[str, str],
        before: Mapping[str, str] | None = None,
    ) -> bool:
        """What the notes' change made of the cards, in one transaction. `digests`: path to the digest that was read, an
        empty one forgets the note; `before`: the digests that all of it was made from. False, and nothing is kept, when
        another process has read one of these notes since.
        """
        with self._database.write() as connection:
            if before is not None and digests:
                wanted = select(noted.c.path, noted.c.digest).where(noted.c.learner == self._learner)
                here = dict(connection.execute(wanted.where(listed(noted.c.path, digests))).all())
                if any(here.get(path) != before.get(path) for path in digests):
                    return False
            rows = [card_values(card, 0, self._learner) for card in self._still(connection, changed)]
            if rows:
                names = [name for name in rows[0] if name not in _OWN]
                statement = update(cards).where(cards.c.id == bindparam("_id"))
                connection.execute(
                    statement.values({name: bindparam(f"_{name}") for name in names}),
                    [{f"_{name}": row[name] for name in ("id", *names)} for row in rows],
                )
            if added:
                connection.execute(insert(cards), [card_values(card, to_us(now), self._learner) for card in added])
            if digests:
                connection.execute(
                    delete(noted).where(noted.c.learner == self._learner, noted.c.path == bindparam("_path")),
                    [{"_path": path} for path in digests],
                )
            rows = [{"learner": self._learner, "path": path, "digest": read} for path, read in digests.items() if read]
            if rows:
                connection.execute(insert(noted), rows)
        return True

    def _still(self, connection: Connection, changed: Sequence[Card]) -> list[Card]:
        """Cards to change that the learner has not edited or put away while the notes were being read."""
        wanted = select(cards.c.id, cards.c.status, cards.c.edited)
        found = connection.execute(wanted.where(listed(cards.c.id, [card.id for card in changed])))
        now = {row.id: (CardStatus(row.status), bool(row.edited)) for row in found}
        kept = [card for card in changed if card.id in now and (card.edited or not now[card.id][1])]
        theirs = (CardStatus.SUSPENDED, CardStatus.DELETED)
        return [replace(c, status=now[c.id][0]) if now[c.id][0] in theirs else c for c in kept]

    def digests(self) -> dict[str, str]:
        """Path of each note that cards were made of, to the digest that was read."""
        wanted = select(noted.c.path, noted.c.digest).where(noted.c.learner == self._learner)
        with self._database.read() as connection:
            return {path: digest for path, digest in connection.execute(wanted)}

    # --- choices ----------------------------------------------------------------------------------------------------

    def settings(self) -> dict[str, str]:
        """What the learner chose, by name."""
        wanted = select(settings.c.name, settings.c.value).where(settings.c.learner == self._learner)
        with self._database.read() as connection:
            return {name: value for name, value in connection.execute(wanted)}

    def set(self, chosen: Mapping[str, str]) -> None:
        """Keeps choices; an empty value forgets one."""
        with self._database.write() as connection:
            for name, value in chosen.items():
                mine = (settings.c.learner == self._learner, settings.c.name == name)
                if not value:
                    connection.execute(delete(settings).where(*mine))
                    continue
                statement = insert_or(settings).values(learner=self._learner, name=name, value=value)
                connection.execute(
                    statement.on_conflict_do_update(index_elements=["learner", "name"], set_={"value": value})
                )
