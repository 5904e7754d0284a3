"""Feeds as they are found: each entry once, its changes followed, and nothing that a stranger writes hurts us."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from networks import catalogue
from networks.egress import Egress
from networks.errors import Gone, Invalid, NetworkError, PermissionMissing, RateLimited, Unavailable, Unsupported
from networks.port import Connector
from networks.types import AccountRef, AttemptKey, Draft, Page, PostRef
from tests.networks.loopback import Asked, Loopback, Reply, answer, serve

XML = {"Content-Type": "application/rss+xml; charset=utf-8"}


def item(number: int, words: str = "", **more: str) -> str:
    facts = {
        "guid": f"urn:{number}",
        "title": f"Notice {number}",
        "link": f"https://fin.example/{number}",
        "description": words or f"Words of {number}",
        "pubDate": f"Mon, 02 Nov 2026 09:{number:02}:00 +0100",
    } | more
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in facts.items() if value) + "</item>"


def rss(*items: str, head: str = "") -> str:
    return f'<rss version="2.0"><channel><title>Finances</title>{head}{"".join(items)}</channel></rss>'


class Paper:
    """A server with one document, which a test rewrites."""

    def __init__(self, content: str | bytes, headers: dict[str, str] = XML) -> None:
        self.content, self.headers = content, headers
        self.replies: dict[str, Reply] = {}

    def __call__(self, asked: Asked) -> Reply:
        return self.replies.get(asked.target) or answer(self.content, headers=self.headers)


@pytest.fixture
def paper() -> Paper:
    return Paper(rss(item(1)))


@pytest.fixture
def server(paper: Paper) -> Iterator[Loopback]:
    with serve(paper) as running:
        yield running


@pytest.fixture
def feed(server: Loopback) -> Connector:
    return catalogue.connector(AccountRef("feed", f"{server.url}/feed", ""), Egress(allow=server.allow, timeout=5))


def ids(page: Page) -> list[str]:
    return [one.ref.id for one in page.items]


def test_new_entries_come_once_newest_first(paper: Paper, feed: Connector) -> None:
    paper.content = rss(item(1), item(3), item(2))
    first = feed.search("")
    assert ids(first) == ["urn:3", "urn:2", "urn:1"]
    assert (first.items[0].title, first.items[0].text) == ("Notice 3", "Words of 3")
    assert first.items[0].created_at == datetime(2026, 11, 2, 8, 3, tzinfo=UTC)
    assert first.items[0].ref.url == "https://fin.example/3"
    assert first.items[0].author.name == "Finances"
    assert ids(feed.search("", since=first.newest)) == []
    paper.content = rss(item(4), item(1), item(3), item(2))
    assert ids(feed.search("", since=first.newest)) == ["urn:4"]


def test_a_changed_entry_comes_again(paper: Paper, feed: Connector) -> None:
    paper.content = rss(item(1), item(2))
    first = feed.search("")
    paper.content = rss(item(1), item(2, "Put right"))
    second = feed.search("", since=first.newest)
    assert [(one.ref.id, one.text) for one in second.items] == [("urn:2", "Put right")]
    assert second.items[0].ref.cid != first.items[0].ref.cid
    assert ids(feed.search("", since=second.newest)) == []


def test_what_is_unchanged_is_not_fetched_again(paper: Paper, server: Loopback, feed: Connector) -> None:
    dated = "Mon, 02 Nov 2026 08:00:00 GMT"
    paper.headers = {**XML, "ETag": 'W/"v1"', "Last-Modified": dated}
    first = feed.search("")
    paper.replies["/feed"] = answer("", 304)
    second = feed.search("", since=first.newest)
    assert (second.items, second.newest) == ((), first.newest)
    asked = server.asked[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('W/"v1"', dated)
    assert "if-none-match" not in server.asked[0].headers


@pytest.mark.parametrize("mark", ["x" * 5_000, '"é"'])
def test_a_mark_that_cannot_be_sent_back_is_forgotten(
    paper: Paper, server: Loopback, feed: Connector, mark: str
) -> None:
    paper.headers = {**XML, "ETag": mark}
    feed.search("", since=feed.search("").newest)
    assert "if-none-match" not in server.asked[-1].headers


def test_an_entry_is_known_by_its_id_its_link_or_its_words(paper: Paper, feed: Connector) -> None:
    paper.content = rss(item(1, guid=""), item(2, guid="", link=""), item(3, guid="x" * 5_000), item(4, guid="a\nb"))
    first = feed.search("")
    assert "https://fin.example/1" in ids(first)
    assert len(set(ids(first))) == 4
    assert all(len(one) <= 300 and one.isprintable() for one in ids(first))
    assert ids(feed.search("", since=first.newest)) == []


def test_one_id_for_two_entries_is_no_endless_change(paper: Paper, feed: Connector) -> None:
    paper.content = rss(item(1, "one"), item(1, "two"))
    first = feed.search("")
    assert len(first.items) == 1
    assert ids(feed.search("", since=first.newest)) == []


def test_one_id_for_two_addresses_is_two_entries_and_no_endless_change(paper: Paper, feed: Connector) -> None:
    one, two = item(1, guid="0"), item(2, guid="0")
    paper.content = rss(one, two)
    first = feed.search("")
    assert sorted(one.text for one in first.items) == ["Words of 1", "Words of 2"]
    paper.content = rss(two, one)
    assert ids(feed.search("", since=first.newest)) == []


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://fin.example/an annual report.pdf", "https://fin.example/an%20annual%20report.pdf"),
        ("\n https://fin.example/\n   1 \n", "https://fin.example/1"),
        ("HTTPS://fin.example/1", "HTTPS://fin.example/1"),
    ],
)
def test_an_address_is_read_as_browsers_read_it(paper: Paper, feed: Connector, link: str, address: str) -> None:
    paper.content = rss(item(1, link=link))
    assert feed.search("").items[0].ref.url == address


JSON = {"Content-Type": "application/feed+json"}


def test_a_json_feed_is_a_feed(paper: Paper, feed: Connector, server: Loopback) -> None:
    items: list[Any] = [
        {"id": "2", "url": "https://fin.example/2", "title": "Two", "content_html": "<p>Deux &amp; <b>deux</b></p>"},
        {"id": 1, "content_text": "Un <b>", "date_published": "2026-11-02T09:00:00+01:00"},
        {"id": "3", "external_url": "javascript:alert(1)", "summary": "Trois"},
        "nothing",
        {},
    ]
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "Finances", "language": "fr", "items": items}
    for begins in ("", "\ufeff"):
        paper.content, paper.headers = (begins + json.dumps(told)).encode(), JSON
        page = feed.search("")
        found = {one.ref.id: one for one in page.items}
        assert {key: one.text for key, one in found.items()} == {"2": "Deux & deux", "1": "Un <b>", "3": "Trois"}
        assert (found["2"].title, found["2"].ref.url, found["2"].language) == ("Two", "https://fin.example/2", "fr")
        assert found["1"].created_at == datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
        assert found["3"].ref.url == f"{server.url}/feed"
        assert ids(feed.search("", since=page.newest)) == []


@pytest.mark.parametrize(
    "content",
    ['{"version": "1", "items": []}', '{"a": ' * 50_000, "{", '{"version": "https://jsonfeed.org/version/1"}'],
)
def test_other_json_is_no_feed(paper: Paper, feed: Connector, content: str) -> None:
    paper.content, paper.headers = content, JSON
    with pytest.raises(Invalid):
        feed.search("")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("Mon, 02 Nov 2026 23:30:00 -0500", datetime(2026, 11, 3, 4, 30, tzinfo=UTC)),
        ("Mon, 02 Nov 2026 09:00:00 EST", datetime(2026, 11, 2, 14, 0, tzinfo=UTC)),
        ("2026-11-02T09:00:00+05:30", datetime(2026, 11, 2, 3, 30, tzinfo=UTC)),
        ("2026-11-02", datetime(2026, 11, 2, tzinfo=UTC)),
        ("Mon, 02 Nov 2026 09:00:00 CET", datetime(2026, 11, 2, 8, 0, tzinfo=UTC)),
        ("Mon, 03 Aug 2026 09:00:00 CEST", datetime(2026, 8, 3, 7, 0, tzinfo=UTC)),
        ("Mon, 03 Aug 2026 09:00:00 MESZ", datetime(2026, 8, 3, 7, 0, tzinfo=UTC)),
        ("Mon, 03 Aug 2026 09:00:00 Europe/Brussels", datetime(2026, 8, 3, 7, 0, tzinfo=UTC)),
        ("2026-08-03 09:00:00 CEST", datetime(2026, 8, 3, 7, 0, tzinfo=UTC)),
        ("Mon, 02 Nov 2026 09:00:00 GMT", datetime(2026, 11, 2, 9, 0, tzinfo=UTC)),
        ("Mon, 02 Nov 2026 09:00:00 Nowhere/Atall", datetime(2026, 11, 2, 9, 0, tzinfo=UTC)),
    ],
)
def test_dates_of_any_zone_are_instants(paper: Paper, feed: Connector, told: str, expected: datetime) -> None:
    paper.content = rss(item(1, pubDate=told))
    assert feed.search("").items[0].created_at == expected


@pytest.mark.parametrize("told", ["", "soon", "Mon, 02 Nov 2099 09:00:00 GMT", "9999-99-99", "0000-00-00T00:00:00Z"])
def test_without_a_date_of_its_own_it_is_of_now(paper: Paper, feed: Connector, told: str) -> None:
    paper.content = rss(item(1, pubDate=told))
    before = datetime.now(UTC)
    assert before <= feed.search("").items[0].created_at <= datetime.now(UTC)


def test_atom_speaks_too(paper: Paper, feed: Connector) -> None:
    paper.content = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="nl"><title>Belastingen</title>
      <entry><id>urn:1</id><title type="html">&lt;b&gt;Nieuw&lt;/b&gt; &amp;amp; goed</title>
      <link href="/nieuws/1"/><updated>2026-11-02T09:00:00Z</updated>
      <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Een</p><p>Twee</p></div></content></entry></feed>"""
    (entry,) = feed.search("").items
    assert (entry.title, entry.text) == ("Nieuw & goed", "Een\n\nTwee")
    assert entry.created_at == datetime(2026, 11, 2, 9, tzinfo=UTC)


def test_what_strangers_write_is_words(paper: Paper, feed: Connector) -> None:
    html = "<![CDATA[<p>Hello<script>alert(1)</script> <img src=x onerror=alert(1)>you</p><p>there</p>]]>"
    paper.content = rss(item(1, html, title="<![CDATA[<i>A</i>  b]]>", link="javascript:alert(1)"))
    (entry,) = feed.search("").items
    assert (entry.title, entry.text) == ("A b", "Hello you\n\nthere")
    assert entry.ref.url.startswith("http://127.0.0.1")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["urn:2", "urn:1"]),
        ("impots", ["urn:1"]),
        ("IMPÔTS 2026", ["urn:1"]),
        ("2026", ["urn:2", "urn:1"]),
        ('"les impôts"', ["urn:1"]),
        ('"impôts les"', []),
        ("notice 2", ["urn:2"]),
        ("otice", []),
        ("nothing", []),
    ],
)
def test_words_narrow(paper: Paper, feed: Connector, query: str, found: list[str]) -> None:
    paper.content = rss(item(1, "Tout sur les impôts de 2026"), item(2, "Rien avant 2026"))
    assert ids(feed.search(query)) == found


def test_a_feed_with_mistakes_is_read_as_far_as_it_goes(paper: Paper, feed: Connector) -> None:
    paper.content = rss(item(1, "Fish & chips"), item(2), "<item></item>") + "<oops"
    assert sorted(ids(feed.search(""))) == ["urn:1", "urn:2"]


@pytest.mark.parametrize("told", ["utf-8", "iso-8859-1", "no-such-charset", "utf-16"])
def test_a_wrong_charset_costs_no_entry(paper: Paper, feed: Connector, told: str) -> None:
    paper.headers = {"Content-Type": f"text/xml; charset={told}"}
    paper.content = ('<?xml version="1.0" encoding="iso-8859-1"?>' + rss(item(1, "Été"))).encode("latin-1")
    (entry,) = feed.search("").items
    assert (entry.ref.id, entry.text) == ("urn:1", "Été")


@pytest.mark.parametrize(
    "content",
    [
        "<!doctype html><html><head><title>News</title></head><body><p>x</p></body></html>",
        "",
        "{}",
        "\x00\x01",
        "<urlset/>",
    ],
)
def test_what_is_no_feed_is_said_to_be_none(paper: Paper, feed: Connector, content: str) -> None:
    paper.content = content
    with pytest.raises(Invalid) as caught:
        feed.search("")
    assert (caught.value.field, caught.value.detail) == ("url", "no feed")


def test_an_empty_feed_is_one(paper: Paper, feed: Connector) -> None:
    paper.content = rss()
    assert feed.search("").items == ()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "laughs": f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>' + rss(item(1, "&l11;")),
    "blowup": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]>' + rss(item(1, "&a;" * 20_000)),
    "outside": '<!DOCTYPE rss [<!ENTITY x SYSTEM "{canary}/entity">]>' + rss(item(1, "&x;")),
    "outside, parameter": '<!DOCTYPE rss [<!ENTITY % p SYSTEM "{canary}/p"> %p;]>' + rss(item(1)),
    "outside, grammar": '<!DOCTYPE rss SYSTEM "{canary}/rss.dtd">' + rss(item(1)),
    "file": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + rss(item(1, "&x;")),
    "include": rss(item(1, '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}/x"/>')),
    "sheet": '<?xml-stylesheet href="{canary}/x.xsl" type="text/xsl"?>' + rss(item(1)),
    "base": rss(item(1, link="x")).replace("<rss", '<rss xml:base="{canary}/"'),
    "deep": rss(item(1, "&lt;div&gt;" * 20_000)),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_documents_call_nobody_and_stay_small(
    paper: Paper, feed: Connector, server: Loopback, kind: str
) -> None:
    with serve(lambda _asked: answer("secret")) as canary:
        paper.content = HOSTILE[kind].replace("{canary}", canary.url)
        try:
            words = "".join(f"{one.title}{one.text}" for one in feed.search("").items)
        except Invalid:
            words = ""
        assert canary.connections == 0
    assert len(words) <= 21_000
    assert "secret" not in words
    assert len(server.asked) == 1


@pytest.mark.slow
def test_a_huge_feed_gives_its_first_entries_and_forgets_in_bounds(paper: Paper, feed: Connector) -> None:
    paper.content = rss(*(item(number, pubDate="") for number in range(3_000)))
    page = feed.search("")
    assert len(page.items) == 200
    for start in count(3_000, 200):
        paper.content = rss(*(item(number, pubDate="") for number in range(start, start + 200)))
        page = feed.search("", since=page.newest)
        assert len(page.items) == 200
        if start > 5_000:
            break
    assert len(page.newest) < 40_000
    paper.content = rss() + " " * 2_000_001
    with pytest.raises(Invalid, match="too large"):
        feed.search("", since=page.newest)


def test_an_archive_closes_the_gap_and_ends(paper: Paper, server: Loopback, feed: Connector) -> None:
    """RFC 5005; here with an archive that leads back to itself."""
    link = '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="{}" href="{}"/>'
    paper.content = rss(item(1), head=link.format("prev-archive", f"{server.url}/old"))
    start = feed.search("").newest
    paper.content = rss(item(5), item(4), head=link.format("prev-archive", f"{server.url}/old"))
    old = rss(item(3), item(2), head=link.format("next", f"{server.url}/older"))
    paper.replies["/old"] = answer(old, headers=XML)
    paper.replies["/older"] = answer(rss(item(1), head=link.format("next", f"{server.url}/old")), headers=XML)
    page = feed.search("", since=start)
    found = ids(page)
    while page.older:
        page = feed.search("", since=start, older=page.older)
        found += ids(page)
    assert found == ["urn:5", "urn:4", "urn:3", "urn:2"]
    assert ids(feed.search("", since=page.newest)) == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, PermissionMissing),
        (403, PermissionMissing),
        (404, Gone),
        (410, Gone),
        (429, RateLimited),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
def test_refusals_are_the_ports_own(paper: Paper, feed: Connector, status: int, error: type[NetworkError]) -> None:
    paper.replies["/feed"] = answer("no", status)
    with pytest.raises(error):
        feed.search("")


@pytest.mark.parametrize("since", ["x", "[]", "[1,2,3]", '["","",[],0]', '{"a":1}'])
def test_a_mark_of_anything_else_is_refused(feed: Connector, since: str) -> None:
    with pytest.raises(Invalid):
        feed.search("", since=since)
    with pytest.raises(Invalid):
        feed.search("", older=since)


DRAFT, REF = Draft("x", "fr"), PostRef("1")
ACTS: dict[str, Callable[[Connector], object]] = {
    "identify": lambda one: one.identify(),
    "validate": lambda one: one.validate(DRAFT),
    "publish": lambda one: one.publish(DRAFT, AttemptKey("a", datetime.now(UTC))),
    "reconcile": lambda one: one.reconcile(DRAFT, AttemptKey("a", datetime.now(UTC))),
    "delete": lambda one: one.delete(REF),
    "fetch": lambda one: one.fetch(REF),
    "locate": lambda one: one.locate("https://fin.example/1"),
    "inbox": lambda one: one.inbox(),
    "metrics": lambda one: one.metrics([REF]),
}
SOURCES = [key for key, network in catalogue.NETWORKS.items() if not network.holds_accounts]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("key", SOURCES)
def test_a_source_is_only_read(server: Loopback, key: str, act: str) -> None:
    with pytest.raises(Unsupported):
        ACTS[act](catalogue.connector(AccountRef(key, server.url, ""), Egress(allow=server.allow)))
    assert server.asked == []


def test_there_are_sources() -> None:
    assert len(SOURCES) == 2
