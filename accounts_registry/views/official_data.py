"""The register for programs: JSON and CSV with a schema, open to every site."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts_registry.enums import AccountKind, Audience
from accounts_registry.queries.official import Answer, OfficialAccount, Register, Verdict, official_register
from organisation.enums import Language

JSON = "application/json; charset=utf-8"
COLUMNS = (
    "id", "network", "handle", "address", "kind", "languages", "audiences", "unit", "unit_names", "state",
    "opened_on", "closed_on", "language_pair", "page", "approved_as", "closing_since", "successor",
)  # fmt: skip
LONGEST_QUESTION = 500
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
TEXT: dict[str, Any] = {"type": "string"}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Official accounts of a public service",
    "type": "object",
    "required": ["schema", "accounts"],
    "properties": {
        "schema": {"type": "string", "format": "uri", "description": "Where this description stands."},
        "accounts": {"type": "array", "items": {"$ref": "#/$defs/account"}},
    },
    "$defs": {
        "account": {
            "type": "object",
            "required": list(COLUMNS),
            "additionalProperties": False,
            "properties": {
                "id": {"type": "integer", "description": "Stays the same as long as the account stands, and after."},
                "page": {"type": "string", "format": "uri", "description": "Where people read of it."},
                "network": {**TEXT, "description": "The network's short name, such as mastodon or x."},
                "handle": {**TEXT, "description": "The name that the network tells, without @."},
                "address": {**TEXT, "description": "Where it stands on the web; empty where nobody knows."},
                "kind": {"enum": [one for one in AccountKind.values if one != AccountKind.INTERNAL]},
                "languages": {"type": "array", "items": {"enum": Language.values}},
                "audiences": {"type": "array", "items": {"enum": Audience.values}},
                "unit": {**TEXT, "description": "The service's short name."},
                "unit_names": {"type": "object", "additionalProperties": TEXT, "description": "By language."},
                "state": {"enum": ["official", "closing", "closed"]},
                "opened_on": {"type": "string", "format": "date"},
                "closed_on": {"type": ["string", "null"], "format": "date"},
                "language_pair": {"type": ["integer", "null"], "description": "The same in another language."},
                "closing_since": {
                    "type": ["string", "null"],
                    "format": "date",
                    "description": "Since when it is about to close; it is official until it is closed.",
                },
                "successor": {"type": ["integer", "null"], "description": "The account that goes on with its work."},
                "approved_as": {
                    "type": ["string", "null"],
                    "description": "The name that was approved, where the network tells another one by now.",
                },
            },
        }
    },
}


def absolute(path: str) -> str:
    """`path` as others reach it."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}"


def kept(request: HttpRequest, answer: Answer, content_type: str, *, shared: bool = False) -> HttpResponse:
    """`answer`, or that nothing changed since the reader had it. `shared` where pages of other sites may read it."""
    response = get_conditional_response(request, etag=answer.etag)
    if response is None:
        response = HttpResponse(answer.body, content_type=content_type)
    response["ETag"] = answer.etag
    if shared:
        response["Access-Control-Allow-Origin"] = "*"
    return response


def as_data(row: OfficialAccount, page: str) -> dict[str, Any]:
    """One account as machines read it; `page` is where people do. The shape is `accounts.schema.json`."""
    return {
        "id": row.id,
        "page": page,
        "network": row.network,
        "handle": row.handle,
        "approved_as": row.approved_as or None,
        "address": row.address,
        "kind": row.kind,
        "languages": list(row.languages),
        "audiences": list(row.audiences),
        "unit": row.unit,
        "unit_names": dict(row.names),
        "state": "closed" if row.closed_at is not None else "official" if row.closing_at is None else "closing",
        "opened_on": row.opened_at.date().isoformat(),
        "closed_on": row.closed_at.date().isoformat() if row.closed_at is not None else None,
        "language_pair": row.pair,
        "closing_since": row.closing_at.date().isoformat() if row.closing_at is not None else None,
        "successor": row.successor,
    }


def _told(row: OfficialAccount) -> dict[str, Any]:
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return as_data(row, absolute(reverse("accounts_registry:public_account", args=[language, row.id])))


@require_safe
def public_json(request: HttpRequest) -> HttpResponse:
    register = official_register()
    return kept(request, register.whole("json", lambda: _as_json(register)), JSON, shared=True)


def _as_json(register: Register) -> str:
    schema = absolute(reverse("accounts_registry:public_schema"))
    return json.dumps({"schema": schema, "accounts": [_told(row) for row in register.rows]}, ensure_ascii=False)


@require_safe
def public_csv(request: HttpRequest) -> HttpResponse:
    register = official_register()
    answer = kept(request, register.whole("csv", lambda: _as_csv(register)), "text/csv; charset=utf-8", shared=True)
    answer["Content-Disposition"] = 'attachment; filename="official-accounts.csv"'
    return answer


def _as_csv(register: Register) -> str:
    """With the mark by which spreadsheets read UTF-8; no cell begins a formula."""
    out = io.StringIO("\ufeff", newline="")
    out.seek(0, io.SEEK_END)
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for row in register.rows:
        told = _told(row)
        told["languages"], told["audiences"] = " ".join(row.languages), " ".join(row.audiences)
        told["unit_names"] = " / ".join(row.names.values())
        rows.writerow([_cell(told[name]) for name in COLUMNS])
    return out.getvalue()


def _cell(value: Any) -> str:
    """What a spreadsheet would read as a formula stands behind an apostrophe."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in FORMULAS else text


@require_safe
def public_schema(request: HttpRequest) -> HttpResponse:
    answer = official_register().whole("schema", lambda: json.dumps(SCHEMA, indent=2))
    return kept(request, answer, "application/schema+json; charset=utf-8", shared=True)


@require_safe
def public_check_json(request: HttpRequest) -> HttpResponse:
    """`?account=` in any spelling: what the register says of it."""
    asked = request.GET.get("account", "").strip()[:LONGEST_QUESTION]
    register = official_register()

    def answered() -> str:
        verdict, accounts = register.check(asked)
        told = {"asked": asked, "answer": Verdict(verdict).value, "accounts": [_told(row) for row in accounts]}
        return json.dumps(told, ensure_ascii=False)

    return kept(request, register.once(("check", asked), answered), JSON, shared=True)
