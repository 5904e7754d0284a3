"""Mastodon through Mastodon.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from mastodon import Mastodon

from networks import calls
from networks.calls import Result, each_readable, run
from networks.catalogue import network
from networks.composition import compose
from networks.egress import Egress, Terms
from networks.errors import AuthExpired, Gone, NetworkError, PermissionMissing, Rejected, Unavailable
from networks.kinds import Counting
from networks.looking import Look, all_said, newest_first, require_words
from networks.mastodon.answers import judge_status
from networks.mastodon.inbox import Inbox, notifications
from networks.mastodon.instance import read_software
from networks.mastodon.narrowing import decide
from networks.mastodon.reading import (
    VISIBILITIES,
    Json,
    answered_by,
    read_account_figures,
    read_found,
    read_identity,
    read_instant,
    read_ref,
    read_status,
    read_status_figures,
    read_upload,
    same_address,
    status_place,
    written,
)
from networks.mastodon.software import software
from networks.mastodon.text import countable_length, plain, same_words
from networks.paging import Walk, as_instant
from networks.types import (
    AccountRef,
    AttemptKey,
    Draft,
    Finding,
    FoundAccount,
    Identity,
    Incoming,
    Kind,
    Measure,
    Media,
    Page,
    PostRef,
    Presence,
    Problem,
)
from networks.validation import graphemes, problems

# Told, not detected: a failing detection makes the library call itself without end.
SPOKEN_VERSION = "4.4.0"
PAGE = 40
MOST_PAGES = 10
# The server remembers an idempotency key for an hour; five minutes less leaves room for both clocks.
KEY_PROTECTS = timedelta(minutes=55)
CLOCKS_APART = timedelta(minutes=2)
MEDIA_LOOKS = 60  # with the pauses between them, what `calls.PROCESSING` gives the network


class MastodonConnector:
    """`settle` is how long after a send a status may still be on its way into our own list.

    `account.limits` are what its server allows; without them, what every Mastodon takes.
    """

    def __init__(
        self,
        account: AccountRef,
        egress: Egress,
        *,
        settle: timedelta = timedelta(seconds=60),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.account = account
        self._settle = settle
        self._now = now
        self._pause = pause
        self._can = network("mastodon").capabilities.at(account.limits)
        self._egress = egress
        self._terms = Terms(_is_write, judge_status, secrets=tuple(account.credentials.values()))
        self._api = self._client(egress, _token(account, "access_token", "read_access_token"))
        self._reading = self._client(egress, _token(account, "read_access_token", "access_token"))

    def _client(self, egress: Egress, token: str | None) -> Mastodon:
        return Mastodon(
            api_base_url=self.account.base_url,
            access_token=token,
            session=egress.session(self._terms),
            request_timeout=egress.limits.seconds,
            mastodon_version=SPOKEN_VERSION,
            version_check_mode="created",
            ratelimit_method="throw",
            user_agent="Parvis",
        )

    def identify(self) -> Identity:
        return self._run(lambda: read_identity(self._reading.account_verify_credentials()))

    def length(self, text: str) -> int:
        raw = self._can.counting is Counting.CHARACTERS
        return len(text) if raw else countable_length(text, self._can.address_length)

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        """In the words before it the server counts each sign: only in the text addresses and names are cheaper."""
        sent = compose(draft, "mastodon").text
        raw = self._can.counting is Counting.CHARACTERS
        warning = len(draft.warning) if raw else graphemes(draft.warning)
        return problems(draft, self._can, self.length(sent) + warning, sent)

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        with calls.publishing(self._terms, draft, attempt):
            return self._publish(draft, attempt)

    def _publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        media = [self._upload(medium) for medium in draft.media]
        # Last before the write: some servers let an answer to what is gone go out as a message of its own.
        audience = self._run(lambda: decide(draft, self._parent(draft), self.account, self._can))
        return self._run(
            lambda: read_ref(
                self._api.status_post(
                    compose(draft, "mastodon").text,
                    in_reply_to_id=draft.reply_to.id if draft.reply_to else None,
                    media_ids=media or None,
                    visibility=VISIBILITIES[audience],
                    spoiler_text=draft.warning or None,
                    sensitive=bool(draft.warning),
                    language=draft.language or None,
                    idempotency_key=attempt.key,
                )
            )
        )

    def _parent(self, draft: Draft) -> Json | None:
        target = draft.reply_to
        if target is None:
            return None
        try:
            return self._run(lambda: self._reading.status(target.id))
        except Gone:
            return None

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        """Look for the message among our own newest ones.

        Not found is `ABSENT` only once a late arrival would have shown, and while the server still remembers the
        idempotency key, so that sending again cannot make a second one even if the list was behind. Never where its
        software remembers none: such servers keep from the list, besides, what is for few.
        """
        begun = attempt.created_at - CLOCKS_APART
        match = self._run(lambda: self._find(draft, begun))
        if match is None and draft.reply_to is not None:
            match = self._run(lambda: self._find_below(draft, begun))
        if isinstance(match, PostRef):
            return Finding(Presence.PRESENT, match)
        settled = all(self._settled(attempt, clock) for clock in self._terms.clocks(self._now(), attempt.looked_at))
        if match is None and settled and self._keeps_keys():
            return Finding(Presence.ABSENT)
        return Finding(Presence.UNCERTAIN)

    def delete(self, ref: PostRef) -> None:
        try:
            self._run(lambda: self._api.status_delete(ref.id))
        except AuthExpired:
            # Takahe says so of a status that is somebody else's. Where the token is over, this says it.
            self._run(lambda: read_identity(self._api.account_verify_credentials()))
            raise Gone("not a status of this account") from None

    def fetch(self, ref: PostRef) -> Incoming | None:
        try:
            return self._run(lambda: self._standing(ref.id))
        except Gone:
            return None

    def _standing(self, identifier: str) -> Incoming:
        status = self._reading.status(identifier)
        require_words(status.get("content"))
        return read_status(status, Kind.MENTION)

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        below = each_readable(self._below(ref.id), lambda one: read_status(one, Kind.ANSWER))
        return tuple(one for one in below if one.author.id == self._me())

    def locate(self, url: str) -> PostRef | None:
        """By the id in the address where the server itself is named there; else the server says what it shows there,
        under another of its names."""
        found, is_here = status_place(url, self.account.base_url)
        seen = self.fetch(PostRef(found)) if found and is_here else None
        if found and seen is None:
            seen = self._shown_at(url.strip())
        if seen is None:
            return None
        return seen.ref if seen.author.id == self._me() else None

    def _shown_at(self, url: str) -> Incoming | None:
        """What the server finds for an address. It searches words too: only what stands at this very address counts."""
        try:
            return self._run(lambda: self._found_at(url))
        except Rejected:
            return None

    def _found_at(self, url: str) -> Incoming | None:
        told = self._reading.search_v2(url, resolve=True, result_type="statuses", limit=1)
        shown = [status for status in told["statuses"] if same_address(url, status)]
        return read_status(shown[0], Kind.MENTION) if shown else None

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        walk = Walk.begin(since, older)
        here = Inbox(self._me(), notes=self._notes, own=self._newest, below=self._below)
        return self._run(lambda: here.page(walk))

    def _notes(self, before: str) -> list[Json]:
        session = self._egress.session(self._terms)
        token = _token(self.account, "read_access_token", "access_token")
        return self._run(lambda: notifications(session, self.account.base_url, token, before))

    def _newest(self) -> list[Any]:
        """Nothing where the token may read notifications alone: what names us is heard with it all the same."""
        try:
            return self._run(lambda: list(self._reading.account_statuses(self._me(), exclude_reblogs=True, limit=PAGE)))
        except PermissionMissing:
            return []

    def _below(self, identifier: str) -> list[Any]:
        try:
            return self._run(lambda: list(self._reading.status_context(identifier)["descendants"]))
        except Gone:
            return []

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        walk = Walk.begin(since, older)
        return self._run(lambda: self._hits(query, walk))

    def find_accounts(self, query: str) -> tuple[FoundAccount, ...]:
        def work() -> tuple[FoundAccount, ...]:
            found = self._reading.search_v2(query, resolve=False, result_type="accounts", limit=PAGE)
            return each_readable(found["accounts"], read_found)

        return self._run(work)

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        at = self._now()
        found = self._run(lambda: [*read_account_figures(self._reading.account_verify_credentials(), at)])
        for ref in refs:
            with suppress(Gone):
                found += self._run(partial(self._figures, ref.id, at))
        return tuple(found)

    def _figures(self, status: str, at: datetime) -> list[Measure]:
        return [*read_status_figures(self._reading.status(status), status, at)]

    def _run(self, work: Callable[[], Result]) -> Result:
        return run(self._terms, work)

    def _settled(self, attempt: AttemptKey, now: datetime) -> bool:
        return now - attempt.last_sent_at >= self._settle and now - attempt.created_at < KEY_PROTECTS

    def _upload(self, media: Media) -> str:
        """Upload and wait until the server has processed it; without any public effect, so a failure is harmless."""
        content, alt = media.path.read_bytes(), media.alt or None
        uploaded = self._run(lambda: read_upload(self._api.media_post(content, mime_type=media.mime, description=alt)))
        looks = 0
        while not uploaded.get("url"):
            if looks == MEDIA_LOOKS:
                raise Unavailable("media not processed in time")
            looks += 1
            self._pause(min(0.2 * 2**looks, 3))
            uploaded = self._run(lambda known=uploaded["id"]: read_upload(self._api.media(known)))  # type: ignore[misc]
        return str(uploaded["id"])

    def _keeps_keys(self) -> bool:
        """Whether the server remembers idempotency keys; asked of itself where nobody has asked it yet."""
        name = self.account.software
        try:
            name = name or self._run(lambda: read_software(self.account.base_url, self._egress))
        except NetworkError:
            return False
        return software(name).keeps_keys

    def _me(self) -> str:
        return self.account.remote_id or self.identify().remote_id

    def _find_below(self, draft: Draft, begun: datetime) -> PostRef | bool | None:
        """Our answer below its question: where a server keeps what is for few out of our list, it stands there."""
        assert draft.reply_to is not None
        target, ours = draft.reply_to.id, compose(draft, "mastodon").text
        look = Look()
        for status in self._below(target):
            mine = str(status["account"]["id"]) == self._me() and written(status) >= begun
            answered = answered_by(status)
            is_target = None if answered is None else answered == target
            look.at(all_said(mine, is_target, _is_said(ours, status)), partial(read_ref, status), keep=True)
        return look.told(whole=True)

    def _find(self, draft: Draft, begun: datetime) -> PostRef | bool | None:
        """Our message; None when it is certainly not listed; False when that cannot be said: the list was too long, or
        the same words stand there without what they answer, as they do once that is gone."""
        ours = compose(draft, "mastodon").text
        target = draft.reply_to.id if draft.reply_to else ""
        look = Look()
        for page in self._own_statuses():
            for status in newest_first(page, written):
                if written(status) < begun:
                    return look.told(whole=True)
                answered = answered_by(status)
                is_target = answered == target or (False if answered else None)
                look.at(all_said(is_target, _is_said(ours, status)), partial(read_ref, status))
            if len(page) == 0:
                return look.told(whole=True)
        return look.told(whole=False)

    def _own_statuses(self) -> Iterator[list[Any]]:
        me = self._me()
        max_id: str | None = None
        for _ in range(MOST_PAGES):
            page = list(self._reading.account_statuses(me, exclude_reblogs=True, max_id=max_id, limit=PAGE))
            yield page
            if not page:
                return
            max_id = str(page[-1]["id"])

    def _hits(self, query: str, walk: Walk) -> Page:
        """Newest first, down to what is known. A lower bound is not given to the server: one that takes it for the
        place to begin at would answer with the oldest above it, and starve the newest."""
        found = self._reading.search_v2(
            query, resolve=False, result_type="statuses", max_id=walk.cursor or None, limit=PAGE
        )
        floor = as_instant(walk.since)

        def is_fresh(hit: Any) -> bool:
            return read_instant(hit["created_at"]) >= floor if floor else _age(str(hit["id"])) > _age(walk.since)

        told = each_readable(found["statuses"], lambda hit: (_age(str(hit["id"])), is_fresh(hit), hit))
        hits = sorted(told, key=lambda one: one[0], reverse=True)
        fresh = [hit for _age_of, is_new, hit in hits if is_new]
        items = each_readable(fresh, lambda hit: read_status(hit, Kind.SEARCH_HIT))
        ended = len(fresh) < len(hits)
        return walk.page(items, first=_id(fresh, 0), cursor="" if ended else _id(fresh, -1))


def _is_said(ours: str, status: Any) -> bool | None:
    """Whether a status says `ours`; None where the answer does not show what it says: nothing but marked-up words does
    (or a picture without any), and the library makes words of whatever stands there."""
    content = str(status["content"])
    shows = "<" in content or (not content and status.get("media_attachments"))
    return same_words(ours, plain(content)) or (False if shows else None)


def _token(account: AccountRef, *names: str) -> str:
    """The first of these that the account holds."""
    return next((account.credentials[name] for name in names if account.credentials.get(name)), "")


def _is_write(method: str, path: str) -> bool:
    """Whatever is not reading is public, but for uploads, which nobody sees before a status shows them."""
    return method not in ("GET", "HEAD") and not path.endswith("/media")


def _age(identifier: str) -> tuple[int, str]:
    """Identifiers in the order of their making: longer ones are later."""
    return len(identifier), identifier


def _id(items: list[Any], index: int) -> str:
    return str(items[index]["id"]) if items else ""
