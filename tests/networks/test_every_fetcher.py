"""S2 for whoever calls at all: each network's acting, reading, signing in and asking to be called, with an address that
somebody else chose.

The networks are the catalogue's own, so that a new one is tried as soon as it is there. The canary listens on what
counts as the ordinary port: only the rules about addresses keep anybody from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from networks import catalogue
from networks.consent import App
from networks.egress import Egress, guard
from networks.errors import EgressRefused, NetworkError, Unavailable
from networks.kinds import Purpose
from networks.port import Connector
from networks.source import Memory
from networks.types import AccountRef, AttemptKey, Draft, Media, PostRef
from tests.networks.loopback import Loopback, answer, serve
from tests.networks.test_egress import HOSTILE, resolve
from tests.networks.test_feed import XML, item, rss

pytestmark = pytest.mark.slow

SECRETS = {
    **{field.name: "secret-1234" for network in catalogue.NETWORKS.values() for field in network.fields},
    **dict.fromkeys(("access_token", "refresh_token", "token", "page_token", "user_token"), "secret-1234"),
    "identifier": "fin.example",
}
APP = App("client", "client-secret", "webhook-secret", "app-token-1234", "77")
BACK = "https://parvis.example/back"
CONSENTING = [key for key, network in catalogue.NETWORKS.items() if network.consent]
TELLING = [key for key, network in catalogue.NETWORKS.items() if network.subscriptions]
NAME = "7/7"  # of a subscription: what X makes of a webhook and an account
every_network = pytest.mark.parametrize("key", catalogue.NETWORKS)
every_consent = pytest.mark.parametrize("key", CONSENTING)
every_telling = pytest.mark.parametrize("key", TELLING)


@pytest.fixture(scope="module")
def listening() -> Iterator[Loopback]:
    with serve(lambda _asked: answer({"reached": True})) as server:
        yield server


@pytest.fixture
def canary(listening: Loopback, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    for scheme in guard.DEFAULT_PORTS:
        monkeypatch.setitem(guard.DEFAULT_PORTS, scheme, listening.port)
    before = listening.connections
    yield listening
    assert listening.connections == before, "the canary was reached"


def hostile(canary: Loopback) -> Iterator[str]:
    """Each hostile address in turn; after what was done with it, the canary is still alone."""
    before = canary.connections
    for url in HOSTILE:
        yield url.replace("{port}", str(canary.port))
        assert canary.connections == before, f"{url} reached the canary"


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Media:
    path = tmp_path_factory.mktemp("media") / "p.png"
    path.write_bytes(b"\x89PNG")
    return Media(path, "image/png", "A point", url="https://parvis.example/p.png")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Media:
    path: Path = tmp_path_factory.mktemp("media") / "f.mp4"
    path.write_bytes(b"film")
    return Media(path, "video/mp4", "A film", url="https://parvis.example/f.mp4", seconds=5)


def connector(key: str, base_url: str, egress: Egress) -> Connector:
    return catalogue.connector(AccountRef(key, base_url, "7", "fin.example", SECRETS), egress)


def verbs(one: Connector, named: str, *media: Media) -> Iterator[Callable[[], object]]:
    """Everything that a connector does, about what somebody called `named`."""
    attempt, ref = AttemptKey("a1", datetime.now(UTC)), PostRef(named, named)
    for draft in (
        Draft("Hello", "fr", link=named),
        *(Draft("Hello", "fr", media=(medium,), title="T") for medium in media),
    ):
        yield lambda draft=draft: one.publish(draft, attempt)
        yield lambda draft=draft: one.reconcile(draft, attempt)
    yield lambda: one.publish(Draft("Hello", "fr", reply_to=ref, reply_root=ref), attempt)
    yield one.identify
    yield lambda: one.delete(ref)
    yield lambda: one.fetch(ref)
    yield lambda: one.locate(named)
    yield one.inbox
    yield lambda: one.search("tax")
    yield lambda: one.metrics([ref])


def consents(key: str, base_url: str, egress: Egress) -> Iterator[Callable[[], object]]:
    one = catalogue.consent(key, base_url, APP, egress)
    kept = {"verifier": "v" * 43, "client_id": "c", "client_secret": "s"}
    yield lambda: one.begin(state="s", redirect_uri=BACK, purpose=Purpose.ALL)
    yield lambda: one.finish(code="c", kept=kept, redirect_uri=BACK)
    yield lambda: one.renew(SECRETS)
    yield lambda: one.revoke(SECRETS)


def subscriptions(key: str, base_url: str, egress: Egress, name: str = NAME) -> Iterator[Callable[[], object]]:
    one, account = catalogue.subscriptions(key, base_url, APP, egress), AccountRef(key, base_url, "7", "fin", SECRETS)
    yield lambda: one.subscribe(account, "https://parvis.example/webhooks/")
    yield lambda: one.unsubscribe(account, name)


def refused(calls: Iterator[Callable[[], object]]) -> int:
    """How many of `calls` ended in one of the port's errors, or in a library's own words that this is no address.

    Any other error is the test's own failure.
    """
    count = 0
    for call in calls:
        try:
            call()
        except (NetworkError, ValueError):
            count += 1
    return count


@every_network
def test_no_server_of_an_account_is_a_way_in(canary: Loopback, key: str, picture: Media, film: Media) -> None:
    for base_url in hostile(canary):
        try:
            one = connector(key, base_url, Egress(timeout=2, resolve=resolve))
        except (NetworkError, ValueError):
            continue
        assert refused(verbs(one, "https://public.example/1", picture, film)) >= 5, base_url


@every_consent
def test_no_server_that_one_signs_in_at_is_a_way_in(canary: Loopback, key: str) -> None:
    for base_url in hostile(canary):
        assert refused(consents(key, base_url, Egress(timeout=2, resolve=resolve))) >= 1, base_url


@every_telling
def test_no_server_that_is_asked_to_call_us_is_a_way_in(canary: Loopback, key: str) -> None:
    for base_url in hostile(canary):
        assert refused(subscriptions(key, base_url, Egress(timeout=2, resolve=resolve))) == 2, base_url


@every_telling
def test_no_name_of_a_subscription_is_a_way_in(canary: Loopback, key: str) -> None:
    """The network chooses its ids: of a webhook, a page, a person, and by them what is called next."""
    everything = {"url": "https://parvis.example/webhooks/", "object": "page", "callback_url": "", "active": True}
    for named in hostile(canary):
        listed = [
            {**everything, "callback_url": everything["url"], "object": kind, "id": named, "role": "ADMINISTRATOR"}
            | {"roleAssignee": named, "organization": "7"}
            for kind in ("page", "instagram")
        ]
        told = answer({"data": listed, "elements": listed, "id": named, "success": True})
        with serve(lambda _asked, told=told: told) as server:
            egress = Egress(allow=server.allow, timeout=2, resolve=resolve)
            refused(subscriptions(key, server.url, egress, named))
            assert server.asked


@every_network
def test_no_address_in_what_is_asked_is_a_way_in(canary: Loopback, key: str) -> None:
    """A link, the address of a message, an id: whoever writes them chooses them."""
    with serve(lambda _asked: answer({"error": "no"}, 404)) as server:
        for named in hostile(canary):
            one = connector(key, server.url, Egress(allow=server.allow, timeout=2, resolve=resolve))
            refused(verbs(one, named))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@every_network
def test_no_redirect_is_a_way_in(canary: Loopback, key: str, status: int, picture: Media, film: Media) -> None:
    away = answer("", status, {"Location": f"{canary.url}/away"})
    with serve(lambda _asked: away) as server:
        egress = Egress(allow=server.allow, timeout=2, resolve=resolve)
        refused(verbs(connector(key, server.url, egress), "1", picture, film))
        if key in CONSENTING:
            refused(consents(key, server.url, egress))
        if key in TELLING:
            asked = len(server.asked)
            assert refused(subscriptions(key, server.url, egress)) == 2
            assert len(server.asked) == asked + 2
        assert server.asked


def test_no_archive_that_a_feed_tells_of_is_a_way_in(canary: Loopback) -> None:
    link = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="{}"/>'
    for told in hostile(canary):
        clean = told if told.isprintable() and "&" not in told else ""
        feed_told = answer(rss(item(1), head=link.format(clean)), headers=XML)
        with serve(lambda _asked, feed_told=feed_told: feed_told) as server:
            feed = connector("feed", server.url, Egress(allow=server.allow, timeout=2, resolve=resolve))
            page = feed.search("")
            if page.older:  # the parser makes some of them addresses of the feed's own server
                refused(iter([lambda feed=feed, page=page: feed.search("", older=page.older)]))
            asked = len(server.asked)
            with pytest.raises(NetworkError) as caught:
                feed.search("", older=json.dumps([told, Memory().told()]))
            assert isinstance(caught.value, EgressRefused | Unavailable), told
            assert len(server.asked) == asked


def test_everybody_who_calls_is_here() -> None:
    assert len(set(HOSTILE)) >= 60
    assert len(catalogue.NETWORKS) >= 4
    assert CONSENTING
    assert TELLING
