"""Bluesky's repositories that are not there, and servers that lead us elsewhere with our token in hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.sessions import SessionStore, document_address
from networks.egress import Egress
from networks.errors import AuthExpired, EgressRefused, Gone, NetworkError, Unavailable
from networks.types import AccountRef, Draft, PostRef
from tests.networks.loopback import Asked, Loopback, Reply, answer, serve
from tests.networks.subjects import DRAFT, attempt
from tests.networks.subjects.bluesky import DID, session
from tests.networks.subjects.bluesky import SUBJECT as BLUESKY

THEIRS = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"
READ = ("GET", "/xrpc/com.atproto.repo.getRecord")
SIGN_IN = ("POST", "/xrpc/com.atproto.server.createSession")
REFUSALS = [
    {"error": "InvalidRequest", "message": "Could not find repo: did:plc:x"},
    {"error": "RepoDeactivated", "message": "Repo has been deactivated"},
    {"error": "RepoNotFound", "message": "No such repo"},
]


@pytest.fixture(params=REFUSALS, ids=lambda one: one["error"])
def resting(request: pytest.FixtureRequest) -> Iterator[BlueskyConnector]:
    """A server on which every repository is at rest."""
    refusal = answer(request.param, 400)
    with serve(BLUESKY.script({READ: refusal, BLUESKY.write: refusal})) as server:
        yield BLUESKY.connector(server)


def test_what_a_citizen_at_rest_wrote_is_gone(resting: BlueskyConnector) -> None:
    question = PostRef(f"at://{THEIRS}/app.bsky.feed.post/3abc")
    assert resting.fetch(question) is None
    with pytest.raises(Gone):
        resting.publish(Draft("Trop tard", "fr", reply_to=question), attempt())


def test_our_own_repository_at_rest_says_nothing_of_what_is_in_it(resting: BlueskyConnector) -> None:
    ours = PostRef(f"at://{DID}/app.bsky.feed.post/3abc")
    for act in (
        lambda: resting.reconcile(DRAFT, attempt()),
        lambda: resting.fetch(ours),
        lambda: resting.delete(ours),
        lambda: resting.publish(DRAFT, attempt()),
    ):
        with pytest.raises(AuthExpired):
            act()


def document(did: str, place: str) -> dict[str, Any]:
    service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": place}
    return {"@context": ["https://www.w3.org/ns/did/v1"], "id": did, "service": [service]}


@contextmanager
def led(knows: Any) -> Iterator[tuple[BlueskyConnector, Loopback, Loopback]]:
    """A connector whose server leads it to another one; the directory says `knows(other)`."""

    def other(_asked: Asked) -> Reply:
        return BLUESKY.good.get((_asked.method, _asked.path), answer({}, 404))

    with serve(other) as elsewhere:
        leads = answer({**session(), "didDoc": document(DID, elsewhere.url)})
        with serve(BLUESKY.script({SIGN_IN: leads})) as server, serve(lambda _asked: knows(elsewhere)) as directory:
            allow = server.allow | elsewhere.allow | directory.allow
            credentials = {"identifier": "fin.test", "app_password": "secret-of-fin"}
            account = AccountRef("bluesky", server.url, DID, "fin.test", credentials)
            made = BlueskyConnector(account, Egress(allow=allow), sessions=SessionStore(), directory=directory.url)
            yield made, elsewhere, directory


def test_the_servers_word_and_the_directorys_lead_to_another_host() -> None:
    with led(lambda elsewhere: answer(document(DID, elsewhere.url))) as (made, elsewhere, directory):
        made.publish(DRAFT, attempt())
        assert elsewhere.count(*BLUESKY.write) == 1
        [asked] = directory.asked
        assert asked.path == f"/{DID}"
        assert "authorization" not in asked.headers


@pytest.mark.parametrize(
    ("knows", "error"),
    [
        (lambda _elsewhere: answer(document(DID, "https://pds.example")), EgressRefused),
        (lambda elsewhere: answer(document(THEIRS, elsewhere.url)), Unavailable),
        (lambda _elsewhere: answer({"id": DID}), EgressRefused),
        (lambda _elsewhere: answer({"message": "DID not registered"}, 404), Unavailable),
        (lambda _elsewhere: answer("<html>"), Unavailable),
    ],
)
def test_a_server_that_lies_sends_our_token_nowhere(knows: Any, error: type[NetworkError]) -> None:
    with led(knows) as (made, elsewhere, _directory):
        for _again in range(2):
            with pytest.raises(error):
                made.publish(DRAFT, attempt())
        assert elsewhere.connections == 0


def test_where_a_document_is() -> None:
    assert document_address(DID, "https://plc.directory") == f"https://plc.directory/{DID}"
    assert document_address("did:plc:../x?y", "https://plc.directory") == "https://plc.directory/did:plc:..%2Fx%3Fy"
    assert (
        document_address("did:web:fin.example", "https://plc.directory") == "https://fin.example/.well-known/did.json"
    )
