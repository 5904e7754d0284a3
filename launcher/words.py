"""What the launcher says: progress as short sentences, and one sentence when it has to stop."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stop(Exception):
    """The launcher cannot go on. Its text is the one sentence that the person reads, and says what to do."""


class Ended(BaseException):
    """Somebody asked the launcher to end (Ctrl-C, a signal). Not an error; nothing on the way up may swallow it."""


def say(sentence: str) -> None:
    print(sentence, flush=True)


@contextmanager
def step(sentence: str) -> Iterator[None]:
    """Announces a step before it begins and says how long it took once it is done."""
    print(f"  {sentence} …", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(" stopped.", flush=True)
        raise
    print(f" done ({time.monotonic() - start:.1f} s)", flush=True)


def stop_with(sentence: str) -> int:
    """Prints the sentence where errors go and gives the exit status that goes with it."""
    print(sentence, file=sys.stderr, flush=True)
    return 1
