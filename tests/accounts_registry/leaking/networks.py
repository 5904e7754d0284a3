"""Networks that treat a secret badly, and what Parvis holds of them: an account for each thing that workers do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db.models.functions import Now

from accounts_registry.models import Access, Account, Lookup
from monitoring.models import Stream
from networks.catalogue import NETWORKS
from organisation.models import Unit
from tests.factories.accounts_registry import ConnectedAccountFactory
from tests.factories.delivery import queued
from tests.factories.prices import give_budget
from tests.networks.loopback import Asked, Loopback, Script, answer, serve, silent
from tests.networks.subjects import SUBJECTS, Subject

DEEDS = ("send", "read", "look up", "renew")
NAMES = ("access_token", "refresh_token", "client_id", "client_secret", "user_token", "proof")
# What a token may hold besides letters: written otherwise in an address, a form or a page.
TAIL = "+/x="
MARK = "canary5e1f"  # how each of them begins: written alike everywhere


@dataclass(frozen=True)
class Bad:
    """Servers that stand for any network. `refusing` speaks each one's own tongue, so there is one for each."""

    refusing: dict[str, Loopback]
    echoing: Loopback
    silent: Loopback
    breaking: Loopback

    @property
    def allow(self) -> frozenset[str]:
        servers = [*self.refusing.values(), self.echoing, self.silent, self.breaking]
        return frozenset().union(*(one.allow for one in servers))

    def of(self, key: str) -> dict[str, Loopback]:
        return {
            "refuses": self.refusing[key],
            "echoes": self.echoing,
            "keeps silent": self.silent,
            "breaks": self.breaking,
        }


def heard(asked: Asked) -> str:
    """Everything that was said, as a careless server repeats it."""
    return f"{asked.headers.get('authorization', '')} {asked.target} {asked.body.decode('utf-8', 'replace')}"


def refusing(subject: Subject) -> Script:
    return lambda asked: answer(subject.words(heard(asked)), 401)


def echoing(asked: Asked) -> object:
    page = f"<html><body><h1>Server error</h1><pre>{asked.headers}\n{heard(asked)}</pre></body></html>"
    return answer(page, 500, {"Content-Type": "text/html"})


@contextmanager
def bad_networks() -> Iterator[Bad]:
    with ExitStack() as open_ones:

        def one(script: Script) -> Loopback:
            return open_ones.enter_context(serve(script))

        yield Bad(
            {subject.network: one(refusing(subject)) for subject in SUBJECTS},
            one(echoing),
            one(lambda asked: silent),
            one(lambda asked: silent),
        )


def core_of(key: str, mood: str, name: str) -> str:
    """A secret's name and place, by which a leak is told apart from others."""
    return f"{MARK}{key}{mood}{name}".replace(" ", "").replace("_", "")


def accounts_on(bad: Bad, unit: Unit, folder: Path) -> tuple[list[Account], set[str]]:
    """One for each network, mood and deed; and all secrets that they were given, by their cores."""
    made, cores = [], set()
    for subject in SUBJECTS:
        for mood, server in bad.of(subject.network).items():
            names = {*NAMES, *(field.name for field in NETWORKS[subject.network].fields)}
            secrets = {name: core_of(subject.network, mood, name) for name in names}
            cores |= set(secrets.values())
            for deed in DEEDS:
                account = ConnectedAccountFactory.create(
                    unit=unit,
                    network=subject.network,
                    handle=f"{deed}-{mood}".replace(" ", "-"),
                    base_url=server.url,
                    credentials={name: f"{core}{TAIL}" for name, core in secrets.items()},
                )
                give(account, deed, subject, folder)
                made.append(account)
    return made, cores


def give(account: Account, deed: str, subject: Subject, folder: Path) -> None:
    """Something to do for a worker: this, and nothing else."""
    if NETWORKS[account.network].capabilities.prices:
        give_budget(account, 100)
    if deed == "send":
        queued(account, subject.draft(folder))
    if deed == "look up":
        Lookup.objects.create(account=account, address=f"{account.base_url}/@{account.handle}/1")
    if deed == "renew":
        past = Now() - timedelta(minutes=1)
        Access.objects.create(account=account, purpose="all", expires_at=past, renew_at=past)
    if deed != "read":
        Stream.objects.create(kind="inbox", account=account, next_pull_at=Now() + timedelta(days=1))
