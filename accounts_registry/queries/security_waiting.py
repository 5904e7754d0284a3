"""What of the security of accounts waits for somebody: exceptions to decide on, and those that end."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts_registry.enums.security import ExceptionState
from accounts_registry.models import SecurityException
from accounts_registry.queries.security import ending_exceptions, lapsed_exceptions
from organisation.dates import dated
from organisation.enums import Permission
from organisation.models import Person
from organisation.queries import within
from organisation.queries.waiting import ABOVE, FirstOf, Waiting

MOST = 5


def _to_decide(person: Person) -> QuerySet[SecurityException]:
    mine = SecurityException.objects.filter(within(person, Permission.SECURITY_MANAGE, field="account__unit"))
    asked = mine.filter(state=ExceptionState.ASKED).exclude(asked_by=person)
    return asked.select_related("account").order_by("asked_at", "pk")


def _to_mend(person: Person) -> QuerySet[SecurityException]:
    """Of accounts that the person manages: what ends soon, and what ended while the item is still not met."""
    mine = SecurityException.objects.filter(within(person, Permission.ACCOUNT_MANAGE, field="account__unit"))
    ends = Q(pk__in=ending_exceptions().values("pk")) | Q(pk__in=lapsed_exceptions().values("pk"))
    return mine.filter(ends).select_related("account").order_by("until", "pk")


def page_of(exception: SecurityException) -> str:
    return reverse("accounts_registry:account_security", args=[exception.account_id]) + f"#{exception.item}"


def _asked_told(exception: SecurityException) -> Waiting:
    detail = _("An exception is asked for: %(item)s") % {"item": exception.get_item_display()}
    return Waiting(exception.account.label, detail, page_of(exception), _("Accept or refuse it"), weight=2)


def _ending_told(exception: SecurityException) -> Waiting:
    facts = {"item": exception.get_item_display(), "day": dated(exception.until, "j F Y")}
    if exception.state == ExceptionState.EXPIRED:
        detail = _("An exception ended on %(day)s and it is still not met: %(item)s") % facts
    else:
        detail = _("An exception ends on %(day)s: %(item)s") % facts
    return Waiting(exception.account.label, detail, page_of(exception), _("Have it met"), weight=2)


_asked, _ending = FirstOf(_to_decide, most=MOST), FirstOf(_to_mend, most=MOST)


def security_to_settle(person: Person) -> Iterator[Waiting]:
    """Exceptions to decide on, then those that end or ended."""
    yield from _asked.lines(person, _asked_told, _more)
    yield from _ending.lines(person, _ending_told, _more)


def _more(n: int) -> Waiting:
    title = ngettext("%(n)d more security exception", "%(n)d more security exceptions", n) % {"n": n}
    return Waiting(title, ABOVE, reverse("accounts_registry:security_list"), _("See all of them"), weight=1)
