"""Messages of citizens from the parsed page to the conversation, beside the same rows written by the server alone.

The network's own time is left out: pages are made beforehand, as their connectors give them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts_registry.models import Account
from benchmarks.figures import Figure, Section
from benchmarks.processors import busy
from monitoring.actions import pulling, reading
from monitoring.models import Stream
from networks.egress import Answer
from networks.feed.reading import read_feed
from networks.folding import holds
from networks.mastodon.reading import read_status
from networks.types import Audience, Author, Incoming, Kind, Page, PostRef
from networks.x.reading import Site, read_people, read_tweet
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.monitoring import SourceFactory, StreamFactory, WatchFactory
from tests.factories.organisation import UnitFactory
from tests.factories.prices import give_budget

MESSAGES, STORED = 10_000, (100_000, 1_000_000)
PAGES = {"mastodon": 40, "x": 100}  # messages on a page, as the networks give them
OVERLAP = 10  # one message in so many is told on the next page again
FOUND = 5  # a watch asks for one message in so many; one in four of these names an account that hears it by itself
ENTRIES = 200  # of a feed at once
WORDS = (
    "Bonjour, j’ai reçu ma déclaration d’impôt hier mais l’adresse n’est pas la bonne. À qui dois-je écrire, et avant "
    "quelle date ? Mijn buurvrouw heeft hetzelfde probleem met haar aangifte. Merci d’avance pour votre réponse, "
    "c’est vraiment urgent #impots @finances"
)
RATE = "≥ 2,000"
# What is written, and by which key it is known: the same rows again, by the server alone, are the limit.
TABLES = {
    "monitoring_item": "id",
    "monitoring_mention": "id",
    "monitoring_entry": "id",
    "conversations_conversation": "id",
    "conversations_inboundmessage": "mention_id",
    "organisation_auditevent": "sequence",
}


def measure(*, small: bool) -> Section:
    messages, stored = (1_000, (10_000, 100_000)) if small else (MESSAGES, STORED)
    figures = list(_ports(messages))
    service = Service()
    have = 0
    for many in (0, *stored):
        service.fill(have, many)
        have = max(have, many)
        for network in PAGES:
            figures += service.hear(network, messages, f"{network}, {many:,} stored before")
        figures += service.read(messages, f"a feed, {many:,} stored before")
    told = (
        f"{messages:,} messages a network, one in {OVERLAP} told twice, one in {FOUND} found by a watch of another "
        f"account of the service; pages of {PAGES['mastodon']} (Mastodon) and {PAGES['x']} (X); a feed of {ENTRIES} "
        "entries at once. From the parsed page to the conversation with its deadline, its trail and the cursor behind "
        "it, by one worker. The limit is the time in which the server alone writes the same rows again, into copies of "
        "the tables with the same indexes. What the port costs is the reading of the networks' own JSON and XML, "
        "without HTTP. Processors' time is that of both sides, and leaves out other work on the machine."
    )
    return Section("Ingest", told, figures)


class Service:
    """A unit with an account that hears and one with a watch on each network, and a source."""

    def __init__(self) -> None:
        self.unit = UnitFactory.create()
        self.hearing = {network: self._account(network) for network in PAGES}
        self.watching = {network: self._account(network) for network in PAGES}
        self.serial = 0

    def _account(self, network: str) -> Account:
        account = ConnectedAccountFactory.create(unit=self.unit, network=network, base_url=f"https://{network}.example")
        give_budget(account, 1_000_000)
        return account

    def fill(self, have: int, many: int) -> None:
        facts = {"first": have + 1, "last": many, "accounts": [account.pk for account in self.hearing.values()]}
        with connection.cursor() as cursor:
            # No server looks at an empty table: it would plan for one from then on, as long as a connection stands.
            for statement in FILL if many > have else ():
                cursor.execute(statement, facts)

    def hear(self, network: str, count: int, what: str) -> Iterator[Figure]:
        account, watching = self.hearing[network], self.watching[network]
        watch = WatchFactory.create(account=watching, query="impots", state="active")
        inbox = Stream.objects.filter(account=account, watch=None).first() or StreamFactory.create(account=account)
        search = StreamFactory.create(account=watching, watch=watch, kind="watch")
        hits = count // FOUND
        turns = [
            (claimed(stream), _Canned(self._pages(network, many, kind)))
            for stream, many, kind in ((inbox, count - hits, Kind.MENTION), (search, hits, Kind.SEARCH_HIT))
        ]
        yield from self._timed(what, count, lambda: [read_out(*turn) for turn in turns])

    def read(self, count: int, what: str) -> Iterator[Figure]:
        source = SourceFactory.create(unit=self.unit, words="")
        items = [message("feed", self._next(), Kind.SEARCH_HIT, count) for _each in range(count)]
        pages = [Page(tuple(part), newest="[]") for part in parts(items, ENTRIES)]
        claimed(source)
        yield from self._timed(what, count, lambda: [reading._keep(source, page, is_first=False) for page in pages])

    def _pages(self, network: str, count: int, kind: Kind) -> list[Page]:
        """The newest first; the last few of each page stand on the next one again."""
        told = [message(network, self._next(), kind, count) for _each in range(count)][::-1]
        size = PAGES[network]
        again = size // OVERLAP
        slices = [told[max(0, at - again) : at + size - again] for at in range(0, count, size - again)]
        older = [*map(str, range(1, len(slices))), ""]
        return [Page(tuple(one), older=mark, newest="now") for one, mark in zip(slices, older, strict=True)]

    def _next(self) -> int:
        self.serial += 1
        return self.serial

    def _timed(self, what: str, count: int, work: Callable[[], object]) -> Iterator[Figure]:
        before = {table: _last(table, key) for table, key in TABLES.items()}
        began, begun = time.perf_counter(), busy()
        work()
        worked, took = busy() - begun, time.perf_counter() - began
        yield Figure(f"{what}: messages a second", count / took, "a second", aim=RATE)
        yield Figure(f"{what}: messages a second of processors' time", count / worked, "a second", aim=RATE)
        yield Figure(f"{what}: each message", took / count * 1e6, "µs", _copied(before) / count * 1e6)


class _Canned:
    """A connector that has all its pages already; nothing newer comes."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = pages

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        return self.pages[int(older or 0)] if older or not since else Page(())

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        return self.inbox(since=since, older=older)


def read_out(stream: Stream, connector: Any) -> None:
    """Turn by turn, as workers do, until no gap is left."""
    stream.newest, stream.gaps = "", []
    pulling._read(stream, connector)
    while stream.gaps:
        pulling._read(stream, connector)


def claimed(thing: Any) -> Any:
    """As a worker has it."""
    type(thing).objects.filter(pk=thing.pk).update(lease_until=timezone.now() + timedelta(hours=1))
    return thing


def parts(items: Sequence[Incoming], size: int) -> Iterator[Sequence[Incoming]]:
    for at in range(0, len(items), size):
        yield items[at : at + size]


def message(network: str, number: int, kind: Kind, count: int) -> Incoming:
    """One of a third as many citizens; two messages in five belong to a thread that an earlier one began."""
    root = number - number % 5 if number % 5 in (1, 2) else 0
    author = f"citizen-{root % (count // 3 + 1) if root else number % (count // 3 + 1)}"
    return Incoming(
        ref=PostRef(f"{network}-{number:010}", f"https://{network}.example/@{author}/{number}"),
        kind=kind,
        author=Author(author, author, f"Citizen {author} Peeters"),
        text=f"{number} {WORDS}",
        created_at=datetime.now(UTC) - timedelta(days=20) + timedelta(seconds=number),
        language="fr",
        parent=PostRef(f"{network}-{root:010}") if root else None,
        root=PostRef(f"{network}-{root:010}") if root and network == "x" else None,
        audience=Audience.PUBLIC,
        title="A title" if network == "feed" else "",
    )


def _last(table: str, key: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max({key}), 0) FROM {table}")
        return int(cursor.fetchone()[0])


def _copied(before: dict[str, int]) -> float:
    """Seconds in which the server writes again, into copies of the tables, what came after the keys in `before`."""
    took = 0.0
    with connection.cursor() as cursor:
        for table, last in before.items():
            key = TABLES[table]
            cursor.execute(f"CREATE TABLE copied (LIKE {table} INCLUDING ALL)")
            began = time.perf_counter()
            cursor.execute(f"INSERT INTO copied SELECT * FROM {table} WHERE {key} > %s", [last])
            took += time.perf_counter() - began
            cursor.execute("DROP TABLE copied")
    return took


def _ports(count: int) -> Iterator[Figure]:
    """What it costs to read the networks' own answers, and to look for a source's words in them."""
    site = Site("https://x.example")
    toot, tweet, feed = json.dumps(_toot()), json.dumps(_tweet()), _feed()
    text = WORDS * 2
    work: dict[str, tuple[Callable[[], object], int]] = {
        "Mastodon": (lambda: read_status(json.loads(toot), Kind.MENTION), count),
        "X": (lambda: _read_x(json.loads(tweet), site), count),
        "a feed": (lambda: read_feed(Answer("https://press.example/", 200, (), feed)), count // ENTRIES),
        "words of a source": (lambda: holds(text, "impôt réponse"), count),
    }
    for name, (read, times) in work.items():
        read()
        began = time.perf_counter()
        for _each in range(times):
            read()
        took = time.perf_counter() - began
        yield Figure(f"the port, {name}: each message", took / count * 1e6, "µs")


def _read_x(told: Any, site: Site) -> Incoming:
    return read_tweet(told["data"], read_people(told, site), Kind.MENTION, site)


def _toot() -> dict[str, Any]:
    account = {"id": "7", "acct": "an@elsewhere.example", "display_name": "An", "url": "https://elsewhere.example/@an"}
    return {
        "id": "1000",
        "url": "https://mastodon.example/@an/1000",
        "account": account,
        "content": f"<p>{WORDS}</p>",
        "created_at": "2026-11-02T09:00:00.000Z",
        "language": "fr",
        "visibility": "public",
        "in_reply_to_id": "900",
        "mentions": [{"id": "1", "acct": "finances"}],
        "media_attachments": [],
    }


def _tweet() -> dict[str, Any]:
    tweet = {
        "id": "1840000000000000000",
        "author_id": "7",
        "text": WORDS,
        "created_at": "2026-11-02T09:00:00.000Z",
        "lang": "fr",
        "conversation_id": "1830000000000000000",
        "entities": {"mentions": [{"id": "1", "username": "finances", "start": 0, "end": 9}]},
    }
    return {"data": tweet, "includes": {"users": [{"id": "7", "username": "an", "name": "An"}]}}


def _feed() -> bytes:
    entries = "".join(
        f"<item><guid>urn:{number}</guid><link>https://press.example/{number}</link><title>Entry {number}</title>"
        f"<description>{WORDS}</description><pubDate>Mon, 02 Nov 2026 09:00:00 GMT</pubDate></item>"
        for number in range(ENTRIES)
    )
    return f'<rss version="2.0"><channel><title>Press</title>{entries}</channel></rss>'.encode()


# Messages of the past month, each in a conversation of its own; in steps, so that the server knows how many.
FILL = (
    """CREATE TEMP TABLE told AS
       SELECT n, account.*, 'old-' || n AS name, now() - interval '30 days' * random() AS at
         FROM generate_series(%(first)s, %(last)s) AS n
         JOIN (SELECT id, unit_id, network, base_url, row_number() OVER (ORDER BY id) - 1 AS place,
                      count(*) OVER () AS many
                 FROM accounts_registry_account WHERE id = ANY(%(accounts)s)) AS account ON place = n %% many""",
    "ANALYZE told",
    """INSERT INTO monitoring_item (network, server, remote_id, url, title, text, language, audience, parent_id,
                                    root_id, root_url, root_cid, cid, sent_at)
       SELECT network, base_url, name, '', '', 'Message ' || n || ' of the usual length.', 'fr', 'public',
              '', '', '', '', '', at FROM told""",
    """INSERT INTO monitoring_mention (item_id, account_id, kind, sent_at, received_at, check_at, purge_after)
       SELECT item.id, told.id, 'mention', at, at, at + interval '7 days', (at + interval '30 days')::date
         FROM told JOIN monitoring_item AS item ON item.remote_id = name AND item.network = told.network""",
    """INSERT INTO conversations_conversation (unit_id, account_id, root_id, author_id, author_handle, author_name,
                                               language, state, category, clock_started_at, deadline, answered_at,
                                               last_mention_at)
       SELECT unit_id, id, name, 'citizen-' || n, 'old' || n, 'Old ' || n, 'fr',
              CASE WHEN n %% 50 = 0 THEN 'new' ELSE 'answered' END, 'question', at, at + interval '1 day', at, at
         FROM told""",
    """INSERT INTO conversations_inboundmessage (mention_id, conversation_id, sent_at, words)
       SELECT mention.id, conversation.id, mention.sent_at,
              array_to_tsvector(ARRAY['message', n::text, 'of', 'the', 'usual', 'length', '@old' || n])
         FROM told JOIN monitoring_item AS item ON item.remote_id = name AND item.network = told.network
         JOIN monitoring_mention AS mention ON mention.item_id = item.id
         JOIN conversations_conversation AS conversation ON conversation.root_id = name
                                                        AND conversation.account_id = told.id""",
    "DROP TABLE told",
    "VACUUM ANALYZE",  # as the server does by itself, some time later
)
