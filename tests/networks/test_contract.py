"""What every connector promises, kept on a real server of each network that can run here.

Bluesky on its own Personal Data Server, Mastodon on the training network. A network's quirks are tested beside.
"""

from __future__ import annotations

import inspect
import io
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from networks import catalogue
from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.sessions import SessionStore
from networks.egress import Egress
from networks.errors import AuthExpired, Gone, NotApplied, OutcomeUnknown, Unsupported
from networks.mastodon.connector import MastodonConnector
from networks.port import Connector
from networks.types import AccountRef, AttemptKey, Draft, Incoming, Kind, Media, PostRef, Presence
from tests.pds.fixture import Pds
from tests.simulator.fixture import Simulator


@dataclass
class Square:
    """One network with a service and a citizen on it, and a witness that asks no connector of ours."""

    network: str
    service: Connector
    citizen: Connector
    signed_off: Connector
    mention: str
    count: Callable[[str], int]
    alt_of: Callable[[str], str]


def _mastodon(simulator: Simulator) -> Square:
    settle = timedelta(0)

    def connector(handle: str, token: str = "") -> MastodonConnector:
        credentials = {"access_token": token or simulator.person(handle)}
        egress = Egress(allow=frozenset({simulator.host}))
        blank = AccountRef("mastodon", simulator.url, "", handle, credentials)
        remote_id = "" if token else MastodonConnector(blank, egress).identify().remote_id
        account = AccountRef("mastodon", simulator.url, remote_id, handle, credentials)
        return MastodonConnector(account, egress, settle=settle)

    return Square(
        "mastodon",
        connector("finances"),
        connector("citizen"),
        connector("finances", "no-such-token"),
        "@finances",
        lambda text: sum(post["text"].startswith(text) for post in simulator.posts()),
        lambda text: next(post for post in simulator.posts() if post["text"] == text)["media"][0]["alt"],
    )


def _bluesky(pds: Pds) -> Square:
    ending = secrets.token_hex(4)

    def connector(handle: str, password: str = "") -> BlueskyConnector:
        account = accounts[handle]
        credentials = {"identifier": account.handle, "app_password": password or account.password}
        ref = AccountRef("bluesky", pds.base_url, account.did, account.handle, credentials)
        return BlueskyConnector(ref, Egress(allow=pds.allow), sessions=SessionStore())

    accounts = {name: pds.create_account(f"{name}-{ending}", f"pass-of-{name}") for name in ("fin", "cit")}
    did = accounts["fin"].did

    def records() -> list[dict]:
        listed = pds.get("com.atproto.repo.listRecords", repo=did, collection="app.bsky.feed.post", limit="100")
        return [record["value"] for record in listed["records"]]

    return Square(
        "bluesky",
        connector("fin"),
        connector("cit"),
        connector("fin", "no-such-password"),
        f"@fin-{ending}.test",
        lambda text: sum(record["text"].startswith(text) for record in records()),
        lambda text: next(r for r in records() if r["text"] == text)["embed"]["images"][0]["alt"],
    )


@pytest.fixture(params=["mastodon", pytest.param("bluesky", marks=pytest.mark.pds)])
def square(request: pytest.FixtureRequest) -> Square:
    if request.param == "mastodon":
        return _mastodon(request.getfixturevalue("simulator"))
    return _bluesky(request.getfixturevalue("pds"))


def attempt() -> AttemptKey:
    return AttemptKey(secrets.token_hex(16), datetime.now(UTC))


def all_of(connector: Connector, since: str = "") -> tuple[list[Incoming], str]:
    """The whole inbox, page by page, and where to go on."""
    page = connector.inbox(since=since)
    items, newest = list(page.items), page.newest
    while page.older:
        page = connector.inbox(since=since, older=page.older)
        items += page.items
        assert page.newest == newest
    return items, newest


def test_it_says_who_we_are(square: Square) -> None:
    identity = square.service.identify()
    assert identity.remote_id == square.service.account.remote_id
    assert identity.handle
    assert identity.url.startswith("http")


def test_refused_credentials_are_an_expired_sign_in(square: Square) -> None:
    with pytest.raises(AuthExpired):
        square.signed_off.identify()
    with pytest.raises(AuthExpired):
        square.signed_off.publish(Draft("Bonjour", "fr"), attempt())


def test_one_attempt_is_one_message(square: Square, tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(data, "PNG")
    picture = tmp_path / "p.png"
    picture.write_bytes(data.getvalue())
    draft = Draft("Un carré", "fr", (Media(picture, "image/png", "Un carré bleu-vert"),))
    key = attempt()

    refs = {square.service.publish(draft, key) for _ in range(3)}

    assert len(refs) == 1
    assert square.count("Un carré") == 1
    assert square.alt_of("Un carré") == "Un carré bleu-vert"
    assert square.service.publish(draft, attempt()) not in refs


def test_what_was_sent_is_read_back(square: Square) -> None:
    text = "Été & « guillemets » <b>\nDeuxième ligne 🇧🇪 https://fin.example/a?b=c&d=e"
    ref = square.service.publish(Draft(text, "fr"), attempt())
    seen = square.service.fetch(ref)
    assert seen
    assert (seen.text, seen.language, seen.ref.id) == (text, "fr", ref.id)
    assert abs(seen.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_reconcile_finds_what_is_there_and_misses_what_is_not(square: Square) -> None:
    draft = Draft("Où est-il ?", "fr", link="https://fin.example/lien")
    key = attempt()
    assert square.service.reconcile(draft, key).presence is Presence.ABSENT
    ref = square.service.publish(draft, key)
    found = square.service.reconcile(draft, key)
    assert found.presence is Presence.PRESENT
    assert found.ref
    assert found.ref.id == ref.id


def test_the_inbox_brings_each_mention_once_newest_first(square: Square) -> None:
    _, start = all_of(square.service)
    ours = square.service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    first = square.citizen.publish(Draft(f"{square.mention} à quelle heure ?", "fr"), attempt())
    second = square.citizen.publish(Draft(f"{square.mention} merci", "fr", reply_to=ours), attempt())
    square.citizen.publish(Draft("Rien à voir", "fr"), attempt())

    items, newest = all_of(square.service, start)

    assert [(item.ref.id, item.kind) for item in items] == [(second.id, Kind.REPLY), (first.id, Kind.MENTION)]
    assert items[0].parent
    assert items[0].parent.id == ours.id
    assert items[1].text == f"{square.mention} à quelle heure ?"
    assert items[1].author.id == square.citizen.account.remote_id
    assert all(square.service.account.remote_id in item.told for item in items)
    assert all_of(square.service, newest)[0] == []

    third = square.citizen.publish(Draft(f"{square.mention} encore", "fr"), attempt())
    assert [item.ref.id for item in all_of(square.service, newest)[0]] == [third.id]


def test_a_long_inbox_loses_nothing(square: Square) -> None:
    _, start = all_of(square.service)
    sent = [square.citizen.publish(Draft(f"{square.mention} {n}", "fr"), attempt()).id for n in range(45)]
    items, _ = all_of(square.service, start)
    assert [item.ref.id for item in reversed(items)] == sent


def test_an_answer_hangs_below_its_question(square: Square) -> None:
    _, start = all_of(square.service)
    square.citizen.publish(Draft(f"{square.mention} où ?", "fr"), attempt())
    (question,), _ = all_of(square.service, start)
    draft = Draft("Ici.", "fr", reply_to=question.ref, reply_root=question.root)
    key = attempt()
    ref = square.service.publish(draft, key)
    seen = square.service.fetch(ref)
    assert seen
    assert seen.parent
    assert seen.parent.id == question.ref.id
    assert square.service.reconcile(draft, key).presence is Presence.PRESENT


def test_deleting_removes_once(square: Square) -> None:
    ref = square.service.publish(Draft("Retiré", "fr"), attempt())
    square.service.delete(ref)
    assert square.service.fetch(ref) is None
    with pytest.raises(Gone):
        square.service.delete(ref)


def test_an_answer_to_nothing_is_not_applied(square: Square) -> None:
    ref = square.citizen.publish(Draft("Éphémère", "fr"), attempt())
    square.citizen.delete(ref)
    with pytest.raises(NotApplied):
        square.service.publish(Draft("Trop tard", "fr", reply_to=PostRef(ref.id)), attempt())
    assert square.count("Trop tard") == 0


def addresses_of(square: Square, ref: PostRef) -> list[str]:
    """All that a person may copy from a network as the address of `ref`."""
    account = square.service.account
    if square.network == "mastodon":
        forms = ("@{0}/{1}", "@{0}/{1}/", "users/{0}/statuses/{1}", "web/statuses/{1}", "deck/@{0}/{1}?x=1#y")
        return [ref.url, *(f"{account.base_url}/{form.format(account.handle, ref.id)}" for form in forms)]
    handle, rkey = square.service.identify().handle, ref.id.rpartition("/")[2]
    pages = (f"https://bsky.app/profile/{who}/post/{rkey}" for who in (handle, account.remote_id))
    return [ref.url, ref.id, f"at://{handle}/app.bsky.feed.post/{rkey}", *pages]


def test_an_address_leads_to_our_message(square: Square) -> None:
    ref = square.service.publish(Draft("Où est-ce ?", "fr"), attempt())
    for url in addresses_of(square, ref):
        found = square.service.locate(f" {url} ")
        assert found, url
        assert (found.id, found.url, found.cid) == (ref.id, ref.url, ref.cid), url


def test_an_address_of_anything_else_leads_nowhere(square: Square) -> None:
    theirs = square.citizen.publish(Draft("À moi", "fr"), attempt())
    gone = square.service.publish(Draft("Retiré", "fr"), attempt())
    square.service.delete(gone)
    about_us = square.service.identify().url
    nonsense = ("", "x", "https://[", "https://elsewhere.example/@finances/1", f"{square.service.account.base_url}/")
    for url in (theirs.url, theirs.id, gone.url, gone.id, about_us, *nonsense):
        assert square.service.locate(url) is None, url


def test_search_finds_or_says_that_it_cannot(square: Square) -> None:
    word = f"guichet{secrets.token_hex(3)}"
    ref = square.citizen.publish(Draft(f"Le {word} est fermé", "fr"), attempt())
    try:
        page = square.service.search(word)
    except Unsupported:
        assert square.network == "bluesky"
        return
    assert [(item.ref.id, item.kind) for item in page.items] == [(ref.id, Kind.SEARCH_HIT)]
    assert square.service.search(word, since=page.newest).items == ()


@pytest.mark.parametrize("key", catalogue.NETWORKS)
def test_a_connector_has_the_ports_own_signatures(key: str) -> None:
    account = AccountRef(key, "https://network.example", "7")
    made = catalogue.connector(account, Egress())
    assert made.account is account
    for name, promised in inspect.getmembers(Connector, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.signature(getattr(type(made), name)) == inspect.signature(promised), name


def test_a_lost_answer_is_found_again_on_the_training_network(simulator: Simulator) -> None:
    square = _mastodon(simulator)
    for kind in ("lost_answer", "truncated"):
        draft, key = Draft(f"Perdu {kind}", "fr"), attempt()
        simulator.fault(kind, "POST /api/v1/statuses", times=1)
        with pytest.raises(OutcomeUnknown):
            square.service.publish(draft, key)
        assert square.service.reconcile(draft, key).presence is Presence.PRESENT
        assert square.count(f"Perdu {kind}") == 1


def test_a_list_that_lags_is_not_proof_of_absence(simulator: Simulator) -> None:
    """While the list may lag we say that we do not know; sending again with the same key makes no second message."""
    square = _mastodon(simulator)
    simulator.fault("list_lag", "GET ", seconds=2)
    draft, key = Draft("En retard", "fr"), attempt()
    ref = square.service.publish(draft, key)
    square.service._settle = timedelta(seconds=3)
    assert square.service.reconcile(draft, key).presence is Presence.UNCERTAIN
    assert square.service.publish(draft, key) == ref
    time.sleep(2.2)
    assert square.service.reconcile(draft, key).presence is Presence.PRESENT
    assert square.count("En retard") == 1
