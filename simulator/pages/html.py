"""The frame of every page, in the reader's language."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from simulator.exchange import Answer, Request
from simulator.pages.words import LANGUAGES, Words, words_for

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


def respond(
    request: Request, title: str, content: str, *, status: int = 200, script: bool = False, form_target: str = ""
) -> Answer:
    """A whole page. `content` is HTML already escaped; `form_target` is one more origin that a form may lead to."""
    words = words_for(request)
    policy = f"{POLICY} {form_target}".rstrip()
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Content-Language": words.language,
        "Vary": "Accept-Language",
        "Content-Security-Policy": policy,
    }
    return Answer(status, _frame(request, words, title, content, script).encode(), headers)


def _frame(request: Request, words: Words, title: str, content: str, script: bool) -> str:
    loaded = '<script src="/static/square.js" defer></script>' if script else ""
    return f"""<!doctype html>
<html lang="{words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)} · {words["name"]}</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/square.css">
{loaded}
</head>
<body>
<a class="skip" href="#content">{words["skip"]}</a>
<header>
<p class="notice"><strong>{words["training"]}</strong> {words["not_public"]}</p>
<a class="brand" href="{address(request, "/")}">
<img src="/static/icon.svg" alt="" width="32" height="32">{words["name"]}</a>
<nav aria-label="{words["pages"]}"><ul>
{_link(request, "/", words["square"])}
{_link(request, "/floods", words["floods"])}
{_link(request, "/pace", words["pace"])}
{_link(request, "/notices", words["notices"])}
{_link(request, "/faults", words["faults"])}
</ul></nav>
<nav class="languages" aria-label="{words["languages"]}"><ul>{_languages(request, words)}</ul></nav>
</header>
<main id="content" tabindex="-1">
{content}
</main>
</body>
</html>
"""


def _link(request: Request, path: str, label: str) -> str:
    current = ' aria-current="page"' if request.path == path else ""
    return f'<li><a href="{address(request, path)}"{current}>{label}</a></li>'


def _languages(request: Request, words: Words) -> str:
    kept = [(name, value) for name in ("as", "network", "reply") if (value := request.text(name))]
    shown = []
    for code, name in LANGUAGES.items():
        current = ' aria-current="true"' if code == words.language else ""
        target = escape(f"{request.path}?{urlencode([*kept, ('lang', code)])}") if request.method == "GET" else "/"
        shown.append(f'<li><a href="{target}" lang="{code}" hreflang="{code}"{current}>{name}</a></li>')
    return "".join(shown)


def address(request: Request, path: str, **more: str) -> str:
    """`path` with what the reader chose so far (language, whom they play), escaped for an attribute."""
    kept = {name: request.text(name) for name in ("lang", "as", "network") if request.text(name)} | more
    kept = {name: value for name, value in kept.items() if value}
    return escape(path + (f"?{urlencode(kept)}" if kept else ""))


def missing(request: Request) -> Answer:
    words = words_for(request)
    content = f'<h1>{words["missing"]}</h1><p>{words["missing_why"]}</p><p><a href="/">{words["to_square"]}</a></p>'
    return respond(request, words["missing"], content, status=404)
