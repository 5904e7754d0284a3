"""The Bluesky connector against Bluesky's own server."""

from __future__ import annotations

import io
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from networks.bluesky.connector import BlueskyConnector
from networks.bluesky.records import COLLECTION
from networks.bluesky.sessions import SessionStore
from networks.egress import Egress
from networks.errors import AuthExpired, EgressRefused, Gone, Invalid, RateLimited, Unsupported
from networks.types import AccountRef, AttemptKey, Draft, Kind, LinkCard, Media, PostRef, Presence
from tests.networks.subjects.youtube import film
from tests.pds.fixture import Pds, PdsAccount

pytestmark = pytest.mark.pds


def connector(pds: Pds, account: PdsAccount, *, password: str = "", remote_id: str | None = None) -> BlueskyConnector:
    ref = AccountRef(
        network="bluesky",
        base_url=pds.base_url,
        remote_id=account.did if remote_id is None else remote_id,
        handle=account.handle,
        credentials={"identifier": account.handle, "app_password": password or account.password},
    )
    return BlueskyConnector(ref, Egress(allow=pds.allow), sessions=SessionStore())


def attempt() -> AttemptKey:
    return AttemptKey(secrets.token_hex(16), datetime.now(UTC))


@pytest.fixture(scope="module")
def service_account(pds: Pds) -> PdsAccount:
    return pds.create_account("finances", "pass-of-the-service")


@pytest.fixture(scope="module")
def citizen_account(pds: Pds) -> PdsAccount:
    return pds.create_account("citizen", "pass-of-the-citizen")


@pytest.fixture
def service(pds: Pds, service_account: PdsAccount) -> BlueskyConnector:
    return connector(pds, service_account)


@pytest.fixture
def citizen(pds: Pds, citizen_account: PdsAccount) -> BlueskyConnector:
    return connector(pds, citizen_account)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    data = io.BytesIO()
    Image.new("RGB", (16, 16), "teal").save(data, "PNG")
    path = tmp_path / "picture.png"
    path.write_bytes(data.getvalue())
    return path


def posts(pds: Pds, account: PdsAccount) -> list[dict]:
    return pds.get("com.atproto.repo.listRecords", repo=account.did, collection=COLLECTION, limit="100")["records"]


def test_identify(service: BlueskyConnector, service_account: PdsAccount) -> None:
    identity = service.identify()
    assert (identity.remote_id, identity.handle) == (service_account.did, "finances.test")


def test_a_wrong_password_is_an_expired_sign_in(pds: Pds, service_account: PdsAccount) -> None:
    with pytest.raises(AuthExpired):
        connector(pds, service_account, password="not-the-password").identify()


def test_credentials_of_somebody_else_are_refused(pds: Pds, service_account: PdsAccount) -> None:
    with pytest.raises(AuthExpired, match="another account"):
        connector(pds, service_account, remote_id="did:plc:somebodyelse").identify()


def test_without_an_exception_the_guard_refuses_the_server(pds: Pds, service_account: PdsAccount) -> None:
    ref = replace(connector(pds, service_account).account)
    with pytest.raises(EgressRefused):
        BlueskyConnector(ref, Egress(), sessions=SessionStore()).identify()


@pytest.mark.usefixtures("citizen_account")
def test_a_post_with_a_picture_stands_there_once(
    pds: Pds, service: BlueskyConnector, service_account: PdsAccount, picture: Path
) -> None:
    key = attempt()
    draft = Draft(
        text="Déclaration : https://finances.example/tax #impots @citizen.test",
        language="fr",
        media=(Media(picture, "image/png", "Un carré bleu-vert"),),
    )
    assert service.validate(draft) == ()
    before = len(posts(pds, service_account))

    first = service.publish(draft, key)
    again = service.publish(draft, key)

    assert first == again
    assert len(posts(pds, service_account)) == before + 1
    record = next(post["value"] for post in posts(pds, service_account) if post["uri"] == first.id)
    assert record["text"] == draft.text
    assert record["langs"] == ["fr"]
    assert record["embed"]["images"][0]["alt"] == "Un carré bleu-vert"
    kinds = {feature["$type"].partition("#")[2] for facet in record["facets"] for feature in facet["features"]}
    assert kinds == {"link", "tag", "mention"}
    for facet in record["facets"]:
        part = record["text"].encode()[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        assert part in ("https://finances.example/tax", "#impots", "@citizen.test")


def test_a_film_with_its_words_is_taken_as_it_is(
    pds: Pds, service: BlueskyConnector, service_account: PdsAccount, tmp_path: Path
) -> None:
    """The real server holds the record to its own description of a film, and the blobs to what it received."""
    filmed = film(tmp_path)
    draft, key = Draft("Film", "fr", (replace(filmed, alt="Le guichet"),)), attempt()
    ref = service.publish(draft, key)
    assert service.publish(draft, key) == ref
    embed = next(one["value"]["embed"] for one in posts(pds, service_account) if one["uri"] == ref.id)
    assert (embed["$type"], embed["alt"]) == ("app.bsky.embed.video", "Le guichet")
    assert embed["video"]["size"] == filmed.path.stat().st_size
    assert [caption["lang"] for caption in embed["captions"]] == ["fr"]


def test_figures_need_an_appview(service: BlueskyConnector) -> None:
    with pytest.raises(Unsupported):
        service.metrics([])


def test_read_back(service: BlueskyConnector) -> None:
    ref = service.publish(Draft(text="Bonjour", language="fr"), attempt())
    seen = service.fetch(ref)
    assert seen
    assert (seen.text, seen.language, seen.author.handle) == ("Bonjour", "fr", "finances.test")
    other = "2" if ref.id[-1] != "2" else "3"
    assert service.fetch(replace(ref, id=ref.id[:-1] + other)) is None


def test_a_link_becomes_a_card(pds: Pds, service: BlueskyConnector, service_account: PdsAccount) -> None:
    draft = Draft(text="Nieuw", language="nl", link="https://fin.example/nieuw", title="Nieuwe aangifte")
    ref = service.publish(draft, attempt())
    record = next(post["value"] for post in posts(pds, service_account) if post["uri"] == ref.id)
    card = record["embed"]["external"]
    assert (card["uri"], card["title"]) == ("https://fin.example/nieuw", "Nieuwe aangifte")


def test_a_card_has_the_picture_of_its_page(
    pds: Pds, service: BlueskyConnector, service_account: PdsAccount, picture: Path
) -> None:
    card = LinkCard("Nieuwe aangifte", "Tot 30 juni.", Media(picture, "image/png"))
    ref = service.publish(Draft("Nieuw", "nl", link="https://fin.example/nieuw", card=card), attempt())
    told = next(post["value"] for post in posts(pds, service_account) if post["uri"] == ref.id)["embed"]["external"]
    assert (told["title"], told["description"]) == ("Nieuwe aangifte", "Tot 30 juni.")
    assert told["thumb"]["size"] == picture.stat().st_size


def test_reconcile_is_definitive(service: BlueskyConnector) -> None:
    key = attempt()
    draft = Draft(text="Deux fois, jamais", language="fr")
    assert service.reconcile(draft, key).presence is Presence.ABSENT
    ref = service.publish(draft, key)
    finding = service.reconcile(draft, key)
    assert (finding.presence, finding.ref) == (Presence.PRESENT, ref)


def test_what_the_server_refuses_is_invalid_and_leaves_nothing(
    pds: Pds, service: BlueskyConnector, service_account: PdsAccount
) -> None:
    before = len(posts(pds, service_account))
    draft = Draft(text="x" * 301, language="fr")
    assert [problem.code for problem in service.validate(draft)] == ["text_too_long"]
    with pytest.raises(Invalid):
        service.publish(draft, attempt())
    assert len(posts(pds, service_account)) == before


def test_mentions_replies_and_quotes_reach_the_inbox(
    service: BlueskyConnector, citizen: BlueskyConnector, citizen_account: PdsAccount
) -> None:
    start = service.inbox().newest
    ours = service.publish(Draft(text="Le guichet ouvre à 9 h", language="fr"), attempt())
    mention = citizen.publish(Draft(text="@finances.test à quelle heure ?", language="fr"), attempt())
    reply = citizen.publish(Draft(text="Merci !", language="fr", reply_to=ours), attempt())
    nested = citizen.publish(Draft(text="Encore", language="fr", reply_to=reply), attempt())
    taken_back = citizen.publish(Draft(text="@finances.test oublié", language="fr"), attempt())
    citizen.delete(taken_back)
    citizen.publish(Draft(text="Rien à voir", language="fr"), attempt())

    page = service.inbox(since=start)

    assert [(item.ref.id, item.kind) for item in page.items] == [
        (nested.id, Kind.REPLY),
        (reply.id, Kind.REPLY),
        (mention.id, Kind.MENTION),
    ]
    assert page.older == ""
    answered = page.items[1]
    assert answered.author.handle == citizen_account.handle
    assert answered.parent == PostRef(ours.id, cid=ours.cid)
    assert page.items[0].root == PostRef(ours.id, cid=ours.cid)
    assert abs(datetime.now(UTC) - answered.created_at) < timedelta(minutes=1)
    assert service.inbox(since=page.newest).items == ()


def test_a_cursor_from_a_server_set_up_anew_starts_over(service: BlueskyConnector, citizen: BlueskyConnector) -> None:
    mention = citizen.publish(Draft(text="@finances.test encore là ?", language="fr"), attempt())
    page = service.inbox(since="seq:999999999")
    assert mention.id in [item.ref.id for item in page.items]


def test_an_answer_by_the_service(
    pds: Pds, service: BlueskyConnector, citizen: BlueskyConnector, service_account: PdsAccount
) -> None:
    question = citizen.publish(Draft(text="@finances.test où ?", language="fr"), attempt())
    answer = service.publish(Draft(text="Ici.", language="fr", reply_to=PostRef(question.id)), attempt())
    record = next(post["value"] for post in posts(pds, service_account) if post["uri"] == answer.id)
    for end in ("parent", "root"):
        assert (record["reply"][end]["uri"], record["reply"][end]["cid"]) == (question.id, question.cid)


def test_delete(service: BlueskyConnector) -> None:
    ref = service.publish(Draft(text="Retiré", language="fr"), attempt())
    service.delete(ref)
    assert service.fetch(ref) is None
    with pytest.raises(Gone):
        service.delete(ref)


def test_search_needs_an_appview(service: BlueskyConnector) -> None:
    with pytest.raises(Unsupported):
        service.search("finances")


def test_signing_in_happens_once_a_process(pds: Pds, service_account: PdsAccount) -> None:
    store = SessionStore()
    ref = connector(pds, service_account).account
    calls: list[str] = []

    def one() -> None:
        egress = Egress(allow=pds.allow)
        call = egress.call
        egress.call = lambda terms, method, url, *rest: calls.append(url) or call(terms, method, url, *rest)
        BlueskyConnector(ref, egress, sessions=store).identify()

    one()
    one()
    assert sum("createSession" in url for url in calls) == 1


def test_a_dead_session_is_replaced(pds: Pds, service_account: PdsAccount) -> None:
    store = SessionStore()
    ref = connector(pds, service_account).account
    BlueskyConnector(ref, Egress(allow=pds.allow), sessions=store).identify()
    ((key, session),) = store._kept.items()
    handle, did, access, refresh, endpoint = session.split(":::")
    head, payload, signature = access.split(".")
    broken = f"{head}.{payload}.{signature[::-1]}"
    store.keep(key, ":::".join((handle, did, broken, refresh, endpoint)))
    assert BlueskyConnector(ref, Egress(allow=pds.allow), sessions=store).identify().remote_id == did


def test_a_real_429_says_when_to_come_back(pds_with_limits: Pds) -> None:
    account = pds_with_limits.create_account("busy", "pass-of-the-busy")

    def sign_in_often() -> None:
        for _ in range(60):
            connector(pds_with_limits, account).identify()

    with pytest.raises(RateLimited) as caught:
        sign_in_often()
    wait = caught.value.retry_at - datetime.now(UTC)
    assert timedelta() < wait <= timedelta(minutes=5, seconds=5)
