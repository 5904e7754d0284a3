"""The second person, at the server's console: for an organisation whose one administrator has nobody beside them.

Without a choice it lists what waits. Whoever runs the server looks at it, asks who should know, and says why.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from organisation.actions import confirm_grant, confirm_person, confirm_recovery
from organisation.lifecycle import Conflict, Refused
from organisation.models import Grant, Person, Recovery


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--grant", type=int, help="number of a proposed role")
        what.add_argument("--recovery", type=int, help="number of a proposed way back in")
        what.add_argument("--person", help="e-mail address of somebody who was added")
        parser.add_argument("--reason", default="", help="why this is right: it stands in the audit trail")

    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options[what] for what in ("grant", "person", "recovery")):
            self._list()
            return
        if not options["reason"].strip():
            raise CommandError("Say why, with --reason: it stands in the audit trail.")
        try:
            self._confirm(options)
        except (Grant.DoesNotExist, Person.DoesNotExist, Recovery.DoesNotExist, Conflict):
            raise CommandError("Nothing of that kind waits for a second person.") from None
        except Refused as refused:
            raise CommandError(" ".join(refused.reasons)) from None
        self.stdout.write("Confirmed.")

    def _confirm(self, options: dict[str, Any]) -> None:
        if options["grant"]:
            confirm_grant(grant=Grant.objects.proposed().get(pk=options["grant"]), by=None, reason=options["reason"])
        elif options["recovery"]:
            recovery = Recovery.objects.proposed().get(pk=options["recovery"])
            if secret := confirm_recovery(recovery=recovery, by=None, reason=options["reason"]):
                address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('organisation:welcome')}?key={secret}"
                self.stdout.write(f"Hand this over, it works once: {address}")
        else:
            person = Person.objects.get(email__iexact=options["person"])
            confirm_person(person=person, by=None, reason=options["reason"])

    def _list(self) -> None:
        for grant in Grant.objects.proposed().select_related("person", "unit", "given_by").order_by("pk"):
            self.stdout.write(
                f"--grant {grant.pk}: {grant.person.email}, {grant.role} in {grant.unit.slug}, by {grant.given_by}"
            )
        for recovery in Recovery.objects.proposed().select_related("person", "proposed_by").order_by("pk"):
            self.stdout.write(
                f"--recovery {recovery.pk}: {recovery.person.email}, {recovery.kind}, by {recovery.proposed_by}"
            )
        for person in Person.objects.filter(invited_by__isnull=False, vouched_at__isnull=True).order_by("pk"):
            self.stdout.write(f"--person {person.email}: {person.name}, added by {person.invited_by}")
