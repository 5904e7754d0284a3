"""The API, asked by a fuzzer: what its description says is so, whatever is sent and whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
import schemathesis
from django.conf import settings
from django.urls import resolve
from drf_spectacular.generators import SchemaGenerator
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.architecture.access import TABLE
from tests.architecture.asking import door, undone
from tests.architecture.rows import AUDITOR, EVERYONE, Row
from tests.architecture.world import World
from tests.factories.machines import key_for, machine_of
from tests.factories.organisation import GrantFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
    allow_header_conformance,
]
CONFIG = {
    "seed": 11,
    "suppress-health-check": ["all"],
    "generation": {"max-examples": 12, "deterministic": True, "database": "none", "no-shrink": True},
}
description = schemathesis.openapi.from_dict(
    SchemaGenerator().get_schema(request=None, public=True), config=SchemathesisConfig.from_dict(CONFIG)
)
ROWS: dict[tuple[str, str], Row] = {(row.url, row.method): row for row in TABLE}


def application(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
    """Parvis as a WSGI application inside the transaction of a test; a page's token is not asked for."""
    answer = door(enforce_csrf_checks=False)(environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return iter(answer.streaming_content if answer.streaming else [answer.content])


def row_of(case: Any) -> Row:
    """Of the table of addresses, what the operation of `case` is there."""
    path = re.sub(r"\{[a-z]+\}", "1", case.operation.path)
    return ROWS[resolve(path).view_name, case.operation.method.upper()]


@pytest.fixture(scope="module")
def machine_key(world: World) -> str:
    """Of a program that holds every role, and may all that any may."""
    machine = machine_of(world.colleague())
    for role in sorted(EVERYONE):
        GrantFactory.create(person=machine, role=role, unit=world.root)
    return key_for(machine)[1]


def askers(world: World, row: Row, lot: int, key: str) -> list[dict[str, str]]:
    """Who asks: somebody who may, somebody in turn, and in turn a program; as the headers they send."""
    may = sorted(row.may & EVERYONE) or [AUDITOR]
    people = {may[lot % len(may)], sorted(EVERYONE)[lot % len(EVERYONE)]}
    told = [{"Cookie": f"{settings.SESSION_COOKIE_NAME}={world.session_of(world.insiders[one])}"} for one in people]
    return [*told, {"Authorization": f"Bearer {key}"}]


@description.parametrize()
def test_every_answer_is_as_described(case: Any, world: World, machine_key: str) -> None:
    row, lot = row_of(case), crc32(repr((case.path_parameters, case.query, case.body)).encode("utf-8", "replace"))
    path = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
    if row.thing and (path is None or path.mode.is_positive) and lot % 4:
        key = re.findall(r"\{(\w+)\}", case.operation.path)[0]
        place = world.address_of(row.thing)
        case.path_parameters = {key if name == "pk" else name: one for name, one in place.items()}
    for headers in askers(world, row, lot, machine_key):
        with undone():
            answer = case.call(headers=headers, app=application)
        case.validate_response(answer, checks=CHECKS, headers=headers)
