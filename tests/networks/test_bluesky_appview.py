"""Reading on Bluesky as citizens see it: the connector against the real AppView behind the real server."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.records import COLLECTION
from networks.bluesky.sessions import SessionStore
from networks.egress import Egress
from networks.errors import AuthExpired, EgressRefused, Gone
from networks.types import AccountRef, Draft, Kind, Metric, PostRef, Presence
from tests.appview.fixture import AppView
from tests.networks.loopback import answer, serve
from tests.networks.squares.bluesky import ids
from tests.networks.squares.square import all_of, attempt
from tests.pds.fixture import PdsAccount

pytestmark = pytest.mark.pds

PASSWORD = "pass-of-the-test"
INDEXING = 20  # seconds until the AppView must show what was written
Told = TypeVar("Told")


def connector(appview: AppView, account: PdsAccount) -> BlueskyConnector:
    credentials = {"identifier": account.handle, "app_password": account.password}
    ref = AccountRef("bluesky", appview.base_url, account.did, account.handle, credentials)
    return BlueskyConnector(ref, Egress(allow=appview.allow), sessions=SessionStore())


def until(read: Callable[[], Told], holds: Callable[[Told], bool]) -> Told:
    """The AppView is told by a stream: what is read as soon as `holds`, or what was read last."""
    end = time.monotonic() + INDEXING
    while not holds(told := read()) and time.monotonic() < end:
        time.sleep(0.1)
    return told


def shown(appview: AppView, ref: PostRef) -> PostRef:
    """Repositories are indexed beside each other: who is answered before the AppView knows of it is told of nothing."""
    assert until(lambda: appview.shows(ref.id), bool)
    return ref


def wait_for(service: BlueskyConnector, ref: PostRef) -> None:
    assert ref.id in until(lambda: ids(service.inbox().items), lambda found: ref.id in found)


@pytest.fixture
def service_account(appview: AppView) -> PdsAccount:
    """Of each test its own: nothing that another left stands in its inbox."""
    return appview.create_account(f"fin-{secrets.token_hex(4)}", PASSWORD)


@pytest.fixture
def citizen_account(appview: AppView) -> PdsAccount:
    return appview.create_account(f"cit-{secrets.token_hex(4)}", PASSWORD)


@pytest.fixture
def service(appview: AppView, service_account: PdsAccount) -> BlueskyConnector:
    return connector(appview, service_account)


@pytest.fixture
def citizen(appview: AppView, citizen_account: PdsAccount) -> BlueskyConnector:
    return connector(appview, citizen_account)


def test_mentions_and_replies_come_as_notifications_once(
    appview: AppView,
    service: BlueskyConnector,
    citizen: BlueskyConnector,
    service_account: PdsAccount,
    citizen_account: PdsAccount,
) -> None:
    ours = shown(appview, service.publish(Draft("Le guichet ouvre à 9 h", "fr"), attempt()))
    mention = citizen.publish(Draft(f"@{service_account.handle} à quelle heure ?", "fr"), attempt())
    reply = citizen.publish(Draft("Merci !", "fr", reply_to=ours), attempt())
    taken_back = citizen.publish(Draft(f"@{service_account.handle} oublié", "fr"), attempt())
    citizen.delete(taken_back)
    citizen.publish(Draft("Rien à voir", "fr"), attempt())
    last = citizen.publish(Draft(f"@{service_account.handle} encore", "fr"), attempt())
    wait_for(service, last)

    page = service.inbox()

    assert [(item.ref.id, item.kind) for item in page.items] == [
        (last.id, Kind.MENTION),
        (reply.id, Kind.REPLY),
        (mention.id, Kind.MENTION),
    ]
    assert page.older == ""
    assert not page.newest.startswith("seq:")  # else the server's stream was read in the AppView's place
    answered = page.items[1]
    assert (answered.author.id, answered.author.handle) == (citizen_account.did, citizen_account.handle)
    assert (answered.text, answered.language) == ("Merci !", "fr")
    assert (answered.parent, answered.root) == (PostRef(ours.id, cid=ours.cid),) * 2
    assert abs(datetime.now(UTC) - answered.created_at) < timedelta(minutes=1)
    assert service.inbox(since=page.newest).items == ()


def test_a_thread_names_parent_and_root(
    appview: AppView, service: BlueskyConnector, citizen: BlueskyConnector, service_account: PdsAccount
) -> None:
    question = citizen.publish(Draft(f"@{service_account.handle} où ?", "fr"), attempt())
    wait_for(service, question)
    heard = service.inbox().items[0].ref
    answer = shown(appview, service.publish(Draft("Ici.", "fr", reply_to=heard), attempt()))
    nested = citizen.publish(Draft("Et quand ?", "fr", reply_to=answer), attempt())
    wait_for(service, nested)

    below = service.inbox().items[0]

    assert (below.ref.id, below.kind) == (nested.id, Kind.REPLY)
    assert below.parent == PostRef(answer.id, cid=answer.cid)
    assert below.root == PostRef(question.id, cid=question.cid)
    said = service.fetch(answer)
    assert said
    assert (said.parent, said.root) == (PostRef(question.id, cid=question.cid),) * 2


def test_a_mention_that_is_told_late_comes_to_whoever_looks_back(
    service: BlueskyConnector, citizen: BlueskyConnector, service_account: PdsAccount
) -> None:
    """It stands below a newer one that was read: the network dates it by what its author claims."""
    newer = citizen.publish(Draft(f"@{service_account.handle} à l’heure", "fr"), attempt())
    wait_for(service, newer)
    mark = service.inbox().newest
    begun = datetime.now(UTC)
    late = citizen.publish(Draft(f"@{service_account.handle} en retard", "fr"), attempt(timedelta(minutes=4)))
    wait_for(service, late)

    assert service.inbox(since=mark).items == ()
    back = service.inbox(since=(begun - timedelta(minutes=10)).isoformat())
    assert ids(back.items) == [newer.id, late.id]
    assert back.items[1].created_at < begun - timedelta(minutes=3)
    assert ids(service.inbox(since=(begun - timedelta(minutes=2)).isoformat()).items) == [newer.id]


def test_an_answer_that_is_read_before_what_it_answers_is_heard(
    appview: AppView, service: BlueskyConnector, citizen_account: PdsAccount
) -> None:
    """Nobody is told of it, then or later. What it answers is taken back and put again under its address, so that the
    AppView has the answer first."""
    draft, key = Draft("Le guichet ouvre à 9 h", "fr"), attempt()
    ours = shown(appview, service.publish(draft, key))
    mark = service.inbox().newest
    service.delete(ours)
    assert not until(lambda: appview.shows(ours.id), lambda shows: not shows)
    answer = shown(appview, PostRef(answer_to(appview, ours, "À quelle heure ?", citizen_account)))
    assert service.inbox(since=mark).items == ()

    assert shown(appview, service.publish(draft, key)) == ours
    page = until(lambda: service.inbox(since=mark), lambda told: bool(told.items))

    assert [(item.ref.id, item.kind, item.text) for item in page.items] == [(answer.id, Kind.REPLY, "À quelle heure ?")]
    assert (page.items[0].parent, page.items[0].root) == (PostRef(ours.id, cid=ours.cid),) * 2
    assert service._signed_in().app.bsky.notification.list_notifications().notifications == []
    assert service.inbox(since=page.newest).items == ()


def answer_to(appview: AppView, ref: PostRef, text: str, by: PdsAccount) -> str:
    """Written without our connector, which answers nothing that is not there."""
    above = {"uri": ref.id, "cid": ref.cid}
    record = {
        "$type": COLLECTION,
        "text": text,
        "createdAt": datetime.now(UTC).isoformat(),
        "reply": {"parent": above, "root": above},
    }
    asked = {"repo": by.did, "collection": COLLECTION, "record": record}
    return str(appview.post("com.atproto.repo.createRecord", asked, token=token(appview, by))["uri"])


def test_a_search_hit_that_is_told_late_comes_to_whoever_looks_back(
    service: BlueskyConnector, citizen: BlueskyConnector
) -> None:
    word = f"dossier{secrets.token_hex(6)}"
    newer = citizen.publish(Draft(f"Mon {word} ?", "fr"), attempt())
    until(lambda: ids(service.search(word).items), lambda found: newer.id in found)
    first = service.search(word)
    assert [(item.ref.id, item.kind) for item in first.items] == [(newer.id, Kind.SEARCH_HIT)]
    begun = datetime.now(UTC)
    late = citizen.publish(Draft(f"Toujours mon {word}", "fr"), attempt(timedelta(minutes=4)))
    back = (begun - timedelta(minutes=10)).isoformat()

    found = until(lambda: ids(service.search(word, since=back).items), lambda found: late.id in found)

    assert found == [newer.id, late.id]


def test_a_flood_is_walked_to_its_end(
    appview: AppView, service: BlueskyConnector, service_account: PdsAccount, citizen_account: PdsAccount
) -> None:
    """More than one page of notifications."""
    sent = flood(appview, citizen_account, service_account, 105)
    until(lambda: all_of(service)[0], lambda found: len(found) == len(sent))
    first = service.inbox()
    assert first.older
    found, newest = all_of(service)
    assert [item.ref.id for item in found] == sent[::-1]
    assert newest == first.newest


def flood(appview: AppView, by: PdsAccount, to: PdsAccount, many: int) -> list[str]:
    """Mentions in one write, a second apart; their addresses, oldest first."""
    text = f"@{to.handle}"
    feature = {"$type": "app.bsky.richtext.facet#mention", "did": to.did}
    facets = [{"index": {"byteStart": 0, "byteEnd": len(text)}, "features": [feature]}]
    begun = datetime.now(UTC) - timedelta(seconds=many)
    writes = [
        {
            "$type": "com.atproto.repo.applyWrites#create",
            "collection": COLLECTION,
            "value": {
                "$type": COLLECTION,
                "text": text,
                "facets": facets,
                "createdAt": (begun + timedelta(seconds=number)).isoformat(),
            },
        }
        for number in range(many)
    ]
    made = appview.post("com.atproto.repo.applyWrites", {"repo": by.did, "writes": writes}, token=token(appview, by))
    return [one["uri"] for one in made["results"]]


def test_figures_are_those_that_people_see(
    appview: AppView, service: BlueskyConnector, citizen: BlueskyConnector
) -> None:
    ours = service.publish(Draft("Combien ?", "fr"), attempt())
    gone = service.publish(Draft("Retiré", "fr"), attempt())
    service.delete(gone)
    citizen.publish(Draft("Beaucoup", "fr", reply_to=shown(appview, ours)), attempt())

    def read() -> dict[tuple[str, Metric], int]:
        return {(one.subject, one.metric): one.value for one in service.metrics([ours, gone])}

    found = until(read, lambda told: told.get((ours.id, Metric.REPLIES)) == 1 and told.get(("", Metric.POSTS)) == 1)

    assert found == {
        ("", Metric.FOLLOWERS): 0,
        ("", Metric.POSTS): 1,
        (ours.id, Metric.LIKES): 0,
        (ours.id, Metric.REPLIES): 1,
        (ours.id, Metric.SHARES): 0,
        (ours.id, Metric.QUOTES): 0,
    }


def test_what_was_taken_back_is_not_answered(
    service: BlueskyConnector, citizen: BlueskyConnector, service_account: PdsAccount
) -> None:
    question = citizen.publish(Draft(f"@{service_account.handle} non, rien", "fr"), attempt())
    wait_for(service, question)
    heard = service.inbox().items[0]
    citizen.delete(question)
    draft, key = Draft("Dites-nous.", "fr", reply_to=heard.ref, reply_root=heard.root), attempt()

    with pytest.raises(Gone):
        service.publish(draft, key)

    assert service.fetch(heard.ref) is None
    assert service.reconcile(draft, key).presence is Presence.ABSENT


def test_a_citizen_whose_repository_rests_is_gone(
    appview: AppView,
    service: BlueskyConnector,
    citizen: BlueskyConnector,
    service_account: PdsAccount,
    citizen_account: PdsAccount,
) -> None:
    question = citizen.publish(Draft(f"@{service_account.handle} je pars", "fr"), attempt())
    wait_for(service, question)
    rest(appview, citizen_account)

    # Its server no longer has it, and asks the AppView, which has it until it is told.
    assert until(lambda: service.fetch(question), lambda found: found is None) is None
    with pytest.raises(Gone):
        service.publish(Draft("Bonne route", "fr", reply_to=question), attempt())
    assert until(lambda: ids(service.inbox().items), lambda found: not found) == []


def test_nothing_is_said_of_our_own_repository_that_rests(
    appview: AppView, service: BlueskyConnector, service_account: PdsAccount
) -> None:
    draft, key = Draft("Fermé", "fr"), attempt()
    ours = shown(appview, service.publish(draft, key))
    rest(appview, service_account)
    until(lambda: appview.shows(ours.id), lambda shows: not shows)
    with pytest.raises(AuthExpired):
        service.fetch(ours)
    with pytest.raises(AuthExpired):
        service.reconcile(draft, key)
    with pytest.raises(AuthExpired):
        service.publish(Draft("Encore", "fr"), attempt())


def at_its_other_name(appview: AppView, account: PdsAccount, directory: str, *more: str) -> BlueskyConnector:
    """The same server by another name than that which its documents give it."""
    url = appview.base_url.replace("localhost", "127.0.0.1")
    credentials = {"identifier": account.handle, "app_password": account.password}
    ref = AccountRef("bluesky", url, account.did, account.handle, credentials)
    allow = appview.allow | {url.partition("://")[2], *more}
    return BlueskyConnector(ref, Egress(allow=allow), sessions=SessionStore(), directory=directory)


def test_where_the_server_leads_the_directory_knows(appview: AppView, service_account: PdsAccount) -> None:
    service = at_its_other_name(appview, service_account, appview.directory)
    assert service.account.base_url != appview.base_url
    ref = service.publish(Draft("Le guichet ouvre", "fr"), attempt())
    assert service._signed_in()._session.pds_endpoint == appview.base_url
    shown(appview, ref)


def test_where_the_directory_does_not_know_we_are_not_led(appview: AppView, service_account: PdsAccount) -> None:
    elsewhere = {"id": "#atproto_pds", "serviceEndpoint": "https://elsewhere.example"}
    document = answer({"id": service_account.did, "service": [elsewhere]})
    with serve(lambda _asked: document) as directory:
        service = at_its_other_name(appview, service_account, directory.url, *directory.allow)
        with pytest.raises(EgressRefused):
            service.publish(Draft("Le guichet ouvre", "fr"), attempt())
        assert directory.asked
    listed = appview.get("com.atproto.repo.listRecords", repo=service_account.did, collection=COLLECTION)
    assert listed["records"] == []


def rest(appview: AppView, account: PdsAccount) -> None:
    appview.post("com.atproto.server.deactivateAccount", {}, token=token(appview, account))


def token(appview: AppView, account: PdsAccount) -> str:
    asked = {"identifier": account.handle, "password": account.password}
    return str(appview.post("com.atproto.server.createSession", asked)["accessJwt"])
