"""Bluesky through the atproto library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from atproto_client import Client, models
from atproto_client.models.utils import get_model_as_dict

from networks import calls
from networks.bluesky import firehose, lists
from networks.bluesky.answers import RepositoryGone, is_public_write, judge_xrpc
from networks.bluesky.inbox import PAGE, Inbox, newer, seen
from networks.bluesky.reading import (
    kind_for,
    post_place,
    profile_url,
    public_url,
    read_found,
    read_instant,
    read_post_figures,
    read_profile_figures,
    read_record,
)
from networks.bluesky.records import COLLECTION, Sent, build, record_key, strong_ref
from networks.bluesky.sessions import DIRECTORY, SESSIONS, SessionStore, SignIn
from networks.calls import Result, each_readable, run
from networks.catalogue import network
from networks.composition import compose
from networks.egress import Egress, Terms
from networks.errors import AuthExpired, Gone, Invalid, Rejected, Unavailable, Unsupported
from networks.looking import require_words
from networks.paging import Walk
from networks.types import (
    AccountRef,
    AttemptKey,
    Author,
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

AT_ONCE = 25  # posts that one call may name
CAPTIONS_BYTES = 20_000  # of one file
SEQUENCE = "seq:"  # marks a `since` that counts the stream's events; others are an instant and what was seen of it


class BlueskyConnector:
    def __init__(
        self,
        account: AccountRef,
        egress: Egress,
        *,
        sessions: SessionStore = SESSIONS,
        directory: str = DIRECTORY,
    ) -> None:
        self.account = account
        self._egress = egress
        self._terms = Terms(is_public_write, judge_xrpc, secrets=tuple(account.credentials.values()))
        self._sign_in = SignIn(account, egress, self._terms, sessions, directory)
        self._client: Client | None = None

    def identify(self) -> Identity:
        def work(client: Client) -> Identity:
            session = client.com.atproto.server.get_session()
            profile = self._profile(client, session.did)
            name = str(profile.get("displayName") or session.handle)
            return Identity(session.did, session.handle, name, self._profile_url(session.did))

        return self._as_account(work)

    def length(self, text: str) -> int:
        return graphemes(text)

    def validate(self, draft: Draft) -> tuple[Problem, ...]:
        sent = compose(draft, "bluesky").text
        found = problems(draft, network("bluesky").capabilities, self.length(sent), sent or draft.link)
        sizes = ((f"media.{n}", one.path) for n, media in enumerate(draft.media) for one in media.captions)
        large = [
            (name, size) for name, path in sizes if path.is_file() and (size := path.stat().st_size) > CAPTIONS_BYTES
        ]
        return (*found, *(Problem(name, "media_too_large", CAPTIONS_BYTES, size) for name, size in large))

    def publish(self, draft: Draft, attempt: AttemptKey) -> PostRef:
        """The record's address follows from the attempt alone: a second call with the same one changes nothing."""

        def work(client: Client) -> PostRef:
            reply = self._reply(client, draft)
            blobs = [self._send(client, media) for media in draft.media]
            thumb = self._thumb(client, draft)
            resolve = partial(self._resolve, client)
            record = build(draft, attempt, blobs=blobs, reply=reply, resolve=resolve, thumb=thumb)
            put = models.ComAtprotoRepoPutRecord.Data(
                repo=self._sign_in.did, collection=COLLECTION, rkey=record_key(attempt), record=record
            )
            written = self._in(self._sign_in.did, lambda: client.com.atproto.repo.put_record(put))
            return self._ref(written.uri, written.cid)

        with calls.publishing(self._terms, draft, attempt):
            return self._as_account(work)

    def reconcile(self, draft: Draft, attempt: AttemptKey) -> Finding:
        """Definitive either way: the address is known, and sending again to it cannot make a second message."""

        def work(client: Client) -> Finding:
            uri = f"at://{self._sign_in.did}/{COLLECTION}/{record_key(attempt)}"
            try:
                found = self._record(client, uri)
            except Gone:
                return Finding(Presence.ABSENT)
            return Finding(Presence.PRESENT, self._ref(uri, str(found.cid or "")))

        return self._as_account(work)

    def delete(self, ref: PostRef) -> None:
        def work(client: Client) -> None:
            did, collection, rkey = _parts(ref.id)
            self._record(client, ref.id)  # deleting what is not there succeeds silently, so look first
            client.com.atproto.repo.delete_record(
                models.ComAtprotoRepoDeleteRecord.Data(repo=did, collection=collection, rkey=rkey)
            )

        self._as_account(work)

    def fetch(self, ref: PostRef) -> Incoming | None:
        """`created_at` is the author's claim, held to be no later than now: a record has no other time."""

        def work(client: Client) -> Incoming | None:
            try:
                found = self._record(client, ref.id)
            except Gone:
                return None
            record = get_model_as_dict(found.value)
            require_words(record.get("text"))
            did = _parts(ref.id)[0]
            return read_record(
                record,
                ref=self._ref(ref.id, str(found.cid or "")),
                author=self._authors(client, [did])[did],
                kind=kind_for(record, self._sign_in.did) or Kind.MENTION,
                created_at=_claimed(record),
            )

        return self._as_account(work)

    def answers_to(self, ref: PostRef) -> tuple[Incoming, ...]:
        """From the AppView; nothing where the server has none."""
        try:
            return self._as_account(lambda client: Inbox(client, self._sign_in.did, self._view).ours_below(ref.id))
        except (Unsupported, Gone):
            return ()

    def locate(self, url: str) -> PostRef | None:
        whose, rkey = post_place(url, self.account.base_url)

        def work(client: Client) -> PostRef | None:
            did = whose if whose.startswith("did:") else self._resolve(client, whose)
            if did != self._sign_in.did:
                return None
            uri = f"at://{did}/{COLLECTION}/{rkey}"
            try:
                found = self._record(client, uri)
            except (Gone, Invalid):
                return None
            return self._ref(uri, str(found.cid or ""))

        return self._as_account(work) if whose else None

    def inbox(self, *, since: str = "", older: str = "") -> Page:
        """From the AppView where the server has one, else from its stream.

        The stream is read forwards and in bounded slices: `older` is then always empty, and `newest` is where the next
        call goes on, also when this one ended before the present.
        """
        if not since.startswith(SEQUENCE):
            walk = Walk.begin(since, older)
            try:
                return self._as_account(lambda client: Inbox(client, self._sign_in.did, self._view).page(walk))
            except (Unsupported, Gone):
                since = ""
        return self._as_account(lambda client: self._overheard(client, since))

    def search(self, query: str, *, since: str = "", older: str = "") -> Page:
        """`Unsupported` on a server without an AppView: nothing there indexes words."""
        walk = Walk.begin(since, older)
        return self._as_account(lambda client: self._hits(client, query, walk))

    def find_accounts(self, query: str) -> tuple[FoundAccount, ...]:
        """`Unsupported` on a server without an AppView, as `search`."""

        def work(client: Client) -> tuple[FoundAccount, ...]:
            asked = models.AppBskyActorSearchActors.Params(q=query, limit=PAGE)
            told = lists.asked(client, "app.bsky.actor.searchActors", asked)
            found = lists.entries(told, "actors", lists.ACTOR)
            return each_readable(found, lambda one: read_found(one, self._profile_url(one.did)))

        return self._as_account(work)

    def metrics(self, refs: Sequence[PostRef]) -> tuple[Measure, ...]:
        """`Unsupported` on a server without an AppView: nobody there counts."""
        at = datetime.now(UTC)

        def work(client: Client) -> tuple[Measure, ...]:
            profile = client.app.bsky.actor.get_profile(models.AppBskyActorGetProfile.Params(actor=self._sign_in.did))
            found = list(read_profile_figures(profile, at))
            for start in range(0, len(refs), AT_ONCE):
                uris = [ref.id for ref in refs[start : start + AT_ONCE]]
                told = lists.asked(client, "app.bsky.feed.getPosts", models.AppBskyFeedGetPosts.Params(uris=uris))
                views = lists.entries(told, "posts", lists.POST)
                found += [measure for view in views for measure in read_post_figures(view, at)]
            return tuple(found)

        try:
            return self._as_account(work)
        except Gone:
            raise Unsupported("figures need an AppView") from None

    def _as_account(self, work: Callable[[Client], Result]) -> Result:
        """Run `work` signed in. A kept session that is refused is replaced once: a refusal has applied nothing."""
        if self._sign_in.has_session():
            try:
                return run(self._terms, lambda: work(self._signed_in()))
            except AuthExpired:
                self._sign_in.forget()
                self._client = None
        return run(self._terms, lambda: work(self._signed_in()))

    def _signed_in(self) -> Client:
        if self._client is None:
            self._client = self._sign_in.client()
        return self._client

    def _reply(self, client: Client, draft: Draft) -> Any:
        """Parent and root with their content ids, looked up where the caller does not know them.

        The parent is looked at in any case: a server takes a reply to what is gone, too.
        """
        if not draft.reply_to:
            return None
        parent, root = draft.reply_to, draft.reply_root
        found = self._record(client, parent.id)
        if not parent.cid or not root:
            parent = PostRef(parent.id, cid=str(found.cid or ""))
            known = (get_model_as_dict(found.value).get("reply") or {}).get("root")
            root = root or (PostRef(str(known["uri"]), cid=str(known["cid"])) if known else parent)
        if not root.cid:
            root = PostRef(root.id, cid=str(self._record(client, root.id).cid or ""))
        return models.AppBskyFeedPost.ReplyRef(parent=strong_ref(parent), root=strong_ref(root))

    def _send(self, client: Client, media: Media) -> Sent:
        """A medium with its captions on the server, where nobody sees them before a record names them."""
        captions = (self._upload(client, one.path.read_bytes(), one.mime) for one in media.captions)
        return Sent(self._upload(client, media.path.read_bytes(), media.mime), tuple(captions))

    def _thumb(self, client: Client, draft: Draft) -> Any:
        card = compose(draft, "bluesky").card
        return self._send(client, card.picture).blob if card and card.picture else None

    def _upload(self, client: Client, data: bytes, mime: str) -> Any:
        return client.com.atproto.repo.upload_blob(data, headers={"Content-Type": mime}).blob

    def _resolve(self, client: Client, handle: str) -> str:
        try:
            found = client.com.atproto.identity.resolve_handle(
                models.ComAtprotoIdentityResolveHandle.Params(handle=handle)
            )
        except AuthExpired:
            raise
        except Rejected:
            return ""
        return str(found.did)

    def _record(self, client: Client, uri: str) -> Any:
        did, collection, rkey = _parts(uri)
        asked = models.ComAtprotoRepoGetRecord.Params(repo=did, collection=collection, rkey=rkey)
        return self._in(did, lambda: client.com.atproto.repo.get_record(asked))

    def _in(self, did: str, call: Callable[[], Any]) -> Any:
        """Where the repository is our own and is not there, nothing can be said of what is in it."""
        try:
            return call()
        except RepositoryGone as error:
            if did == self._sign_in.did:
                raise AuthExpired(error.detail) from None
            raise

    def _profile(self, client: Client, did: str) -> dict[str, Any]:
        try:
            found = self._record(client, f"at://{did}/app.bsky.actor.profile/self")
        except Gone:
            return {}
        return dict(get_model_as_dict(found.value))

    def _authors(self, client: Client, dids: Iterable[str]) -> dict[str, Author]:
        """By their handles, as far as the server tells them: once it did not answer, it is asked for no other."""
        found: dict[str, Author] = {}
        is_away = False
        for did in dids:
            handle = did
            with suppress(Rejected):  # lives on another server
                try:
                    handle = did if is_away else self._handle(client, did)
                except Unavailable:
                    is_away = True
            found[did] = Author(did, handle, url=self._profile_url(did))
        return found

    def _handle(self, client: Client, did: str) -> str:
        return str(client.com.atproto.repo.describe_repo(models.ComAtprotoRepoDescribeRepo.Params(repo=did)).handle)

    def _hits(self, client: Client, query: str, walk: Walk) -> Page:
        asked = models.AppBskyFeedSearchPosts.Params(q=query, sort="latest", limit=PAGE, cursor=walk.cursor or None)
        told = lists.asked(client, "app.bsky.feed.searchPosts", asked)
        found = lists.entries(told, "posts", lists.POST)
        fresh, ended = newer(found, walk.since)
        items = each_readable(fresh, lambda post: self._view(post, Kind.SEARCH_HIT))
        return walk.page(items, first=seen(found, walk.since), cursor="" if ended else lists.cursor(told))

    def _view(self, view: Any, kind: Kind) -> Incoming:
        author = view.author
        return read_record(
            get_model_as_dict(view.record),
            ref=self._ref(view.uri, view.cid),
            author=Author(author.did, author.handle, author.display_name or "", self._profile_url(author.did)),
            kind=kind,
            created_at=read_instant(view.indexed_at),
        )

    def _overheard(self, client: Client, since: str) -> Page:
        begin = since.removeprefix(SEQUENCE)
        if begin and not begin.isdigit():
            raise Invalid("since", "not a place in the stream")
        catch = firehose.listen(self._egress, self.account.base_url, self._sign_in.did, int(begin or 0))
        authors = self._authors(client, dict.fromkeys(heard.did for heard in catch.heard))

        def read(heard: firehose.Heard) -> Incoming:
            ref, author = self._ref(heard.uri, heard.cid), authors[heard.did]
            return read_record(heard.record, ref=ref, author=author, kind=heard.kind, created_at=heard.at)

        items = each_readable(reversed(catch.heard), read)
        return Page(items, newest=f"{SEQUENCE}{catch.cursor}")

    def _ref(self, uri: str, cid: str) -> PostRef:
        return PostRef(uri, public_url(uri, self.account.base_url, self._is_private()), cid)

    def _profile_url(self, did: str) -> str:
        return profile_url(did, self.account.base_url, self._is_private())

    def _is_private(self) -> bool:
        return self._egress.guard.is_exception(self.account.base_url)


def _parts(uri: str) -> tuple[str, str, str]:
    """DID, collection and record key of an at:// address."""
    parts = uri.removeprefix("at://").split("/")
    if not uri.startswith("at://") or len(parts) != 3:
        raise Invalid("id", "not an at:// address")
    return parts[0], parts[1], parts[2]


def _claimed(record: dict[str, Any]) -> datetime:
    now = datetime.now(UTC)
    try:
        return min(read_instant(str(record.get("createdAt"))), now)
    except ValueError:
        return now
