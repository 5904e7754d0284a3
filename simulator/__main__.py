"""`python -m simulator --port 8001 --data FOLDER`: prints READY and the address when it listens.

Ends on SIGTERM or Ctrl-C.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from simulator import citizens
from simulator.dialects import real_limits
from simulator.limits import Limits
from simulator.routing import Square
from simulator.server import Server
from simulator.store.database import Database


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulator", description="A training network that speaks as the real ones.")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="leave it on loopback: the control API asks for no token")
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


def main() -> int:
    given = arguments().parse_args()
    if given.data:
        given.data.mkdir(parents=True, exist_ok=True)
    db = Database(given.data / "simulator.sqlite3" if given.data else None)
    square = Square(db, Limits(real_limits()), hooks_anywhere=given.hooks_anywhere)
    if given.limit is not None:
        square.limits.change(dict.fromkeys(square.limits.rules, given.limit))
    if not given.empty:
        citizens.settle(db)
    try:
        server = Server(square, given.host, given.port, given.public_url)
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
