"""Signing in with the administration's provider: by the identity that was linked, never by a name that passes on."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organisation import audit, mails
from organisation.actions.authority import managing
from organisation.actions.groups import follow_groups
from organisation.audit import action
from organisation.lifecycle import Refused
from organisation.models import Person, ProviderIdentity
from organisation.provider import Told

LINKED = audit.tell("person.identity_linked", _("%(actor)s linked their account of the administration"))
TAKEN = audit.tell("person.identity_taken", _("%(actor)s ended this person's link to the administration's account"))
UNLINKED = audit.tell("person.identity_unlinked", _("%(actor)s ended the link to their account of the administration"))
SUSPENDED = _("Your access to Parvis is suspended. Ask an administrator of your unit.")


class Unknown(Exception):
    """Nobody here is linked to this identity, and nothing that it says makes anybody known."""


@action
def come_in(*, told: Told) -> Person:
    """Whose identity this is. `told.email`, where it is not empty, is one that the settings trust: who was invited with
    it, and is linked to nobody yet, is linked now. `Unknown`; Refused where the person is suspended."""
    known = ProviderIdentity.objects.filter(issuer=told.issuer, subject=told.subject).select_related("person__unit")
    identity = known.first() or _by_address(told)
    if not identity.person.is_active:
        raise Refused(SUSPENDED)
    ProviderIdentity.objects.filter(pk=identity.pk).update(last_used=Now())
    if told.groups is not None:
        follow_groups(person=identity.person, groups=told.groups)
    return identity.person


def _by_address(told: Told) -> ProviderIdentity:
    people = Person.objects.filter(email__iexact=told.email, responsible__isnull=True).select_related("unit")
    person = people.first() if told.email else None
    if person is None:
        raise Unknown
    if not person.is_active:
        raise Refused(SUSPENDED)
    return _link(person, told, by_address=True)


@action
def link_identity(*, told: Told, by: Person) -> ProviderIdentity:
    """By the person themself, who is signed in and has just proved who they are at the provider."""
    person = Person.objects.select_related("unit").get(pk=by.pk)
    if not person.is_active:
        raise Refused(SUSPENDED)
    return _link(person, told, by_address=False)


def _link(person: Person, told: Told, *, by_address: bool) -> ProviderIdentity:
    """One identity an issuer: another is not put in its place in silence, and nobody takes somebody else's."""
    try:
        with transaction.atomic():
            identity = ProviderIdentity.objects.create(person=person, issuer=told.issuer, subject=told.subject)
    except IntegrityError:
        if by_address:
            # Another tab of theirs was faster by a moment, or they are somebody else there.
            same = ProviderIdentity.objects.filter(issuer=told.issuer, subject=told.subject, person=person).first()
            if same is None:
                raise Unknown from None
            return same
        raise Refused(
            _("This account, or you, are linked already. End the link first, or ask an administrator.")
        ) from None
    audit.record(verb=LINKED, thing=person, by=person, issuer=told.issuer, by_address=by_address)
    return identity


@action
def unlink_identity(*, identity: ProviderIdentity, by: Person) -> Person:
    """Their own. Sessions that it opened end, with all the others; the person as they are now."""
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    gone, _each = ProviderIdentity.objects.filter(pk=identity.pk, person=person).delete()
    if not gone:
        raise Refused(_("This link is ended already."))
    if not person.has_usable_password():
        raise Refused(
            _("You have no password: without this link you could not sign in. Ask an administrator for a link.")
        )
    person.session_epoch += 1
    person.save(update_fields=["session_epoch"])
    audit.record(verb=UNLINKED, thing=person, by=person, issuer=identity.issuer)
    return person


@action
def take_identity(*, identity: ProviderIdentity, by: Person, reason: str) -> Person:
    """Of somebody else, by who administers them: the provider opens nothing for them any more, their sessions end, and
    they are told by mail. It opens nothing to `by`, so one is enough, whatever the person's role weighs."""
    locked, by = managing(identity.person, by)
    if not reason.strip():
        raise Refused(_("Say why: the reason stands in the story."), field="reason")
    gone, _each = ProviderIdentity.objects.filter(pk=identity.pk, person=locked).delete()
    if not gone:
        raise Refused(_("This link is ended already."))
    locked.session_epoch += 1
    locked.save(update_fields=["session_epoch"])
    audit.record(verb=TAKEN, thing=locked, by=by, issuer=identity.issuer, reason=reason.strip())
    address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('account_login')}"
    transaction.on_commit(lambda: mails.send("unlinked", to=locked, address=address, by=by))
    return locked
