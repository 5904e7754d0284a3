"""A service's notices to the public: a page, and the same as an RSS feed. For whoever practises watching sources."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from simulator.exchange import Answer, Refused, Request, json_answer, redirect
from simulator.pages.html import address, missing, respond
from simulator.pages.words import LANGUAGES, words_for
from simulator.routing import Routes, Simulator
from simulator.store import things
from simulator.store.things import Thing

routes = Routes()
NETWORK, KIND = "notices", "notice"
SHOWN = 50


@routes.on("POST", "/_simulator/notices")
def control_notice(simulator: Simulator, request: Request) -> Answer:
    """`{title, text}` → the notice."""
    made = _put_up(simulator, request)
    if made is None:
        raise Refused(422, "title and text: not empty")
    return json_answer({"id": str(made.id), "url": f"{request.base_url}/notices/{made.id}"}, 201)


@routes.on("GET", "/notices.xml")
def feed(simulator: Simulator, request: Request) -> Answer:
    """RSS 2.0. Whoever has it already (ETag) is told that nothing changed."""
    title = escape(words_for(request)["notices"])
    body = f"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>{title}</title><link>{request.base_url}/notices</link>
<description>{title}</description>{"".join(_item(one, request) for one in _newest(simulator))}
</channel></rss>""".encode()
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Answer(304, b"", headers)
    return Answer(200, body, {**headers, "Content-Type": "application/rss+xml; charset=utf-8"})


def _item(notice: Thing, request: Request) -> str:
    url = f"{request.base_url}/notices/{notice.id}"
    return f"""
<item><title>{escape(notice.data["title"])}</title><link>{url}</link><guid>{url}</guid>
<pubDate>{format_datetime(_at(notice))}</pubDate><description>{escape(escape(notice.data["text"]))}</description></item>"""


@routes.on("GET", "/notices")
def notices(simulator: Simulator, request: Request) -> Answer:
    """All notices, and a form with which a trainer puts up another."""
    return _page(simulator, request)


def _page(simulator: Simulator, request: Request, problem: str = "") -> Answer:
    words = words_for(request)
    shown = "".join(_card(one, request) for one in _newest(simulator)) or f'<p class="card">{words["no_notices"]}</p>'
    told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    chosen = request.text("lang")
    language = f'<input type="hidden" name="lang" value="{escape(chosen)}">' if chosen in LANGUAGES else ""
    content = f"""<h1>{words["notices"]}</h1><p><a href="/notices.xml">{words["notices_feed"]}</a></p>
<div class="columns"><section class="stream" aria-label="{words["notices"]}">{shown}</section>
<aside><form class="card" method="post" action="/notices">{language}<h2>{words["put_up"]}</h2>{told}
<p class="field"><label for="title">{words["notice_title"]}</label>
<input id="title" name="title" required maxlength="200" autocomplete="off" value="{escape(request.text("title"))}"></p>
<p class="field"><label for="text">{words["notice_text"]}</label>
<textarea id="text" name="text" rows="5" required>{escape(request.text("text"))}</textarea></p>
<p class="actions"><button>{words["put_up"]}</button></p></form></aside></div>"""
    return respond(request, words["notices"], content, status=422 if problem else 200)


@routes.on("POST", "/notices")
def write(simulator: Simulator, request: Request) -> Answer:
    """A trainer puts up a notice. What is incomplete comes back with the reason."""
    words = words_for(request)
    if _put_up(simulator, request) is None:
        return _page(simulator, request, words["no_notice"])
    return redirect(f"/notices?lang={words.language}" if request.text("lang") else "/notices")


@routes.on("GET", "/notices/{identifier}")
def notice(simulator: Simulator, request: Request, identifier: str) -> Answer:
    """One notice, as a plain page."""
    number = int(identifier) if identifier.isdigit() and len(identifier) < 19 else 0
    found = things.by_id(simulator.db, number, network=NETWORK, kind=KIND)
    if found is None:
        return missing(request)
    title, text = escape(found.data["title"]), _paragraphs(found)
    return respond(request, found.data["title"], f'<h1>{title}</h1>{text}<p><a href="/notices">↑</a></p>')


def _put_up(simulator: Simulator, request: Request) -> Thing | None:
    """None where the title or the text is missing."""
    title, text = request.text("title").strip()[:200], request.text("text").replace("\r\n", "\n").strip()
    if not (title and text):
        return None
    return things.add(simulator.db, network=NETWORK, kind=KIND, data={"title": title, "text": text})


def _newest(simulator: Simulator) -> list[Thing]:
    return things.of(simulator.db, network=NETWORK, kind=KIND)[::-1][:SHOWN]


def _at(notice: Thing) -> datetime:
    return datetime.fromtimestamp(notice.created_ms / 1000, UTC)


def _card(notice: Thing, request: Request) -> str:
    target = address(request, f"/notices/{notice.id}")
    day = _at(notice).date().isoformat()
    return (
        f'<article class="card"><h2><a href="{target}">{escape(notice.data["title"])}</a></h2>'
        f'<p><time datetime="{day}">{day}</time></p>{_paragraphs(notice)}</article>'
    )


def _paragraphs(notice: Thing) -> str:
    lines = [line for line in notice.data["text"].split("\n") if line.strip()]
    return "".join(f"<p>{escape(line)}</p>" for line in lines)
