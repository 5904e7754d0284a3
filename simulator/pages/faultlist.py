"""The page on which a trainer turns faults on and off."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from simulator import faults
from simulator.exchange import Answer, Request, redirect
from simulator.faults import Fault
from simulator.pages import mannerlist
from simulator.pages.html import respond
from simulator.pages.words import LANGUAGES, Words, words_for
from simulator.routing import Routes, Simulator

routes = Routes()

PLACES = {
    "posts": "^POST /api/v1/statuses$",
    "media": "^POST /api/v[12]/media$",
    "captions": "^(POST|PUT) .*(captions|subtitles)",
    "lists": "^GET /api/v[12]/(notifications|search|timelines|accounts/[0-9]+/statuses)",
    "all": ".",
}
KINDS = ("late", "lost_answer", "reset", "truncated", "429", "500", "503", "html", "list_lag", "late_key")


@routes.on("GET", "/faults")
def page(simulator: Simulator, request: Request) -> Answer:
    return _page(simulator, request)


def _page(simulator: Simulator, request: Request, problem: str = "") -> Answer:
    words = words_for(request)
    listed = faults.listed(simulator.db)
    active = _table(words, listed, request) if listed else f"<p>{words['no_faults']}</p>"
    told = (
        f'<p class="problem" role="alert"><strong>{words["bad_fault"]}.</strong> {escape(problem)}</p>'
        if problem
        else ""
    )
    content = f"""<h1>{words["faults"]}</h1><p>{words["faults_intro"]}</p>
<section class="card"><h2>{words["active"]}</h2>{active}</section>
<section class="card"><h2>{words["add_fault"]}</h2>{told}
<form method="post" action="/faults" class="grid">{_language(request)}
<p class="field"><label for="kind">{words["kind"]}</label>
<select id="kind" name="kind">{_kinds(words, request)}</select></p>
<p class="field"><label for="where">{words["where"]}</label>
<select id="where" name="where">{_places(words)}</select></p>
{_number(request, "percent", words["often"], "100", 'min="1" max="100" required')}
{_number(request, "seconds", words["seconds"], "5", 'min="0" max="3600" required')}
{_number(request, "times", words["times"], "", 'min="1"')}
<p class="actions"><button>{words["turn_on"]}</button></p></form></section>
{mannerlist.manners(simulator, request, words)}"""
    return respond(request, words["faults"], content, status=422 if problem else 200)


def _number(request: Request, name: str, label: str, default: str, rules: str) -> str:
    value = escape(request.text(name, default))
    return (
        f'<p class="field"><label for="{name}">{label}</label>'
        f'<input type="number" id="{name}" name="{name}" value="{value}" {rules}></p>'
    )


def _language(request: Request) -> str:
    chosen = request.text("lang")
    return f'<input type="hidden" name="lang" value="{escape(chosen)}">' if chosen in LANGUAGES else ""


def _kinds(words: Words, request: Request) -> str:
    chosen = request.text("kind")
    return "".join(
        f'<option value="{kind}"{" selected" if kind == chosen else ""}>{words[f"kind_{kind}"]}</option>'
        for kind in KINDS
    )


def _places(words: Words) -> str:
    return "".join(f'<option value="{place}">{words[f"where_{place}"]}</option>' for place in PLACES)


def _table(words: Words, listed: list[Fault], request: Request) -> str:
    heads = "".join(f'<th scope="col">{words[key]}</th>' for key in ("kind", "where", "often", "struck", "action"))
    rows = "".join(_row(words, fault, request) for fault in listed)
    return f"""<div class="wide" tabindex="0" role="region" aria-label="{words["active"]}">
<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>
<form method="post" action="/faults/off">{_language(request)}
<p class="actions"><button class="quiet">{words["turn_off_all"]}</button></p></form>"""


def _row(words: Words, fault: Fault, request: Request) -> str:
    kind = str(fault.status) if fault.kind == "status" else fault.kind
    named = words[f"kind_{kind}"] if kind in KINDS else escape(f"{fault.kind} {fault.status}")
    place = next(
        (words[f"where_{name}"] for name, match in PLACES.items() if match == fault.match), escape(fault.match)
    )
    struck = str(fault.fired) if fault.times is None else f"{fault.fired} / {fault.times}"
    return f"""<tr><th scope="row">{named}</th><td>{place}</td><td>{fault.probability:.0%}</td><td>{struck}</td>
<td><form method="post" action="/faults/off">{_language(request)}<input type="hidden" name="id" value="{fault.id}">
<button class="quiet" aria-label="{words["turn_off"]}: {named}">{words["turn_off"]}</button></form></td></tr>"""


@routes.on("POST", "/faults")
def turn_on(simulator: Simulator, request: Request) -> Answer:
    kind = request.text("kind")
    given: dict[str, object] = {
        "kind": "status" if kind.isdigit() else kind,
        "status": kind if kind.isdigit() else "",
        "match": PLACES.get(request.text("where"), "."),
        "probability": (request.number("percent") or 0) / 100,
        "seconds": request.text("seconds").replace(",", "."),
        "times": request.text("times"),
    }
    try:
        faults.add(simulator.db, faults.parse(given))
    except faults.FaultRefused as refusal:
        return _page(simulator, request, str(refusal))
    return _back(request)


@routes.on("POST", "/faults/off")
def turn_off(simulator: Simulator, request: Request) -> Answer:
    """One fault where an `id` is given, otherwise all."""
    faults.clear(simulator.db, request.number("id"))
    return _back(request)


def _back(request: Request) -> Answer:
    chosen = request.text("lang")
    return redirect("/faults" + (f"?{urlencode({'lang': chosen})}" if chosen in LANGUAGES else ""))
