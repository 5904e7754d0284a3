"""Repositories: put, read, list and delete records, and the blobs that they name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from simulator import pictures, text
from simulator.dialects.bluesky import ids, records
from simulator.dialects.bluesky.manners import UNTOLD, caller, refused
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator
from simulator.store import media, notifications, posts, things
from simulator.store.database import now_ms
from simulator.store.people import Person
from simulator.store.posts import Post, Window

routes = Routes("bluesky:calls")
NETWORK = records.NETWORK
MAX_GRAPHEMES, MAX_BYTES, MAX_IMAGES, MAX_THUMB = 300, 3000, 4, 1_000_000
Json = dict[str, Any]


@routes.on("POST", "/xrpc/com.atproto.repo.uploadBlob")
def upload(simulator: Simulator, request: Request) -> Answer:
    """Holds a file that nobody sees before a record names it."""
    measured = pictures.measure(request.body)
    mime = measured[0] if measured else request.headers.get("content-type", "application/octet-stream")
    told = {"cid": ids.blob_id(request.body), "mime": mime, "size": len(request.body)}
    if not _blob(simulator, caller(request), told["cid"]):
        things.add(
            simulator.db, network=NETWORK, kind="blob", person_id=caller(request).id, data=told, content=request.body
        )
    blob = {"$type": "blob", "ref": {"$link": told["cid"]}, "mimeType": mime, "size": told["size"]}
    return json_answer({"blob": blob})


@routes.on("GET", "/xrpc/com.atproto.sync.getBlob")
def blob(simulator: Simulator, request: Request) -> Answer:
    """A file that somebody's record names, for anybody."""
    owner, cid = records.person(simulator, request.text("did")), request.text("cid")
    held = _blob(simulator, owner, cid) if owner else None
    if held is not None:
        return Answer(200, held.content, {"Content-Type": str(held.data["mime"])})
    for one in media.of_person(simulator.db, owner.id) if owner else ():
        content = media.content(simulator.db, one.id)
        if ids.blob_id(content) == cid:
            return Answer(200, content, {"Content-Type": one.mime})
    raise refused(400, "BlobNotFound", "Blob not found")


def _blob(simulator: Simulator, person: Person, cid: object) -> things.Thing | None:
    held = things.of(simulator.db, network=NETWORK, kind="blob", person_id=person.id)
    return next((one for one in held if one.data["cid"] == cid), None)


@routes.on("POST", "/xrpc/com.atproto.repo.putRecord", family="bluesky:writes")
def put(simulator: Simulator, request: Request) -> Answer:
    """The same record under the same key changes nothing; another one is an edit."""
    owner, rkey = _callers_repository(simulator, request), str(request.json.get("rkey") or "")
    given = _object(request.json.get("record"))
    if request.json.get("collection") != ids.POSTS or not ids.RKEY.fullmatch(rkey):
        raise refused(400, words="Only posts are kept here, under a valid record key")
    _check(given)
    known = records.find(simulator, owner.id, rkey)
    if known is None:
        known = _create(simulator, request, owner, rkey, given)
        request.made = str(known.id)
    elif records.record(simulator, known) != given:
        _change(simulator, known, given)
    told = {"uri": ids.uri(owner.id, rkey), "cid": ids.content_id(given), "validationStatus": "valid"}
    return json_answer(told | {"commit": _commit(given)})


def _check(given: Json) -> None:
    """Refuses what the network's own description of a post forbids."""
    said, problem = given.get("text"), ""
    if given.get("$type") != ids.POSTS or not isinstance(said, str) or not given.get("createdAt"):
        problem = 'Record must have the properties "text" and "createdAt"'
    elif text.graphemes(said) > MAX_GRAPHEMES:
        problem = f"Record/text must not be longer than {MAX_GRAPHEMES} graphemes"
    elif len(said.encode()) > MAX_BYTES:
        problem = f"Record/text must not be longer than {MAX_BYTES} bytes"
    elif len(_object(given.get("embed")).get("images") or ()) > MAX_IMAGES:
        problem = f"Record/embed/images must not have more than {MAX_IMAGES} elements"
    if problem:
        raise refused(400, "InvalidRequest", f"Invalid {ids.POSTS} record: {problem}")


def _create(simulator: Simulator, request: Request, owner: Person, rkey: str, given: Json) -> Post:
    attached = tuple(_attached(simulator, owner, given))
    parent = records.at(simulator, str(_object(_object(given.get("reply")).get("parent")).get("uri") or ""))
    post = posts.create(
        simulator.db,
        posts.draft(
            person_id=owner.id,
            text=str(given["text"]),
            language=next(iter(given.get("langs") or ()), None),
            reply_to=parent,
            app_id=request.token.app_id if request.token else None,
            network=NETWORK,
            extra={"rkey": rkey, "record": given},
        ),
        attached,
    )
    # Who is answered is told, whether the words name them or not; who is named has been told already. An AppView that
    # reads an answer before what is answered tells nobody of it, and shows it all the same.
    told = (owner.id, *posts.mentioned_ids(simulator.db, post))
    if parent and parent.person_id not in told and UNTOLD not in simulator.db.manners:
        with simulator.db.transaction() as connection:
            notifications.add(simulator.db, connection, person_id=parent.person_id, kind="mention", post=post)
    return post


def _attached(simulator: Simulator, owner: Person, given: Json) -> list[int]:
    """The pictures of a record, for the square's own pages; every blob that it names must be here."""
    embed = _object(given.get("embed"))
    images = [_object(one) for one in embed.get("images") or ()]
    wanted = [(one.get("image"), str(one.get("alt") or "")) for one in images]
    wanted += [(_object(one).get("file"), "") for one in embed.get("captions") or ()]
    wanted += [(embed["video"], str(embed.get("alt") or ""))] if "video" in embed else []
    card = _object(embed.get("external"))
    wanted += [(card["thumb"], str(card.get("title") or ""))] if "thumb" in card else []
    made = []
    for blob, alt in wanted:
        held = _blob(simulator, owner, _object(_object(blob).get("ref")).get("$link"))
        if held is None:
            raise refused(400, "BlobNotFound", "Could not find blob")
        if "thumb" in card and int(held.data["size"]) > MAX_THUMB:
            raise refused(400, "InvalidRequest", f"Record/embed/external/thumb must be at most {MAX_THUMB} bytes")
        measured = pictures.measure(held.content)
        if measured:
            mime, *size = measured
            picture = media.create(
                simulator.db,
                person_id=owner.id,
                mime=mime,
                content=held.content,
                size=(size[0], size[1]),
                alt=alt or None,
                focus=None,
            )
            made.append(picture.id)
    return made


def _change(simulator: Simulator, post: Post, given: Json) -> None:
    posts.edit(simulator.db, replace(post, extra={**post.extra, "record": given}), str(given["text"]))


@routes.on("POST", "/xrpc/com.atproto.repo.deleteRecord", family="bluesky:writes")
def delete(simulator: Simulator, request: Request) -> Answer:
    """What is not there is deleted without a word."""
    owner, rkey = _callers_repository(simulator, request), str(request.json.get("rkey") or "")
    post = records.find(simulator, owner.id, rkey) if request.json.get("collection") == ids.POSTS else None
    if post:
        posts.delete(simulator.db, post)
    return json_answer({"commit": _commit(rkey)})


def _callers_repository(simulator: Simulator, request: Request) -> Person:
    owner = records.person(simulator, str(request.json.get("repo") or ""))
    if not owner or owner.id != caller(request).id:
        raise refused(403, "InvalidToken", "Not the owner of this repository")
    return owner


def _commit(about: object) -> Json:
    return {"cid": ids.content_id([about, now_ms()]), "rev": ids.key_of(now_ms() << 10)}


@routes.on("GET", "/xrpc/com.atproto.repo.getRecord")
def read(simulator: Simulator, request: Request) -> Answer:
    repo, rkey, collection = (request.text(name) for name in ("repo", "rkey", "collection"))
    owner = _repository(simulator, repo)
    if collection == ids.PROFILE and rkey == "self":
        value = records.profile(owner)
        return json_answer({"uri": ids.uri(owner.id, rkey, collection), "cid": ids.content_id(value), "value": value})
    post = records.find(simulator, owner.id, rkey) if collection == ids.POSTS else None
    if not post:
        raise refused(400, "RecordNotFound", f"Could not locate record: at://{repo}/{collection}/{rkey}")
    return json_answer({**records.strong_ref(simulator, post), "value": records.record(simulator, post)})


@routes.on("GET", "/xrpc/com.atproto.repo.listRecords")
def read_many(simulator: Simulator, request: Request) -> Answer:
    """Newest first."""
    owner, most = _repository(simulator, request.text("repo")), request.number("limit") or 50
    if not 1 <= most <= 100:
        raise refused(400, words="Error: limit must be between 1 and 100")
    before = ids.post_of(request.text("cursor")) or None
    found = posts.by_person(simulator.db, owner.id, None, Window(limit=most, max_id=before, network=NETWORK))
    shown = found if request.text("collection") == ids.POSTS else []
    told: Json = {
        "records": [{**records.strong_ref(simulator, post), "value": records.record(simulator, post)} for post in shown]
    }
    return json_answer(told | ({"cursor": ids.key_of(shown[-1].id)} if shown else {}))


@routes.on("GET", "/xrpc/com.atproto.repo.describeRepo")
def describe(simulator: Simulator, request: Request) -> Answer:
    owner = _repository(simulator, request.text("repo"))
    return json_answer(
        {
            "handle": ids.handle(owner.handle),
            "did": ids.did(owner.id),
            "didDoc": {"id": ids.did(owner.id), "alsoKnownAs": [f"at://{ids.handle(owner.handle)}"]},
            "collections": [ids.PROFILE, ids.POSTS],
            "handleIsCorrect": True,
        }
    )


@routes.on("GET", "/xrpc/com.atproto.identity.resolveHandle")
def resolve(simulator: Simulator, request: Request) -> Answer:
    found = records.person(simulator, request.text("handle"))
    if not found or request.text("handle").startswith("did:"):
        raise refused(400, words="Unable to resolve handle")
    return json_answer({"did": ids.did(found.id)})


def _repository(simulator: Simulator, repo: str) -> Person:
    found = records.person(simulator, repo)
    if not found:
        raise refused(400, words=f"Could not find repo: {repo}")
    return found


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}
