"""The forms of the square: write or answer as somebody, and add somebody."""

from __future__ import annotations

from html import escape

from simulator import text
from simulator.dialects import DIALECTS
from simulator.exchange import Request
from simulator.pages import beside
from simulator.pages.words import LANGUAGES, Words, words_for
from simulator.routing import Simulator
from simulator.saying import DEFAULT
from simulator.store import people, posts


def form(simulator: Simulator, request: Request, *, parent: posts.Post | None = None, problem: str = "") -> str:
    """Empty, or with what was typed and why it was not sent."""
    words = words_for(request)
    everyone = people.everyone(simulator.db)
    answered = people.by_id(simulator.db, parent.person_id) if parent else None
    title = words["reply_title"] if parent else words["write"]
    told = (
        f'<p class="problem" id="problem" role="alert"><strong>{words["problem"]}.</strong> {escape(problem)}</p>'
        if problem
        else ""
    )
    described = ' aria-describedby="problem"' if problem else ""
    hidden = f'<input type="hidden" name="reply_to" value="{parent.id}">' if parent else ""
    to_whom = "" if parent else _whom(request, words, everyone)
    where = "" if parent else _where(request, words)
    send = words["send_reply"] if answered else words["send"]
    return f"""<section class="card" id="write"><h2>{title}</h2>{told}
<form method="post" action="/write" enctype="multipart/form-data">{hidden}{language_field(request)}
<p class="field"><label for="as">{words["speak_as"]}</label>
<select id="as" name="as">{_options(everyone, request.text("as"))}</select></p>
{to_whom}{where}
<p class="field"><label for="text">{words["message"]}</label>
<textarea id="text" name="text" rows="5" required{described}>{escape(request.text("text"))}</textarea></p>
<p class="field"><label for="language">{words["message_language"]}</label>
<select id="language" name="language">{_languages(words, request, parent)}</select></p>
{choice(words, "seen_by", VISIBILITIES, request.text("seen_by"), kind="visibility")}
{beside.fields(request)}
<p class="actions"><button>{send}</button></p></form></section>"""


VISIBILITIES = ("public", "unlisted", "private", "direct")
# What a citizen may write at once, where it is less than a trainer would ever type.
MOST_CHARACTERS = {"mastodon": text.MAX_CHARACTERS, "x": 280, "bluesky": 300}
PLENTY = 2_000


def too_long(request: Request, written: str, network: str) -> str:
    """Why the network would not take it; empty where it does."""
    actual, limit = text.length(written), MOST_CHARACTERS.get(network, PLENTY)
    return words_for(request)["too_long"].format(actual=actual, limit=limit) if actual > limit else ""


def language_field(request: Request) -> str:
    chosen = request.text("lang")
    return f'<input type="hidden" name="lang" value="{escape(chosen)}">' if chosen in LANGUAGES else ""


def _options(everyone: list[people.Person], chosen: str) -> str:
    return "".join(
        f'<option value="{one.handle}"{_selected(one.handle == chosen)}>{escape(one.name)} (@{one.handle})</option>'
        for one in everyone
    )


def _selected(yes: bool) -> str:
    return " selected" if yes else ""


def choice(words: Words, name: str, values: tuple[str, ...], chosen: str, *, kind: str = "") -> str:
    """One of `values`, each in words by `kind` (the field's own name where there is none) and its value."""
    options = "".join(
        f'<option value="{one}"{_selected(one == chosen)}>{words[f"{kind or name}_{one}"]}</option>' for one in values
    )
    return (
        f'<p class="field"><label for="{name}">{words[name]}</label>'
        f'<select id="{name}" name="{name}">{options}</select></p>'
    )


def _whom(request: Request, words: Words, everyone: list[people.Person]) -> str:
    organisations = [one for one in everyone if one.kind == "organisation"]
    return (
        f'<p class="field"><label for="mention">{words["mention"]}</label><select id="mention" name="mention">'
        f'<option value="">{words["mention_nobody"]}</option>'
        f"{_options(organisations, request.text('mention'))}</select></p>"
    )


def _where(request: Request, words: Words) -> str:
    """On which network; an answer stays where the question stands."""
    chosen = request.text("network") or DEFAULT
    options = "".join(
        f'<option value="{one.network}"{_selected(one.network == chosen)}>{escape(one.name)}</option>'
        for one in DIALECTS
    )
    return (
        f'<p class="field"><label for="network">{words["network"]}</label>'
        f'<select id="network" name="network">{options}</select></p>'
    )


def _languages(words: Words, request: Request, parent: posts.Post | None) -> str:
    chosen = request.text("language") or (parent.language if parent else "") or words.language
    return "".join(
        f'<option value="{code}" lang="{code}"{_selected(code == chosen)}>{name}</option>'
        for code, name in LANGUAGES.items()
    )


def add_person(request: Request) -> str:
    words = words_for(request)
    return f"""<details class="card"><summary><h2>{words["add_person"]}</h2></summary>
<form method="post" action="/people">{language_field(request)}
<p class="field"><label for="name">{words["person_name"]}</label>
<input id="name" name="name" autocomplete="off" value="{escape(request.text("name"))}"></p>
<p class="field"><label for="handle">{words["handle"]}</label>
<input id="handle" name="handle" required maxlength="30" pattern="[A-Za-z0-9_]+" autocomplete="off"
 autocapitalize="none" aria-describedby="handle-help" value="{escape(request.text("handle"))}">
<small id="handle-help">{words["handle_help"]}</small></p>
<p class="actions"><button class="quiet">{words["add"]}</button></p></form></details>"""


def change_form(request: Request, post: posts.Post, problem: str = "") -> str:
    """The text of a citizen's message, to be written anew or taken away."""
    words = words_for(request)
    told = f'<p class="problem" id="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return f"""<section class="card">{told}<form method="post" action="/change">{language_field(request)}
<input type="hidden" name="id" value="{post.id}">
<p class="field"><label for="text">{words["message"]}</label>
<textarea id="text" name="text" rows="5" required>{escape(request.text("text") or post.text)}</textarea></p>
<p class="actions"><button>{words["save"]}</button></p></form></section>
<section class="card"><p>{words["delete_what"]}</p><form method="post" action="/delete">{language_field(request)}
<input type="hidden" name="id" value="{post.id}">
<p class="actions"><button class="quiet">{words["delete"]}</button></p></form></section>"""
