"""Instagram through facebook-sdk, with the token of the page that the account belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from networks import calls
from networks.calls import each_readable
from networks.composition import compose
from networks.errors import Gone, Invalid, NetworkError, PermissionMissing, Rejected, Unsupported
from networks.graph.acting import watched_since
from networks.graph.connector import GraphConnector
from networks.graph.reading import Json, listed, read_id, read_instant, words_alike
from networks.instagram import containers
from networks.instagram.inbox import COMMENTS, Lanes, is_by, pages
from networks.instagram.reading import (
    COMMENT,
    INSIGHTS,
    MEDIA,
    MENTIONED,
    comment_url,
    is_comment,
    read_account_figures,
    read_comment,
    read_comment_figures,
    read_identity,
    read_insights,
    read_media,
    read_shown,
    shortcode,
)
from networks.looking import Look, all_said, said
from networks.paging import MergedCursor
from networks.types import AttemptKey, Draft, Identity, Incoming, Kind, Measure, Page, PostRef

MOST_PAGES = 10
ACCOUNT_INSIGHTS = "reach,views"


class InstagramConnector(GraphConnector):
    key = "instagram"
    asked_of_me = "instagram_business_account{id,username,name}"
    unlistable = (Gone, Invalid, PermissionMissing)  # below somebody else's publication nothing can be listed

    def _read_identity(self, told: Json) -> Identity:
        return read_identity(told, self._acting.site)

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        with calls.publishing(self._acting.terms, draft, attempt):
            question = draft.reply_to
            return self._acting.run(lambda: self._publish_reply(draft, question) if question else self._publish(draft))

    def delete(self, ref: PostRef) -> None:
        raise Unsupported("the API has no call that deletes")

    def fetch(self, ref: PostRef) -> Incoming | None:
        """A comment, something that we published, or what names us: nothing says beforehand which an id is."""
        refused: list[Rejected] = []
        for read in (self._comment, self._published, self._mentioning_comment, self._mentioning):
            try:
                return read(ref.id)
            except (Gone, Invalid, PermissionMissing) as error:
                refused.append(error)
        # What we may not see may well be there, and what is no comment and nothing published is something else.
        unclear: list[Rejected] = [one for one in refused if isinstance(one, PermissionMissing)]
        unclear += [one for one in refused[:2] if isinstance(one, Invalid)]
        if unclear:
            raise unclear[0]
        self._require_gone(ref)
        return None

    def _is_missed(self, ref: PostRef) -> bool:
        """Comments are missed where those below our publications are shown; what names us, on the list of that."""
        if not is_comment(ref):
            return _is_missing(ref, self._acting.edge(self._id, "tags", fields="id", limit=COMMENTS))
        published = listed(self._acting.edge(self._id, "media", fields="id,permalink", limit=COMMENTS))
        code, site = shortcode(ref.url.partition("/c/")[0], self._acting.site), self._acting.site
        seen = each_readable(published, read_media)
        below = next((one for one in seen if shortcode(one.url, site) == code), next(iter(seen), None))
        if below is None:  # with what was published, all that stood below it went
            return not published
        return _is_missing(ref, self._acting.edge(below.id, "comments", fields="id", limit=COMMENTS))

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        """Answers to an answer stand beside it, below the comment that they are all about."""
        return self._acting.run(lambda: self._answers_to(ref)) if is_comment(ref) else ()

    def _answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        above = str(self._acting.node(ref.id, fields="parent_id").get("parent_id") or ref.id)
        told = listed(self._acting.edge(above, "replies", fields=COMMENT, limit=COMMENTS))
        ours = [{"parent_id": above, **one} for one in told if is_by(one, self._id, self.account.handle)]
        found = each_readable(ours, lambda one: read_comment(one, None, self._id, self._acting.site))
        return tuple(replace(one, kind=Kind.ANSWER, author=replace(one.author, id=self._id)) for one in found)

    def locate(self, url: str) -> PostRef | None:
        code = shortcode(url, self._acting.site)
        return self._acting.run(lambda: self._listed(code)) if code else None

    def _listed(self, code: str) -> PostRef | None:
        for told in pages(self._acting, self._id, "media", MEDIA, MOST_PAGES):
            if told is None:
                return None
            found = read_media(told)
            if shortcode(found.url, self._acting.site) == code:
                return found
        return None

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        merged = MergedCursor.begin(since, older, Lanes.all())
        horizon = watched_since(merged.floor, self._now())
        lanes = Lanes(self._acting, self._id, self.account.handle, floor=merged.floor, horizon=horizon)
        return self._acting.run(lambda: merged.page(lanes.read))

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        return self._acting.run(lambda: self._measured(refs))

    def _measured(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        at = self._now()
        told = self._acting.node(self._id, fields="followers_count,media_count")
        found = list(read_account_figures(told, at))
        found += read_insights(
            self._insights(self._id, metric=ACCOUNT_INSIGHTS, period="day", metric_type="total_value"), "", at
        )
        for ref in refs:
            with suppress(Gone):
                found += self._figures(ref, at)
        return tuple(found)

    def _figures(self, ref: PostRef, at: datetime) -> Iterable[Measure]:
        """A comment has no insights: it says itself how many like it."""
        if is_comment(ref):
            return read_comment_figures(self._acting.node(ref.id, fields="like_count"), ref.id, at)
        return read_insights(self._insights(ref.id, metric=",".join(INSIGHTS)), ref.id, at)

    def _insights(self, identifier: str, **args: Any) -> Json:
        """A small account has no insights, and says so as an error."""
        try:
            return self._acting.edge(identifier, "insights", **args)
        except (Invalid, PermissionMissing):
            return {}

    def _publish(self, draft: Draft) -> PostRef:
        if not draft.media:
            raise Invalid("media", "nothing is published without a picture or a film")
        account = self._id
        containers.check_allowance(self._acting, account, self._now())
        caption = compose(draft, "instagram").text
        container = containers.filled(self._acting, account, draft.media, caption, self._pause)
        made = self._acting.put(account, "media_publish", read_id, creation_id=container)
        return PostRef(made, self._address(made))

    def _address(self, media: str) -> str:
        """Where people see it. It is published whatever comes of this call, so that no error of it counts."""
        try:
            return str(self._acting.node(media, fields="permalink").get("permalink") or "")
        except NetworkError:
            return ""

    def _publish_reply(self, draft: Draft, question: PostRef) -> PostRef:
        """Below a comment of our own media; else, where somebody else's publication names us, as a mention of it."""
        words, root = compose(draft, "instagram").text, draft.reply_root
        self._require_as_wide(question)
        if (root is None or root.id == question.id) and self._names_us(question.id):
            made = self._acting.put(self._id, "mentions", read_id, media_id=question.id, message=words)
            return PostRef(made, comment_url(made, question))
        made = self._acting.put(question.id, "replies", read_id, message=words)
        return PostRef(made, comment_url(made, root))

    def _names_us(self, media: str) -> bool:
        try:
            self._mentioning(media)
        except (Gone, Invalid, PermissionMissing):
            return False
        return True

    def _comment(self, identifier: str) -> Incoming:
        me, site = self._id, self._acting.site

        def read(told: Json) -> Incoming:
            media = told.get("media")
            return read_comment(told, read_media(media) if media else None, me, site)

        return self._acting.show(identifier, read, fields=f"{COMMENT},media{{id,permalink}}")

    def _published(self, identifier: str) -> Incoming:
        me, site = self._id, self._acting.site
        return self._acting.show(
            identifier, lambda told: read_shown(told, Kind.MENTION, me, site), fields=f"{MEDIA},owner"
        )

    def _mentioning(self, media: str) -> Incoming:
        me, site = self._id, self._acting.site
        place = f"mentioned_media.media_id({media}){{{MENTIONED}}}"
        return self._acting.show(
            me, lambda told: read_shown(told["mentioned_media"], Kind.MENTION, me, site), fields=place
        )

    def _mentioning_comment(self, comment: str) -> Incoming:
        me, site = self._id, self._acting.site
        place = f"mentioned_comment.comment_id({comment}){{id,text,timestamp,username}}"
        return self._acting.show(me, lambda told: read_comment(told["mentioned_comment"], None, me, site), fields=place)

    def _find(self, draft: Draft, begun: datetime) -> PostRef | bool | None:
        """Among what was published, or below the comment that it answers.

        Containers cannot be listed, but one that was published is media, and those can.
        """
        ours = compose(draft, "instagram").text
        place, edge = (draft.reply_to.id, "replies") if draft.reply_to else (self._id, "media")
        fields, words = (COMMENT, "text") if draft.reply_to else (MEDIA, "caption")
        look = Look()
        for told in pages(self._acting, place, edge, fields, MOST_PAGES):
            if told is None:
                return look.told(whole=False)
            young = read_instant(told["timestamp"]) >= begun
            if not young and not draft.reply_to:  # answers are listed oldest first, publications newest first
                break
            is_mine = self._is_mine(told) if draft.reply_to else True  # what we published is listed by itself
            is_ours = all_said(young, is_mine, words_alike(ours, told, words))
            if is_ours and not ours.strip():
                return False
            look.at(is_ours, partial(self._ref, told, draft), keep=bool(draft.reply_to))
        return look.told(whole=True)

    def _is_mine(self, told: Json) -> bool | None:
        """None where the answer does not say who wrote: our name may have become another."""
        writer, name = said((told.get("from") or {}).get("id")), said(told.get("username"))
        if writer:
            return writer == self.account.remote_id
        return True if name == self.account.handle else None

    def _ref(self, told: Json, draft: Draft) -> PostRef:
        if draft.reply_to:
            return PostRef(read_id(told), comment_url(str(told["id"]), draft.reply_root))
        return read_media(told)


def _is_missing(ref: PostRef, told: Json) -> bool:
    return ref.id not in {str(one.get("id")) for one in listed(told) if isinstance(one, dict)}
