"""Ports on the loopback address."""

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from launcher.words import Stop


def chosen(variable: str, default: int) -> int:
    """The port that the environment names, or the default."""
    text = os.environ.get(variable) or str(default)
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise Stop(f"{variable}={text} is not a port: give a number from 1024 to 65535.")
    return int(text)


def require_free(port: int, variable: str) -> None:
    """Refuses, with the sentence that says how to choose another, when something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Stop(
                f"Port {port} is taken by another program. Stop it, or choose another: make run {variable}={port + 10}"
            ) from error


def answers(url: str) -> bool:
    """Whether something speaks HTTP there, whatever it says."""
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10).close()
    except urllib.error.HTTPError as answer:
        return answer.code < 500
    except (OSError, TimeoutError):
        return False
    return True


def wait_for(url: str, seconds: float, alive: Callable[[], None]) -> None:
    """Returns once the URL answers; `alive` is asked meanwhile and raises when waiting has become pointless."""
    end = time.monotonic() + seconds
    while not answers(url):
        alive()
        if time.monotonic() > end:
            raise Stop(f"{url} does not answer after {seconds:.0f} seconds. The reason is in .parvis/log.")
        time.sleep(0.1)
