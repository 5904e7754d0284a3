"""How accounts are addressed on the web, in any of the ways that people write it: addresses, names, ids.

`recognise` reads what somebody typed or a list holds. Nothing is fetched: an address is taken apart, and what it says
is all that is known. Two spellings are the same account where they have a `Profile.keys` in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qs, quote, unquote

from networks.addresses import LONGEST, in_ascii, taken_apart
from networks.catalogue import NETWORKS
from networks.kinds import Network

Key = tuple[str, str, str]  # network, server (empty where names and ids are the network's), "@name" or "#id"
HOST = re.compile(r"^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$")
HOST_AND_PORT = re.compile(r"^[^/?#@\s]+(?::\d+)?(?=[/?#]|$)")
FEDIVERSE = re.compile(r"^@?(?P<handle>[\w.-]+)@(?P<server>[^@/\s]+)$")
NAME = re.compile(r"^@?[\w.-]{1,150}$")
SHOWN_FOR = re.compile(r"^(?:[a-z]{2}(?:-[a-z]{2})?|m|mobile|mbasic|touch|free|web|business|music)\.(?=.+\.)")
ELSEWHERE = re.compile(r"^/(?:@|users/|web/@)(?P<handle>[\w.-]+)(?:@(?P<server>[\w.-]+))?(?:/|$)")


@dataclass(frozen=True, slots=True)
class Profile:
    """An account as an address or a name tells it. `network` is a key of the catalogue, empty where only a name was
    given; `server` its host where the network has many, `handle` its name without @, `remote_id` the network's id:
    whichever was told. It is not `certain` where what is addressed may show somebody else of that name."""

    network: str
    server: str = ""
    handle: str = ""
    remote_id: str = ""
    certain: bool = True

    @property
    def keys(self) -> tuple[Key, ...]:
        """What tells it from others: by its name, by its id; none where it has no network."""
        return tuple(keys(self.network, self.server, self.handle, self.remote_id)) if self.network else ()


def keys(network: str, server: str, handle: str, remote_id: str) -> Iterator[Key]:
    """What tells an account from others, by its name and by its id, as far as they are known."""
    about = NETWORKS.get(network)
    where = "" if about is not None and about.profiles.hosts else _host(server) or server.lower()
    if handle:
        yield network, where, f"@{_plain(about, handle)}"
    if remote_id:
        yield network, where, f"#{remote_id}"


def may_stand_at(url: str, network: str, server: str, own: Iterable[Key]) -> bool:
    """Whether the account with the keys `own` can stand at `url`: a place of its network or server, that names nobody
    else."""
    named = recognise(url)
    if named is not None:
        shown_there = named.certain or bool(NETWORKS[network].profiles.hosts if network in NETWORKS else ())
        return shown_there and not {*named.keys}.isdisjoint(own)
    host = _host(taken_apart(url).netloc.rpartition("@")[2])
    known = _network_of(host)
    return bool(host) and (known.key == network if known is not None else host == _host(server))


def many_servers(network: str) -> bool:
    """Whether its accounts stand on servers of many, so that a name is somebody's only with its server."""
    return (about := NETWORKS.get(network)) is not None and about.holds_accounts and not about.profiles.hosts


def recognise(spelling: str, network: str = "") -> Profile | None:
    """The account that `spelling` names; None where it is no way of naming one.

    A web address with or without its scheme, a language's or a phone's host ("m.", "fr-fr."), an older name of the
    network, `@name`, `name@server`, `acct:`. `network` is where a mere name stands, if that is known.
    """
    text = spelling.strip().strip("<>\"'“”«»()[]").strip()
    if not text or len(text) > LONGEST or not text.isprintable() or "\\" in text:  # browsers read it as a slash
        return None
    text = re.sub(r"^(?:acct|mailto):", "", text, flags=re.IGNORECASE)
    if (named := FEDIVERSE.match(text)) and (server := _host(named["server"])):
        return _named(named["handle"], server)
    if (parts := _address(text)) is not None:
        return _read(parts)
    handle = text.removeprefix("@")
    return Profile(network, handle=handle) if NAME.match(text) and handle else None


def _named(handle: str, server: str) -> Profile:
    """`name@server`: of a network with many servers, unless the server belongs to one that has its own."""
    known = _network_of(server)
    return Profile(known.key, handle=handle) if known else Profile("mastodon", server, handle)


def _address(text: str) -> SplitResult | None:
    """The parts of a web address; None where `text` is none. "bsky.app/profile/x" is one, "first.last" is a name."""
    if "://" not in text:
        begun = HOST_AND_PORT.match(text.removeprefix("//"))
        if begun is None or (not re.search(r"[/?]", text) and not _network_of(begun[0])):
            return None
        text = f"https://{text.removeprefix('//')}"
    parts = taken_apart(text)
    return parts if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def _read(parts: SplitResult) -> Profile | None:
    host = _host(parts.netloc.rpartition("@")[2])
    if not host:
        return None
    path = unquote(parts.path) + (
        f"/{parts.fragment.removeprefix('!').strip('/')}" if "!" in parts.fragment[:1] else ""
    )
    path = re.sub(r"/{2,}", "/", path)
    if {".", ".."} & {*path.split("/")}:  # a browser goes elsewhere than the path's first names say
        return None
    if (known := _network_of(host)) is not None:
        return _of(known, path, parts.query)
    if (there := ELSEWHERE.match(path)) is not None:  # a server of the fediverse, also one that shows another's account
        server = _host(there["server"] or "") or host
        return replace(_named(there["handle"], server), certain=server == host)
    return None


def _of(known: Network, path: str, query: str) -> Profile | None:
    """What an address on this network's own hosts tells: an id, a name, or nothing."""
    profiles = known.profiles
    asked = parse_qs(query, max_num_fields=50) if query.count("&") < 50 else {}
    named = set()
    for parameter, field in profiles.parameters.items():
        on_path, _, name = parameter.rpartition("?")
        if path.strip("/").casefold() == on_path:
            values = (value.strip().removeprefix("@") for value in asked.get(name, []))
            named |= {Profile(known.key, **{field: value}, certain=True) for value in values if value}
    if named:  # of two, a network chooses as it likes
        return named.pop() if len(named) == 1 else None
    if profiles.messages and re.search(profiles.messages, path, re.IGNORECASE):
        return None
    for pattern in (*profiles.paths, *profiles.older):
        if (found := re.match(pattern, path, re.IGNORECASE)) is None:
            continue
        told = {name: value for name, value in found.groupdict().items() if value}
        if told.get("handle", "").casefold() in profiles.reserved.split():
            return None
        return Profile(known.key, **told, certain=pattern in profiles.paths)
    return None


def _network_of(netloc: str) -> Network | None:
    """Whose host this is, with a language or a kind of device before it: "fr-fr.facebook.com", "mobile.twitter.com".

    Below others stands what is not an account's: "apps.facebook.com/name" belongs to whoever made that app.
    """
    host = SHOWN_FOR.sub("", _host(netloc))
    return next((known for known in NETWORKS.values() if known.holds_accounts and host in known.profiles.hosts), None)


def _host(netloc: str) -> str:
    """In lower case and ASCII, without port and "www."; empty where it can be none."""
    name = re.sub(r":\d+$", "", netloc).strip().rstrip(".").lower()
    try:
        name = in_ascii(name)
    except UnicodeError:
        return ""
    name = name.removeprefix("www.")
    return name if HOST.match(name) else ""


def _plain(about: Network | None, handle: str) -> str:
    """A name as the network itself compares names: "straße" and "strasse" are two."""
    name = handle.lower().removeprefix("@")
    return name.replace(".", "") if about is not None and about.profiles.dots_are_nothing else name


def address(network: str, server: str, handle: str) -> str:
    """Where an account of this name stands on the web; empty where the network has no such address."""
    about = NETWORKS.get(network)
    if about is None or not handle:
        return ""
    return about.profiles.address.format(handle=quote(handle, safe="@.-_"), server=server)
