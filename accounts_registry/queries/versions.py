"""That a network soon stops to serve the version of its API that Parvis speaks, for whoever administers Parvis."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountState
from accounts_registry.models import Account
from networks import versions
from organisation.dates import dated
from organisation.enums import Permission
from organisation.models import Person, Unit
from organisation.queries import within
from organisation.queries.waiting import Waiting


def ending_versions(person: Person, today: date) -> list[Waiting]:
    """From ninety days before the end on, for administrators, where accounts of the network are in use."""
    ending = list(versions.ending(today))
    if not ending or not Unit.objects.filter(within(person, Permission.ADMIN_SITE, field="")).exists():
        return []
    used = set(Account.objects.filter(state=AccountState.ACTIVE).values_list("network", flat=True))
    return [_version_ending(one, today) for one in ending if used & set(one.networks)]


def _version_ending(one: versions.Version, today: date) -> Waiting:
    ends = one.ends or today
    facts = {"name": one.name, "day": dated(ends, "j F Y"), "variable": one.variable}
    detail = _(
        "Version %(name)s of this network’s interface is served until %(day)s. After that nothing is sent or read "
        "there: Parvis has to speak the next one by then (%(variable)s)."
    )
    url = reverse("accounts_registry:account_list")
    return Waiting(one.api, detail % facts, url, _("Look at the accounts"), weight=4 if ends <= today else 1)
