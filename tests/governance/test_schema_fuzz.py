"""What the API is asked at random, by its own description: nothing breaks it, and nothing is answered that it does not
describe. By `schemathesis`, as somebody who holds every role, and as a program whose key reaches as far as any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase
from hypothesis import settings as how

from organisation.roles import ROLES
from tests.factories.accounts_registry import ConnectedAccountFactory, DossierFactory
from tests.factories.conversations import ConversationFactory, MentionFactory
from tests.factories.machines import key_for, machine_of
from tests.factories.organisation import GrantFactory, PersonFactory, UnitFactory
from tests.factories.publishing import draft
from tests.factories.sessions import session_of

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: the API is not fuzzed")

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TOKEN = "a" * 32  # of a page: what a browser sends along
schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))
schema.app = get_wsgi_application()
CHECKS = (
    schemathesis.checks.not_a_server_error,
    *(
        getattr(schemathesis.specs.openapi.checks, name)
        for name in ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
    ),
)
FEW = how(
    max_examples=12,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)


@pytest.fixture
def its_own_connection() -> Iterator[None]:
    """Requests leave the test's transaction open, as with Django's own client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(params=["person", "program"])
def headers(request: Any, its_own_connection: None) -> dict[str, str]:
    with connection.cursor() as cursor:  # it takes a while to think of what to ask
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    unit = UnitFactory.create(slug="finance", languages=["fr"])
    person = PersonFactory.create(unit=unit)
    for role in ROLES:
        GrantFactory.create(person=person, role=role, unit=unit)
    account = ConnectedAccountFactory.create(unit=unit, languages=["fr"])
    draft(person, account)
    DossierFactory.create(unit=unit)
    MentionFactory.create(conversation=ConversationFactory.create(account=account))
    if request.param == "program":
        machine = machine_of(person, "newcomer", "conversation_manager", "account_manager", "auditor")
        return {"Authorization": f"Bearer {key_for(machine)[1]}"}
    cookies = f"{settings.SESSION_COOKIE_NAME}={session_of(person)}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
    return {"Cookie": cookies, "X-CSRFToken": TOKEN}


@schema.parametrize()
@FEW
def test_whatever_is_asked_is_answered_as_described(case: Any, headers: dict[str, str]) -> None:
    case.headers = {**(case.headers or {}), **headers}
    case.call_and_validate(checks=CHECKS, base_url="http://testserver")
