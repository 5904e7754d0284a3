"""`python -m simulator --port 8001 --data FOLDER`: prints READY and the address when it listens.

The control API asks for the key that lies in the folder, in a file that only its owner reads. Without a folder nobody
knows it. Ends on SIGTERM or Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import sys
import threading
from pathlib import Path

from simulator import citizens
from simulator.dialects import real_limits
from simulator.limits import Limits
from simulator.routing import Simulator
from simulator.server import Server
from simulator.store.database import Database


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulator", description="A training network that speaks as the real ones.")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="leave it on loopback")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path, help="folder of the SQLite file; made when absent")
    where.add_argument("--memory", action="store_true", help="keep nothing")
    parser.add_argument("--empty", action="store_true", help="start without the eight citizens")
    parser.add_argument("--public-url", default="", help="address behind a proxy")
    parser.add_argument(
        "--limit", type=int, metavar="N", help="calls of each kind in each window, instead of the real ones"
    )
    parser.add_argument("--hooks-anywhere", action="store_true", help="call subscribed apps on other machines too")
    return parser


def key_in(folder: Path) -> str:
    """The key of the control API, made at the first start; nobody but the owner of the file `key` reads it."""
    file = folder / "key"
    if not file.is_file():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(32))
    return file.read_text().strip()


def main() -> int:
    given = arguments().parse_args()
    if given.data:
        given.data.mkdir(parents=True, exist_ok=True)
    db = Database(given.data / "simulator.sqlite3" if given.data else None)
    simulator = Simulator(db, Limits(real_limits()), hooks_anywhere=given.hooks_anywhere)
    if given.limit is not None:
        simulator.limits.change(dict.fromkeys(simulator.limits.rules, given.limit))
    if not given.empty:
        citizens.settle(db)
    try:
        key = key_in(given.data) if given.data else secrets.token_urlsafe(32)
        server = Server(simulator, given.host, given.port, given.public_url, key=key)
    except OSError as error:
        sys.stderr.write(f"Port {given.port} on {given.host} cannot be opened: {error.strerror}.\n")
        return 1
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: threading.Thread(target=server.shutdown).start())
    sys.stdout.write(f"READY {server.url}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    db.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
