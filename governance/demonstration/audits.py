"""An audit half done: one list taken over as a service keeps it, its findings, and a second delivery that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts_registry import actions
from accounts_registry.models import AccountAudit, ListImport
from governance.demonstration.service import Service
from organisation.clock import database_today
from organisation.models import Person

HEADINGS = "Réseau social;Lien;Intitulé;Service;Responsable;Langue;Abonnés;Dernière publication;Administrateurs\n"
# network, address, title, unit, owner, language, followers, days since the last post, administrators
FIRST = [
    ("Twitter", "https://twitter.com/SPFFin", "SPF Finances", "SPF Finances", "Nathalie Servais", "FR", "17 400", 1, 3),
    ("X", "x.com/fodfin/", "FOD Financiën", "SPF Finances", "Nathalie Servais", "NL", "15 900", 1, 3),
    ("Facebok", "www.facebook.com/SPFFin", "SPF Finances", "SPF Finances", "Nathalie Servais", "FR", "41,2k", 2, 4),
    ("Facebook", "https://fr-be.facebook.com/spffin/", "SPF Finances", "SPF Finances", "", "FR", "41,2k", 2, 4),
    ("Facebook", "m.facebook.com/FODFin", "FOD Financiën", "SPF Finances", "Pieter Janssens", "NL", "28 000", 2, 2),
    ("LinkedIn", "be.linkedin.com/company/spf-finances", "SPF Finances", "SPF Finances", "Jo", "FR/NL", "910", 8, 1),
    ("You tube", "https://www.youtube.com/@spffinances", "Vidéos", "SPF Finances", "", "FR", "2 300", 130, 1),
    ("Instagram", "https://www.facebook.com/douanebe", "Douane", "Douanes et Accises", "Sofie", "FR", "800", 45, 2),
    ("Facebook", "Musée des Douanes", "Musée", "Douanes et Accises", "", "FR", "310", 400, 1),
    ("Flickr", "https://www.flickr.com/photos/spffinances", "Photos", "SPF Finances", "", "FR", "12", 900, 1),
    ("", "https://finances.belgium.be", "Site", "SPF Finances", "", "FR", "", 0, 1),
]  # fmt: skip
GONE, RENAMED = 9, (8, "https://www.facebook.com/museedesdouanes")


def build(service: Service) -> None:
    """By the account manager, on the whole service."""
    by, today = service.people["accounts"], database_today()
    due = today + timedelta(days=60)
    audit = actions.begin_audit(unit=service.units["fin"], by=by, name="Audit des comptes", due_on=due)
    actions.take_over_list(given=_tried(audit, by, FIRST, "inventaire-comptes.csv", today), by=by)
    actions.examine_audit(audit=audit, by=by)
    place, address = RENAMED
    second = [*FIRST[:place], (FIRST[place][0], address, *FIRST[place][2:]), *FIRST[GONE + 1 :]]
    _tried(audit, by, second, "inventaire-comptes-2.csv", today)


def _tried(audit: AccountAudit, by: Person, rows: Sequence[tuple[object, ...]], name: str, today: date) -> ListImport:
    written = [";".join(map(str, (*row[:7], today - timedelta(days=int(str(row[7]))), row[8]))) for row in rows]
    file = SimpleUploadedFile(name, (HEADINGS + "\n".join(written)).encode("cp1252"))
    given = actions.send_list(audit=audit, by=by, file=file, series="Inventaire des comptes")
    actions.read_lists(seconds=30)
    given.refresh_from_db()
    return actions.check_list(given=given, by=by, sheets=given.sheets, mapping=given.mapping)
