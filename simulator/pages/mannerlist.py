"""Where a trainer chooses whose servers these are: what networks really do, and others or other years do not."""

from __future__ import annotations

from simulator.dialects.mastodon import ways
from simulator.dialects.x.naming import NEW, SILENT
from simulator.exchange import Answer, Refused, Request, redirect
from simulator.pages.words import LANGUAGES, Words, words_for
from simulator.pages.writing import VISIBILITIES, choice, language_field
from simulator.routing import Routes, Simulator

routes = Routes()
NAMES: dict[str, set[str]] = {"old": set(), "new": {NEW}, "silent": {SILENT}}
MOST_MINUTES = 24 * 60


def manners(simulator: Simulator, request: Request, words: Words) -> str:
    """The part of the page of faults that holds the switches, as they stand."""
    chosen = ways.ways_of(simulator.db)
    named = next(name for name, held in NAMES.items() if held == simulator.db.manners & {NEW, SILENT})
    checked = " checked" if chosen.filters else ""
    minutes = simulator.db.late_ms // 60_000
    return f"""<section class="card" id="manners"><h2>{words["manners"]}</h2><p>{words["manners_intro"]}</p>
<form method="post" action="/manners" class="grid">{language_field(request)}
{choice(words, "software", tuple(ways.VERSIONS), chosen.software)}
{choice(words, "visibility", VISIBILITIES, chosen.visibility)}
<p class="field"><label><input type="checkbox" name="filters" value="1"{checked}> {words["filters"]}</label></p>
{choice(words, "names", tuple(NAMES), named)}
<p class="field"><label for="minutes">{words["late_minutes"]}</label>
<input type="number" id="minutes" name="minutes" value="{minutes}" min="0" max="{MOST_MINUTES}" required></p>
<p class="actions"><button>{words["manners_keep"]}</button></p></form></section>"""


@routes.on("POST", "/manners")
def choose(simulator: Simulator, request: Request) -> Answer:
    minutes, names = request.number("minutes"), NAMES.get(request.text("names"))
    if minutes is None or not 0 <= minutes <= MOST_MINUTES or names is None:
        raise Refused(422, words_for(request)["bad_manners"])
    changes = {name: request.text(name) for name in ("software", "visibility")}
    try:
        ways.choose(simulator.db, **changes, filters=request.text("filters") == "1")
    except ValueError as refusal:
        raise Refused(422, words_for(request)["bad_manners"]) from refusal
    simulator.db.manners.difference_update({NEW, SILENT})
    simulator.db.manners.update(names)
    simulator.db.late_ms = minutes * 60_000
    lang = request.text("lang")
    return redirect(f"/faults?lang={lang}#manners" if lang in LANGUAGES else "/faults#manners")
