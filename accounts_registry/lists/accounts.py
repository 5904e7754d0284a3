"""What a line of a list says of one account: which one it is, however it is written, and what is odd about that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from accounts_registry.lists.words import OTHER_NETWORKS, network_named
from networks import profiles
from networks.addresses import host_of, taken_apart
from networks.catalogue import NETWORKS

# Where accounts of networks that Parvis does not speak stand on the web.
ELSEWHERE = {
    "tiktok.com": ("tiktok", r"^/@(?P<handle>[\w.]+)"),
    "flickr.com": ("flickr", r"^/(?:photos|people)/(?P<handle>[\w@-]+)"),
    "threads.net": ("threads", r"^/@(?P<handle>[\w.]+)"),
    "threads.com": ("threads", r"^/@(?P<handle>[\w.]+)"),
    "snapchat.com": ("snapchat", r"^/(?:add|@)/?(?P<handle>[\w.-]+)"),
    "wa.me": ("whatsapp", r"^/(?P<handle>\d+)"),
    "whatsapp.com": ("whatsapp", r"^/channel/(?P<handle>\w+)"),
    "t.me": ("telegram", r"^/(?:s/)?(?P<handle>\w{4,})"),
    "telegram.me": ("telegram", r"^/(?:s/)?(?P<handle>\w{4,})"),
    "pinterest": ("pinterest", r"^/(?P<handle>[\w-]+)"),
    "vimeo.com": ("vimeo", r"^/(?P<handle>[\w-]+)"),
    "dailymotion.com": ("dailymotion", r"^/(?P<handle>[\w-]+)"),
    "twitch.tv": ("twitch", r"^/(?P<handle>\w+)"),
    "reddit.com": ("reddit", r"^/(?:r|user|u)/(?P<handle>[\w-]+)"),
    "slideshare.net": ("slideshare", r"^/(?P<handle>[\w-]+)"),
    "issuu.com": ("issuu", r"^/(?P<handle>[\w.-]+)"),
    "soundcloud.com": ("soundcloud", r"^/(?P<handle>[\w-]+)"),
    "xing.com": ("xing", r"^/(?:pages|companies)/(?P<handle>[\w-]+)"),
    "plus.google.com": ("google_plus", r"^/\+?(?P<handle>[\w-]+)"),
    "discord.gg": ("discord", r"^/(?P<handle>[\w-]+)"),
}
SHOWN_FOR = re.compile(r"^(?:www|m|mobile|[a-z]{2}(?:-[a-z]{2})?)\.(?=.+\.)")
NAME = re.compile(r"^@?[\w.-]{1,150}$")
MAIL = re.compile(r"^[^@/\s]+@[^@/\s]+\.[^@/\s]+$")
WITH_GROUPS = tuple(key for key, network in NETWORKS.items() if network.profiles.has_groups)
GROUP = re.compile(r"^/groups?/(?P<handle>[\w.-]+)(?:/|$)", re.IGNORECASE)
ROUNDED = re.compile(r"^\d+(?:\.\d+)?e\+?\d+$", re.IGNORECASE)
ID = re.compile(r"^[\w:.%-]{1,200}$")


class Rejected(Exception):
    """A line that names no account; `why` is a value of `accounts_registry.enums.Rejection`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Words:
    """What a line says of which account it is, as it is written."""

    network: str = ""
    address: str = ""
    handle: str = ""
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """One account. `remarks` are values of `accounts_registry.enums.Remark`; `kind` only where its address tells."""

    network: str
    server: str = ""
    handle: str = ""
    remote_id: str = ""
    address: str = ""
    kind: str = ""
    remarks: tuple[str, ...] = field(default=())

    @property
    def keys(self) -> list[str]:
        """What it has in common with every other way of naming the same account."""
        return [as_text(key) for key in keys_of(self.network, self.server, self.handle, self.remote_id, self.kind)]


def keys_of(network: str, server: str, handle: str, remote_id: str, kind: str = "") -> Iterator[profiles.Key]:
    """As `profiles.keys`; a group has names of its own."""
    for where, host, name in profiles.keys(network, server, handle, remote_id):
        yield ((where, host, f"group{name}") if kind == "group" and network in WITH_GROUPS else (where, host, name))


def as_text(key: profiles.Key) -> str:
    return "|".join(key)


def addressed(text: str) -> bool:
    """Whether this is a web address, or a name with its server, by which an account is known."""
    if "/" not in text and not (text.startswith("@") and "@" in text[1:]):
        return False
    try:
        return _found(text, "") is not None
    except Rejected:
        return False


def name_account(words: Words) -> Named:
    """The account that a line names. An address is believed before a name, and both before the network's name."""
    told = network_named(words.network) if words.network else ""
    remarks: list[str] = []
    address, handle = words.address, words.handle
    if not address and "/" in words.network:  # a cell that leads to the account says where it leads
        address, told = words.network, ""
    if not address and addressed(handle):
        address, handle = handle, ""
    if words.network and not told and not address and not addressed(words.network):
        remarks.append("network_unknown")
    found = _found(address, told) if address else None
    if found is None and address and _is_web(address):
        if not (told and NAME.match(handle)):
            raise Rejected("no_profile")
        remarks.append("address_unread")
    if found is None and address and not handle:
        handle = address  # a mere name in the column of addresses
    if found is None and handle:
        found = _found(handle, told)
    if words.remote_id and ROUNDED.match(words.remote_id):
        raise Rejected("rounded")
    found = _with_id(found, words.remote_id, told)
    if not found.network:
        raise Rejected("network" if words.network else "no_network")
    if told and told != found.network:
        remarks.append("other_network")
    if handle and found.handle and address and NAME.match(handle) and not _same(found, handle):
        remarks.append("other_name")
    return Named(
        found.network,
        found.server,
        found.handle,
        found.remote_id,
        found.address or _address(found),
        found.kind,
        tuple(remarks),
    )


def _with_id(found: Named | None, remote_id: str, told: str) -> Named:
    if not remote_id:
        if found is None:
            raise Rejected("nothing")
        return found
    if not ID.match(remote_id):
        if found is None:
            raise Rejected("bad_name")
        return found
    if found is None:
        return Named(told, remote_id=remote_id)
    return Named(found.network, found.server, found.handle, found.remote_id or remote_id, found.address, found.kind)


def _found(text: str, told: str) -> Named | None:
    """What an address or a name tells; Rejected where it is a name that no network has."""
    address = text.strip().strip("<>\"'“”«»()[]").strip()
    if (elsewhere := _elsewhere(address)) is not None:
        return elsewhere
    profile = profiles.recognise(address, told if told in NETWORKS else "")
    if MAIL.match(address) and not profiles.many_servers(told):
        raise Rejected("mail")
    if profile is not None and profile.network:
        if profiles.many_servers(profile.network) and not profile.server:
            return _served(profile.handle)
        return Named(profile.network, profile.server, profile.handle, profile.remote_id)
    if profile is None or _is_web(address):
        if _is_web(address) or not address:
            return None
        raise Rejected("bad_name")
    if profiles.many_servers(told):
        return _served(profile.handle)
    return Named(told, handle=profile.handle)


def _served(handle: str) -> Named:
    """A name of a network with many servers is somebody's only with its server."""
    raise Rejected("no_server")


def _is_web(text: str) -> bool:
    return "://" in text or "/" in text or text.lower().startswith("www.")


def _elsewhere(address: str) -> Named | None:
    """An account of a network that Parvis does not speak, or a group, which networks keep apart from accounts."""
    if "/" not in address or len(address) > 2_000:
        return None
    full = address if "://" in address else f"https://{address.removeprefix('//')}"
    host = SHOWN_FOR.sub("", host_of(full).lower())
    path = unquote(taken_apart(full).path)
    for network in WITH_GROUPS:
        if host in NETWORKS[network].profiles.hosts and (found := GROUP.match(path)):
            name = found["handle"]
            place = {"remote_id": name} if name.isdecimal() else {"handle": name}
            return Named(network, **place, address=f"https://www.{host}/groups/{name}", kind="group")  # type: ignore[arg-type]  # one name
    key, pattern = ELSEWHERE.get(host) or (ELSEWHERE["pinterest"] if host.startswith("pinterest.") else ("", ""))
    if not key or (found := re.match(pattern, path, re.IGNORECASE)) is None:
        return None
    return Named(key, handle=found["handle"], address=f"https://{host}{found[0]}")


def _address(found: Named) -> str:
    if found.network in OTHER_NETWORKS:
        return ""
    return profiles.address(found.network, found.server, found.handle)


def _same(found: Named, handle: str) -> bool:
    keys = {*profiles.keys(found.network, found.server, handle.removeprefix("@"), "")}
    return bool(keys & {*profiles.keys(found.network, found.server, found.handle, "")})
