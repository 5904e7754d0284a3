"""The control API, for tests and trainers: JSON under `/_simulator/`.

Whoever calls it says the server's key. Keep the port on loopback all the same.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import asdict
from datetime import UTC, datetime

from simulator import faults
from simulator.calling import AddressRefused, callable_address
from simulator.dialects import by_network
from simulator.dialects.mastodon import ways
from simulator.exchange import Answer, Refused, Request, json_answer
from simulator.hooks import Hook
from simulator.routing import Routes, Simulator
from simulator.saying import Said, say, say_many
from simulator.store import endpoints, grants, hooks, journal, media, notifications, people, posts

routes = Routes()
# X by its new names: refuses the old, or passes over them in silence. Bluesky: answers read before what they answer.
MANNERS = {"x:posts", "x:posts_silently", "bluesky:untold_answers"}
MOST_LATE = 7 * 86_400
Json = dict[str, object]


def _instant(milliseconds: int | None) -> str | None:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat() if milliseconds else None


@routes.on("POST", "/_simulator/people")
def add_person(simulator: Simulator, request: Request) -> Answer:
    """`{handle, name, kind, language, note}` → the person and their standing token. May be repeated."""
    try:
        person = people.create(
            simulator.db,
            handle=request.text("handle"),
            name=request.text("name"),
            kind=request.text("kind", "citizen"),
            language=request.text("language"),
            note=request.text("note"),
        )
    except people.HandleRefused as refusal:
        raise Refused(422, f"handle: {people.HandleRefused.__doc__} Not: {refusal}") from refusal
    token = grants.standing_token(simulator.db, person.id).token
    return json_answer(_person(person, request) | {"token": token}, 201)


@routes.on("GET", "/_simulator/people")
def list_people(simulator: Simulator, request: Request) -> Answer:
    return json_answer([_person(person, request) for person in people.everyone(simulator.db)])


@routes.on("POST", "/_simulator/people/{handle}/revoke")
def revoke(simulator: Simulator, request: Request, handle: str) -> Answer:
    """All tokens of a person stop working, as when they change their password."""
    grants.revoke_all(simulator.db, _known(simulator, handle).id)
    return json_answer({})


@routes.on("POST", "/_simulator/people/{handle}/tokens")
def give_token(simulator: Simulator, request: Request, handle: str) -> Answer:
    """`{scopes, seconds, renewable}` → a token of an app of its own, as a consent would give it, at once."""
    person = _known(simulator, handle)
    app = grants.register_app(
        simulator.db, name="trainer", website=None, redirect_uris="", scopes=request.text("scopes")
    )
    lasts = grants.Lasting(request.number("seconds"), request.flag("renewable"))
    scopes = request.text("scopes") or grants.ALL_SCOPES
    given = grants.issue(simulator.db, person_id=person.id, app_id=app.id, scopes=scopes, lasts=lasts)
    told = {"token": given.token, "refresh": given.refresh, "expires_at": _instant(given.expires_ms)}
    return json_answer(told | {"client_id": app.client_id, "client_secret": app.client_secret}, 201)


@routes.on("POST", "/_simulator/apps")
def add_app(simulator: Simulator, request: Request) -> Answer:
    """`{name, redirect_uris, scopes}` (scopes apart by spaces) → the client id and secret of an app, as registered by
    hand at a real network."""
    app = grants.register_app(
        simulator.db,
        name=request.text("name") or "Parvis",
        website=None,
        redirect_uris="\n".join(request.texts("redirect_uris")),
        scopes=request.text("scopes"),
    )
    return json_answer({"client_id": app.client_id, "client_secret": app.client_secret}, 201)


def _person(person: people.Person, request: Request) -> Json:
    return {
        "id": str(person.id),
        "handle": person.handle,
        "name": person.name,
        "kind": person.kind,
        "language": person.language,
        "url": f"{request.base_url}/@{person.handle}",
    }


def _known(simulator: Simulator, handle: str) -> people.Person:
    person = people.by_handle(simulator.db, handle)
    if not person:
        raise Refused(404, f"nobody is called {handle}")
    return person


@routes.on("POST", "/_simulator/speak")
def speak(simulator: Simulator, request: Request) -> Answer:
    """`{by, text, reply_to, mention, language, visibility, at, network, warning, choices, votes,
    pictures, sensitive}` → the post.

    `by` is made a citizen on first use. `reply_to` is a post's identifier; like the network's own pages, a reply begins
    with the handle of whom it answers. `mention` (one or several handles) goes before the text. `at` (ISO 8601 with a
    zone) dates the post back. `warning` stands before the text, and `choices` are those of a poll
    with the `votes` for each. `pictures` are `{content, alt}` each, the content in base64.
    """
    author = people.by_handle(simulator.db, request.text("by")) or people.create(
        simulator.db, handle=request.text("by"), name=request.text("name")
    )
    said = Said(
        author,
        request.text("text"),
        reply_to=request.number("reply_to"),
        mention=request.texts("mention"),
        language=request.text("language"),
        visibility=request.text("visibility", "public"),
        at_ms=_moment(request.text("at")),
        network=request.text("network"),
        warning=request.text("warning"),
        sensitive=request.flag("sensitive"),
        pictures=[_picture(one) for one in request.listed("pictures")],
        extra=_poll(request),
    )
    post = say(simulator, said)
    return json_answer(_post(simulator, post, request), 201)


def _poll(request: Request) -> dict[str, object]:
    choices = request.texts("choices")
    votes = [int(one) if one.isdigit() else 0 for one in request.texts("votes")]
    return {"choices": choices, "votes": (votes + [0] * len(choices))[: len(choices)]} if choices else {}


def _picture(given: object) -> tuple[bytes, str]:
    told = given if isinstance(given, dict) else {}
    try:
        return b64decode(str(told.get("content") or ""), validate=True), str(told.get("alt") or "")
    except ValueError:
        raise Refused(422, "pictures: not base64") from None


def _moment(given: str) -> int | None:
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise Refused(422, f"at: {error}") from error
    if moment.tzinfo is None:
        raise Refused(422, "at: a time zone is missing")
    return int(moment.timestamp() * 1000)


@routes.on("POST", "/_simulator/posts/many")
def speak_many(simulator: Simulator, request: Request) -> Answer:
    """`{posts: [{by, text, reply_to, mention, at, network}, …]}` → `{ids}` in the same order; all of them or none.

    For thousands at once. `again: true` beside a post makes its network tell of it twice.
    """
    told = [one for one in request.listed("posts") if isinstance(one, dict)]
    made = say_many(simulator, [_said_of(simulator, one) for one in told])
    for post, one in zip(made, told, strict=True):
        if one.get("again"):
            notifications.tell_again(simulator.db, post.id)
    return json_answer({"ids": [str(post.id) for post in made]}, 201)


def _said_of(simulator: Simulator, one: Json) -> Said:
    handle, mention, parent = str(one.get("by", "")), one.get("mention"), one.get("reply_to")
    return Said(
        author=people.by_handle(simulator.db, handle) or people.create(simulator.db, handle=handle),
        text=str(one.get("text", "")),
        reply_to=int(str(parent)) if parent else None,
        mention=[str(mention)] if mention else [],
        at_ms=_moment(str(one.get("at") or "")),
        network=str(one.get("network") or ""),
    )


@routes.on("POST", "/_simulator/posts/{identifier}")
def edit_post(simulator: Simulator, request: Request, identifier: str) -> Answer:
    """`{text}`: the author writes it anew."""
    post = _standing(simulator, identifier)
    if not request.text("text").strip():
        raise Refused(422, "text: empty")
    posts.edit(simulator.db, post, request.text("text"))
    return json_answer(_post(simulator, _standing(simulator, identifier), request))


@routes.on("DELETE", "/_simulator/posts/{identifier}")
def delete_post(simulator: Simulator, request: Request, identifier: str) -> Answer:
    """The author takes it away."""
    posts.delete(simulator.db, _standing(simulator, identifier))
    return json_answer({})


def _standing(simulator: Simulator, identifier: str) -> posts.Post:
    post = posts.by_id(simulator.db, int(identifier)) if identifier.isdigit() and len(identifier) < 19 else None
    if not post:
        raise Refused(404, f"no post {identifier}")
    return post


@routes.on("GET", "/_simulator/posts")
def list_posts(simulator: Simulator, request: Request) -> Answer:
    """Posts on the square, oldest first. `text`: exactly this text; `by`: a handle; `deleted=1`: deleted ones too."""
    text = request.text("text") if "text" in request.fields else None
    found = posts.with_text(simulator.db, text, deleted=request.flag("deleted"))
    if request.text("network"):
        found = [post for post in found if post.network == request.text("network")]
    if request.text("by"):
        author = _known(simulator, request.text("by"))
        found = [post for post in found if post.person_id == author.id]
    return json_answer({"count": len(found), "posts": [_post(simulator, post, request) for post in found]})


def _post(simulator: Simulator, post: posts.Post, request: Request) -> Json:
    author = people.by_id(simulator.db, post.person_id)
    handle = author.handle if author else ""
    return {
        "id": str(post.id),
        "by": handle,
        "text": post.text,
        "language": post.language,
        "visibility": post.visibility,
        "network": post.network,
        "edited_at": _instant(post.edited_ms),
        "extra": post.extra,
        "reply_to": str(post.reply_to) if post.reply_to else None,
        "created_at": _instant(post.created_ms),
        "deleted_at": _instant(post.deleted_ms),
        "url": f"{request.base_url}/@{handle}/{post.id}",
        "media": [
            {"id": str(one.id), "alt": one.alt, "mime": one.mime, "bytes": one.size}
            for one in media.of_post(simulator.db, post.id)
        ],
    }


@routes.on("GET", "/_simulator/journal")
def read_journal(simulator: Simulator, request: Request) -> Answer:
    """The API calls, oldest first; `method` and `path` narrow it to calls that are exactly so."""
    calls = [
        call
        for call in journal.read(simulator.db)
        if request.text("method") in {"", call.method} and request.text("path") in {"", call.path}
    ]
    shown: list[Json] = [asdict(call) | {"at": _instant(call.at_ms)} for call in calls]
    return json_answer({"count": len(calls), "created": sum(bool(call.created) for call in calls), "calls": shown})


@routes.on("POST", "/_simulator/hooks")
def subscribe(simulator: Simulator, request: Request) -> Answer:
    """`{network, handle, url, secret}`: from now on `url` hears what concerns the person, signed with `secret`."""
    person = _known(simulator, request.text("handle"))
    network, url = _callable(simulator, request)
    hooks.subscribe(simulator.db, Hook(network, person.id, url, request.text("secret")))
    return json_answer({"network": network, "handle": person.handle, "url": url}, 201)


def _callable(simulator: Simulator, request: Request) -> tuple[str, str]:
    """The network and the address that a call names; refused where the one calls nobody, or the other may not be."""
    network = request.text("network")
    dialect = by_network(network)
    if not dialect or not dialect.tell:
        raise Refused(422, f"network: {network or 'none'} tells nothing unasked")
    try:
        return network, callable_address(request.text("url"), anywhere=simulator.hooks_anywhere)
    except AddressRefused as refusal:
        raise Refused(422, f"url: {refusal}") from refusal


@routes.on("POST", "/_simulator/endpoints")
def set_up(simulator: Simulator, request: Request) -> Answer:
    """`{network, client_id, url, secret}`: the app is called at `url`, about whom its accounts subscribe to.

    As entered in the network's portal for developers; what else stands there comes back: the app's own `token`, and the
    `number` by which the network counts it.
    """
    network, url = _callable(simulator, request)
    app = grants.app_by_client_id(simulator.db, request.text("client_id"))
    if not app:
        raise Refused(422, "client_id: no such app")
    made = endpoints.set_up(simulator.db, network=network, app_id=app.id, url=url, secret=request.text("secret"))
    token = grants.issue(simulator.db, person_id=None, app_id=app.id, scopes="")
    return json_answer({"id": str(made.id), "url": url, "token": token.token, "number": str(app.id)}, 201)


@routes.on("DELETE", "/_simulator/hooks")
def unsubscribe_all(simulator: Simulator, request: Request) -> Answer:
    hooks.end_all(simulator.db)
    return json_answer({})


@routes.on("GET", "/_simulator/hooks/calls")
def list_told(simulator: Simulator, request: Request) -> Answer:
    """The calls that were made to apps, oldest first, with what they answered."""
    return json_answer([asdict(one) | {"at": _instant(one.at_ms)} for one in hooks.read(simulator.db)])


@routes.on("POST", "/_simulator/mastodon")
def choose_ways(simulator: Simulator, request: Request) -> Answer:
    """`{software, visibility, public_url, filters}`, each where it is to change: whose server speaks Mastodon's API."""
    try:
        made = ways.choose(simulator.db, **request.json)
    except (TypeError, ValueError) as refusal:
        raise Refused(422, str(refusal)) from refusal
    return json_answer(asdict(made))


@routes.on("POST", "/_simulator/faults")
def add_fault(simulator: Simulator, request: Request) -> Answer:
    try:
        fault = faults.add(simulator.db, faults.parse(request.json))
    except faults.FaultRefused as refusal:
        raise Refused(422, str(refusal)) from refusal
    return json_answer(asdict(fault), 201)


@routes.on("GET", "/_simulator/faults")
def list_faults(simulator: Simulator, request: Request) -> Answer:
    return json_answer([asdict(fault) for fault in faults.listed(simulator.db)])


@routes.on("DELETE", "/_simulator/faults")
def clear_faults(simulator: Simulator, request: Request) -> Answer:
    faults.clear(simulator.db)
    return json_answer({})


@routes.on("DELETE", "/_simulator/faults/{identifier}")
def clear_fault(simulator: Simulator, request: Request, identifier: str) -> Answer:
    faults.clear(simulator.db, int(identifier) if identifier.isdigit() else 0)
    return json_answer({})


@routes.on("POST", "/_simulator/limits")
def change_limits(simulator: Simulator, request: Request) -> Answer:
    """`{family: number}`: calls allowed in each window; "all" means every family; nothing restores the real numbers."""
    rules = simulator.limits.real
    wanted = {name: request.number(name) for name in request.fields}
    if set(wanted) - {*rules, "all"} or any(number is None or number < 0 for number in wanted.values()):
        raise Refused(422, f"whole numbers for all, {', '.join(rules)}")
    numbers = {name: number for name, number in wanted.items() if number is not None}
    everywhere = numbers.pop("all", None)
    start = {name: rule.limit if everywhere is None else everywhere for name, rule in rules.items()}
    simulator.limits.change((start if everywhere is not None or not numbers else {}) | numbers)
    return json_answer({name: asdict(rule) for name, rule in simulator.limits.rules.items()})


@routes.on("POST", "/_simulator/late")
def tell_late(simulator: Simulator, request: Request) -> Answer:
    """`{seconds}`: from now on a message shows only so long after its time, behind what was written meanwhile; 0: at
    once again."""
    seconds = request.number("seconds")
    if seconds is None or not 0 <= seconds <= MOST_LATE:
        raise Refused(422, f"seconds: 0 to {MOST_LATE}")
    simulator.db.late_ms = seconds * 1000
    return json_answer({"seconds": seconds})


@routes.on("POST", "/_simulator/manners")
def take_on(simulator: Simulator, request: Request) -> Answer:
    """`{names}`: the manners that the networks have from now on, and no others."""
    names = set(request.texts("names"))
    if unknown := names - MANNERS:
        raise Refused(422, f"names: {', '.join(sorted(unknown))}; known are {', '.join(sorted(MANNERS))}")
    simulator.db.manners.clear()
    simulator.db.manners.update(names)
    return json_answer({"names": sorted(names)})


@routes.on("POST", "/_simulator/reset")
def reset(simulator: Simulator, request: Request) -> Answer:
    """Forget everything: people, posts, faults, journal, counts, the flood under way."""
    simulator.player.stop()
    simulator.db.wipe()
    simulator.limits.forget()
    return json_answer({})


@routes.on("GET", "/_simulator/health")
def health(simulator: Simulator, request: Request) -> Answer:
    return json_answer({"status": "ok", "people": simulator.db.value("SELECT count(*) FROM people")})
