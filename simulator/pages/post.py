"""How a message looks."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Any

from simulator import text
from simulator.dialects import by_network
from simulator.exchange import Request
from simulator.pages.html import address
from simulator.pages.words import Words, words_for
from simulator.routing import Simulator
from simulator.store import media, people, posts

EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/webm": "webm",
}
DEPTH = 4  # answers deeper than this are not indented further


def thread(simulator: Simulator, request: Request, root: posts.Post, *, marked: int | None = None) -> str:
    """A post with all answers below it, indented by depth; `marked` is the one that the reader asked for."""
    below = posts.descendants(simulator.db, root, None)
    depth = {root.id: 0}
    shown = []
    for answer in below:
        depth[answer.id] = min(DEPTH, depth.get(answer.reply_to or 0, 0) + 1)
        inside = card(simulator, request, answer, marked=answer.id == marked)
        shown.append(f'<li class="depth-{depth[answer.id]}">{inside}</li>')
    answers = f'<ol class="answers">{"".join(shown)}</ol>' if shown else ""
    return f'<div class="thread">{card(simulator, request, root, marked=root.id == marked)}{answers}</div>'


def card(simulator: Simulator, request: Request, post: posts.Post, *, marked: bool = False) -> str:
    """One message: who, when, what, its pictures with their descriptions, and the way to answer."""
    words = words_for(request)
    author = people.by_id(simulator.db, post.person_id)
    assert author is not None
    here = address(request, f"/@{author.handle}/{post.id}")
    role = f' <span class="role">{words["organisation"]}</span>' if author.kind == "organisation" else ""
    likes = posts.counts(simulator.db, post, None).favourites
    edited = f' · <span class="edited">{words["edited"]}</span>' if post.edited_ms else ""
    content = text.as_html(simulator.db, post.text, "")
    spoiler = f"<p><strong>{escape(post.spoiler)}</strong></p>" if post.spoiler else ""
    classes = "card post marked" if marked else "card post"
    return f"""<article class="{classes}" id="post-{post.id}" aria-labelledby="by-{post.id}">
<header><img class="avatar" src="/avatars/{author.id}.svg" alt="" width="44" height="44">
<h2 id="by-{post.id}"><a href="{address(request, f"/@{author.handle}")}">{escape(author.name)}</a>{role}
<span class="handle">@{author.handle}</span></h2>
<p class="about"><a class="when" href="{here}">{when(post.created_ms)}</a> {mark(post.network)}{edited}</p></header>
<div class="text" lang="{escape(post.language or "")}">{spoiler}{content}</div>
{_choices(post)}{_card(post)}{_pictures(simulator, post, words)}
<footer><a class="answer" href="{here}#write" aria-label="{_reply_line(words, author)}">{words["reply"]}</a>
{_change(request, words, author, post)}
{f'<span class="likes">★ {likes}</span>' if likes else ""}</footer></article>"""


def mark(network: str) -> str:
    """On which network it stands, quietly."""
    dialect = by_network(network)
    return f'<span class="network">{escape(dialect.name if dialect else network)}</span>'


def _change(request: Request, words: Words, author: people.Person, post: posts.Post) -> str:
    """A trainer changes what citizens said; what an organisation said is its own programs' to change."""
    if author.kind == "organisation":
        return ""
    label = escape(words["change_of"].format(name=author.name))
    target = address(request, f"/change/{post.id}")
    return f' <a class="answer" href="{target}" aria-label="{label}">{words["change"]}</a>'


def _reply_line(words: Words, author: people.Person) -> str:
    return escape(words["reply_to"].format(name=author.name))


def _choices(post: posts.Post) -> str:
    """Those of a poll."""
    choices = post.extra.get("choices")
    shown = "".join(f"<li>{escape(str(one))}</li>" for one in choices) if isinstance(choices, list) else ""
    return f'<ul lang="{escape(post.language or "")}">{shown}</ul>' if shown else ""


def _card(post: posts.Post) -> str:
    """What stands below the text for a link: where it leads, and what the page tells. Its picture is below it."""
    told = post.extra
    found = _within(told, "record", "embed", "external") or _within(told, "content", "article")
    lines = [str(found.get(name) or "") for name in ("title", "description")]
    url = str(found.get("uri") or found.get("source") or "")
    shown = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    return f'<blockquote>{shown}<p class="handle">{escape(url)}</p></blockquote>' if url else ""


def _within(told: object, *names: str) -> dict[str, Any]:
    """The object that lies so deep in what a program sent; empty where there is none."""
    for name in names:
        told = told.get(name) if isinstance(told, dict) else None
    return told if isinstance(told, dict) else {}


def _pictures(simulator: Simulator, post: posts.Post, words: Words) -> str:
    shown = []
    for picture in media.of_post(simulator.db, post.id):
        source = f"/media/{picture.id}.{EXTENSIONS[picture.mime]}"
        alt = escape(picture.alt or "")
        told = f"<strong>{words['described']}:</strong> {alt}" if alt else f"<em>{words['no_alt']}</em>"
        image = f'<img src="{source}" alt="{alt}" width="{picture.width}" height="{picture.height}" loading="lazy">'
        film = f'<video src="{source}" aria-label="{alt}" controls preload="none"></video>'
        shown.append(
            f"<figure>{film if picture.mime.startswith('video/') else image}"
            f'<figcaption lang="{escape(post.language or "")}">{told}</figcaption></figure>'
        )
    return f'<div class="pictures">{"".join(shown)}</div>' if shown else ""


def when(milliseconds: int) -> str:
    """An instant, as people and programs read it."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f'<time datetime="{moment.isoformat()}">{moment:%d/%m/%Y %H:%M} UTC</time>'
