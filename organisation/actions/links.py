"""One-time links: how somebody who is new, or forgot their password, chooses one. Nobody chooses it for them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit
from organisation.actions.authority import count_as, managing, require_human, require_light
from organisation.audit import action
from organisation.lifecycle import Refused
from organisation.models import Person, SignInLink

MADE = audit.tell("person.link_made", _("%(actor)s made a one-time link for this person"))
USED = audit.tell("person.link_used", _("%(actor)s chose a password with a one-time link"))
LIVES = timedelta(days=7)


@action
def make_link(*, person: Person, by: Person, by_mail: bool) -> str:
    """The secret of a new link, told this once. Older links, the password and every session of the person end.

    Refused where the person's role weighs, unless the link goes to their own mailbox: somebody who holds it in hand
    would enter as them. That takes a second person (`propose_recovery`).
    """
    locked, by = managing(person, by)
    require_human(locked)
    if not locked.is_active:
        raise Refused(_("This person is suspended: reinstate them first."))
    if not by_mail:
        require_light(locked)
    secret = new_link(locked, by, in_hand_of=None if by_mail else by)
    audit.record(verb=MADE, thing=locked, by=by, by_mail=by_mail)
    return secret


def new_link(person: Person, by: Person, *, in_hand_of: Person | None) -> str:
    """Behind the person's lock: the secret of a link, which ends what opened before. They count from now on as who
    holds it in hand, until a second person confirms them."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
    if in_hand_of is not None:
        count_as(person, in_hand_of)
    SignInLink.objects.filter(person=person, ended_at__isnull=True).update(ended_at=Now())
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        person=person, digest=digest_of(secret), session_epoch=person.session_epoch, made_by=by, until=Now() + LIVES
    )
    return secret


@action
def use_link(*, digest: str, password: str) -> Person:
    """Sets the password that the person has chosen; the link is over. Their second factor, if any, stays.

    The person's row is locked first, as by all that ends links, and the link asked for behind it.
    """
    alive = SignInLink.objects.alive().filter(digest=digest)
    person = (
        Person.objects.select_for_update(of=("self",))
        .filter(pk__in=list(alive.values_list("person", flat=True)))
        .first()
    )
    link = alive.select_for_update(of=("self",)).first() if person else None
    if person is None or link is None:
        raise Refused(_("This link no longer works."))
    person.set_password(password)
    person.save(update_fields=["password"])
    link.ended_at = Now()
    link.save(update_fields=["ended_at"])
    audit.record(verb=USED, thing=person, by=person)
    return person


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
