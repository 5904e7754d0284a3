"""Words looked for in the inbox of a service with very many conversations, beside the same at a thousand."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection

from benchmarks import inbox
from benchmarks.figures import Figure, Section
from benchmarks.inbox import ACCOUNTS, FEW, UNITS
from benchmarks.processors import cost
from benchmarks.service import Service
from conversations.queries import InboxFilter, inbox_page
from organisation.models import Person
from tests.factories.organisation import UnitFactory, person_with

# Each message says twenty words of twenty thousand, of which a few are said again and again, as in a language.
MESSAGES = (
    """INSERT INTO monitoring_item (network, server, remote_id, text, parent_id, root_id, root_url, root_cid, cid, url,
                                    title, language, sent_at)
       SELECT 'mastodon', 'https://search.example', 'message-' || id, 'Words of the usual length.', '', '', '', '', '',
              '', '', 'fr', last_mention_at FROM conversations_conversation WHERE id > %(after)s""",
    """INSERT INTO monitoring_mention (item_id, account_id, kind, sent_at, received_at, check_at, purge_after)
       SELECT item.id, conversation.account_id, 'mention', last_mention_at, last_mention_at, now(), now()
         FROM conversations_conversation AS conversation
         JOIN monitoring_item AS item ON item.remote_id = 'message-' || conversation.id
                                     AND item.server = 'https://search.example'
        WHERE conversation.id > %(after)s""",
    """INSERT INTO conversations_inboundmessage (mention_id, conversation_id, sent_at, words)
       SELECT mention.id, conversation.id, mention.sent_at,
              (SELECT array_to_tsvector(array_agg(DISTINCT 'w' || floor(power(random(), 3) * 20000)::int || 'x'))
                 FROM generate_series(1, 20) WHERE mention.id > 0)
         FROM conversations_conversation AS conversation
         JOIN monitoring_item AS item ON item.remote_id = 'message-' || conversation.id
                                     AND item.server = 'https://search.example'
         JOIN monitoring_mention AS mention ON mention.item_id = item.id
        WHERE conversation.id > %(after)s""",
    "VACUUM ANALYZE",
)
WORDS = {
    "a rare word": "w19999x",
    "a word in one message of 200": "w300x",
    "a word in one message of 50": "w40x",
    "two words": "w40x w300x",
    "the beginning of many": "w123",
    "a word in every other message": "w0x",
}


def measure(*, small: bool) -> Section:
    service = Service(accounts=0)
    units = [service.unit, *(UnitFactory.create(parent=service.unit) for _each in range(UNITS - 1))]
    for unit in units:
        service.open_accounts(ACCOUNTS // UNITS, unit)
    person = person_with("conversation_manager", service.unit)
    figures, have = [], 0
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")  # whose time nobody would see
    told: dict[str, float] = {}
    for many in (FEW, 100_000) if small else (FEW, 100_000, 1_000_000):
        fill(have + 1, many, [unit.pk for unit in units])
        have = many
        for name, words in WORDS.items():
            for reach in ("", "all"):
                took = cost(looking_for(person, words, reach))
                told.setdefault(name + reach, took)
                if many > FEW:
                    where = "in everything" if reach else "in 90 days"
                    aim = "" if reach else "≤ 100 ms"
                    figures.append(Figure(f"{name}, {where} of {many:,}", took, "ms", told[name + reach], aim))
    words = (
        f"{UNITS} units, {ACCOUNTS} accounts, all in sight; one message a conversation, over two years. All that the "
        "page asks of the database: the first thirty with what they say, and how many there are, up to a thousand, as "
        "time of both sides' processors, the median, so that other work on the machine does not count. The "
        f"limit is the same with {FEW:,} conversations, in the same run."
    )
    return Section("Search", words, figures)


def looking_for(person: Person, words: str, reach: str) -> Callable[[], object]:
    return lambda: inbox_page(person, InboxFilter(show="all", words=words, reach=reach))


def fill(first: int, last: int, units: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM conversations_conversation")
        after = cursor.fetchone()[0]
        inbox.fill(first, last, units)
        for statement in MESSAGES:
            cursor.execute(statement, {"after": after})
