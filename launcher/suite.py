"""`make test`: the everyday suite on two processes, then what needs a browser, one at a time."""

import os
import subprocess

from launcher import chromium
from launcher.places import Places, environment
from launcher.words import say

EVERYDAY = "not browser and not pds"
BROWSER = "browser or pds"
NOTHING_COLLECTED = 5


def test(places: Places) -> int:
    """pytest's exit status: 0 when both suites passed. PYTEST_ARGS adds arguments to both."""
    extra = os.environ.get("PYTEST_ARGS", "").split()
    everyday = _pytest(places, "-n", "2", "--dist", "loadfile", "-m", EVERYDAY, *extra)
    browser = chromium.find_or_say_so()
    if browser is None:
        return everyday
    say("Now the browser suite:")
    second = _pytest(places, "-m", BROWSER, *extra, PARVIS_CHROMIUM=browser)
    return everyday or (0 if second == NOTHING_COLLECTED else second)


def _pytest(places: Places, *arguments: str, **settings: str) -> int:
    command = [str(places.python), "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, cwd=places.root, env=environment(**settings), check=False).returncode
