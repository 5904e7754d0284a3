"""People write, by the control API, on the page or in a flood: as each network's own pages would have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simulator import pictures
from simulator.exchange import Refused
from simulator.routing import Simulator
from simulator.store import media, people, posts
from simulator.store.people import Person

DEFAULT = "mastodon"


@dataclass(frozen=True, slots=True)
class Said:
    """`reply_to` is a post's identifier: a reply begins with the handle of whom it answers, and stays on its network.

    `mention` are handles that go before the text; `at_ms` dates it back.
    """

    author: Person
    text: str
    reply_to: int | None = None
    mention: Sequence[str] = ()
    language: str = ""
    visibility: str = "public"
    at_ms: int | None = None
    network: str = ""
    warning: str = ""
    sensitive: bool = False
    pictures: Sequence[tuple[bytes, str]] = ()  # each with the words for it
    extra: dict[str, object] = field(default_factory=dict)


def say(simulator: Simulator, said: Said) -> posts.Post:
    """Put it on the square. Refused where there is neither a text nor a picture, or the parent is unknown."""
    return posts.create(simulator.db, _draft(simulator, said), tuple(_uploaded(simulator, said)))


def _uploaded(simulator: Simulator, said: Said) -> Iterator[int]:
    for content, alt in said.pictures:
        measured = pictures.measure(content)
        if measured is None:
            raise Refused(422, "pictures: not a picture")
        mime, *size = measured
        facts = {"content": content, "size": (size[0], size[1]), "alt": alt or None, "focus": None}
        yield media.create(simulator.db, person_id=said.author.id, mime=mime, **facts).id  # type: ignore[arg-type]


def say_many(simulator: Simulator, said: Sequence[Said]) -> list[posts.Post]:
    """All of it at once, or nothing."""
    return posts.create_many(simulator.db, [_draft(simulator, one) for one in said])


def _draft(simulator: Simulator, said: Said) -> posts.Post:
    if not said.text.strip() and not said.pictures:
        raise Refused(422, "text: empty")
    parent = posts.by_id(simulator.db, said.reply_to, said.author.id) if said.reply_to else None
    if said.reply_to and not parent:
        raise Refused(404, f"no post {said.reply_to}")
    return posts.draft(
        person_id=said.author.id,
        text=_addressed(simulator, said, parent),
        language=said.language or said.author.language or "fr",
        visibility=said.visibility,
        reply_to=parent,
        spoiler=said.warning,
        sensitive=said.sensitive or bool(said.warning and said.pictures),
        at_ms=said.at_ms,
        network=(parent.network if parent else said.network) or DEFAULT,
        extra=dict(said.extra),
    )


def _addressed(simulator: Simulator, said: Said, parent: posts.Post | None) -> str:
    """The text behind the handles that it is for, each once."""
    named = list(said.mention)
    if parent and parent.person_id != said.author.id:
        answered = people.by_id(simulator.db, parent.person_id)
        named.insert(0, answered.handle if answered else "")
    already = {handle.lower() for handle in posts.MENTION.findall(said.text)}
    before = [f"@{handle.removeprefix('@')}" for handle in dict.fromkeys(named) if handle]
    return " ".join([*(one for one in before if one[1:].lower() not in already), said.text])
