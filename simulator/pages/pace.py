"""What was answered how fast: each message of a citizen to an organisation, and the first answer to it."""

from __future__ import annotations

from html import escape
from statistics import median

from simulator.answering import Asked, asked
from simulator.exchange import Answer, Request
from simulator.pages.html import address, respond
from simulator.pages.post import mark, when
from simulator.pages.words import Words, words_for
from simulator.routing import Routes, Simulator

routes = Routes()
MOST = 500
# Upper bounds in minutes, and the word for each.
BOUNDS = ((15.0, "within_15"), (60.0, "within_60"), (240.0, "within_240"), (float("inf"), "later"))
BAR, GAP, WIDTH = 24, 10, 320


@routes.on("GET", "/pace")
def page(simulator: Simulator, request: Request) -> Answer:
    words = words_for(request)
    found = asked(simulator.db, MOST)
    title = words["pace_title"]
    if not found:
        return respond(request, title, f'<h1>{title}</h1><p class="card">{words["pace_none"]}</p>')
    counts = _counts(found)
    latest = f"<p>{words['pace_latest'].format(count=MOST)}</p>" if len(found) == MOST else ""
    content = f"""<h1>{title}</h1>
<label class="refresh" hidden><input type="checkbox" id="refresh">{words["refresh"]}</label>
<p class="sr" role="status" id="news" data-news="{words["refreshed"]}"></p>
<div id="stream"><section class="card"><p>{_sentence(words, found)}</p>{latest}{_picture(words, counts)}
{_figures(words, counts)}</section>
<section class="card">{_table(request, words, found)}</section></div>"""
    return respond(request, title, content, script=True)


def _minutes(found: list[Asked]) -> list[float]:
    return [one.minutes for one in found if one.minutes is not None]


def _counts(found: list[Asked]) -> dict[str, int]:
    """How many messages fall between each bound and the one before it, and how many are open."""
    counts = dict.fromkeys((*(name for _bound, name in BOUNDS), "open"), 0)
    for one in found:
        name = "open" if one.minutes is None else next(name for bound, name in BOUNDS if one.minutes <= bound)
        counts[name] += 1
    return counts


def _sentence(words: Words, found: list[Asked]) -> str:
    minutes = _minutes(found)
    told = words["pace_sum"].format(
        answered=len(minutes),
        total=len(found),
        hour=sum(one <= 60 for one in minutes),
        open=len(found) - len(minutes),
    )
    half = words["pace_median"].format(minutes=_number(median(minutes))) if minutes else ""
    return f"<strong>{told}</strong> {half}"


def _number(minutes: float) -> str:
    return f"{minutes:.0f}" if minutes >= 1 else "&lt; 1"


def _picture(words: Words, counts: dict[str, int]) -> str:
    """Bars, the longest as wide as the picture; the table beside them holds the same figures."""
    most = max(counts.values())
    bars = "".join(
        f'<rect class="{"waiting" if name == "open" else "answered"}" x="0" y="{place * (BAR + GAP)}" '
        f'width="{max(1, count * WIDTH // most) if count else 0}" height="{BAR}"/>'
        for place, (name, count) in enumerate(counts.items())
    )
    height = len(counts) * (BAR + GAP)
    return (
        f'<svg class="bars" role="img" aria-label="{escape(words["pace_picture"])}" '
        f'viewBox="0 0 {WIDTH} {height}">{bars}</svg>'
    )


def _figures(words: Words, counts: dict[str, int]) -> str:
    rows = "".join(f'<tr><th scope="row">{words[name]}</th><td>{count}</td></tr>' for name, count in counts.items())
    head = f'<tr><th scope="col">{words["answered_in"]}</th><th scope="col">{words["how_many"]}</th></tr>'
    return f'<table class="figures"><thead>{head}</thead><tbody>{rows}</tbody></table>'


def _table(request: Request, words: Words, found: list[Asked]) -> str:
    keys = ("asked", "citizen", "message", "answered_in", "by_whom")
    heads = "".join(f'<th scope="col">{words[key]}</th>' for key in keys)
    rows = "".join(_row(request, words, one) for one in found)
    label = words["pace_title"]
    return f"""<div class="wide" tabindex="0" role="region" aria-label="{label}">
<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"""


def _row(request: Request, words: Words, one: Asked) -> str:
    here = address(request, f"/@{one.author.handle}/{one.post.id}")
    if one.minutes is None:
        answered = f'<span class="waiting">◷ {words["open"]}</span>'
    else:
        answered = words["minutes"].format(minutes=_number(one.minutes))
    by = escape(one.answerer.name) if one.answerer else ""
    short = one.post.text if len(one.post.text) <= 90 else one.post.text[:89] + "…"
    return f"""<tr><td>{when(one.post.created_ms)} {mark(one.post.network)}</td><td>{escape(one.author.name)}</td>
<td lang="{escape(one.post.language or "")}"><a href="{here}">{escape(short)}</a></td>
<td>{answered}</td><td>{by}</td></tr>"""
