"""`make test`: the everyday suite, then what is thorough and slow, then what needs a browser or Bluesky's server."""

import os
import subprocess

from launcher import chromium
from launcher.places import Places, environment
from launcher.words import say

EVERYDAY = "not browser and not pds and not slow and not longer and not faults"
THOROUGH = "(slow or longer or faults) and not browser and not pds"
NOTHING_COLLECTED = 5
# On two cores. A test waits a third of its time: for a network that does not answer, a program that starts, a lock.
THREE, TWO = "3", "2"


def test(places: Places) -> int:
    """pytest's exit status: 0 when all suites passed. PYTEST_ARGS adds arguments to each."""
    # Its servers are fetched and compiled for minutes. What of that fails, the tests that need them say.
    installing = [str(places.python), "-m", "tests.pds"]
    with subprocess.Popen(installing, cwd=places.root, env=environment()):
        ended = [quick(places)]
        say("Now what is thorough: every hostile text and address, killed workers, brokers and servers that fail:")
        ended.append(_side_by_side(places, TWO, THOROUGH))
        browser = chromium.find_or_say_so()
        say("Now the browser suite, and Bluesky's own server:" if browser else "Now Bluesky's own server:")
        found = {"PARVIS_CHROMIUM": browser} if browser else {}
        with_servers = "browser or pds" if browser else "pds and not browser"
        ended.append(_side_by_side(places, TWO, with_servers, share="worksteal", **found))
    failed = [status for status in ended if status not in (0, NOTHING_COLLECTED)]
    return failed[0] if failed else min(ended)


def quick(places: Places) -> int:
    """The everyday suite alone: minutes, so that people run it while they work."""
    return _side_by_side(places, THREE, EVERYDAY)


def _side_by_side(places: Places, processes: str, marks: str, share: str = "loadfile", **settings: str) -> int:
    """By files, whose tests share what they set up; few and long tests are taken from whoever has many left."""
    extra = os.environ.get("PYTEST_ARGS", "").split()
    if "not browser" in marks:
        extra.append("--ignore=tests/browser")  # each process would read what it will not run
    command = [str(places.python), "-m", "pytest", "-q", "-n", processes, "--dist", share, "-m", marks, *extra]
    return subprocess.run(command, cwd=places.root, env=environment(**settings), check=False).returncode
