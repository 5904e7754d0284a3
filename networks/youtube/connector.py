"""YouTube through google-api-python-client.

A message is a video, an answer a comment. There is no list of who names a channel, and no call that tells us of
comments unasked: the inbox are the comments below its own videos and about itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from networks import calls
from networks.answers import list_of, says_more
from networks.calls import Result, each_readable, run
from networks.catalogue import network
from networks.composition import compose
from networks.egress import Egress, Terms
from networks.errors import Gone, Invalid, NetworkError, Rejected
from networks.looking import Look, all_said, newest_first, require_words
from networks.paging import MergedCursor, Slice
from networks.types import (
    AccountRef,
    AttemptKey,
    Captions,
    Draft,
    Finding,
    Identity,
    Incoming,
    Kind,
    Lack,
    Measure,
    Media,
    Page,
    Part,
    PostRef,
    Presence,
    Problem,
)
from networks.validation import problems
from networks.youtube import reading
from networks.youtube.addresses import comment_url, is_video, place, thread_of, video_url
from networks.youtube.answers import judge_google
from networks.youtube.inbox import Inbox
from networks.youtube.uploads import insert, insert_captions
from networks.youtube.wire import Wire, youtube

Json = dict[str, Any]

PAGE = 100
HITS = 50
OWN = 50
MOST_PAGES = 5
AT_ONCE = 50  # ids that one call may name
COMMENTS_AT_ONCE = 25  # theirs are long: of an address of more than 2,048 signs the library makes a POST
SEARCH = "search"
HELD = ("heldForReview", "likelySpam")
CLOCKS_APART = timedelta(minutes=2)
FORBIDDEN = "<>"

logger = logging.getLogger(__name__)


class YoutubeConnector:
    """`settle` is how long after a send a video or a comment may still be on its way into our own lists."""

    def __init__(
        self,
        account: AccountRef,
        egress: Egress,
        *,
        settle: timedelta = timedelta(minutes=15),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account = account
        self._settle = settle
        self._now = now
        self._base = account.base_url.rstrip("/")
        both = [account.credentials.get(name, "") for name in ("access_token", "read_access_token")]
        origin = network("youtube").host("api", account.base_url)
        wire = Wire(origin, lambda: egress.session(self._terms), reading=both[1] or both[0], writing=both[0] or both[1])
        self._terms = Terms(wire.is_write, judge_google, secrets=tuple(account.credentials.values()))
        self._api = youtube(wire, origin)

    def identify(self) -> Identity:
        request = self._api.channels().list(part="snippet", mine=True)
        found = self._run(lambda: reading.read_identity(request.execute(num_retries=0), self._base))
        if found is None:
            raise Gone("these credentials have no channel")
        return found

    def length(self, text: str) -> int:
        return len(text.encode())

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        sent = compose(draft, "youtube").text
        found = problems(draft, network("youtube").capabilities, self.length(sent), sent)
        if draft.reply_to:
            return found
        parts = {"text": sent, "title": draft.title}
        bad = [name for name, text in parts.items() if any(sign in text for sign in FORBIDDEN)]
        return (*found, *(Problem(name, "text_forbidden") for name in bad))

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        """Captions follow the video, for the network takes them no earlier. Where they fail the video stands all the
        same: its reference comes back, and says which it lacks."""
        with calls.publishing(self._terms, draft, attempt):
            if draft.reply_to:
                return self._publish_reply(draft, draft.reply_to)
            if not draft.media:
                raise Invalid("media", "a message here is a video")
            media = draft.media[0]
            ref = self._run(lambda: reading.read_video_ref(insert(self._api, draft, media), self._base))
            return replace(ref, lacks=self._caption(ref.id, media))

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        """Look for the message among our own newest videos, or our answers in that thread.

        The address at which an upload could be asked how far it came lives in the process that sent it. So what is not
        found is `ABSENT` only once a late arrival would have shown, by our clock and by the network's. A video that is
        there was to have its captions next: whether it has them, the network is asked.
        """
        begun = attempt.created_at - CLOCKS_APART
        target = draft.reply_to
        match = self._run(lambda: self._find_answer(draft, target, begun) if target else self._find(draft, begun))
        if isinstance(match, PostRef):
            captions = [] if target else [one for media in draft.media for one in media.captions]
            return Finding(Presence.PRESENT, replace(match, lacks=self._lacking(match.id, captions)))
        clocks = self._terms.clocks(self._now(), attempt.looked_at)
        if match is None and all(clock - attempt.last_sent_at >= self._settle for clock in clocks):
            return Finding(Presence.ABSENT)
        return Finding(Presence.UNCERTAIN)

    def delete(self, ref: PostRef) -> None:
        of = self._api.videos() if is_video(ref.id) else self._api.comments()
        self._run(lambda: of.delete(id=ref.id).execute(num_retries=0))

    def fetch(self, ref: PostRef) -> Incoming | None:
        """`created_at` is the network's own. A video that only its owner may see is not there."""
        try:
            return self._run(lambda: self._video(ref.id) if is_video(ref.id) else self._comment(ref.id))
        except Gone:
            return None

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        return ()

    def locate(self, url: str) -> PostRef | None:
        video, comment = place(url, self._base)
        seen = self.fetch(PostRef(comment or video)) if comment or video else None
        return seen.ref if seen and seen.author.id == self._me() else None

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        """Comments below our videos and about our channel, and the answers to them.

        Threads come in the order of their beginnings. An answer in an old one is therefore looked for in each of the
        hundred newest threads that changed, whenever they began; one below an older thread is not seen.
        """
        return self._run(lambda: Inbox(self._api, self._me(), self._base, self._now).page(since, older))

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        """Videos whose title or description holds `query`. Each page is one of a hundred searches a day."""
        walk = MergedCursor.begin(since, older, {SEARCH: ""})
        return self._run(lambda: walk.page(lambda _, cursor: self._hits(query, cursor, walk.floor)))

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        return self._run(lambda: self._figures(refs))

    def _figures(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        at = self._now()
        request = self._api.channels().list(part="statistics", mine=True)
        channels = self._listed(request)
        found = [measure for one in channels for measure in reading.read_channel_figures(one, at)]
        videos = [ref.id for ref in refs if is_video(ref.id)]
        for some in _batches(videos):
            listed = self._listed(self._api.videos().list(part="statistics", id=some))
            found += [measure for one in listed for measure in reading.read_video_figures(one, at)]
        for some in _batches([ref.id for ref in refs if not is_video(ref.id)], COMMENTS_AT_ONCE):
            listed = self._listed(self._api.comments().list(part="snippet", id=some, textFormat="plainText"))
            found += [measure for one in listed for measure in reading.read_comment_figures(one, at)]
        return tuple(found)

    def _run(self, work: Callable[[], Result]) -> Result:
        return run(self._terms, work)

    def _listed(self, request: Any) -> list[Json]:
        return self._run(lambda: _items(request))

    def _me(self) -> str:
        return self.account.remote_id or self.identify().remote_id

    def _caption(self, video: str, media: Media) -> tuple[Lack, ...]:
        """Sends the captions of a video that is out. Never raises; says which could not be added."""
        failed = []
        for captions in media.captions:
            try:
                self._run(partial(insert_captions, self._api, video, captions))
            except NetworkError as error:
                logger.warning("video %s takes no captions (%s): %s", video, captions.language, error.code)
                failed.append(captions)
        return self._lacking(video, failed)

    def _lacking(self, video: str, wanted: Sequence[Captions]) -> tuple[Lack, ...]:
        """Those of `wanted` that the video does not show; all of them where the network does not tell: somebody looks
        once too often rather than never."""
        if not wanted:
            return ()
        listing = self._api.captions().list(part="snippet", videoId=video)
        try:
            shown = self._run(lambda: {reading.captions_language(one) for one in _items(listing)})
        except NetworkError as error:
            logger.warning("video %s does not tell its captions: %s", video, error.code)
            shown = set()
        return tuple(Lack(Part.CAPTIONS, one.language) for one in wanted if one.language.lower() not in shown)

    def _publish_reply(self, draft: Draft, target: PostRef) -> PostRef:
        """A comment below a video, or an answer in the thread of a comment: there is one level of those alone."""
        text = {"textOriginal": compose(draft, "youtube").text}
        video = target.id if is_video(target.id) else place(target.url, self._base)[0]
        if is_video(target.id):
            body = {"snippet": {"videoId": video, "topLevelComment": {"snippet": text}}}
            request = self._api.commentThreads().insert(part="snippet", body=body)
        else:
            thread = thread_of(target.id)
            video = video or self._run(lambda: self._video_of(thread))
            request = self._api.comments().insert(part="snippet", body={"snippet": {"parentId": thread, **text}})
        made = self._run(lambda: reading.read_comment_id(request.execute(num_retries=0)))
        return PostRef(made, comment_url(made, video, self._base))

    def _find(self, draft: Draft, begun: datetime) -> PostRef | bool | None:
        """Our video; None when it is certainly not listed; False when the list was too long to say."""
        ours = (_flat(draft.title), _flat(compose(draft, "youtube").text))
        look = Look()
        for item in self._uploads():
            if item is None:
                return look.told(whole=False)
            snippet = item["snippet"]
            if reading.written(item) < begun:
                break
            told = [snippet.get(name) for name in ("title", "description")]
            alike = (_flat(one) == own if isinstance(one, str) else None for one, own in zip(told, ours, strict=True))
            is_ours = all_said(*alike)
            video = reading.listed_video(snippet)
            look.at(is_ours, partial(PostRef, video, video_url(video, self._base)))
        return look.told(whole=True)

    def _uploads(self) -> Iterator[Json | None]:
        """Our videos, newest first; None where the list goes on and is read no further, or says of itself that there is
        more."""
        channels = _items(self._api.channels().list(part="contentDetails", mine=True))
        playlist = channels[0]["contentDetails"]["relatedPlaylists"]["uploads"]
        token, read = "", 0
        for _ in range(MOST_PAGES):
            where = {"playlistId": playlist, "maxResults": OWN, "pageToken": token or None}
            listed = self._api.playlistItems().list(part="snippet", **where).execute(num_retries=0)
            items = list_of(listed, "items")
            token, read = str(listed.get("nextPageToken") or ""), read + len(items)
            yield from [None] if not token and says_more(_total(listed), read) else []
            yield from newest_first(items, reading.written)
            if not token:
                return
        yield None

    def _find_answer(self, draft: Draft, target: PostRef, begun: datetime) -> PostRef | bool | None:
        ours, me = _flat(compose(draft, "youtube").text), self._me()
        look = Look()
        video = target.id if is_video(target.id) else place(target.url, self._base)[0]
        for comment in self._said_below(target):
            if comment is None:
                return look.told(whole=False)
            young = reading.written(comment) >= begun
            if not young and is_video(target.id):  # of answers to a comment nobody promises the order
                break
            words = reading.words_of(comment)
            is_ours = all_said(young, reading.is_by(comment, me), _flat(words) == ours if words else None)
            one = str(comment["id"])
            look.at(is_ours, partial(PostRef, one, comment_url(one, video, self._base)))
        return look.told(whole=True)

    def _said_below(self, target: PostRef) -> Iterator[Json | None]:
        """Comments below a video, newest first, or answers below a comment; None where the list is read no further, or
        says of itself that there is more."""
        token, read = "", 0
        plain = {"part": "snippet", "textFormat": "plainText", "maxResults": PAGE}
        for _ in range(MOST_PAGES):
            more = {**plain, "pageToken": token or None}
            if is_video(target.id):
                listed = self._api.commentThreads().list(videoId=target.id, order="time", **more).execute(num_retries=0)
                tops = [thread["snippet"]["topLevelComment"] for thread in list_of(listed, "items")]
                found = newest_first(tops, reading.written)
            else:
                listed = self._api.comments().list(parentId=thread_of(target.id), **more).execute(num_retries=0)
                found = list_of(listed, "items")
            token, read = str(listed.get("nextPageToken") or ""), read + len(list_of(listed, "items"))
            yield from [None] if not token and says_more(_total(listed), read) else []
            yield from found
            if not token:
                return
        yield None

    def _video(self, identifier: str) -> Incoming | None:
        items = _items(self._api.videos().list(part="snippet,status", id=identifier))
        shown = [item for item in items if reading.is_public(item)]
        return reading.read_video(shown[0], Kind.MENTION, self._base) if shown else None

    def _comment(self, identifier: str) -> Incoming | None:
        """A top-level comment is read as its thread, which alone names the video. Rejected where it is held back: the
        network shows it to nobody until somebody has looked at it, and it may stand there again."""
        threads = _items(
            self._api.commentThreads().list(part="snippet", id=thread_of(identifier), textFormat="plainText")
        )
        if not threads:
            self._require_not_held(identifier)
            return None
        snippet = threads[0]["snippet"]
        comments = [snippet["topLevelComment"]]
        if identifier != thread_of(identifier):
            comments = _items(self._api.comments().list(part="snippet", id=identifier, textFormat="plainText"))
        if not comments:
            self._require_not_held(identifier)
            return None
        require_words(reading.words_of(comments[0]) or None)
        video, about = str(snippet.get("videoId") or ""), str(snippet.get("channelId") or "")
        return reading.read_comment(comments[0], video=video, about=about, base_url=self._base)

    def _require_not_held(self, identifier: str) -> None:
        """Looks through what is held back of all that was said to this channel. A thread is listed too for an answer
        in it, of which not all come along: then nobody can say which one it is."""
        for status in HELD:
            token = ""
            for _ in range(MOST_PAGES):
                about = {"allThreadsRelatedToChannelId": self._me(), "moderationStatus": status}
                request = self._api.commentThreads().list(
                    part="snippet", maxResults=PAGE, pageToken=token or None, **about
                )
                listed = request.execute(num_retries=0)
                if any(reading.read_thread_id(one) == thread_of(identifier) for one in list_of(listed, "items")):
                    raise Rejected("held back for review")
                token = str(listed.get("nextPageToken") or "")
                if not token:
                    break
            else:
                raise Rejected("more is held back for review than can be looked through")

    def _video_of(self, thread: str) -> str:
        """The video that a thread is below; empty for one about the channel. `Gone` where there is no such thread."""
        items = _items(self._api.commentThreads().list(part="snippet", id=thread))
        if not items:
            raise Gone("no such comment")
        return str(items[0]["snippet"].get("videoId") or "")

    def _hits(self, query: str, cursor: str, floor: datetime | None) -> Slice:
        listed = (
            self._api.search()
            .list(
                part="snippet",
                q=query,
                type="video",
                order="date",
                maxResults=HITS,
                pageToken=cursor or None,
                publishedAfter=floor.strftime("%Y-%m-%dT%H:%M:%SZ") if floor else None,
            )
            .execute(num_retries=0)
        )
        items = each_readable(list_of(listed, "items"), lambda hit: reading.read_hit(hit, self._base))
        # The network offers a next page behind a short one too; each look at one is dear.
        full = len(list_of(listed, "items")) >= HITS
        return Slice(items, str(listed.get("nextPageToken") or "") if full else "")


def _items(request: Any) -> list[Json]:
    """The items of a list; an answer that is none is the library's failure, not an empty list."""
    told = request.execute(num_retries=0)
    if not (kind := str(told["kind"])).endswith("ListResponse"):
        raise ValueError("not a list")
    if kind.endswith("#captionListResponse"):  # the one that never comes in pages, and counts nothing
        return list_of(told, "items")
    items = list_of(told, "items") if "items" in told or _total(told) != 0 else []
    pages = ["nextPageToken"] if "#comment" in kind else ["nextPageToken", "prevPageToken"]  # as the network has them
    if not any(map(told.get, pages)) and says_more(_total(told), len(items)):
        raise ValueError("a list that says of itself that there is more")
    return items


def _total(listed: Json) -> Any:
    """How much is on a list, as it says of itself."""
    return (listed.get("pageInfo") or {}).get("totalResults")


def _batches(ids: list[str], most: int = AT_ONCE) -> Iterator[str]:
    for start in range(0, len(ids), most):
        yield ",".join(ids[start : start + most])


def _flat(text: str) -> str:
    return " ".join(text.split())
