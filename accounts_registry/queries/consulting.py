"""Where the committee hears the services concerned before it decides: whom, until when, and what they said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState, DossierState, RequestType
from accounts_registry.models import Account, Consultation, JustificationDossier
from accounts_registry.queries.committee import has_written, root_path
from organisation.clock import database_today
from organisation.enums import Permission
from organisation.governance import MODELS, Accounts
from organisation.models import Person, Unit
from organisation.queries import for_each_reader, within
from organisation.queries.units import model_of, models_of, nearest_model
from organisation.queries.waiting import Waiting

USUALLY = timedelta(days=14)
HEARD_IN = (DossierState.IN_REVIEW, DossierState.DEFERRED)


def hears_services(dossier: JustificationDossier) -> bool:
    """True where the unit's governance model has the services concerned heard, and an account is asked for."""
    asks = dossier.request_type == RequestType.NEW
    return asks and MODELS[model_of(dossier.unit)].accounts is Accounts.COMMITTEE_CONSULTS_SERVICES


def services_to_hear(dossier: JustificationDossier) -> QuerySet[Unit]:
    """Whom the committee may hear: services of the organisation that are governed so too, but the one that asks."""
    root = root_path(dossier.unit)
    models = models_of([root])
    around = Unit.objects.filter(path__startswith=root, depth__gt=1).exclude(pk=dossier.unit_id)
    so = [
        unit.pk
        for unit in around
        if MODELS[nearest_model(unit.path, models)].accounts is Accounts.COMMITTEE_CONSULTS_SERVICES
    ]
    return Unit.objects.filter(pk__in=so).order_by("path")


def services_concerned(dossier: JustificationDossier) -> QuerySet[Unit]:
    """Those of them that have an account on the same network in one of the same languages."""
    open_ = Account.objects.exclude(state=AccountState.ARCHIVED)
    same = open_.filter(network=dossier.platform, languages__overlap=dossier.languages)
    return services_to_hear(dossier).filter(pk__in=same.values("unit_id"))


def end_of(days: timedelta, unit: Unit) -> datetime:
    """The end of the day so many days from today, there."""
    return datetime.combine(database_today(unit.zone) + days + timedelta(days=1), time(), tzinfo=unit.zone)


def consultations_of(dossier: JustificationDossier) -> QuerySet[Consultation]:
    """Of the present round, in the order of the tree."""
    found = Consultation.objects.filter(dossier=dossier, round=dossier.round)
    return found.select_related("unit", "answered_by", "asked_by")


def unheard(dossier: JustificationDossier) -> Iterator[Any]:
    """Why the committee cannot decide yet, in words: a service that it asked may still answer."""
    waiting = consultations_of(dossier).filter(answered_at__isnull=True, due_at__gt=Now())
    if found := list(waiting):
        names = ", ".join(one.unit.name for one in found)
        last = timezone.localtime(max(one.due_at for one in found)) - timedelta(minutes=1)
        yield _("These services are heard until %(day)s: %(names)s.") % {"day": f"{last:%d/%m/%Y}", "names": names}


def against_answering(person: Person, consultation: Consultation) -> Iterator[Any]:
    """Why `person`, who writes dossiers in the unit that is heard, does not answer for it."""
    if consultation.dossier.state not in HEARD_IN or consultation.round != consultation.dossier.round:
        yield _("The committee is no longer hearing services on this dossier.")
    elif consultation.answered_at is not None:
        yield _("This service has given its opinion already.")
    elif has_written(person, consultation.dossier):
        yield _("You wrote this dossier, or count as who did: somebody else gives your service's opinion.")


def visible_consultations(person: Person) -> QuerySet[Consultation]:
    """Those on dossiers that the person sees, or that ask a unit where they see dossiers."""
    here = within(person, Permission.DOSSIER_VIEW) | within(person, Permission.DOSSIER_VIEW, field="dossier__unit")
    return Consultation.objects.filter(here).select_related("unit", "dossier__unit", "dossier__requested_by")


def to_be_heard(person: Person) -> Iterator[Waiting]:
    """What of it waits for `person`."""
    for one in _asked_of_me(person):
        url = reverse("accounts_registry:consultation_answer", args=[one.pk])
        detail = _("The committee hears %(unit)s before it decides") % {"unit": one.unit.name}
        yield Waiting(one.dossier.title, str(detail), url, str(_("Give your service's opinion")), due_at=one.due_at)


@for_each_reader
def _asked_of_me(person: Person) -> QuerySet[Consultation, Consultation]:
    asked = Consultation.objects.filter(within(person, Permission.DOSSIER_WRITE), answered_at__isnull=True)
    asked = asked.filter(round=F("dossier__round"), dossier__state__in=HEARD_IN)
    written = Q(dossier__requested_by=person) | Q(dossier__editors=person)
    return asked.exclude(written).select_related("unit", "dossier").order_by("due_at", "pk")
