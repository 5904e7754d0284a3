"""How each network counts, reads and addresses text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from networks.bluesky.records import facets, record_key
from networks.catalogue import NETWORKS, connector
from networks.composition import Card, Composed, compose
from networks.egress import Egress
from networks.errors import Invalid
from networks.kinds import Counting
from networks.mastodon.connector import MastodonConnector
from networks.mastodon.text import countable_length, plain, same_words
from networks.paging import Walk
from networks.port import Connector
from networks.redaction import redact
from networks.types import AccountRef, AttemptKey, Draft, Media
from networks.validation import GRAPHEME, graphemes
from tests.networks.loopback import Loopback, answer
from tests.networks.subjects.bluesky import SUBJECT as BLUESKY
from tests.networks.subjects.mastodon import SUBJECT as MASTODON


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("Bonjour", 7),
        ("é", 1),
        ("e\u0301", 1),
        ("👩‍👩‍👧‍👦", 1),
        ("🇧🇪", 1),
        ("https://example.org/a/very/long/path?with=query&and=more#fragment", 23),
        ("http://a.be", 23),
        ("Voir https://fin.example/x.", 5 + 23 + 1),
        ("(https://fin.example/x)", 1 + 23 + 1),
        ("https://fr.example/wiki/Parvis_(place)", 23),
        ("https://a.example https://b.example", 23 * 2 + 1),
        ("@user", 5),
        ("@user@masto.example bonjour", 5 + 8),
        ("@user@masto.example, @two@b.example", 5 + 2 + 4),
        ("mail: name@example.org", 22),
        ("x" * 500, 500),
        ("éhttps://fin.be", 1 + 23),
        ("ahttps://fin.be", 15),
        ("@https://fin.be", 15),
        ("https://fin.be/a?!…", 23),
        ("https://fin.be/a_(b)) et", 23 + 4),
        ("https://fin.be/?q=a.", 23 + 1),
        ("https://fin.be,https://b.be", 23 + 1 + 23),
        ("http://localhost/x", 18),
        ("https://fin.be/@a@b.be", 23),
        ("@é@masto.be", 11),
        ("@press@masto.be@x", 17),
        ("@press@masto.be://x", 19),
        ("=@press@masto.be", 16),
        ("@@press@masto.be", 7),
        ("(@press@masto.be)", 8),
        ("@press@masto.be.", 7),
        ("@press@masto.be:443", 10),
        ("@press.@masto.be", 16),
    ],
)
def test_mastodon_counts(text: str, length: int) -> None:
    assert countable_length(text) == length


def test_an_instance_may_count_otherwise() -> None:
    limits = {"text_limit": 40, "address_length": 30, "alt_limit": 5, "of another version": 1}
    account = AccountRef("mastodon", "https://masto.example", "7", limits=limits)
    connector = MastodonConnector(account, Egress())
    (problem,) = connector.validate(Draft(text="https://a.example " + "x" * 10, language="fr"))
    assert (problem.code, problem.limit, problem.actual) == ("text_too_long", 40, 41)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Bonjour</p>", "Bonjour"),
        ("<p>Un<br />deux<br>trois</p><p>Quatre</p>", "Un\ndeux\ntrois\n\nQuatre"),
        ("<p>Tom &amp; Jerry &lt;3 &#39;x&#39;</p>", "Tom & Jerry <3 'x'"),
        (
            '<p>Voir <a href="https://fin.example/a/b"><span class="invisible">https://</span>'
            '<span class="ellipsis">fin.example/a</span><span class="invisible">/b</span></a></p>',
            "Voir https://fin.example/a/b",
        ),
        ('<p><span class="h-card"><a href="x" class="u-url mention">@<span>ann</span></a></span> oui</p>', "@ann oui"),
        ('<p class="quote-inline">RE: <a href="x">https://x<br>y</a></p><p>Vrai</p>', "Vrai"),
        ("<p>a</p><script>alert(1)</script><style>p{}</style><img src=x onerror=alert(1)>", "a"),
        ("<p>a <em>b</em></p><ul><li>c</li><li>d</li></ul>", "a b\n\nc\n\nd"),
        ("<p>1 &lt; 2 &amp;&amp; 3 &amp;lt; 4</p>", "1 < 2 && 3 &lt; 4"),
        ("", ""),
        ("<p>jamais fermé", "jamais fermé"),
    ],
)
def test_html_reads_as_words(html: str, text: str) -> None:
    assert plain(html) == text


def test_what_was_sent_is_known_again() -> None:
    sent = "@ann@masto.example  Bonjour\r\n\r\nvoir https://fin.example/a "
    seen = plain('<p><a class="mention">@<span>ann</span></a> Bonjour</p><p>voir <a>https://fin.example/a</a></p>')
    assert same_words(sent, seen)
    assert not same_words(sent, seen + "!")


def key(name: str, at: datetime = datetime(2026, 11, 22, 9, tzinfo=UTC)) -> AttemptKey:
    return AttemptKey(name, at)


def test_record_keys_have_the_networks_shape_and_stay_put() -> None:
    pattern = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
    for number in range(200):
        assert pattern.fullmatch(record_key(key(f"delivery-{number}")))
    assert record_key(key("one")) == record_key(key("one"))


@pytest.mark.longer
def test_sends_planned_in_one_instant_do_not_share_a_record() -> None:
    assert len({record_key(key(f"delivery-{number}")) for number in range(20_000)}) == 20_000


def test_record_keys_follow_time() -> None:
    start = datetime(2026, 11, 22, 9, tzinfo=UTC)
    keys = [record_key(key("x", start + timedelta(minutes=5 * step))) for step in range(20)]
    assert keys == sorted(keys)


def test_facets_are_counted_in_bytes() -> None:
    text = "Été à @ann.test et @nobody.test : https://fin.example/é #impôts"
    found = facets(text, lambda handle: "did:plc:ann" if handle == "ann.test" else "")
    parts = [text.encode()[f.index.byte_start : f.index.byte_end].decode() for f in found]
    assert parts == ["@ann.test", "https://fin.example/é", "#impôts"]


def test_a_link_is_said_once() -> None:
    draft = Draft(text="Voir https://a.example", language="fr", link="https://a.example")
    assert compose(draft, "mastodon") == Composed(draft.text)
    draft = Draft(text="Voir", language="fr", link="https://a.example/b")
    assert compose(draft, "mastodon") == Composed("Voir\n\nhttps://a.example/b")
    card = Card("https://a.example/b", "a.example")
    assert compose(draft, "bluesky") == Composed("Voir", card)
    assert card.host == "a.example"
    picture = Media(Path("p.png"), "image/png", "x")
    beside = Draft("Voir", "fr", (picture,), "https://a.example/b")
    assert compose(beside, "bluesky") == Composed("Voir\n\nhttps://a.example/b")
    assert compose(Draft("", "fr", link="https://a.example/b"), "mastodon").text == "https://a.example/b"
    assert compose(draft, "lost").text == "Voir\n\nhttps://a.example/b"


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("Voir https://fin.be/a.", True),
        ("(https://FIN.be/a)", True),
        ("Voir https://fin.be/a/b", False),
        ("Voir https://fin.be/a?b", False),
        ("Voir https://fin.be/ab", False),
        ("Voir https://fin.be/a#b", False),
        ("Voir https://www.fin.be/a", False),
        ("https://fin.be/ab https://fin.be/a", True),
        ("Voir http://fin.be/a", False),
    ],
)
def test_a_link_is_said_where_the_whole_of_it_stands(text: str, is_said: bool) -> None:
    sent = compose(Draft(text, "fr", link="https://fin.be/a"), "mastodon").text
    assert sent == (text if is_said else f"{text}\n\nhttps://fin.be/a")
    assert compose(Draft("https://fin.be/", "fr", link="https://fin.be"), "mastodon").text == "https://fin.be/"


SHORTENED = (Counting.MASTODON, Counting.WEIGHTED)  # any address counts 23 there


def test_signs_are_counted_as_unicode_says_though_flags_are_taken_out_first() -> None:
    """Every row of four of what stands beside a flag: letters before it and after it that join it, halves, joiners."""
    beside = "\U0001f1e7a\u0600\u0301\u200d\U0001f468\r\n"
    rows = ["".join(row) for row in product(beside, repeat=4)]
    assert [row for row in rows if graphemes(row) != len(GRAPHEME.findall(row))] == []
    assert graphemes("\U0001f1e7\U0001f1ea" * 3 + "\U0001f1e7") == 4


@pytest.mark.parametrize("key", [key for key, one in NETWORKS.items() if one.capabilities.publishes])
def test_the_length_check_counts_what_is_composed(key: str) -> None:
    can = NETWORKS[key].capabilities
    made = connector(AccountRef(key, "https://network.example", "7"), Egress())
    draft = Draft("x" * (can.text_limit - 24), "fr", link="https://fin.belgium.be/" + "y" * 200, title="Titre")
    address = 23 if can.counting in SHORTENED else len(draft.link)
    assert made.length(compose(draft, key).text) == can.text_limit - 24 + (0 if can.link_card else 2 + address)
    found = [problem.code for problem in made.validate(draft) if problem.field == "text"]
    assert found == ([] if can.link_card else ["text_too_long"])


def both() -> list[Connector]:
    server = Loopback(1, lambda _asked: answer({}))
    return [MASTODON.connector(server), BLUESKY.connector(server)]


@pytest.mark.parametrize("connector", both(), ids=lambda connector: connector.account.network)
def test_problems_are_found_before_sending(connector: Connector, tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(b"x")
    big = tmp_path / "big.png"
    with big.open("wb") as file:
        file.truncate(17_000_000)
    film = Media(picture, "video/x-unknown", "Un film")

    def codes(draft: Draft) -> list[tuple[str, str]]:
        return [(problem.field, problem.code) for problem in connector.validate(draft)]

    good = Media(picture, "image/png", "Un point")
    assert codes(Draft("Bonjour", "fr", (good,))) == []
    assert codes(Draft(" ", "fr")) == [("text", "text_empty")]
    assert codes(Draft("", "fr", (good,))) == []
    assert codes(Draft("x" * 501, "fr")) == [("text", "text_too_long")]
    assert codes(Draft("x", "fr", (good,) * 5)) == [("media", "too_many_media")]
    assert codes(Draft("x", "fr", (film,))) == [("media.0", "media_type")]
    assert codes(Draft("x", "fr", (good, Media(big, "image/png", "Grand")))) == [("media.1", "media_too_large")]
    assert codes(Draft("x", "fr", (Media(picture, "image/png"),))) == [("media.0", "alt_missing")]
    assert codes(Draft("x", "fr", (Media(picture, "image/png", decorative=True),))) == []
    assert codes(Draft("x", "fr", (Media(picture, "image/png", "x" * 2001),))) == [("media.0", "alt_too_long")]


def test_bluesky_limits_bytes_too() -> None:
    family = "👩‍👩‍👧‍👦"
    (problem,) = both()[1].validate(Draft(family * 200, "fr"))
    assert (problem.code, problem.limit, problem.actual) == ("text_too_long", 3000, 5000)
    assert graphemes(family * 200) == 200


def test_every_page_of_a_walk_names_the_same_newest() -> None:
    first = Walk.begin("10", "").page((), first="99", cursor="50")
    second = Walk.begin("10", first.older)
    assert (second.cursor, second.since) == ("50", "10")
    page = second.page((), first="49", cursor="")
    assert (page.newest, page.older) == ("99", "")
    assert Walk.begin("10", "").page((), first="", cursor="").newest == "10"
    for wrong in ("!!", "e30=", "WzFd" * 3):
        with pytest.raises(Invalid):
            Walk.begin("", wrong)


def test_redaction_knows_how_addresses_and_forms_write() -> None:
    said = redact("GET /me?t=a%2Bb%2Fc%3Dd e body t=a%2Bb%2Fc%3Dd+e a%2Bb/c%3Dd%20e", ["a+b/c=d e"])
    assert said == "GET /me?t=a%2Bb%2Fc%3Dd e body t=[…] […]"


def test_redaction() -> None:
    text = redact("key s3cr3t-value, Bearer abc.def, eyJhbGciOiJI.eyJzdWIi.c2ln", ["s3cr3t-value", "k"])
    assert text == "key […], […], […]"
