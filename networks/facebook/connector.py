"""Facebook pages through facebook-sdk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from networks import calls
from networks.calls import Result, each_readable
from networks.composition import compose
from networks.errors import Gone, Invalid, PermissionMissing
from networks.facebook import uploads
from networks.facebook.inbox import Lanes
from networks.facebook.reading import (
    COMMENT,
    COMMENT_FIGURES,
    FIGURES,
    POST,
    WORDS,
    is_answer,
    is_comment,
    parent_of,
    post_id,
    read_account_figures,
    read_comment,
    read_comment_figures,
    read_identity,
    read_message,
    read_post,
    read_post_figures,
    root_of,
)
from networks.graph.acting import watched_since
from networks.graph.connector import GraphConnector
from networks.graph.reading import Json, listed, may_go_on, members, next_cursor, read_instant, words_alike
from networks.looking import Look, all_said, newest_first, said
from networks.paging import MergedCursor
from networks.types import AttemptKey, Draft, Identity, Incoming, Kind, Measure, Page, PostRef

PAGE = 100
MOST_PAGES = 10
MADE = "id,permalink_url"
VIDEO_SETTLES = timedelta(minutes=15)
NEWEST = {"filter": "stream", "order": "reverse_chronological"}
NO_SUCH_FIELD = "nonexisting field"


class FacebookConnector(GraphConnector):
    key = "facebook"
    asked_of_me = "id,name,username,link"

    def _read_identity(self, told: Json) -> Identity:
        return read_identity(told, self._acting.site)

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        with calls.publishing(self._acting.terms, draft, attempt):
            return self._acting.run(lambda: self._publish(draft))

    def _publish(self, draft: Draft) -> PostRef:
        if draft.reply_to:
            return self._publish_reply(draft, draft.reply_to)
        if draft.media and draft.media[0].is_video:
            return self._show_film(draft)
        return self._post(draft)

    def delete(self, ref: PostRef) -> None:
        self._acting.delete(ref.id)

    def fetch(self, ref: PostRef) -> Incoming | None:
        me, site = self._id, self._acting.site
        try:
            return self._either(ref, lambda told, _below: read_message(told, Kind.MENTION, me, site), POST, COMMENT)
        except Gone:
            self._require_gone(ref)
            return None

    def _is_missed(self, ref: PostRef) -> bool:
        """A comment is missed below its post, or with its post on the page; what is no comment, on the page itself."""
        root = root_of(ref, self._id)
        own = "feed" if root or ref.id.startswith(f"{self._id}_") else "tagged"
        places = [(root.id, "comments", ref), (self._id, own, root)] if root else [(self._id, own, ref)]
        for place, edge, missed in places:
            order = NEWEST if edge == "comments" else {}
            with suppress(Gone):
                told = listed(self._acting.edge(place, edge, fields="id", limit=PAGE, **order))
                return missed.id not in {str(one.get("id")) for one in told if isinstance(one, dict)}
        return False

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        """Answers to an answer stand beside it, below the comment that they are all about."""
        above = parent_of({}, ref, self._id) if is_answer(ref) else None
        ours = self._acting.run(lambda: self._ours_below((above or ref).id))
        return each_readable(ours, lambda one: read_message(one, Kind.ANSWER, self._id, self._acting.site))

    def _ours_below(self, place: str) -> list[Json]:
        told = self._acting.edge(place, "comments", fields=COMMENT, limit=PAGE, order="reverse_chronological")
        return [one for one in listed(told) if (one.get("from") or {}).get("id") == self._id]

    def locate(self, url: str) -> PostRef | None:
        found = post_id(url, self._id, self.account.handle, self._acting.site)
        try:
            seen = self.fetch(PostRef(found)) if found else None
        except Invalid:
            return None
        return seen.ref if seen and seen.author.id == self._id else None

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        merged = MergedCursor.begin(since, older, Lanes.all())
        horizon = watched_since(merged.floor, self._now())
        lanes = Lanes(self._acting, self._id, floor=merged.floor, horizon=horizon)
        return self._acting.run(lambda: merged.page(lanes.read))

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        return self._acting.run(lambda: self._measured(refs))

    def _measured(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        at = self._now()
        found = list(read_account_figures(self._figures(self._id, "followers_count,fan_count", "page_media_view"), at))
        for ref in refs:
            with suppress(Gone):
                found += self._either(ref, partial(_figures_of, ref.id, at), FIGURES, COMMENT_FIGURES)
        return tuple(found)

    def _either(self, ref: PostRef, read: Callable[[Json, bool], Result], post: str, comment: str) -> Result:
        """What `read` makes of a post or a comment, which differ in their fields; it is told whether it is a comment.

        Which it is, its address says, or else the network: it knows no fields of the other.
        """

        def shown(below: bool) -> Result:
            return self._acting.show(ref.id, lambda told: read(told, below), fields=comment if below else post)

        try:
            return shown(is_comment(ref))
        except Invalid as error:
            if NO_SUCH_FIELD not in error.detail:
                raise
        return shown(not is_comment(ref))

    def _settles_within(self, draft: Draft) -> timedelta:
        film = bool(draft.media) and draft.media[0].is_video
        return max(self._settle, VIDEO_SETTLES) if film else self._settle

    def _figures(self, identifier: str, fields: str, metric: str) -> Json:
        """The fields, with insights where the page has them: a small page has none, and says so as an error."""
        told = self._acting.node(identifier, fields=fields)
        try:
            insights = self._acting.edge(identifier, "insights", metric=metric, period="day")
        except (Invalid, PermissionMissing):
            return told
        return {**told, "insights": insights}

    def _post(self, draft: Draft) -> PostRef:
        composed = compose(draft, "facebook")
        shown = uploads.attached(self._acting, self._id, draft.media) if draft.media else {}
        facts = {
            **({"message": composed.text} if composed.text else {}),
            **({"link": composed.card.url} if composed.card else {}),
        }
        site = self._acting.site
        return self._acting.put(self._id, "feed", lambda told: read_post(told, site), fields=MADE, **facts, **shown)

    def _show_film(self, draft: Draft) -> PostRef:
        """Publish what was uploaded: the one call of all that people can see."""
        words = compose(draft, "facebook").text
        video = uploads.film(self._acting, self._id, draft, words, self._pause)
        return self._acting.change(
            video, lambda told: self._film_post(told, video), published="true", fields="id,post_id,permalink_url"
        )

    def _film_post(self, told: Json, video: str) -> PostRef:
        """The post that shows the film. The film's own id stands for it where the network does not name the post."""
        if not (told.get("success") or told.get("id")):
            raise ValueError("not published")
        post = str(told.get("post_id") or "")
        identifier = post if "_" in post else f"{self._id}_{post or video}"
        return read_post({"id": identifier}, self._acting.site)

    def _publish_reply(self, draft: Draft, question: PostRef) -> PostRef:
        site = self._acting.site
        words = compose(draft, "facebook").text
        self._require_as_wide(question)
        return self._acting.put(
            question.id, "comments", lambda told: read_comment(told, question, site), message=words, fields=MADE
        )

    def _find(self, draft: Draft, begun: datetime) -> PostRef | bool | None:
        """Among the page's newest, or below what it answers. Without words a message cannot be told from another."""
        ours = compose(draft, "facebook").text
        look, me = Look(), self._id
        for told in self._own_messages(draft.reply_to):
            if told is None:
                return look.told(whole=False)
            if read_instant(told["created_time"]) < begun:
                break
            writer = said((told.get("from") or {}).get("id"))
            is_ours = all_said(writer == me if writer else None, words_alike(ours, told, "message"))
            if is_ours and not ours.strip():
                return False
            look.at(is_ours, partial(read_post, told, self._acting.site))
        return look.told(whole=True)

    def _own_messages(self, question: PostRef | None) -> Iterator[dict[str, Any] | None]:
        """What stands on the page, or below `question`, newest first; None where there is more than one reads."""
        place, edge = (question.id, "comments") if question else (self._id, "feed")
        order = {"order": "reverse_chronological"} if question else {}
        cursor = ""
        for _ in range(MOST_PAGES):
            told = self._acting.edge(place, edge, after=cursor, fields=WORDS, limit=PAGE, **order)
            yield from newest_first(members(told), lambda one: read_instant(one["created_time"]))
            cursor = next_cursor(told)
            if may_go_on(told, PAGE):
                break
            if not cursor:
                return
        yield None


def _figures_of(subject: str, at: datetime, told: Json, below: bool) -> list[Measure]:
    return list((read_comment_figures if below else read_post_figures)(told, subject, at))
