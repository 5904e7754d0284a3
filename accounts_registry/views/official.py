"""The register for citizens: a list, a page for each account, and the answer to "is this account official?"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_from_request
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts_registry.queries.official import Change, OfficialAccount, Register, Verdict, official_register
from accounts_registry.views.official_data import LONGEST_QUESTION, absolute, kept
from networks.catalogue import NETWORKS
from organisation.enums import Language

A_PAGE = 50
Facts = Callable[[], tuple[str, dict[str, Any]]]  # a template, and what it shows


@dataclass(frozen=True)
class Narrowed:
    """What the reader asked of the list."""

    words: str = ""
    unit: str = ""
    network: str = ""
    language: str = ""

    @property
    def is_narrowed(self) -> bool:
        return self != Narrowed()


@dataclass(frozen=True)
class Pages:
    """The pages before and behind this one; empty where there is none."""

    previous: str = ""
    next: str = ""


@require_safe
@vary_on_headers("Accept-Language")
def public_home(request: HttpRequest) -> HttpResponse:
    return redirect("accounts_registry:public_list", get_language_from_request(request))


@require_safe
def public_list(request: HttpRequest, language: str) -> HttpResponse:
    asked = Narrowed(*(request.GET.get(name, "")[:100] for name in ("words", "unit", "network", "language")))
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    register = official_register()
    return _page(request, register, language, lambda: _listed(register, asked, page))


def _listed(register: Register, asked: Narrowed, page: int) -> tuple[str, dict[str, Any]]:
    found = register.find(words=asked.words, unit=asked.unit, network=asked.network, language=asked.language)
    last = max(1, -(-len(found) // A_PAGE))
    page = min(max(1, page), last)
    facts = {
        "asked": asked,
        "found": len(found),
        "rows": _rows(register, found[(page - 1) * A_PAGE : page * A_PAGE]),
        "numbers": (page, last),
        "page": Pages(str(page - 1) if page > 1 else "", str(page + 1) if page < last else ""),
        "units": _units(register, asked.unit),
        "networks": sorted({(row.network_name, row.network) for row in register.rows}),
        "languages": settings.LANGUAGES,
    }
    return "accounts_registry/official_list.html", facts


def _rows(register: Register, accounts: Iterable[OfficialAccount]) -> list[str]:
    """Each account as a list shows it to readers of this language."""
    language = get_language()

    def part(row: OfficialAccount) -> str:
        facts = {"account": row, "language": language}
        made = partial(render_to_string, "accounts_registry/_official_row.html", facts)
        return register.part((language, row.id), made)

    return [part(row) for row in accounts]


def _units(register: Register, chosen: str) -> str:
    """The services to choose from, as options of a select."""

    def made() -> str:
        return format_html_join(
            "\n", '<option value="{}">{}</option>', ((one.unit, one.unit_name) for one in register.units)
        )

    options = register.part((get_language(), "units"), made)
    known = format_html('value="{}"', chosen)
    return mark_safe(options.replace(known, f"{known} selected", 1)) if chosen else options  # noqa: S308 - both are escaped


@require_safe
def public_account(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    register = official_register()
    if (account := register.by_id.get(pk)) is None:
        raise Http404
    pair = register.by_id.get(account.pair) if account.pair is not None else None
    successor = register.by_id.get(account.successor) if account.successor is not None else None
    facts = {"account": account, "pair": pair, "successor": successor}
    return _page(request, register, language, lambda: ("accounts_registry/official_account.html", facts))


@require_safe
def public_check(request: HttpRequest, language: str) -> HttpResponse:
    asked = request.GET.get("account", "").strip()[:LONGEST_QUESTION]
    register = official_register()

    def answered() -> tuple[str, dict[str, Any]]:
        verdict, accounts = register.check(asked) if asked else (None, [])
        networks = ", ".join(known.name for known in NETWORKS.values() if known.holds_accounts)
        facts = {
            "spelling": asked,
            "verdict": verdict,
            "rows": _rows(register, accounts),
            "networks": networks,
            "Verdict": Verdict,
        }
        return "accounts_registry/official_check.html", facts

    return _page(request, register, language, answered)


def _page(request: HttpRequest, register: Register, language: str, facts: Facts) -> HttpResponse:
    """A page in `language`, as it was made before while the register stands; Http404 for a language that is none."""
    if language not in Language.values:
        raise Http404

    def made() -> str:
        template, told = facts()
        here = request.get_full_path().removeprefix(f"/public/{language}/")
        links = [(code, name, f"/public/{code}/{here}") for code, name in settings.LANGUAGES]
        return render_to_string(template, {**told, "language": language, "links": links, "query": request.GET})

    return kept(request, register.once(request.get_full_path(), made), "text/html; charset=utf-8")


@require_safe
def public_changes(request: HttpRequest, language: str) -> HttpResponse:
    if language not in Language.values:
        raise Http404
    register = official_register()
    answer = register.whole((language, "changes"), lambda: _feed(register, language))
    return kept(request, answer, "application/atom+xml; charset=utf-8", shared=True)


def _feed(register: Register, language: str) -> str:
    here = absolute(reverse("accounts_registry:public_changes", args=[language]))
    home = absolute(reverse("accounts_registry:public_list", args=[language]))
    feed = Atom1Feed(_("Official accounts: what changed"), home, "", language=language, feed_url=here)
    for change in register.changes:
        feed.add_item(
            _sentence(change),
            absolute(reverse("accounts_registry:public_account", args=[language, change.account.id])),
            f"{change.account.unit_name}. {change.account.address}",
            unique_id=f"{home}#{change.what}-{change.account.id}",
            updateddate=change.at,
            pubdate=change.at,
        )
    return feed.writeString("utf-8")


def _sentence(change: Change) -> str:
    account: OfficialAccount = change.account
    told = {
        "opened": _("New official account: %(account)s"),
        "closing": _("About to close: %(account)s"),
        "closed": _("Closed: %(account)s"),
    }
    return told[change.what] % {"account": account.label}
