"""Whether an account still makes sense: it is renewed with what came of it, and what is over ends by itself."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date

from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.actions.holding import locked_for
from accounts_registry.enums import ACCOUNT_LIFECYCLE, AccountState, Term
from accounts_registry.models import Account, AccountReview
from accounts_registry.queries.life import review_window
from organisation import audit
from organisation.actions import perform
from organisation.audit import action
from organisation.clock import database_today
from organisation.dates import dated
from organisation.lifecycle import Conflict, Refused
from organisation.models import Person

RENEWED = audit.tell("account.renewed", _("%(actor)s renewed this account"))


@action
def renew_account(
    *, account: Account, by: Person, edition: int, evaluation: str, next_on: date, figures: str = ""
) -> AccountReview:
    """It goes on until `next_on`: the day of the next review, and of a trial or a campaign the last one.

    What was suspended because its term was over is active again; what a person suspended stays so. Refused at the field
    that is wrong, Outdated where the account's facts are others than in `edition`.
    """
    locked = locked_for(account, by, "renew", edition=edition)
    if locked.state in (AccountState.PLANNED, AccountState.CLOSING):
        raise Conflict(locked, "renew")
    if not evaluation.strip():
        raise Refused(_("Say what worked and what did not."), field="evaluation")
    first, last = review_window(locked.term, locked.today)
    if not first <= next_on <= last:
        facts = {"first": dated(first, "j F Y"), "last": dated(last, "j F Y")}
        raise Refused(_("Choose a day from %(first)s to %(last)s.") % facts, field="next_on")
    was_over = locked.is_over
    before = audit.values_of(locked, ("review_on", "ends_on"))
    locked.review_on, locked.reviewed_at, locked.edition = next_on, Now(), locked.edition + 1
    if locked.term != Term.PERMANENT:
        locked.ends_on = next_on
    locked.save(update_fields=["review_on", "reviewed_at", "ends_on", "edition"])
    review = AccountReview.objects.create(
        account=locked, evaluation=evaluation.strip(), figures=figures.strip(), next_on=next_on, reviewed_by=by
    )
    told = audit.differences(before, audit.values_of(locked, ("review_on", "ends_on")))
    audit.record(verb=RENEWED, thing=locked, by=by, reason=evaluation.strip(), **told)
    if was_over and locked.state == AccountState.SUSPENDED and locked.suspended_from_id is None:
        # What is held for another reason too stays suspended until that is over.
        with suppress(Refused):
            perform(ACCOUNT_LIFECYCLE, "reactivate", locked, by=by)
    account.refresh_from_db()
    return review


def expire_accounts() -> int:
    """Suspends the trials and campaigns whose last day, in their unit's own time, is over; how many."""
    # No zone is a day ahead of this one by more than one, so the others need not be asked.
    near = Account.objects.filter(state=AccountState.ACTIVE, ends_on__lte=database_today(UTC)).select_related("unit")
    ended = 0
    for account in near.order_by("pk"):
        if not account.is_over:
            continue
        try:
            perform(ACCOUNT_LIFECYCLE, "expire", account, by=None)
        except (Conflict, Refused):
            continue  # another worker, or a person, was faster
        ended += 1
    return ended
