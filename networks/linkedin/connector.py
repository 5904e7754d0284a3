"""LinkedIn, for the page of an organisation."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from networks import calls
from networks.answers import list_of, says_more
from networks.calls import Result, run
from networks.catalogue import network
from networks.composition import compose
from networks.egress import Egress, Terms
from networks.errors import Gone, Unsupported
from networks.linkedin.answers import judge
from networks.linkedin.figures import Figures
from networks.linkedin.inbox import Inbox
from networks.linkedin.media import Uploads
from networks.linkedin.reading import (
    instant,
    read_comment,
    read_identity,
    read_post,
    ref_of,
    urn_of_comment,
)
from networks.linkedin.rest import Rest, is_write, made
from networks.linkedin.text import escape, unescape
from networks.linkedin.urns import ACTIVITY, POST, CommentUrn, address, comment_urn, encoded, listed, named_at
from networks.looking import Look, all_said, newest_first, require_words, said
from networks.sameness import same_words
from networks.types import (
    AccountRef,
    AttemptKey,
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

PAGE = 50
MOST_PAGES = 10
CLOCKS_APART = timedelta(minutes=2)


class LinkedInConnector:
    """`account.remote_id` is the page's URN. `settle` is how long a new post may be missing from our own list."""

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
        self._me = account.remote_id
        about = network("linkedin")
        self._can = about.capabilities
        self._site = account.base_url.rstrip("/")
        self._terms = Terms(is_write, judge, secrets=tuple(account.credentials.values()))
        home = about.host("api", account.base_url)
        self._rest = Rest(home, account.credentials, egress, self._terms)
        self._uploads = Uploads(self._rest, self._me, pause)

    def identify(self) -> Identity:
        number = self._me.rpartition(":")[2]
        return self._run(lambda: read_identity(self._rest.get(f"/rest/organizations/{encoded(number)}"), self._site))

    def length(self, text: str) -> int:
        return len(text)

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        sent = compose(draft, "linkedin").text
        return problems(draft, self._can, self.length(sent), sent)

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        with calls.publishing(self._terms, draft, attempt):
            return self._run(lambda: self._publish_reply(draft) if draft.reply_to else self._post(draft))

    def _post(self, draft: Draft) -> PostRef:
        body: dict[str, Any] = {
            "author": self._me,
            "commentary": escape(compose(draft, "linkedin").text),
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        }
        content = self._content(draft)
        return ref_of(
            made(self._rest.post("/rest/posts", body | ({"content": content} if content else {}))), self._site
        )

    def _content(self, draft: Draft) -> dict[str, Any]:
        card = compose(draft, "linkedin").card
        if card:
            shown = {"description": card.description} if card.description else {}
            shown |= {"thumbnail": self._uploads.picture(card.picture)} if card.picture else {}
            return {"article": {"source": card.url, "title": card.title, **shown}}
        if not draft.media:
            return {}
        if draft.media[0].is_video:
            named = {"title": draft.title} if draft.title else {}
            return {"media": {"id": self._uploads.video(draft.media[0]), **named}}
        images = [{"id": self._uploads.picture(media), "altText": media.alt} for media in draft.media]
        return {"media": images[0]} if len(images) == 1 else {"multiImage": {"images": images}}

    def _publish_reply(self, draft: Draft) -> PostRef:
        top, below = self._thread(draft)
        body: dict[str, Any] = {
            "actor": self._me,
            "object": below,
            "message": {"text": compose(draft, "linkedin").text},
        }
        if top != below:
            body["parentComment"] = top
        response = self._rest.post(f"/rest/socialActions/{encoded(top)}/comments", body)
        told = response.json() if response.content else {}
        try:
            urn = urn_of_comment(told)
        except ValueError:
            urn = CommentUrn(below, made(response).rpartition(",")[2].rstrip(")"))
        return ref_of(str(urn), self._site)

    def _thread(self, draft: Draft) -> tuple[str, str]:
        """What an answer hangs below, and the post of it all.

        Comments nest once: an answer to a nested one goes beside it.
        """
        target = draft.reply_to.id if draft.reply_to else ""
        comment = comment_urn(target)
        if comment is None:
            return target, target
        above = comment_urn(str(self._comment(comment).get("parentComment") or ""))
        return str(above or comment), comment.object

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        """Look for the message among our own newest posts, or among the comments where it would hang.

        Not found is `ABSENT` once a late arrival would have shown; a post that appears even later makes the network
        refuse the second one as a duplicate, and name the first.
        """
        begun = attempt.created_at - CLOCKS_APART
        match = self._run(lambda: self._find_answer(draft, begun) if draft.reply_to else self._find_post(draft, begun))
        if isinstance(match, PostRef):
            return Finding(Presence.PRESENT, match)
        clocks = self._terms.clocks(self._now(), attempt.looked_at)
        if match is None and all(clock - attempt.last_sent_at >= self._settle for clock in clocks):
            return Finding(Presence.ABSENT)
        return Finding(Presence.UNCERTAIN)

    def _find_post(self, draft: Draft, begun: datetime) -> PostRef | bool | None:
        """Our post; None when it is certainly not listed; False when the list was too long to say."""
        ours = compose(draft, "linkedin").text
        look = Look()
        query = f"q=author&author={encoded(self._me)}&sortBy=CREATED&count={PAGE}"
        for page, is_last in self._pages("/rest/posts", query, finder=True):
            for post in newest_first(page, lambda one: instant(one["createdAt"])):
                if instant(post["createdAt"]) < begun:
                    return look.told(whole=is_last is not None)
                words = post.get("commentary")
                is_ours = same_words(ours, unescape(words)) if isinstance(words, str) else None
                look.at(is_ours, partial(ref_of, str(post["id"]), self._site))
            if is_last:
                return look.told(whole=True)
        return look.told(whole=False)

    def _find_answer(self, draft: Draft, begun: datetime) -> PostRef | bool | None:
        """As for a post; but nobody promises the order of comments, so all of them are read."""
        ours = compose(draft, "linkedin").text
        try:
            top, _ = self._thread(draft)
            found: list[tuple[datetime, PostRef]] = []
            unclear = False
            for page, is_last in self._pages(f"/rest/socialActions/{encoded(top)}/comments", f"count={PAGE}"):
                for one in page:
                    at, writer, words = (
                        instant(one["created"]["time"]),
                        said(one["actor"]),
                        said(one["message"]["text"]),
                    )
                    is_mine = writer == self._me if writer else None
                    is_ours = all_said(at >= begun, is_mine, same_words(ours, words) if words else None)
                    unclear = unclear or is_ours is None
                    if is_ours:
                        found.append((at, ref_of(str(urn_of_comment(one)), self._site)))
                if is_last:
                    return _first(found) or (False if unclear else None)
        except Gone:  # and with the message all that hung below it
            return False
        return _first(found) or False

    def _pages(self, path: str, query: str, *, finder: bool = False) -> Iterator[tuple[list[Any], bool | None]]:
        """Each page with whether it is the last: one that is not full, behind which the network names no other. None of
        a last one that says of the list that there is more than it told."""
        for number in range(MOST_PAGES):
            told = self._rest.get(path, f"{query}&start={number * PAGE}", finder=finder)
            paging = told.get("paging") or {}
            goes_on = any(link.get("rel") == "next" for link in paging.get("links") or ())
            found = list_of(told, "elements")
            if len(found) < PAGE and not goes_on:
                yield found, None if says_more(paging.get("total"), number * PAGE + len(found)) else True
                return
            yield found, False

    def delete(self, ref: PostRef) -> None:
        self._run(lambda: self._delete(ref.id))

    def _delete(self, urn: str) -> None:
        """Looks first: the network says "done" of what is long gone."""
        comment = comment_urn(urn)
        if comment:
            self._comment(comment)
            place = f"{encoded(comment.object)}/comments/{comment.number}"
            self._rest.delete(f"/rest/socialActions/{place}", f"actor={encoded(self._me)}")
        else:
            self._rest.get(f"/rest/posts/{encoded(urn)}")
            self._rest.delete(f"/rest/posts/{encoded(urn)}")

    def fetch(self, ref: PostRef) -> Incoming | None:
        try:
            return self._run(lambda: self._seen(ref.id))
        except Gone:
            return None

    def _seen(self, urn: str) -> Incoming:
        comment = comment_urn(urn)
        if comment:
            return read_comment(self._comment(comment), Kind.REPLY, self._site)
        post = self._rest.get(f"/rest/posts/{encoded(urn)}")
        require_words(post.get("commentary"))
        return read_post(post, Kind.MENTION, self._site)

    def _comment(self, urn: CommentUrn) -> dict[str, Any]:
        return self._rest.get(f"/rest/socialActions/{encoded(urn.object)}/comments/{urn.number}")

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        return ()

    def locate(self, url: str) -> PostRef | None:
        urn = named_at(url, self._site)
        if ACTIVITY.fullmatch(urn):
            urn = self._run(lambda: self._post_of(urn))
        if not urn or not address(urn, self._site):
            return None
        seen = self.fetch(PostRef(urn))
        return seen.ref if seen and seen.author.id == self._me else None

    def _post_of(self, activity: str) -> str:
        """The post that people see as an activity; empty where there is none."""
        try:
            told = self._rest.get("/v2/activities", f"ids={listed([activity])}")
        except Gone:
            return ""
        found = str((told.get("results") or {}).get(activity, {}).get("domainEntity") or "")
        return found if POST.fullmatch(found) else ""

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        inbox = Inbox(self._rest, self._me, self._site, self._now)
        return self._run(lambda: inbox.page(since, older))

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        raise Unsupported("this network has no public search")

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        figures = Figures(self._rest, self._me, self._now())
        return self._run(lambda: figures.all([ref.id for ref in refs]))

    def _run(self, work: Callable[[], Result]) -> Result:
        return run(self._terms, work)


def _first(found: list[tuple[datetime, PostRef]]) -> PostRef | None:
    """The one that was written first; of two in one moment, the one that was told first."""
    return min(found, key=lambda one: one[0])[1] if found else None
