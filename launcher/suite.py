"""`make test`: the everyday suite on two processes, then what needs a browser or Bluesky's server, one at a time."""

import os
import subprocess

from launcher import chromium
from launcher.places import Places, environment
from launcher.words import say

EVERYDAY = "not browser and not pds"
QUICK = f"{EVERYDAY} and not faults and not slow"
NOTHING_COLLECTED = 5


def test(places: Places) -> int:
    """pytest's exit status: 0 when both suites passed. PYTEST_ARGS adds arguments to both."""
    extra = os.environ.get("PYTEST_ARGS", "").split()
    everyday = _pytest(places, "-n", "2", "--dist", "loadfile", "-m", EVERYDAY, *extra)
    browser = chromium.find_or_say_so()
    say("Now the browser suite, and Bluesky's own server:" if browser else "Now Bluesky's own server:")
    found = {"PARVIS_CHROMIUM": browser} if browser else {}
    second = _pytest(places, "-m", "browser or pds" if browser else "pds and not browser", *extra, **found)
    return everyday or (0 if second == NOTHING_COLLECTED else second)


def quick(places: Places) -> int:
    """The everyday suite without what takes its time: minutes, so that people run it while they work."""
    return _pytest(places, "-n", "2", "--dist", "loadfile", "-m", QUICK, *os.environ.get("PYTEST_ARGS", "").split())


def _pytest(places: Places, *arguments: str, **settings: str) -> int:
    command = [str(places.python), "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, cwd=places.root, env=environment(**settings), check=False).returncode
