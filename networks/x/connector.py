"""X through tweepy."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from networks import calls
from networks.answers import says_more
from networks.calls import Result, each_readable, run
from networks.catalogue import network
from networks.composition import compose
from networks.egress import Egress, Terms
from networks.errors import Gone, NetworkError
from networks.looking import Look, all_said
from networks.paging import Walk, as_instant
from networks.types import (
    AccountRef,
    AttemptKey,
    Author,
    Draft,
    Finding,
    Identity,
    Incoming,
    Kind,
    Measure,
    Page,
    PostRef,
    Presence,
    Problem,
)
from networks.validation import problems
from networks.x import reading
from networks.x.answers import judge_x
from networks.x.client import MEDIA, XClient
from networks.x.media import Uploads
from networks.x.reading import Site
from networks.x.text import same_words, shown
from networks.x.weighing import forbidden, weighted_length

PAGE = 100
MOST_PAGES = 10
CLOCKS_APART = timedelta(minutes=2)
# The search goes back seven days, and refuses to be asked for more; an hour less leaves room for the clocks.
RECENT = timedelta(days=7) - timedelta(hours=1)
OWN_BACK = timedelta(days=1)  # so far back our own messages are read where nobody has read them yet
GIF_BYTES = 15_000_000

logger = logging.getLogger(__name__)

Fields = dict[str, Any]
TWEETS: Fields = {
    "expansions": list(reading.EXPANSIONS),
    "tweet_fields": list(reading.TWEET_FIELDS),
    "media_fields": list(reading.MEDIA_FIELDS),
    "poll_fields": list(reading.POLL_FIELDS),
    "user_fields": ["name", "username", "protected"],
}


class XConnector:
    """`settle` is how long after a send a message may still be on its way into our own list."""

    def __init__(
        self,
        account: AccountRef,
        egress: Egress,
        *,
        settle: timedelta = timedelta(minutes=2),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.account = account
        self._settle = settle
        self._now = now
        self._site = Site(network("x").host("site", account.base_url))
        self._terms = Terms(_is_write, judge_x, secrets=tuple(account.credentials.values()))
        self._api = XClient(account, egress, self._terms)
        self._uploads = Uploads(self._api, self._run, pause)

    def identify(self) -> Identity:
        return self._run(lambda: reading.read_identity(self._api.get_me(), self._site))

    def length(self, text: str) -> int:
        return weighted_length(text)

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        capabilities = network("x").capabilities
        sent = compose(draft, "x").text
        found = [one for one in problems(draft, capabilities, self.length(sent), sent) if not _is_moving(draft, one)]
        if forbidden(sent):
            found.append(Problem("text", "text_forbidden"))
        if len(draft.media) > 1 and any(media.mime == "image/gif" for media in draft.media):
            found.append(Problem("media", "too_many_media", 1, len(draft.media)))
        return tuple(found)

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        with calls.publishing(self._terms, draft, attempt):
            media = [self._run(partial(self._uploads.send, medium)) for medium in draft.media]
            return self._run(
                lambda: reading.read_ref(
                    self._api.create_tweet(
                        text=compose(draft, "x").text or None,
                        in_reply_to_tweet_id=draft.reply_to.id if draft.reply_to else None,
                        media_ids=media or None,
                    ),
                    self._site,
                )
            )

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        """Look for the message among our own newest ones.

        Not found is `ABSENT` only once a late arrival would have shown. That X refuses the same words twice is a net
        below that, no proof: it forgets, and it minds only what is close in time.
        """
        begun = attempt.created_at - CLOCKS_APART
        pages: list[reading.Json] = []
        try:
            self._run(lambda: pages.extend(self._own_posts(begun)))
        except NetworkError:
            if not pages:
                raise  # else what has been read is paid for, and may show it already
        read, users = (sum(counts) for counts in zip((0, 0), *map(reading.returned, pages), strict=True))
        match = self._run(lambda: self._find(draft, pages))
        if isinstance(match, PostRef):
            return Finding(Presence.PRESENT, match, read=read, users=users)
        clocks = self._terms.clocks(self._now(), attempt.looked_at)
        if match is None and all(clock - attempt.last_sent_at >= self._settle for clock in clocks):
            return Finding(Presence.ABSENT, read=read, users=users)
        return Finding(Presence.UNCERTAIN, read=read, users=users)

    def delete(self, ref: PostRef) -> None:
        if not self._run(lambda: reading.read_deleted(self._api.delete_tweet(ref.id))):
            raise Gone("not deleted")

    def fetch(self, ref: PostRef) -> Incoming | None:
        return self._seen(ref, latest=True)

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        return ()

    def locate(self, url: str) -> PostRef | None:
        found = self._site.post_id(url)
        seen = self._seen(PostRef(found), latest=False) if found else None
        return seen.ref if seen and seen.author.id == self._me() else None

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        """Whoever answers us names us, so that mentions and answers are one list.

        Each message read costs: above an earlier page's `newest` nothing comes that was paid for already. What we wrote
        ourselves is read beside it, once, and at the daily look back once more.
        """
        walk = Walk.begin(since, older)
        known = reading.Marks.read(walk.since)
        ask = partial(
            self._api.get_users_mentions,
            self._me(),
            **reading.bounds(known.theirs),
            pagination_token=walk.cursor or None,
        )
        if walk.cursor or self._is_short_look(known.theirs):
            return self._page(walk, ask, self._kind)
        return self._page(walk, ask, self._kind, lambda: self._said_since(known.ours), known)

    def _is_short_look(self, since: str) -> bool:
        """A look back over minutes finds what X told late; our own messages it tells in time, and each costs."""
        at = as_instant(since)
        return at is not None and self._now() - at < OWN_BACK

    def _said_since(self, mark: str) -> list[reading.Json]:
        """What we wrote after `mark`, or in the last day; nothing where X does not tell it now."""
        bounds = reading.bounds(mark) or {"start_time": self._now() - OWN_BACK}
        asked = {**bounds, "exclude": ["retweets"], "max_results": PAGE, "tweet_fields": list(reading.TWEET_FIELDS)}
        try:
            return self._run(lambda: reading.read_items(self._api.get_users_tweets(self._me(), **asked)))
        except NetworkError as error:
            logger.warning("our own messages could not be read: %s", error.code)
            return []

    def _answer(self, tweet: reading.Json) -> Incoming:
        me = Author(self._me(), self.account.handle)
        return reading.read_tweet(tweet, {me.id: me}, Kind.ANSWER, self._site)

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        walk = Walk.begin(since, older)
        bounds = reading.bounds(walk.since, not_before=self._now() - RECENT)
        ask = partial(
            self._api.search_recent_tweets, f"({query}) -is:retweet", **bounds, next_token=walk.cursor or None
        )
        return self._page(walk, ask, _hit)

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        return self._run(lambda: self._figures(refs))

    def _figures(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        at = self._now()
        found: list[Measure] = []
        me = dict(self._api.get_me(user_fields=["public_metrics"])["data"])
        found += reading.read_figures(me, reading.USER_FIGURES, "", "users", at)
        for start in range(0, len(refs), PAGE):
            ids = [ref.id for ref in refs[start : start + PAGE]]
            for tweet in self._some(ids):
                found += reading.read_figures(tweet, reading.TWEET_FIGURES, reading.versions(tweet)[0], "tweets", at)
        return tuple(found)

    def _run(self, work: Callable[[], Result]) -> Result:
        return run(self._terms, work)

    def _me(self) -> str:
        return self.account.remote_id or self.identify().remote_id

    def _seen(self, ref: PostRef, *, latest: bool) -> Incoming | None:
        try:
            return self._run(lambda: self._read_one(ref, latest=latest))
        except Gone:
            return None

    def _read_one(self, ref: PostRef, *, latest: bool) -> Incoming:
        """At its `latest` version: an older id goes on showing what was first written. That may cost a second look."""
        told = self._api.get_tweet(ref.id, **TWEETS)
        read, users = reading.returned(told)
        newest = reading.versions(told["data"])[-1]
        if latest and newest != str(told["data"]["id"]):
            told = self._api.get_tweet(newest, **TWEETS)
            read, users = (before + more for before, more in zip((read, users), reading.returned(told), strict=True))
        if not reading.has_text(told["data"]):
            raise ValueError("no words")
        people = reading.read_people(told, self._site)
        return replace(
            reading.read_tweet(told["data"], people, Kind.MENTION, self._site, told.get("includes")),
            read=read,
            users=max(users, 1),
        )

    def _some(self, ids: list[str]) -> list[reading.Json]:
        """Those of these messages that are there; `Gone` is what X says when none is."""
        try:
            return self._run(lambda: reading.read_items(self._api.get_tweets(ids, tweet_fields=["public_metrics"])))
        except Gone:
            return []

    def _page(
        self,
        walk: Walk,
        ask: Callable[..., Any],
        kind: Callable[[reading.Json], Kind],
        own: Callable[[], list[reading.Json]] = list,
        known: reading.Marks | None = None,
    ) -> Page:
        """A page of what `ask` asks for, and beside it what of our `own` messages answers something."""

        def work() -> Page:
            told = ask(max_results=PAGE, **TWEETS)
            people, tweets = reading.read_people(told, self._site), reading.read_items(told)
            beside = told.get("includes")
            items = each_readable(
                tweets, lambda tweet: reading.read_tweet(tweet, people, kind(tweet), self._site, beside)
            )
            ours = [tweet for tweet in own() if isinstance(tweet, Mapping)]
            mine = [tweet for tweet in ours if str(tweet.get("author_id") or self._me()) == self._me()]
            answers = (item for item in each_readable(mine, self._answer) if item.parent)
            everything = tuple(sorted((*items, *answers), key=lambda item: item.created_at, reverse=True))
            first = known.moved(tweets, mine) if known else reading.mark(tweets)
            page = walk.page(everything, first=first, cursor=reading.next_page(told))
            shown, users = reading.returned(told)
            return replace(page, read=len(tweets), brought=shown - len(tweets) + len(ours), users=users)

        return self._run(work)

    def _kind(self, tweet: reading.Json) -> Kind:
        return Kind.REPLY if str(tweet.get("in_reply_to_user_id") or "") == self.account.remote_id else Kind.MENTION

    def _find(self, draft: Draft, pages: list[reading.Json]) -> PostRef | bool | None:
        """Our message among `pages`; None when it is certainly not there; False when the list was too long to say."""
        ours = compose(draft, "x").text
        target = draft.reply_to.id if draft.reply_to else ""
        look, last, lacks = Look(), False, False
        for told in pages:
            last = not reading.next_page(told) and "meta" in told
            tweets = reading.read_items(told)
            lacks = lacks or says_more((told.get("meta") or {}).get("result_count"), len(tweets))
            for tweet in tweets:
                words = reading.has_text(tweet) and same_words(ours, shown(tweet), is_reply=bool(target))
                is_ours = all_said(reading.answers(tweet, target), words if reading.has_text(tweet) else None)
                look.at(is_ours, partial(self._ref, tweet))
        return look.told(whole=last and not lacks)

    def _ref(self, tweet: reading.Json) -> PostRef:
        identifier = reading.versions(tweet)[0]
        return PostRef(identifier, self._site.post(identifier))

    def _own_posts(self, begun: datetime) -> Iterator[reading.Json]:
        """Pages of our own messages since `begun`, newest first."""
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            told = self._api.get_users_tweets(
                self._me(),
                start_time=begun,
                exclude=["retweets"],
                pagination_token=cursor,
                max_results=PAGE,
                tweet_fields=list(reading.TWEET_FIELDS),
            )
            cursor = reading.next_page(told)
            reading.read_items(told)  # ValueError where it is no list
            yield told
            if not cursor:
                return


def _is_write(method: str, path: str) -> bool:
    """Whatever is not reading is public, but for uploads, which nobody sees before a message shows them."""
    return method not in ("GET", "HEAD") and not path.startswith(MEDIA + "/")


def _is_moving(draft: Draft, problem: Problem) -> bool:
    """Whether what was found too large is an animation, which may be three times as large as a picture."""
    place = problem.field.rpartition(".")[2]
    return (
        problem.code == "media_too_large"
        and draft.media[int(place)].mime == "image/gif"
        and (problem.actual or 0) <= GIF_BYTES
    )


def _hit(_tweet: reading.Json) -> Kind:
    return Kind.SEARCH_HIT
