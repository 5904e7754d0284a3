"""What is known of how safe an account is, and what of it is borne for a while."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from accounts_registry.actions import (
    accept_exception,
    ask_exception,
    attest_security,
    check_security,
    end_exception,
    expire_exceptions,
    note_security,
    refuse_exception,
)
from accounts_registry.enums.security import SecurityItem, SecurityLevel
from accounts_registry.models import SecurityException
from tests.architecture.trail.world import AN, NOBODY, World, leaves
from tests.factories.organisation import person_with
from tests.factories.security import SecurityExceptionFactory, stands, whole

ICT = "Ict"
VAULT = SecurityItem.VAULT
HELD = {"item": "vault", "until": ...}


def borne(world: World, state: str = "asked") -> SecurityException:
    return SecurityExceptionFactory.create(account=world.account, state=state)


@leaves(
    (
        "security_record.noted",
        AN,
        {
            "changes": {"second_factor": ["unknown", "key"], "recovery_mail_of": ["unknown", "service"]},
            "addresses": ["recovery_mail"],
        },
    )
)
def settings_noted(world: World) -> Callable[[], object]:
    told = {"second_factor": "key", "recovery_phone_of": "unknown", "recovery_mail_of": "service"}
    secret = {"recovery_mail": "vault@fin.example"}
    return lambda: note_security(account=world.account, by=world.an, edition=0, **told, **secret)


@leaves(("security_record.checked", AN, {"item": "vault", "changes": {"level": [None, "met"]}}))
def item_checked(world: World) -> Callable[[], object]:
    told = {"item": VAULT, "level": SecurityLevel.MET, "evidence": "In the vault"}
    return lambda: check_security(account=world.account, by=world.an, edition=0, **told)


@leaves(
    ("security_record.checked", AN, {"item": "vault", "changes": {"level": ["not_met", "met"]}}),
    ("security_exception.settle", NOBODY, {"from": "asked", "to": "ended"}),
)
def item_met(world: World) -> Callable[[], object]:
    borne(world)
    told = {"item": VAULT, "level": SecurityLevel.MET, "evidence": "In the vault"}
    return lambda: check_security(account=world.account, by=world.an, edition=1, **told)


@leaves(("security_record.attested", AN, {"standing": "met", "edition": 1}))
def record_attested(world: World) -> Callable[[], object]:
    whole(world.account)
    return lambda: attest_security(account=world.account, by=world.an, edition=1)


@leaves(("security_exception.asked", AN, {**HELD, "reason": "In spring"}))
def exception_asked(world: World) -> Callable[[], object]:
    stands(world.account, VAULT, SecurityLevel.NOT_MET)
    told = {"item": VAULT, "why": "In spring", "until": world.account.today + timedelta(days=3)}
    return lambda: ask_exception(account=world.account, by=world.an, edition=1, **told)


@leaves(("security_exception.accept", ICT, {**HELD, "from": "asked", "to": "accepted"}))
def exception_accepted(world: World) -> Callable[[], object]:
    exception, ict = borne(world), person_with("ict_security", world.unit, name=ICT)
    return lambda: accept_exception(exception=exception, by=ict)


@leaves(("security_exception.refuse", ICT, {**HELD, "from": "asked", "to": "refused", "reason": "No"}))
def exception_refused(world: World) -> Callable[[], object]:
    exception, ict = borne(world), person_with("ict_security", world.unit, name=ICT)
    return lambda: refuse_exception(exception=exception, by=ict, reason="No")


@leaves(("security_exception.end", AN, {**HELD, "from": "accepted", "to": "ended", "reason": "Mended"}))
def exception_ended(world: World) -> Callable[[], object]:
    exception = borne(world, "accepted")
    return lambda: end_exception(exception=exception, by=world.an, reason="Mended")


@leaves(("security_exception.expire", NOBODY, {**HELD, "from": "accepted", "to": "expired"}))
def exception_over(world: World) -> Callable[[], object]:
    exception = borne(world, "accepted")
    SecurityException.objects.filter(pk=exception.pk).update(until=world.account.today - timedelta(days=1))
    return expire_exceptions
