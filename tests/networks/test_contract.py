"""What every connector promises, the same tests for all, over sockets against the training network or a real server.

What a network cannot do by its catalogue line is skipped by that line alone. A network's quirks are tested beside.
"""

from __future__ import annotations

import inspect
import secrets
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet

from networks import catalogue
from networks.egress import Egress
from networks.errors import AuthExpired, Gone, NotApplied, OutcomeUnknown, Unavailable, Unsupported, Withheld
from networks.port import Connector
from networks.types import AccountRef, Incoming, Kind, LinkCard, Measure, Presence
from tests.networks.squares import PARAMS, Square, square_of
from tests.networks.squares.square import all_of, attempt, picture


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each promise is kept every day by every second network of the training network, each network keeps every
    second promise; the other half is longer."""
    if "square" in metafunc.fixturenames:
        promise = [name for name in globals() if name.startswith("test_")].index(metafunc.function.__name__)
        metafunc.parametrize("square", [halved(one, promise + at) for at, one in enumerate(PARAMS)], indirect=True)


def halved(square: ParameterSet, number: int) -> ParameterSet:
    return square if square.marks or number % 2 else pytest.param(*square.values, marks=pytest.mark.longer)


@pytest.fixture
def square(request: pytest.FixtureRequest) -> Square:
    return square_of(request.param, request)


def unseen(square: Square, since: str, known: set[str]) -> list[Incoming]:
    """What the inbox brings after `since` that was not there before, newest first."""
    square.settled()
    return [item for item in all_of(square.service, since)[0] if item.ref.id not in known]


def known_to(square: Square) -> tuple[set[str], str]:
    items, newest = all_of(square.service)
    return {item.ref.id for item in items}, newest


def test_it_says_who_we_are(square: Square) -> None:
    identity = square.service.identify()
    assert identity.remote_id == square.service.account.remote_id
    assert identity.handle
    assert identity.url.startswith("http")


def test_refused_credentials_are_an_expired_sign_in(square: Square) -> None:
    with pytest.raises(AuthExpired):
        square.signed_off.identify()
    with pytest.raises(AuthExpired):
        square.signed_off.publish(square.draft("Bonjour"), attempt())


def test_what_it_takes_it_finds_nothing_wrong_with(square: Square) -> None:
    assert square.service.validate(square.draft("Bonjour")) == ()


def test_a_text_that_is_too_long_is_found_before_sending(square: Square) -> None:
    long = square.draft("a" * (square.can.text_limit + 1))
    (problem,) = {(found.field, found.code) for found in square.service.validate(long)}
    assert problem == ("text", "text_too_long")
    with pytest.raises(NotApplied):
        square.service.publish(long, attempt())


def test_one_attempt_is_one_message(square: Square, tmp_path: Path) -> None:
    """Sent once, and looked for as often as one likes: nothing more appears."""
    if not square.can.pictures:
        pytest.skip("takes no pictures")
    draft = square.draft("Un carré", media=(picture(tmp_path, "Un carré bleu-vert"),))
    key = attempt()
    ref = square.service.publish(draft, key)
    for _ in range(3):
        found = square.service.reconcile(draft, key)
        assert found.presence is Presence.PRESENT
        assert found.ref
        assert found.ref.id == ref.id
    assert square.count("Un carré") == 1
    if square.can.alt_limit:
        assert square.alt_of("Un carré") == "Un carré bleu-vert"


def test_the_card_of_a_link_has_the_picture_that_we_give_it(square: Square, tmp_path: Path) -> None:
    if square.can.card_picture_bytes is None:
        pytest.skip("reads the page itself, or shows no card")
    card = LinkCard("Nouvelle déclaration", "Avant le 30 juin.", picture(tmp_path, ""))
    draft, key = square.draft("Une carte", link="https://fin.example/nouveau", card=card), attempt()
    assert square.service.validate(draft) == ()
    ref = square.service.publish(draft, key)
    found = square.service.reconcile(draft, key)
    assert (found.presence, found.ref and found.ref.id) == (Presence.PRESENT, ref.id)
    assert square.count("Une carte") == 1
    if square.simulator:
        assert square.alt_of("Une carte") == "Nouvelle déclaration", "the square shows its picture"


def test_what_is_stopped_before_its_write_never_appears(square: Square) -> None:
    """A freeze, or a claim that is over, while a film was still being carried over."""
    draft, key = square.draft("Arrêté à temps"), attempt()
    with pytest.raises(Withheld):
        square.service.publish(draft, replace(key, still_wanted=lambda: False))
    with pytest.raises(Unavailable):
        square.service.publish(draft, replace(key, begin_before=time.monotonic()))
    assert square.count("Arrêté à temps") == 0
    assert square.service.publish(draft, key)


def test_what_was_sent_is_read_back(square: Square) -> None:
    text = "Été & « guillemets » (b) [c] {d} |e| ~f~\nDeuxième ligne 🇧🇪 #impôts_2026 https://fin.example/a?b=c&d=e"
    ref = square.service.publish(square.draft(text), attempt())
    seen = square.service.fetch(ref)
    assert seen
    assert (seen.text, seen.ref.id) == (text, ref.id)
    assert abs(seen.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_reconcile_finds_what_is_there_and_misses_what_is_not(square: Square) -> None:
    draft = square.draft("Où est-il ?", link="https://fin.example/lien")
    key = attempt()
    nowhere = Presence.ABSENT if square.knows_absence else Presence.UNCERTAIN
    assert square.service.reconcile(draft, key).presence is nowhere
    ref = square.service.publish(draft, key)
    found = square.service.reconcile(draft, key)
    assert found.presence is Presence.PRESENT
    assert found.ref
    assert found.ref.id == ref.id


def test_the_clock_by_which_a_send_was_written_down_declares_nothing_absent_alone(square: Square) -> None:
    """It was ten minutes slow: by our clock and the network's the send is long ago, by its own a moment."""
    if not square.knows_absence or not hasattr(square.service, "_settle"):
        pytest.skip("it never says that something is absent, or knows it at once")
    patient: Any = square.service
    patient._settle = timedelta(minutes=2)
    draft, key = square.draft("Peut-être en route"), attempt(timedelta(minutes=10))
    looked = replace(key, looked_at=key.created_at + timedelta(seconds=5))
    assert square.service.reconcile(draft, looked).presence is Presence.UNCERTAIN
    settled = replace(key, looked_at=key.created_at + timedelta(seconds=125))
    assert square.service.reconcile(draft, settled).presence is Presence.ABSENT


def test_the_inbox_brings_each_message_once_newest_first(square: Square) -> None:
    known, start = known_to(square)
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    expected = []
    if square.mention:
        first = square.say(f"{square.mention} à quelle heure ?")
        time.sleep(0.01)
        expected.append((first, Kind.MENTION))
    second = square.say(f"{square.mention} merci".strip(), ours)
    expected.append((second, Kind.REPLY))

    items = unseen(square, start, known)

    assert [(item.ref.id, item.kind) for item in items] == expected[::-1]
    assert items[0].parent
    assert items[0].parent.id == ours.id
    assert items[0].author.id == square.citizen_id
    assert all(square.service.account.remote_id in item.told for item in items)
    newest = all_of(square.service, start)[1]
    known |= {item.ref.id for item in items}
    assert unseen(square, newest, known) == []

    third = square.say(f"{square.mention} encore".strip(), ours)
    assert [item.ref.id for item in unseen(square, newest, known)] == [third]


@pytest.mark.longer
def test_what_is_told_late_comes_to_whoever_looks_back(square: Square) -> None:
    """Five minutes behind what has been read: beyond the mark, and there all the same."""
    if square.late is None:
        pytest.skip("a stream tells in its own order")
    known, start = known_to(square)
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    word = f"guichet{secrets.token_hex(3)}"
    first = square.say(f"{square.mention} {word} merci".strip(), ours)
    assert [item.ref.id for item in unseen(square, start, known)] == [first]
    hits = square.service.search(word) if square.can.searches else None
    with square.late(300):
        late = square.say(f"{square.mention} {word} enfin".strip(), ours)
        shown = square.say(f"Le {word} est fermé")
    square.settled()
    back = (datetime.now(UTC) - timedelta(minutes=10)).isoformat()
    assert late in {item.ref.id for item in all_of(square.service, back)[0]}
    if hits is not None:
        assert shown not in {item.ref.id for item in hits.items}
        assert shown in {item.ref.id for item in square.service.search(word, since=back).items}


@pytest.mark.parametrize("hours", [0, 1])
def test_looking_back_ends_at_its_instant(square: Square, hours: int) -> None:
    known, _start = known_to(square)
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    said = square.say(f"{square.mention} merci".strip(), ours)
    begin = datetime.now(UTC) + timedelta(hours=1 - 2 * hours)
    if not square.has_instants:
        pytest.skip("a stream that has no instants is read whole")
    square.settled()
    found = {item.ref.id for item in all_of(square.service, begin.isoformat())[0]} - known
    assert found == ({said} if hours else set())


@pytest.mark.slow
def test_a_long_inbox_loses_nothing(square: Square) -> None:
    known, start = known_to(square)
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    sent = [square.say(f"{square.mention} {n} merci".strip(), ours) for n in range(120)]
    assert {item.ref.id for item in unseen(square, start, known)} == set(sent)


def test_an_answer_hangs_below_its_question(square: Square) -> None:
    if not square.can.replies:
        pytest.skip("no answers")
    known, start = known_to(square)
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    square.say(f"{square.mention} où ?".strip(), ours)
    (question,) = unseen(square, start, known)
    draft = square.answer("Ici.", question)
    key = attempt()
    ref = square.service.publish(draft, key)
    seen = square.service.fetch(ref)
    assert seen
    assert seen.parent
    assert seen.parent.id == question.ref.id
    assert square.service.reconcile(draft, key).presence is Presence.PRESENT


@pytest.mark.longer
def test_what_we_answer_on_the_network_itself_is_heard_as_ours(square: Square) -> None:
    """A colleague signs in there as us: it comes as an answer to its question, and a day's look back tells it again.
    What we say at the top of a thread is none."""
    if not square.can.replies:
        pytest.skip("no answers")
    known, start = known_to(square)
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    square.say(f"{square.mention} où ?".strip(), ours)
    (question,) = unseen(square, start, known)
    _items, start = all_of(square.service, start)
    known.add(question.ref.id)

    given = square.service.publish(square.answer("Ici, au guichet.", question), attempt())

    found, end = unseen(square, start, known), time.monotonic() + (0 if square.simulator else 20)
    while not found and time.monotonic() < end:
        found = unseen(square, start, known)
    assert [(item.ref.id, item.kind, item.author.id) for item in found] == [
        (given.id, Kind.ANSWER, square.service.account.remote_id)
    ]
    assert found[0].parent
    assert found[0].parent.id == question.ref.id
    assert "Ici, au guichet." in found[0].text
    assert abs(found[0].created_at - datetime.now(UTC)) < timedelta(minutes=1)
    if square.has_instants:
        back = (datetime.now(UTC) - timedelta(days=2)).isoformat()
        assert given.id in {item.ref.id for item in all_of(square.service, back)[0]}
    asked = {one.ref.id: one for one in square.service.answers_to(question.ref)}
    if square.can.answers_asked and square.simulator:
        assert (asked[given.id].kind, asked[given.id].author.id) == (Kind.ANSWER, square.service.account.remote_id)
        assert asked[given.id].parent
        assert asked[given.id].parent.id == question.ref.id
    else:
        assert set(asked) <= {given.id}


def test_deleting_removes_once(square: Square) -> None:
    ref = square.service.publish(square.draft("Retiré"), attempt())
    if not square.can.deletes:
        with pytest.raises(Unsupported):
            square.service.delete(ref)
        return
    square.service.delete(ref)
    assert square.service.fetch(ref) is None
    with pytest.raises(Gone):
        square.service.delete(ref)


def test_an_answer_to_nothing_is_not_applied(square: Square) -> None:
    known, start = known_to(square)
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    square.say(f"{square.mention} éphémère".strip(), ours)
    (question,) = unseen(square, start, known)
    square.unsay(question.ref.id)
    with pytest.raises(NotApplied):
        square.service.publish(square.answer("Trop tard", question), attempt())
    assert square.count("Trop tard") == 0


def test_a_citizen_who_takes_a_message_back_is_heard(square: Square) -> None:
    known, start = known_to(square)
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    square.say(f"{square.mention} éphémère".strip(), ours)
    (question,) = unseen(square, start, known)
    assert square.service.fetch(question.ref)
    square.unsay(question.ref.id)
    assert square.service.fetch(question.ref) is None


def test_an_address_leads_to_our_message(square: Square) -> None:
    ref = square.service.publish(square.draft("Où est-ce ?"), attempt())
    for url in square.addresses(ref):
        found = square.service.locate(f" {url} ")
        assert found, url
        assert (found.id, found.url, found.cid) == (ref.id, ref.url, ref.cid), url


def test_an_address_of_anything_else_leads_nowhere(square: Square) -> None:
    known, start = known_to(square)
    ours = square.service.publish(square.draft("Le guichet ouvre"), attempt())
    square.say(f"{square.mention} à moi".strip(), ours)
    (theirs,) = unseen(square, start, known)
    about_us = square.service.identify().url
    nonsense = ["", "x", "https://[", "https://elsewhere.example/@finances/1", f"{square.service.account.base_url}/"]
    urls = [theirs.ref.url, about_us, *nonsense]
    if square.can.deletes:
        square.service.delete(ours)
        urls.append(ours.url)
    for url in urls:
        assert square.service.locate(url) is None, url


def test_search_finds_or_says_that_it_cannot(square: Square) -> None:
    word = f"guichet{secrets.token_hex(3)}"
    if not square.can.searches:
        with pytest.raises(Unsupported):
            square.service.search(word)
        return
    said = square.say(f"Le {word} est fermé")
    square.settled()
    try:
        page = square.service.search(word)
    except Unsupported:
        assert square.simulator is None, "a real server without an index may say so, the training network may not"
        return
    assert [(item.ref.id, item.kind) for item in page.items] == [(said, Kind.SEARCH_HIT)]
    assert {item.ref.id for item in square.service.search(word, since=page.newest).items} <= {said}


def test_figures_have_a_date_and_a_source(square: Square) -> None:
    ref = square.service.publish(square.draft("Combien ?"), attempt())
    try:
        measures = square.service.metrics([ref])
    except Unsupported:
        assert not square.can.metrics or square.simulator is None
        return
    assert {measure.metric for measure in measures} <= set(square.can.metrics)
    assert {measure.subject for measure in measures} <= {"", ref.id}
    assert measures
    for measure in measures:
        assert isinstance(measure, Measure)
        assert measure.value >= 0
        assert abs(measure.at - datetime.now(UTC)) < timedelta(minutes=1)
        assert measure.source.startswith(f"{square.network}:")


@pytest.mark.parametrize("kind", ["lost_answer", "truncated"])
def test_a_lost_answer_is_found_again(square: Square, kind: str) -> None:
    if square.simulator is None:
        pytest.skip("a real server loses no answers on demand")
    draft, key = square.draft(f"Perdu {kind}"), attempt()
    square.simulator.fault(kind, square.writes, times=1)
    with pytest.raises(OutcomeUnknown):
        square.service.publish(draft, key)
    assert square.service.reconcile(draft, key).presence is Presence.PRESENT
    assert square.count(f"Perdu {kind}") == 1


@pytest.mark.parametrize("key", catalogue.NETWORKS)
def test_a_connector_has_the_ports_own_signatures(key: str) -> None:
    account = AccountRef(key, "https://network.example", "7")
    made = catalogue.connector(account, Egress())
    assert made.account is account
    for name, promised in inspect.getmembers(Connector, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.signature(getattr(type(made), name)) == inspect.signature(promised), name
