"""The page on which a trainer starts, pauses and stops a scripted flood."""

from __future__ import annotations

from html import escape

from simulator.dialects import DIALECTS
from simulator.exchange import Answer, Request, redirect
from simulator.floods.playing import SPEEDS, Progress
from simulator.floods.script import FloodRefused, Script, parse, shipped
from simulator.pages.html import address, respond
from simulator.pages.words import Words, words_for
from simulator.pages.writing import language_field
from simulator.routing import Routes, Simulator
from simulator.store import people

routes = Routes()
NETWORKS = frozenset(dialect.network for dialect in DIALECTS)
SHIPPED = shipped(NETWORKS)


@routes.on("GET", "/floods")
def page(simulator: Simulator, request: Request) -> Answer:
    return _page(simulator, request)


def _page(simulator: Simulator, request: Request, problem: str = "") -> Answer:
    words = words_for(request)
    progress = simulator.player.progress()
    now = _now(request, words, progress) if progress else ""
    content = f"""<h1>{words["floods"]}</h1><p>{words["floods_intro"]}</p>
<label class="refresh" hidden><input type="checkbox" id="refresh">{words["refresh"]}</label>
<p class="sr" role="status" id="news" data-news="{words["refreshed"]}"></p>
<div id="stream">{now}</div>{_start(simulator, request, words, problem, progress)}"""
    return respond(request, words["floods"], content, status=422 if problem else 200, script=True)


def _now(request: Request, words: Words, progress: Progress) -> str:
    total, script = len(progress.play.script.steps), progress.play.script
    state = "flood_over" if progress.is_over else "flood_running" if progress.is_running else "flood_paused"
    done = words["flood_done"].format(done=progress.done, total=total, speed=progress.speed)
    skipped = words["flood_skipped"].format(count=progress.play.skipped) if progress.play.skipped else ""
    again = "" if progress.is_over else _buttons(request, words, progress)
    return f"""<section class="card" aria-labelledby="now">
<h2 id="now">{words["flood_now"]}: {escape(script.title)}</h2>
<p><strong>{words[state]}</strong> · {done} · {_clock(progress.seconds)} / {_clock(script.seconds)}</p>
<progress max="{total}" value="{progress.done}" aria-label="{words["flood_now"]}"></progress>
{f"<p>{skipped}</p>" if skipped else ""}{again}</section>"""


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _buttons(request: Request, words: Words, progress: Progress) -> str:
    other = ("pause", "flood_pause") if progress.is_running else ("resume", "flood_resume")
    return f"""<form method="post" action="/floods/steer">{language_field(request)}
<p class="actions"><button name="do" value="{other[0]}">{words[other[1]]}</button>
<button class="quiet" name="do" value="stop">{words["flood_stop"]}</button></p></form>
<form method="post" action="/floods/steer" class="row">{language_field(request)}
<p class="field"><label for="faster">{words["flood_speed"]}</label>
<select id="faster" name="speed">{_speeds(progress.speed)}</select></p>
<p class="actions"><button class="quiet" name="do" value="speed">{words["flood_set_speed"]}</button></p></form>"""


def _speeds(chosen: int) -> str:
    return "".join(
        f'<option value="{speed}"{" selected" if speed == chosen else ""}>{speed}×</option>' for speed in SPEEDS
    )


def _start(simulator: Simulator, request: Request, words: Words, problem: str, progress: Progress | None) -> str:
    organisations = [one for one in people.everyone(simulator.db) if one.kind == "organisation"]
    if not organisations:
        return f'<p class="card">{words["flood_no_organisation"]}</p>'
    told = (
        f'<p class="problem" role="alert"><strong>{words["flood_bad"]}.</strong> {escape(problem)}</p>'
        if problem
        else ""
    )
    replaces = f"<p>{words['flood_replaces']}</p>" if progress and not progress.is_over else ""
    whom = "".join(f'<option value="{one.handle}">{escape(one.name)} (@{one.handle})</option>' for one in organisations)
    return f"""<section class="card"><h2>{words["flood_new"]}</h2>{told}{replaces}
<form method="post" action="/floods" enctype="multipart/form-data">{language_field(request)}
<fieldset><legend>{words["flood_which"]}</legend>{"".join(_choice(words, *one) for one in SHIPPED.items())}</fieldset>
<p class="field"><label for="file">{words["flood_own"]}</label>
<input type="file" id="file" name="file" accept=".json,application/json"></p>
<p class="field"><label for="organisation">{words["flood_to"]}</label>
<select id="organisation" name="organisation">{whom}</select></p>
<p class="field"><label for="speed">{words["flood_speed"]}</label>
<select id="speed" name="speed">{_speeds(SPEEDS[0])}</select></p>
<p class="actions"><button>{words["flood_start"]}</button></p></form></section>"""


def _choice(words: Words, name: str, script: Script) -> str:
    facts = words["flood_facts"].format(count=script.written, minutes=round(script.seconds / 60))
    return f"""<div class="choice"><input type="radio" id="flood-{name}" name="flood" value="{name}">
<label for="flood-{name}" lang="{script.language}"><strong>{escape(script.title)}</strong>
{escape(script.about)}</label>
<small>{facts}</small></div>"""


@routes.on("POST", "/floods")
def start(simulator: Simulator, request: Request) -> Answer:
    """A file where one is given, else one of those that come with the square."""
    words, upload = words_for(request), request.uploads.get("file")
    organisation = people.by_handle(simulator.db, request.text("organisation"))
    try:
        if upload and upload.content:
            script: Script | None = parse(upload.content, NETWORKS)
        else:
            script = SHIPPED.get(request.text("flood"))
    except FloodRefused as refusal:
        told = words[f"bad_{refusal.code}"].format(place=refusal.place, what=refusal.what)
        return _page(simulator, request, told)
    if not script or not organisation or organisation.kind != "organisation":
        return _page(simulator, request, words["flood_nothing"])
    simulator.player.start(script, organisation.handle, _speed(request))
    return _back(request)


@routes.on("POST", "/floods/steer")
def steer(simulator: Simulator, request: Request) -> Answer:
    """Pause, go on, stop, or another speed."""
    player = simulator.player
    acts = {"pause": player.pause, "resume": player.resume, "stop": player.stop}
    if act := acts.get(request.text("do")):
        act()
    else:
        player.set_speed(_speed(request))
    return _back(request)


def _speed(request: Request) -> int:
    given = request.number("speed")
    return given if given in SPEEDS else SPEEDS[0]


def _back(request: Request) -> Answer:
    return redirect(address(request, "/floods").replace("&amp;", "&"))
