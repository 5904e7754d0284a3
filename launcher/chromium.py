"""Chromium for the browser suite: this machine's, or the distribution's package where we may install it."""

import os
import shutil
import subprocess

from launcher.words import Stop, say, step

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of the machine's Chromium, or nothing."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def find_or_install() -> str | None:
    """As `find`, after trying the package manager where there is one and we are root."""
    if found := find():
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    around = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with step("Installing Chromium for the browser tests"):
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
        ):
            subprocess.run(command, env=around, capture_output=True, check=False)
    return find()


def require() -> str:
    found = find_or_install()
    if not found:
        raise Stop("There is no Chromium here and it could not be installed. On Debian or Ubuntu: apt install chromium")
    return found


def find_or_say_so() -> str | None:
    """For a person's own machine: without Chromium the browser tests are skipped, and that is said loudly."""
    if os.environ.get("PARVIS_REQUIRE_CHROMIUM") == "1":
        return require()
    found = find_or_install()
    if not found:
        say("!!! BROWSER TESTS SKIPPED: this machine has no Chromium. On Debian or Ubuntu: apt install chromium !!!")
    return found
