"""The service itself: units, people, grants."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time, timedelta

from django.utils import timezone

from organisation import actions
from organisation.enums import GovernanceModel, UnitKind
from organisation.models import Person, Unit
from organisation.roles import ROLES

DOMAIN = "finances.example"


@dataclass
class Service:
    """What the other parts of the demonstration build on. `people` and `units` by key; passwords by person's key."""

    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def listed(self) -> Iterator[dict[str, str]]:
        """Everybody as the launcher shows them."""
        for key, person in self.people.items():
            grant = person.grants.first()
            role = str(ROLES[grant.role].label) if grant else ""
            yield {"name": person.name, "role": role, "email": person.email, "password": self.passwords[key]}


_UNITS = [
    # key, parent, kind, French, Dutch, German
    ("fin", None, UnitKind.FEDERAL_SERVICE, "SPF Finances", "FOD Financiën", "FÖD Finanzen"),
    ("communication", "fin", UnitKind.CELL, "Service Communication", "Dienst Communicatie", "Kommunikationsdienst"),
    ("fisc", "fin", UnitKind.ADMINISTRATION, "Fiscalité", "Fiscaliteit", "Steuerwesen"),
    ("douane", "fin", UnitKind.ADMINISTRATION, "Douanes et Accises", "Douane en Accijnzen", "Zoll und Akzisen"),
    ("ict", "fin", UnitKind.DEPARTMENT, "ICT", "ICT", "ICT"),
    ("legal", "fin", UnitKind.DEPARTMENT, "Service juridique", "Juridische dienst", "Rechtsdienst"),
    (
        "staff",
        "fin",
        UnitKind.DEPARTMENT,
        "Personnel et Organisation",
        "Personeel en Organisatie",
        "Personal und Organisation",
    ),
    # Another service, with services of its own.
    ("po", None, UnitKind.FEDERAL_SERVICE, "SPF Personnel", "FOD Personeel", "FÖD Personal"),
    ("selor", "po", UnitKind.AGENCY, "Selor", "Selor", "Selor"),
    ("ifa", "po", UnitKind.AGENCY, "IFA", "OFO", "AFÖV"),
    ("commnet", "po", UnitKind.CELL, "COMMnet", "COMMnet", "COMMnet"),
]

_PEOPLE = [
    # key, name, language, unit, (role, unit of the grant)…
    ("newcomer", "Inès Lambert", "fr", "communication", [("newcomer", "fin")]),
    ("writer_fr", "Claire Dubois", "fr", "communication", [("communication_cell", "fin")]),
    ("writer_nl", "Bram Peeters", "nl", "communication", [("communication_cell", "fin"), ("communication_cell", "po")]),
    ("conversations_fr", "Yasmine El Amrani", "fr", "communication", [("conversation_manager", "fin")]),
    ("conversations_nl", "Joris Claes", "nl", "communication", [("conversation_manager", "fin")]),
    ("conversations_de", "Elke Heinen", "de", "communication", [("conversation_manager", "fin")]),
    ("chair", "Hilde Vermeulen", "nl", "staff", [("committee_chair", "fin"), ("committee_chair", "po")]),
    ("member_legal", "Olivier Noël", "fr", "legal", [("committee_member", "fin"), ("committee_member", "po")]),
    ("member_ict", "Sofie Maes", "nl", "ict", [("committee_member", "fin"), ("committee_member", "po")]),
    ("adviser", "Thomas Gillet", "fr", "ict", [("ict_security", "fin"), ("ict_security", "po")]),
    ("accounts", "Karim Benali", "fr", "communication", [("account_manager", "fin"), ("account_manager", "po")]),
    ("spokesperson", "Nathalie Servais", "fr", "communication", [("spokesperson", "fin")]),
    ("crisis", "Pieter Janssens", "nl", "communication", [("crisis_cell", "fin")]),
    ("auditor", "Greta Wouters", "nl", "legal", [("auditor", "fin"), ("auditor", "po")]),
    ("administrator", "Luc Fontaine", "fr", "ict", [("administrator", "fin"), ("administrator", "po")]),
]


def build() -> Service:
    """Makes units, people and grants. The set-up acts without a person: nobody is there yet."""
    service = Service()
    for key, parent, kind, french, dutch, german in _UNITS:
        service.units[key] = actions.create_unit(
            parent=service.units[parent] if parent else None,
            by=None,
            slug=key,
            kind=kind,
            names={"fr": french, "nl": dutch, "de": german},
            governance_model="" if parent else GovernanceModel.HUB_AND_SPOKE,
            languages=["fr", "nl"],
        )
    _close(service)
    for key, name, language, unit, grants in _PEOPLE:
        _join(service, key, name=name, language=language, unit=service.units[unit], grants=grants)
    return service


def _close(service: Service) -> None:
    """A bridge day of the whole service, and an afternoon of one unit alone, both in the weeks to come."""
    today = timezone.localdate()
    bridge = today + timedelta(days=11 - today.weekday() % 7)  # the Friday of the week after this
    names = {"fr": "Jour de pont", "nl": "Brugdag", "en": "Bridge day"}
    actions.add_closure(unit=service.units["fin"], by=None, names=names, first=bridge, last=bridge)
    moving = bridge - timedelta(days=2)
    names = {"fr": "Déménagement du service", "nl": "Verhuizing van de dienst", "en": "The service moves"}
    actions.add_closure(
        unit=service.units["communication"],
        by=None,
        names=names,
        first=moving,
        last=moving,
        since=time(12),
        until=time(17),
    )


def _join(service: Service, key: str, *, name: str, language: str, unit: Unit, grants: list[tuple[str, str]]) -> None:
    password = "-".join(secrets.token_hex(3) for _part in range(3))
    address = f"{key.replace('_', '.')}@{DOMAIN}"
    person = actions.invite_person(email=address, name=name, unit=unit, language=language, by=None, password=password)
    for role, where in grants:
        actions.give_grant(person=person, role=role, unit=service.units[where], by=None)
    service.people[key], service.passwords[key] = person, password
