"""The API's own description, as a page that people read: by noun, each operation with what it takes and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.views.decorators.http import require_GET
from drf_spectacular.generators import SchemaGenerator

from governance.api_permissions import NEEDS
from governance.schema import REFUSALS
from organisation.roles import MACHINES_MAY

BODIES = ("application/json", "multipart/form-data")


@dataclass(frozen=True)
class Field:
    """One of a body or an answer; `kind` as a programmer says it: "string", "list of Variant"."""

    name: str
    kind: str
    required: bool
    about: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shape:
    """What is sent or answered: its fields, or the one thing that it is; `status` of an answer."""

    name: str
    fields: tuple[Field, ...] = ()
    status: str = ""
    media: str = ""


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    anchor: str
    about: tuple[str, ...]
    parameters: tuple[Field, ...]
    body: Shape | None
    answers: tuple[Shape, ...]
    needs: str | Promise
    by_machines: bool


@dataclass
class Noun:
    key: str
    operations: list[Operation] = field(default_factory=list)


@login_required
@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    facts = {"nouns": described(get_language() or ""), "home": f"{settings.PUBLIC_URL.rstrip('/')}/api/v1/"}
    return render(request, "api_docs.html", facts)


@lru_cache(maxsize=8)
def described(language: str) -> list[Noun]:
    """All of the API, in `language` as far as it is told in more than one; made once a process."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    nouns: dict[str, Noun] = {}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            key = told["tags"][0]
            nouns.setdefault(key, Noun(key)).operations.append(_Reading(schema).operation(method, path, told))
    return list(nouns.values())


class _Reading:
    """An OpenAPI document, with what it refers to at hand."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.parts = schema["components"]["schemas"]

    def operation(self, method: str, path: str, told: Mapping[str, Any]) -> Operation:
        needs = NEEDS.get(told["operationId"])
        return Operation(
            method=method.upper(),
            path=path,
            anchor=told["operationId"],
            about=tuple(_paragraphs(told.get("description", ""))),
            parameters=tuple(self._parameter(one) for one in told.get("parameters", [])),
            body=self._body(told.get("requestBody")),
            answers=tuple(self._answers(told["responses"])),
            needs=needs.label if needs else "",
            by_machines=needs is None or needs in MACHINES_MAY,
        )

    def _parameter(self, told: Mapping[str, Any]) -> Field:
        about = "" if told["in"] == "path" else told.get("description", "")
        return self._field(told["name"], told["schema"], is_required=told.get("required", False), about=about)

    def _body(self, told: Mapping[str, Any] | None) -> Shape | None:
        content = (told or {}).get("content", {})
        media = next((one for one in BODIES if one in content), "")
        return self._shape(content[media]["schema"], media=media) if media else None

    def _answers(self, told: Mapping[str, Any]) -> Iterator[Shape]:
        for status, answer in told.items():
            if status in REFUSALS:  # alike everywhere: the page says so once
                continue
            schema = answer.get("content", {}).get("application/json", {}).get("schema")
            yield self._shape(schema, status=status) if schema else Shape("", status=status)

    def _shape(self, schema: Mapping[str, Any], **facts: str) -> Shape:
        found = self._resolved(schema)
        needed = found.get("required", [])
        fields = [
            self._field(name, one, is_required=name in needed) for name, one in found.get("properties", {}).items()
        ]
        return Shape(self._kind(schema), tuple(fields), **facts)

    def _field(self, name: str, schema: Mapping[str, Any], *, is_required: bool, about: str = "") -> Field:
        choices = self._resolved(schema).get("enum") or self._resolved(schema.get("items", {})).get("enum") or []
        about = about or ("" if "oneOf" in schema else schema.get("description", ""))
        return Field(name, self._kind(schema), is_required, _plain(about), tuple(str(one) for one in choices))

    def _kind(self, schema: Mapping[str, Any]) -> str:
        if "$ref" in schema:
            return str(schema["$ref"].rpartition("/")[2])
        for several in ("allOf", "oneOf", "anyOf"):
            if several in schema:
                kinds = [self._kind(one) for one in schema[several] if one.get("maxLength") != 0]
                return " | ".join(one for one in kinds if one not in ("NullEnum", "BlankEnum"))
        if schema.get("type") == "array":
            return f"[{self._kind(schema['items'])}]"
        return str(schema.get("format") or schema.get("type") or "any")

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """What `schema` refers to."""
        refers = schema.get("$ref") or next((one["$ref"] for one in schema.get("allOf", []) if "$ref" in one), "")
        return self.parts[refers.rpartition("/")[2]] if refers else schema


def _paragraphs(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split("\n\n") if one.strip()]


def _plain(about: str) -> str:
    """Without the list of choices that the generator adds: they stand beside."""
    return " ".join(re.sub(r"^\* `.*$", "", about, flags=re.MULTILINE).split())
