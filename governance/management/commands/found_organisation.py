"""The first organisation and its first administrator, on a new system that has nobody yet."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from organisation import actions
from organisation.audit import acting
from organisation.enums import GovernanceModel, UnitKind
from organisation.models import Unit


class Command(BaseCommand):
    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--slug", required=True, help="short name, like fin")
        parser.add_argument("--name-fr", default="")
        parser.add_argument("--name-nl", default="")
        parser.add_argument("--kind", default=UnitKind.FEDERAL_SERVICE, choices=UnitKind.values)
        parser.add_argument("--governance", default=GovernanceModel.CENTRALISED, choices=GovernanceModel.values)
        parser.add_argument("--email", required=True, help="the first administrator")
        parser.add_argument("--person", required=True, help="the first administrator's name")
        parser.add_argument("--language", default="fr", choices=["fr", "nl", "en"])

    def handle(self, *args: Any, **options: Any) -> None:
        if Unit.objects.exists():
            raise CommandError("This system already has an organisation; people are added on its pages.")
        names = {code: options[f"name_{code}"] for code in ("fr", "nl") if options[f"name_{code}"]}
        password = getpass.getpass("Password of the administrator: ")
        try:
            validate_password(password)
            with acting():
                self._found(names, password, options)
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        self.stdout.write("Done. The system is frozen: lift the freeze on its page when you are ready to publish.")

    def _found(self, names: dict[str, str], password: str, options: dict[str, Any]) -> None:
        unit = actions.create_unit(
            parent=None,
            by=None,
            slug=options["slug"],
            names=names,
            kind=options["kind"],
            governance_model=options["governance"],
            languages=list(names),
        )
        person = actions.invite_person(
            email=options["email"],
            name=options["person"],
            unit=unit,
            language=options["language"],
            by=None,
            password=password,
        )
        actions.give_grant(person=person, role="administrator", unit=unit, by=None)
