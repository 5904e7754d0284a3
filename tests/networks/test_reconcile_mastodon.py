"""What Mastodon's own list can tell about a send that was never answered, and what it cannot."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from networks.egress import Egress
from networks.errors import Unavailable
from networks.mastodon.connector import MastodonConnector
from networks.types import AccountRef, AttemptKey, Draft, Finding, PostRef, Presence
from tests.networks.loopback import Asked, Reply, answer, html, serve
from tests.networks.subjects.mastodon import STATUS

SENT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DRAFT = Draft(text="Le guichet ouvre", language="fr")
PATH = "/api/v1/accounts/7/statuses"


def status(number: int, *, at: datetime = SENT, text: str = "Le guichet ouvre", reply_to: str | None = None) -> Any:
    return {
        **STATUS,
        "id": str(number),
        "created_at": at.isoformat(),
        "content": f"<p>{text}</p>",
        "in_reply_to_id": reply_to,
        "url": f"https://masto.example/@fin/{number}",
    }


def pages(*lists: list[Any]) -> list[Any]:
    return list(lists)


def look(
    lists: list[Any],
    *,
    age: timedelta = timedelta(minutes=10),
    draft: Draft = DRAFT,
    sent_again: timedelta | None = None,
    server_age: timedelta | None = None,
    software: str = "mastodon",
) -> Finding:
    """What the connector makes of our own list, `age` after the first send."""
    shown = iter(lists)

    def script(asked: Asked) -> Reply:
        assert asked.method == "GET"
        told = {"Date": format_datetime(SENT + server_age, usegmt=True)} if server_age else {}
        below = {"ancestors": [], "descendants": []} if asked.path.endswith("/context") else {}
        return answer(next(shown, []) if asked.path == PATH else below, headers=told)

    with serve(script) as server:
        account = AccountRef("mastodon", server.url, "7", "fin", {"access_token": "token"}, software=software)
        connector = MastodonConnector(account, Egress(allow=server.allow), now=lambda: SENT + age)
        sent_at = SENT + sent_again if sent_again else None
        return connector.reconcile(draft, AttemptKey("key", SENT, sent_at))


def test_it_is_there() -> None:
    finding = look(pages([status(12, text="Autre"), status(11), status(10, at=SENT - timedelta(hours=1))]))
    assert finding == Finding(Presence.PRESENT, PostRef("11", "https://masto.example/@fin/11"))


def test_the_first_of_two_is_the_one() -> None:
    finding = look(pages([status(12), status(11)]))
    assert finding.ref
    assert finding.ref.id == "11"


def test_it_is_on_a_later_page() -> None:
    other = [status(number, text="Autre") for number in range(90, 50, -1)]
    finding = look(pages(other, [status(11)]))
    assert finding.presence is Presence.PRESENT


def test_the_same_words_from_before_are_another_message() -> None:
    assert look(pages([status(9, at=SENT - timedelta(minutes=5))])).presence is Presence.ABSENT


def test_clocks_may_differ_a_little() -> None:
    assert look(pages([status(9, at=SENT - timedelta(seconds=90))])).presence is Presence.PRESENT


def test_the_same_words_to_somebody_else_are_another_message() -> None:
    answered = replace(DRAFT, reply_to=PostRef("5"))
    assert look(pages([status(11, reply_to="6")]), draft=answered).presence is Presence.ABSENT
    assert look(pages([status(11, reply_to="5")]), draft=answered).presence is Presence.PRESENT
    assert look(pages([status(11, reply_to="5")])).presence is Presence.ABSENT


def test_an_answer_that_has_lost_its_question_may_be_ours() -> None:
    """A server forgets what a status answered once that is deleted: sending again would be a second message."""
    answered = replace(DRAFT, reply_to=PostRef("5"))
    assert look(pages([status(11)]), draft=answered).presence is Presence.UNCERTAIN
    assert look(pages([status(12, reply_to="5"), status(11)]), draft=answered).ref == PostRef(
        "12", "https://masto.example/@fin/12"
    )


@pytest.mark.parametrize("software", ["gotosocial", "takahe", "pleroma", ""])
def test_a_server_that_keeps_no_keys_never_proves_absence(software: str) -> None:
    assert look(pages([]), software=software).presence is Presence.UNCERTAIN
    assert look(pages([status(11)]), software=software).presence is Presence.PRESENT


def test_a_sign_that_a_server_took_for_another_is_the_same_text() -> None:
    ours = replace(DRAFT, text="Le guichet ouvre &amp; ferme")
    assert look(pages([status(11, text="Le guichet ouvre &amp; ferme")]), draft=ours).presence is Presence.PRESENT
    assert look(pages([status(11, text="Le guichet ouvre &amp;amp; ferme")]), draft=ours).presence is Presence.PRESENT


@pytest.mark.parametrize(
    ("age", "presence"),
    [
        (timedelta(seconds=5), Presence.UNCERTAIN),  # may still be on its way
        (timedelta(seconds=59), Presence.UNCERTAIN),
        (timedelta(seconds=61), Presence.ABSENT),
        (timedelta(minutes=54), Presence.ABSENT),
        (timedelta(minutes=56), Presence.UNCERTAIN),  # the key protects no longer
        (timedelta(days=3), Presence.UNCERTAIN),
        (timedelta(minutes=-10), Presence.UNCERTAIN),  # our clock went back
    ],
)
def test_absence_is_only_sure_for_a_while(age: timedelta, presence: Presence) -> None:
    assert look(pages([]), age=age) == Finding(presence)


def test_a_second_send_has_to_settle_too() -> None:
    finding = look(pages([]), age=timedelta(minutes=20), sent_again=timedelta(minutes=19, seconds=30))
    assert finding.presence is Presence.UNCERTAIN


@pytest.mark.parametrize(
    ("ours", "theirs", "presence"),
    [
        (timedelta(minutes=10, seconds=5), timedelta(seconds=5), Presence.UNCERTAIN),  # ours is ten minutes fast
        (timedelta(minutes=50), timedelta(minutes=60), Presence.UNCERTAIN),  # ours is ten minutes slow
        (timedelta(minutes=20), timedelta(minutes=10), Presence.ABSENT),
        (timedelta(minutes=10), timedelta(minutes=20), Presence.ABSENT),
    ],
)
def test_a_wrong_clock_declares_nothing_absent(ours: timedelta, theirs: timedelta, presence: Presence) -> None:
    assert look(pages([]), age=ours, server_age=theirs).presence is presence


def test_a_date_at_the_end_of_time_is_no_clock() -> None:
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert look(pages([]), server_age=end - SENT).presence is Presence.ABSENT


@pytest.mark.parametrize("odd", [{"account": None}, {"created_at": 5}, {"content": None}])
def test_what_stands_below_a_question_and_cannot_be_read_proves_nothing(odd: dict[str, Any]) -> None:
    below = {"ancestors": [], "descendants": [{**status(11, reply_to="5"), **odd}]}
    with serve(lambda asked: answer(below if asked.path.endswith("/context") else [])) as server:
        account = AccountRef("mastodon", server.url, "7", "fin", {"access_token": "token"}, software="mastodon")
        connector = MastodonConnector(account, Egress(allow=server.allow), now=lambda: SENT + timedelta(minutes=10))
        assert len(connector.answers_to(PostRef("5"))) == ("account" not in odd)
        try:
            found = connector.reconcile(replace(DRAFT, reply_to=PostRef("5")), AttemptKey("key", SENT))
        except Unavailable:
            return
    assert found.presence is Presence.UNCERTAIN


@pytest.mark.longer
def test_a_list_without_end_tells_nothing() -> None:
    newest = [[status(page * 40 - number, text="Autre") for number in range(40)] for page in range(30, 0, -1)]
    assert look(newest).presence is Presence.UNCERTAIN


def test_a_look_that_fails_is_no_finding() -> None:
    with serve(lambda _asked: html(502)) as server:
        account = AccountRef("mastodon", server.url, "7", "fin", {"access_token": "token"})
        connector = MastodonConnector(account, Egress(allow=server.allow))
        with pytest.raises(Unavailable):
            connector.reconcile(DRAFT, AttemptKey("key", SENT))
