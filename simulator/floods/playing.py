"""Where a flood stands. In memory alone: a restart forgets it, and nothing is ever played twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator.floods.script import Script, Step

SPEEDS = (1, 5, 20)


@dataclass
class Play:
    """One performance. `labels` lead to the posts that were made, `skipped` counts steps that found no post."""

    script: Script
    organisation: str
    labels: dict[str, int] = field(default_factory=dict)
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """What the page shows. `seconds` are the script's own, however fast it is played."""

    play: Play
    done: int
    seconds: float
    speed: int
    is_running: bool

    @property
    def is_over(self) -> bool:
        return self.done == len(self.play.script.steps)


class Player:
    """At most one performance at a time. `clock` tells seconds that never run back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._play: Play | None = None
        self._done = 0
        self._reached = 0.0  # the script's seconds when we last looked
        self._looked_at = 0.0
        self._speed = SPEEDS[0]
        self._running = False

    def start(self, script: Script, organisation: str, speed: int) -> None:
        """From the beginning, in place of whatever was under way."""
        with self._lock:
            self._play, self._done, self._reached = Play(script, organisation), 0, 0.0
            self._looked_at, self._speed, self._running = self._clock(), speed, True

    def pause(self) -> None:
        with self._lock:
            self._look()
            self._running = False

    def resume(self) -> None:
        with self._lock:
            self._look()
            self._running = self._play is not None

    def stop(self) -> None:
        """What was written stays; the rest is never played."""
        with self._lock:
            self._play, self._running = None, False

    def set_speed(self, speed: int) -> None:
        """From now on; what has passed has passed at the old one."""
        with self._lock:
            self._look()
            self._speed = speed

    def take_due(self) -> tuple[Play, list[Step]] | None:
        """The steps whose time has come, each handed out once, whoever asks; None where nothing is played."""
        with self._lock:
            if self._play is None or not self._running:
                return None
            self._look()
            steps = self._play.script.steps
            first = self._done
            while self._done < len(steps) and steps[self._done].after <= self._reached:
                self._done += 1
            self._running = self._done < len(steps)
            return self._play, list(steps[first : self._done])

    def progress(self) -> Progress | None:
        """None where nothing was started, or it was stopped."""
        with self._lock:
            self._look()
            if self._play is None:
                return None
            reached = min(self._reached, self._play.script.seconds)
            return Progress(self._play, self._done, reached, self._speed, self._running)

    def _look(self) -> None:
        now = self._clock()
        if self._running:
            self._reached += (now - self._looked_at) * self._speed
        self._looked_at = now
