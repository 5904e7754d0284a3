"""Who asks, and what their identifiers stand for."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime

from simulator.dialects.graph import errors
from simulator.exchange import Request
from simulator.routing import Simulator
from simulator.store import grants, media, people, posts, things
from simulator.store.database import now_ms
from simulator.store.media import Media
from simulator.store.people import Person
from simulator.store.posts import Post
from simulator.store.things import Thing

FACEBOOK, INSTAGRAM = "facebook", "instagram"
# Instagram's accounts have identifiers of their own, which really begin so.
ACCOUNT = "17841"
Found = Person | Post | Media | Thing


@dataclass(frozen=True)
class Account:
    """The Instagram account of a person's page."""

    person: Person

    @property
    def id(self) -> str:
        return f"{ACCOUNT}{self.person.id}"


@dataclass(frozen=True)
class Sight:
    """One call: the square, the request, and the page whose token it carries."""

    simulator: Simulator
    request: Request
    person: Person

    @property
    def site(self) -> str:
        return self.request.base_url

    @property
    def horizon(self) -> int:
        """The youngest moment that a lagging list shows."""
        return now_ms() - self.request.lag_ms if self.request.lag_ms else 2**63 - 1

    def need(self, scope: str) -> None:
        """Refused unless the token has the permission."""
        token = self.request.token
        if token and not token.is_standing and scope not in token.scopes.replace(",", " ").split():
            raise errors.forbidden(f"Requires {scope} permission to manage the object")

    def person_of(self, identifier: int | None) -> Person:
        found = people.by_id(self.simulator.db, identifier)
        assert found is not None
        return found


def see(simulator: Simulator, request: Request) -> Sight:
    """The caller; refused where they show a proof that is not their app's."""
    assert request.person is not None
    proof, token = request.text("appsecret_proof"), request.token
    app = grants.app_by_id(simulator.db, token.app_id) if token else None
    if proof and app and token:
        wanted = hmac.new(app.client_secret.encode(), token.token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(wanted.encode(), proof.encode()):
            raise errors.refusal(100, "Invalid appsecret_proof provided in the API argument")
    return Sight(simulator, request, request.person)


def resolve(sight: Sight, identifier: str) -> Person | Account | Post | Media | Thing:
    """What an identifier stands for; refused where it is nothing that the caller may see."""
    found: Person | Account | Post | Media | Thing | None = None
    if identifier == "me":
        return sight.person
    if identifier.startswith(ACCOUNT) and identifier[len(ACCOUNT) :].isdigit() and len(identifier) > 18:
        person = people.by_id(sight.simulator.db, _number(identifier[len(ACCOUNT) :]))
        found = Account(person) if person else None
    elif "_" in identifier:
        found = _written(sight, identifier)
    elif identifier.isdigit():
        found = _numbered(sight, _number(identifier))
    if found is None:
        raise errors.no_such_object(identifier, sight.request.method)
    return found


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 19 else 0


def _written(sight: Sight, identifier: str) -> Post | None:
    """A Facebook post by its page's identifier and its own, or a comment by its post's and its own."""
    place, _, number = identifier.partition("_")
    post = posts.by_id(sight.simulator.db, _number(number), sight.person.id, network=FACEBOOK)
    if not post or is_orphan(post):
        return None
    return post if place == owner_of(sight, post) else None


def _numbered(sight: Sight, number: int) -> Person | Post | Media | Thing | None:
    db = sight.simulator.db
    person = people.by_id(db, number)
    if person:
        return person
    post = posts.by_id(db, number, sight.person.id, network=INSTAGRAM)
    if post:
        return None if is_orphan(post) else post
    for network, kind in ((FACEBOOK, "video"), (INSTAGRAM, "container")):
        thing = things.by_id(db, number, network=network, kind=kind)
        if thing:
            return thing if thing.person_id == sight.person.id else None
    picture = media.by_id(db, number)
    return picture if picture and picture.person_id == sight.person.id else None


def is_orphan(post: Post) -> bool:
    """What stood below something that is gone went with it."""
    return post.reply_to is None and post.reply_to_person is not None


def root_of(sight: Sight, post: Post) -> Post:
    """The post below which a comment stands; the post itself where it is none."""
    chain = posts.ancestors(sight.simulator.db, post, None)
    return chain[0] if chain else post


def parent_of(sight: Sight, comment: Post) -> Post | None:
    """The comment that a comment answers: only two levels are shown, so it is the topmost one."""
    chain = posts.ancestors(sight.simulator.db, comment, None)
    return chain[1] if len(chain) > 1 else None


def owner_of(sight: Sight, post: Post) -> str:
    """The first half of an identifier: the post of a comment, the page of a post."""
    if post.reply_to:
        return str(root_of(sight, post).id)
    return str(wall_of(sight, post))


def wall_of(sight: Sight, post: Post) -> int:
    """The page on which a post stands: one that begins with a page's name was written there, by a visitor."""
    begins = posts.MENTION.match(post.text)
    page = people.by_handle(sight.simulator.db, begins.group(1)) if begins else None
    return page.id if page else post.person_id


def instant(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
