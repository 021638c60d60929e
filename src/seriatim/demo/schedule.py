"""The demo's calendar: what happens is told by generators that yield how many days pass until they go on."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from random import Random

#: Yields days until its next step. What is not over at the end of the year stays as it is then.
Story = Iterator[float]

_OPENS_H = 8
_OPEN_MINUTES = 9 * 60
_SUNDAY = 6


class Schedule:
    """Carries stories out in the order of time, day by day."""

    def __init__(self, start: date, end: date, rng: Random) -> None:
        """``end`` is the first day that is left out."""
        self.start, self.end = start, end
        self.now = datetime.combine(start, time(6), UTC)
        self._rng = rng
        self._waiting: list[tuple[datetime, int, Story]] = []
        self._count = 0

    def at(self, day: float, story: Story) -> None:
        """Begin a story on that day of the year, counted from 0."""
        self._push(self.start + timedelta(days=int(day)), story)

    def after(self, days: float, story: Story) -> None:
        """Begin a story so many days from now."""
        self._push(self.now.date() + timedelta(days=max(int(days), 0)), story)

    def run(self) -> Iterator[datetime]:
        """Carry all of it out; gives the moment of each step before it is made."""
        while self._waiting:
            moment, _, story = heappop(self._waiting)
            self.now = moment
            yield moment
            days = next(story, None)
            if days is not None:
                self.after(days, story)

    def _push(self, day: date, story: Story) -> None:
        if day.weekday() == _SUNDAY:
            day += timedelta(days=1)
        minutes = self._rng.randrange(_OPEN_MINUTES)
        moment = datetime.combine(day, time(_OPENS_H), UTC) + timedelta(minutes=minutes)
        moment = max(moment, self.now + timedelta(minutes=1))
        if moment.date() < self.end:
            self._count += 1
            heappush(self._waiting, (moment, self._count, story))
