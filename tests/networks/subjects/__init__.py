"""Every network of the catalogue that holds accounts, as a `Subject`: one module each, named like its key."""

from __future__ import annotations

from importlib import import_module

from networks.catalogue import NETWORKS
from tests.networks.subjects.subject import CANARY, DRAFT, Subject, attempt

SUBJECTS: tuple[Subject, ...] = tuple(
    import_module(f"tests.networks.subjects.{key}").SUBJECT
    for key, network in NETWORKS.items()
    if network.holds_accounts
)

__all__ = ["CANARY", "DRAFT", "SUBJECTS", "Subject", "attempt"]
