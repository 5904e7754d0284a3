"""Today, a post and a conversation, beside a page of the same bytes that only asks the database the same questions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from benchmarks.calendar import plan
from benchmarks.figures import Figure, Section, beside
from benchmarks.inbox import fill
from benchmarks.service import Service
from governance import urls as governed
from publishing.models import Post, Variant
from tests.factories.conversations import AnswerFactory, ConversationFactory, MentionFactory

ACCOUNTS, ANSWERS = 50, 5
MESSAGES = 60  # more than a page of them
ROLES = ["communication_cell", "conversation_manager"]


class Bare:
    """A page that says what another one said, and asked."""

    def __init__(self) -> None:
        self.content = b""
        self.asked: list[str] = []

    def of(self, browser: Client, address: str) -> None:
        self.content, self.asked = b"", []
        with CaptureQueriesContext(connection) as own:
            browser.get("/bare/")
        with CaptureQueriesContext(connection) as theirs:
            self.content = browser.get(address).content
        asked = [one["sql"] for one in theirs.captured_queries[len(own) :]]
        self.asked = [sql for sql in asked if sql.startswith("SELECT")]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            for sql in self.asked:
                cursor.execute(sql)
                cursor.fetchall()
        return HttpResponse(self.content)


bare = Bare()
urlpatterns: list[Any] = [*governed.urlpatterns, path("bare/", login_required(bare))]


def measure(*, small: bool) -> Section:
    service = Service(accounts=ACCOUNTS)
    browser, figures, have = service.browser(*ROLES), [], 0
    conversation = talk(service)
    with override_settings(ROOT_URLCONF=__name__):
        for many in (100, 1_000) if small else (1_000, 10_000, 1_000_000):
            # Posts do not come by the million: a service writes some thousands a year.
            if more := min(many, 10_000) - Post.objects.filter(unit=service.unit).count():
                plan(service, more, timezone.now() + timedelta(hours=1))
            fill(have + 1, many, [service.unit.pk])
            have = many
            pages = {"today": "/", "a post": f"/posts/{post(service)}/", "a conversation": f"/inbox/{conversation}/"}
            figures += [_beside(browser, name, address, many) for name, address in pages.items()]
    told = (
        f"A service of {ACCOUNTS} accounts with as many conversations as said, and as many posts (10,000 at most). "
        f"The post is for ten accounts; the conversation has {MESSAGES} messages and {ANSWERS} answers. The limit is a "
        "page of the same bytes behind the same sign-in that asks the database the same questions and reads the rows."
    )
    return Section("Pages", told, figures)


def _beside(browser: Client, name: str, address: str, many: int) -> Figure:
    bare.of(browser, address)
    page, limit = beside(lambda: browser.get(address), lambda: browser.get("/bare/"))
    return Figure(f"{name}, {many:,} in the service, {len(bare.asked)} queries", page, "ms", limit, "≤ 3 ×")


def talk(service: Service) -> int:
    conversation = ConversationFactory.create(account=service.accounts[0])
    for number in range(MESSAGES):
        sent_at = timezone.now() - timedelta(minutes=MESSAGES - number)
        MentionFactory.create(conversation=conversation, sent_at=sent_at)
    AnswerFactory.create_batch(ANSWERS, conversation=conversation)
    return conversation.pk


def post(service: Service) -> int:
    """One of those planned, for ten accounts."""
    found = Post.objects.filter(unit=service.unit).latest("pk")
    for account in service.accounts[:10]:
        Variant.objects.get_or_create(post=found, account=account, defaults={"language": "fr"})
    return found.pk
