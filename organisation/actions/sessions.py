"""Sessions: written down where somebody signs in, and ended by the person themself, at once."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from organisation import audit
from organisation.actions.authority import require_human
from organisation.audit import action
from organisation.lifecycle import Refused
from organisation.models import Person, PersonSession
from organisation.queries.sessions import sessions_of, worth_of

ENDED = audit.tell("person.session_ended", _("%(actor)s ended one of their sessions"))
OTHERS_ENDED = audit.tell("person.sessions_ended", _("%(actor)s ended all their other sessions"))
KEPT = timedelta(days=1)  # longer than any session lives


@transaction.atomic
def keep_session(*, person: Person, session_key: str, carried: str, device: tuple[str, str], was: str = "") -> None:
    """Writes down that `session_key` is a session of `person`, and what it carries as proof of that; `was` is what the
    framework called it before."""
    browser, system = device
    facts = {"person": person, "worth": worth_of(carried), "browser": browser, "system": system}
    if was and PersonSession.objects.filter(session_key=was).update(session_key=session_key, **facts):
        return
    PersonSession.objects.update_or_create(session_key=session_key, defaults=facts)


def session_used(*, session_key: str) -> None:
    PersonSession.objects.filter(session_key=session_key).update(last_used=Now())


@action
def end_session(*, session: PersonSession, by: Person, here: str) -> None:
    """One's own, elsewhere: from its next click on it opens nothing. `here` is the session that asks."""
    locked = sessions_of(by).select_for_update(of=("self",)).filter(pk=session.pk).first()
    if locked is None:
        raise Refused(_("This session is over already."))
    if locked.session_key == here:
        raise Refused(_("This is the session that you are using. Sign out instead."))
    Session.objects.filter(session_key=locked.session_key).delete()
    told = {"device": " / ".join(name for name in (locked.browser, locked.system) if name)}
    locked.delete()
    audit.record(verb=ENDED, thing=by, by=by, **told)


@action
def end_other_sessions(*, by: Person, here: str) -> Person:
    """Every session of the person but `here`, and what is half way to one, links included; the person as they are now,
    whose mark the session `here` has to be given. Refused for a service account, which has none."""
    require_human(by)
    locked = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    Person.objects.filter(pk=locked.pk).update(session_epoch=F("session_epoch") + 1)
    others = PersonSession.objects.filter(person=locked).exclude(session_key=here)
    Session.objects.filter(session_key__in=others.values("session_key")).delete()
    others.delete()
    locked.refresh_from_db(fields=["session_epoch", "password"])
    audit.record(verb=OTHERS_ENDED, thing=locked, by=locked)
    return locked


def forget_sessions() -> int:
    """What the framework no longer keeps is forgotten here too; how many."""
    kept = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now())
    over = PersonSession.objects.filter(~Exists(kept), last_used__lt=Now() - KEPT)
    return over.delete()[0]
