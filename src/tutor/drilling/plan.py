"""Until the interview: what to learn when, what there is no time for, and what will be remembered on the day.

A simulation with the learner's own pace and FSRS's own curve: every day first the reviews that come up, then as many
new cards as the minutes allow. Each new card brings reviews of its own, so that the number of new ones falls towards
the end, and the last days repeat.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tutor.drilling.schedule import DAY, Schedule
from tutor.study import Memory, MemoryState, Rating, Review

NEW_S, REVIEW_S = 60.0, 20.0
"""Seconds for a card that is learnt (its repetitions on that day included), and for a review, before anything was
timed.
"""
LAST_NEW = 1
"""Days before the interview on which nothing new is begun any more."""
MOST_DAYS = 730


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds for a card that is learnt, its repetitions on that day included, and for a review."""

    new_s: float = NEW_S
    review_s: float = REVIEW_S


@dataclass(frozen=True, slots=True)
class Share:
    """Cards of a topic."""

    topic: str
    cards: int


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """What is to be done on a day. `new`: by topic, `reviews`: expected number."""

    day: date
    new: tuple[Share, ...]
    reviews: int
    minutes: float

    @property
    def new_cards(self) -> int:
        """Of all topics."""
        return sum(share.cards for share in self.new)


@dataclass(frozen=True, slots=True)
class PlannedTopic:
    """A topic on the day of the interview. `seen`: cards answered until now; `learnt`: that the plan adds; `cut`: for
    which there is no time; `recall_now`, `recall_then`: share of all its cards that would be recalled, now and then.
    """

    topic: str
    title: str
    cards: int
    seen: int
    learnt: int
    cut: int
    recall_now: float
    recall_then: float


@dataclass(frozen=True, slots=True)
class Plan:
    """`days`: from today until the day before the interview; `topics`: in the order in which they are begun; `cut`:
    cards that there is no time for; `overload`: days whose reviews alone take longer than there is time.
    """

    interview: date
    minutes: int
    days: tuple[PlannedDay, ...]
    topics: tuple[PlannedTopic, ...]
    cut: int
    overload: int
    recall_now: float
    recall_then: float

    @property
    def new_today(self) -> int:
        """Cards to be seen for the first time today."""
        return self.days[0].new_cards if self.days else 0


@dataclass(frozen=True, slots=True)
class Topic:
    """What a plan needs of a topic. `memories`: of the cards that were seen; `new`: the number of others."""

    key: str
    title: str
    memories: tuple[Memory, ...]
    new: int


def plan(
    topics: Sequence[Topic], today: date, interview: date, minutes: int, schedule: Schedule, pace: Pace = Pace()
) -> Plan:
    """`today`: the learner's day. Nothing is planned for a date that has passed."""
    length = min(max((interview - today).days, 0), MOST_DAYS)
    reviews: Counter[int] = Counter()
    then: dict[str, float] = defaultdict(float)
    now: dict[str, float] = defaultdict(float)
    for topic in topics:
        for memory in topic.memories:
            elapsed = max((today - memory.last.date()).days, 0)
            now[topic.key] += schedule.recalled(memory.stability, elapsed)
            then[topic.key] += _until(memory, today, length, schedule, reviews)
    ladder, stabilities = _ladder(schedule, length)
    begun, days, overload = _spread(topics, length, minutes * 60, reviews, ladder, pace, now)
    learnt: Counter[str] = Counter()
    for place, shares in enumerate(begun):
        for key, count in shares.items():
            learnt[key] += count
            then[key] += count * _recall_of_new(length - place, ladder, stabilities, schedule)
    planned = tuple(
        PlannedTopic(
            topic.key,
            topic.title,
            (cards := len(topic.memories) + topic.new),
            len(topic.memories),
            learnt[topic.key],
            topic.new - learnt[topic.key],
            round(now[topic.key] / cards, 4),
            round(then[topic.key] / cards, 4),
        )
        for topic in topics
        if topic.memories or topic.new
    )
    every = sum(topic.cards for topic in planned) or 1
    return Plan(
        interview,
        minutes,
        tuple(
            PlannedDay(today + timedelta(days=n), tuple(Share(k, c) for k, c in shares.items()), count, minute)
            for n, (shares, (count, minute)) in enumerate(zip(begun, days, strict=True))
        ),
        planned,
        sum(topic.cut for topic in planned),
        overload,
        round(sum(now.values()) / every, 4),
        round(sum(then.values()) / every, 4),
    )


def _until(memory: Memory, today: date, length: int, schedule: Schedule, reviews: Counter[int]) -> float:
    """Adds the reviews of a card until the interview, each recalled; the chance that it is recalled on that day."""
    noon = datetime.combine(today, time(12), UTC)
    while (place := max((memory.due.date() - today).days, 0)) < length:
        reviews[place] += 1
        memory = _learnt(memory, max(memory.due, noon + place * DAY), schedule)
    return schedule.recalled(memory.stability, (noon + length * DAY - memory.last) / DAY)


def _learnt(memory: Memory | None, at: datetime, schedule: Schedule) -> Memory:
    """After an answer that was right, and the repetitions of that day."""
    memory = schedule.reviewed(memory, Review("", Rating.GOOD, at))
    while memory.state is not MemoryState.REVIEW:
        memory = schedule.reviewed(memory, Review("", Rating.GOOD, memory.due))
    return memory


def _ladder(schedule: Schedule, length: int) -> tuple[list[int], list[float]]:
    """Of a new card that is always recalled: days after its beginning on which it is reviewed, the first being 0, and
    its stability after each.
    """
    began = datetime(2000, 1, 1, tzinfo=UTC)
    memory = _learnt(None, began, schedule)
    places, stabilities = [0], [memory.stability]
    while (memory.due - began) // DAY <= length:
        places.append(max((memory.due - began) // DAY, places[-1] + 1))
        memory = _learnt(memory, memory.due, schedule)
        stabilities.append(memory.stability)
    return places, stabilities


def _spread(
    topics: Sequence[Topic],
    length: int,
    seconds: float,
    reviews: Counter[int],
    ladder: Sequence[int],
    pace: Pace,
    known: Mapping[str, float],
) -> tuple[list[dict[str, int]], list[tuple[int, float]], int]:
    """New cards for each day, from each topic in turn, the least known first; reviews and minutes of each day; and how
    many days are too full.
    """
    left = {topic.key: topic.new for topic in topics if topic.new}
    size = {topic.key: len(topic.memories) + topic.new for topic in topics}
    order = sorted(left, key=lambda key: (known.get(key, 0.0) / size[key], key))
    load = {place: count * pace.review_s for place, count in reviews.items()}
    begun: list[dict[str, int]] = []
    turn = 0
    for place in range(length):
        shares: dict[str, int] = {}
        later = [place + step for step in ladder[1:] if place + step < length]
        while order and place < length - LAST_NEW and load.get(place, 0.0) + pace.new_s <= seconds:
            if any(load.get(day, 0.0) + pace.review_s > seconds for day in later):
                break
            key = order[turn % len(order)]
            shares[key] = shares.get(key, 0) + 1
            left[key] -= 1
            load[place] = load.get(place, 0.0) + pace.new_s
            for day in later:
                load[day] = load.get(day, 0.0) + pace.review_s
                reviews[day] += 1
            if left[key]:
                turn += 1
            else:
                order.remove(key)
        begun.append(shares)
    days = [(reviews[place], round(load.get(place, 0.0) / 60, 1)) for place in range(length)]
    return begun, days, sum(load.get(place, 0.0) > seconds for place in range(length))


def _recall_of_new(days: int, ladder: Sequence[int], stabilities: Sequence[float], schedule: Schedule) -> float:
    """Chance that a card begun so many days before is recalled, after the reviews until then."""
    last = max(n for n, place in enumerate(ladder) if place < max(days, 1))
    return schedule.recalled(stabilities[last], days - ladder[last])
