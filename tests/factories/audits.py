"""Account audits, and lists on their way into them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts_registry.actions import check_list, read_lists, send_list, take_over_list
from accounts_registry.enums.finding import FindingKind
from accounts_registry.models import AccountAudit, Finding, ListImport
from organisation.models import Person
from organisation.sentences import Sentence, kept
from tests.factories.accounts_registry import AccountFactory
from tests.factories.organisation import UnitFactory, person_with

CSV = "Réseau;Adresse;Service;Responsable\nFacebook;https://www.facebook.com/spffinances;FIN;An\nX;@spffin;FIN;Bram\n"


class AuditFactory(factory.django.DjangoModelFactory[AccountAudit]):
    class Meta:
        model = AccountAudit

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda n: f"Audit {n}")
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))
    begun_by = factory.LazyAttribute(lambda audit: person_with("account_manager", audit.unit))


class FindingFactory(factory.django.DjangoModelFactory[Finding]):
    """Of a registered account in the audit's unit."""

    class Meta:
        model = Finding

    audit = factory.SubFactory(AuditFactory)
    kind = FindingKind.ORPHAN
    mark = factory.Sequence(lambda n: f"orphan:a{n}")
    account = factory.SubFactory(AccountFactory, unit=factory.SelfAttribute("..audit.unit"))
    evidence = factory.LazyFunction(lambda: kept([Sentence("The list names no owner.")]))
    due_on = factory.SelfAttribute("audit.due_on")
    owner = factory.SelfAttribute("audit.begun_by")


class ImportFactory(factory.django.DjangoModelFactory[ListImport]):
    """Read, of one row; no file behind it."""

    class Meta:
        model = ListImport

    audit = factory.SubFactory(AuditFactory)
    series = "List"
    name = "list.csv"
    sha256 = "0" * 64
    size = 1
    state = "read"
    sent_by = factory.SelfAttribute("audit.begun_by")


def sent(
    audit: AccountAudit, content: str | bytes = CSV, name: str = "list.csv", by: Person | None = None
) -> ListImport:
    """A list that waits for a worker."""
    raw = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, raw)
    return send_list(audit=audit, by=by or audit.begun_by, file=file, series="List")


def read(audit: AccountAudit, content: str | bytes = CSV, name: str = "list.csv", **facts: Any) -> ListImport:
    given = sent(audit, content, name, **facts)
    read_lists(seconds=5)
    given.refresh_from_db()
    return given


def tried(audit: AccountAudit, content: str | bytes = CSV, name: str = "list.csv", **mapping: str) -> ListImport:
    """As Parvis guessed its columns, but for those of `mapping`."""
    given = read(audit, content, name)
    assert given.state == "read", (given.state, given.unread)
    return check_list(given=given, by=audit.begun_by, sheets=given.sheets, mapping={**given.mapping, **mapping})


def taken_over(audit: AccountAudit, content: str | bytes = CSV, name: str = "list.csv", **mapping: str) -> ListImport:
    return take_over_list(given=tried(audit, content, name, **mapping), by=audit.begun_by)
