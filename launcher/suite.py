"""`make test`: the everyday suite, then what is thorough and slow, then what needs a browser or Bluesky's server."""

import os
import subprocess

from launcher import chromium
from launcher.places import Places, environment
from launcher.words import say

EVERYDAY = "not browser and not pds and not slow and not faults"
THOROUGH = "(slow or faults) and not browser and not pds"
NOTHING_COLLECTED = 5


def test(places: Places) -> int:
    """pytest's exit status: 0 when all suites passed. PYTEST_ARGS adds arguments to each."""
    ended = [quick(places)]
    say("Now what is thorough: every hostile text and address, killed workers, brokers and servers that fail:")
    ended.append(_on_two_processes(places, THOROUGH))
    browser = chromium.find_or_say_so()
    say("Now the browser suite, and Bluesky's own server:" if browser else "Now Bluesky's own server:")
    found = {"PARVIS_CHROMIUM": browser} if browser else {}
    ended.append(_pytest(places, "-m", "browser or pds" if browser else "pds and not browser", **found))
    failed = [status for status in ended if status not in (0, NOTHING_COLLECTED)]
    return failed[0] if failed else min(ended)


def quick(places: Places) -> int:
    """The everyday suite alone: minutes, so that people run it while they work."""
    return _on_two_processes(places, EVERYDAY)


def _on_two_processes(places: Places, marks: str) -> int:
    return _pytest(places, "-n", "2", "--dist", "loadfile", "-m", marks)


def _pytest(places: Places, *arguments: str, **settings: str) -> int:
    extra = os.environ.get("PYTEST_ARGS", "").split()
    command = [str(places.python), "-m", "pytest", "-q", *arguments, *extra]
    return subprocess.run(command, cwd=places.root, env=environment(**settings), check=False).returncode
