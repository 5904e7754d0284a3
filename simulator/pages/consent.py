"""The pages of a sign-in: may this app act as one of the people?"""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from simulator.exchange import Answer, Request
from simulator.pages.html import respond
from simulator.pages.words import words_for
from simulator.store.grants import App
from simulator.store.people import Person

KEPT = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "access_type",
    "state",
    "code_challenge",
    "code_challenge_method",
    "lang",
)


def page(request: Request, app: App, everyone: list[Person]) -> Answer:
    """One form: as whom, and yes or no."""
    words = words_for(request)
    title = words["consent"].format(app=app.name)
    if not everyone:
        return respond(request, title, f"<h1>{escape(title)}</h1><p>{words['nobody']}</p>")
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(request.text(name))}">'
        for name in KEPT
        if request.text(name)
    )
    options = "".join(f'<option value="{one.id}">{escape(one.name)} (@{one.handle})</option>' for one in everyone)
    scopes = "".join(f"<li><code>{escape(scope)}</code></li>" for scope in (request.text("scope") or "read").split())
    content = f"""<h1>{escape(title)}</h1>
<section class="card">
<p>{words["consent_asks"]}</p><ul>{scopes}</ul>
<form method="post" action="{escape(request.path)}">{hidden}
<p class="field"><label for="person">{words["act_as"]}</label><select id="person" name="person">{options}</select></p>
<p class="actions"><button name="decision" value="allow">{words["allow"]}</button>
<button class="quiet" name="decision" value="deny">{words["deny"]}</button></p>
</form></section>"""
    back = urlsplit(request.text("redirect_uri"))
    target = f"{back.scheme}://{back.netloc}" if back.netloc else ""
    return respond(request, title, content, form_target=target)


def code(request: Request, text: str) -> Answer:
    """For apps that no browser can lead back to."""
    words = words_for(request)
    content = f'<h1>{words["code"]}</h1><p><code class="code">{escape(text)}</code></p><p>{words["code_how"]}</p>'
    return respond(request, words["code"], content)


def refused(request: Request, problem: str) -> Answer:
    words = words_for(request)
    content = f"<h1>{words['refused']}</h1><p><code>{escape(problem)}</code></p>"
    return respond(request, words["refused"], content, status=200 if problem == "access_denied" else 400)
