"""Our own style sheet, script and icon; people's avatars; the pictures that were uploaded."""

from __future__ import annotations

from html import escape
from pathlib import Path

from simulator.exchange import Answer, Refused, Request
from simulator.pages.html import missing
from simulator.routing import Routes, Simulator
from simulator.store import media, people

routes = Routes()
FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in KINDS}
# A picture opened by itself may run nothing and load nothing.
SANDBOX = "default-src 'none'; style-src 'none'; sandbox"


@routes.on("GET", "/static/{name}")
def static(simulator: Simulator, request: Request, name: str) -> Answer:
    if name not in FILES:
        return missing(request)
    kind = KINDS[Path(name).suffix]
    charset = "; charset=utf-8"
    headers = {"Content-Type": kind + charset, "Cache-Control": "max-age=60", "Content-Security-Policy": SANDBOX}
    return Answer(200, FILES[name], headers)


@routes.on("GET", "/avatars/{name}")
def avatar(simulator: Simulator, request: Request, name: str) -> Answer:
    person = _person(simulator, name)
    drawn = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">'
        f'<rect width="96" height="96" fill="{person.colour}"/>'
        '<text x="48" y="50" fill="#fff" font-family="sans-serif" font-size="38" text-anchor="middle" '
        f'dominant-baseline="middle">{escape(person.initials)}</text></svg>'
    )
    return _drawing(drawn)


@routes.on("GET", "/headers/{name}")
def header(simulator: Simulator, request: Request, name: str) -> Answer:
    person = _person(simulator, name)
    return _drawing(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1500 500" width="1500" height="500">'
        f'<rect width="1500" height="500" fill="{person.colour}"/></svg>'
    )


def _person(simulator: Simulator, name: str) -> people.Person:
    number = name.removesuffix(".svg")
    person = people.by_id(simulator.db, int(number)) if number.isdigit() and len(number) < 19 else None
    if not person:
        raise Refused(404, "Not Found")
    return person


def _drawing(drawn: str) -> Answer:
    headers = {"Content-Type": "image/svg+xml", "Cache-Control": "max-age=300", "Content-Security-Policy": SANDBOX}
    return Answer(200, drawn.encode(), headers)


@routes.on("GET", "/media/{name}")
def picture(simulator: Simulator, request: Request, name: str) -> Answer:
    """The bytes exactly as they were uploaded."""
    number = name.partition(".")[0]
    found = media.by_id(simulator.db, int(number)) if number.isdigit() and len(number) < 19 else None
    if not found:
        raise Refused(404, "Not Found")
    headers = {"Content-Type": found.mime, "Cache-Control": "max-age=300", "Content-Security-Policy": SANDBOX}
    return Answer(200, media.content(simulator.db, found.id), headers)
