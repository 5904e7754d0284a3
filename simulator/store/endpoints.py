"""Where an app wants to be called at all, as its makers entered it in the network's portal for developers."""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.hooks import Hook
from simulator.store import hooks, things
from simulator.store.database import Database
from simulator.store.things import Thing

KIND = "endpoint"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`url` of the app `app_id`, and the secret that calls to it are signed with."""

    id: int
    network: str
    app_id: int
    url: str
    secret: str = field(repr=False)
    created_ms: int

    def hook(self, person_id: int) -> Hook:
        return Hook(self.network, person_id, self.url, self.secret)


def set_up(db: Database, *, network: str, app_id: int, url: str, secret: str) -> Endpoint:
    """One for each address of an app, with the newest secret."""
    for known in things.of(db, network=network, kind=KIND):
        if (known.data["app"], known.data["url"]) == (app_id, url):
            things.change(db, known, data=known.data | {"secret": secret})
            return _endpoint(known)
    return _endpoint(things.add(db, network=network, kind=KIND, data={"app": app_id, "url": url, "secret": secret}))


def of_app(db: Database, network: str, app_id: int | None) -> list[Endpoint]:
    """Those of an app, oldest first. The square's own tokens belong to no app: they stand for every one of them."""
    found = (_endpoint(one) for one in things.of(db, network=network, kind=KIND))
    return [one for one in found if app_id in (None, one.app_id)]


def listen(db: Database, endpoint: Endpoint, person_id: int) -> None:
    """From now on the app hears there what concerns the person."""
    hooks.subscribe(db, endpoint.hook(person_id))


def leave(db: Database, endpoint: Endpoint, person_id: int) -> bool:
    """The app hears no more of the person there; whether it did."""
    return hooks.end(db, endpoint.hook(person_id))


def listens(db: Database, endpoint: Endpoint, person_id: int) -> bool:
    return any(hook == endpoint.hook(person_id) for _, hook in hooks.of_network(db, endpoint.network))


def _endpoint(thing: Thing) -> Endpoint:
    data = thing.data
    return Endpoint(thing.id, thing.network, data["app"], data["url"], data["secret"], thing.created_ms)
