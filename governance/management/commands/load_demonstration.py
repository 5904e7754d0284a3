"""The demonstration organisation, once: the second time nothing is changed. Needs the training network to run."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from delivery.actions import lift_hold
from delivery.models import Hold
from governance.demonstration import (
    access,
    audits,
    crisis,
    house_rules,
    life,
    mentions,
    model,
    paid,
    posts,
    registry,
    service,
    sessions,
    sightings,
    sources,
    watches,
)
from governance.demonstration.keeping import keep
from organisation.audit import acting
from organisation.models import Unit


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demonstration does not belong into a production system.")
        if Unit.objects.exists():
            self.stdout.write("The organisation is there already; nothing was changed.")
            return
        # One transaction, so that a start that was cut short leaves nothing half.
        with acting():
            made = service.build()
            accounts = registry.build(made)
            for hold in Hold.objects.filter(lifted_at__isnull=True):
                lift_hold(hold=hold, by=made.people["administrator"])
            posts.build(made, accounts)
            life.build(made, accounts)
            paid.build(made)
            model.build(made)
            watches.build(made, accounts)
            sources.build(made)
            sightings.build(made, accounts)
            crisis.build(made)
            access.build(made)
            house_rules.build(made)
            audits.build(made)
            sessions.build(made)
            mentions.speak(accounts)
        self._keep_people(made)
        self.stdout.write(f"{len(accounts)} accounts, {len(made.people)} people.")

    def _keep_people(self, made: service.Service) -> None:
        """Names and passwords for whoever tries it out."""
        keep(settings.PEOPLE_FILE, list(made.listed()))
