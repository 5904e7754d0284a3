from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts_registry.enums.audit import ImportState, LineOutcome, Rejection, Remark, Unread
from accounts_registry.lists.words import network_name
from accounts_registry.models.audit import AccountAudit
from organisation.choices import known
from organisation.models import Claimable, Unit

# Fields of a listed account as a line tells their change.
SHOWN = {
    "handle": _("name on the network"),
    "remote_id": _("number on the network"),
    "title": pgettext_lazy("of a page", "Title"),
    "unit_told": _("unit"),
    "owner_told": _("owner"),
    "languages": _("languages"),
    "followers": _("followers"),
    "last_post_on": _("last post"),
    "admins": _("administrators"),
    "kind": _("kind"),
}


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)


class ListImport(Claimable):
    """One delivery of a list of accounts: the row is the queue of those that are to be read.

    `series` names the list; a later delivery of the same one is compared with what the earlier told. The file itself
    goes once it is read: `sha256` says which it was, and `rows` keep what stood in it while the audit is open.
    `sheets` says of each sheet its name, rows, the row of its headings and whether it is taken; `mapping` what each
    column is.
    """

    audit = models.ForeignKey(AccountAudit, models.CASCADE, related_name="imports", verbose_name=_("account audit"))
    series = models.CharField(_("list"), max_length=120)
    name = models.CharField(_("name of the file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    file = models.FileField(max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=ImportState, default=ImportState.RECEIVED)
    unread = models.CharField(max_length=10, choices=Unread, blank=True)
    sent_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"), db_default=Now())
    taken_over_at = models.DateTimeField(_("taken over at"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    sheets = models.JSONField(default=list, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    figures = models.JSONField(default=dict, blank=True)  # lines by outcome, as tried or as taken over
    tried_at_edition = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("import of a list")
        verbose_name_plural = _("imports of lists")
        ordering = ["-pk"]
        constraints = [known("state", ImportState), known("unread", Unread, blank=True)]
        indexes = [
            models.Index(fields=["sent_at"], name="list_import_waits", condition=models.Q(state=ImportState.RECEIVED))
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit(self) -> Unit:
        return self.audit.unit

    @property
    def mark(self) -> str:
        """Of what was tried, as it stands: whoever takes it over sends back the one that they read."""
        tried = [self.sheets, self.mapping, self.figures, self.tried_at_edition]
        return sha256(json.dumps(tried, sort_keys=True).encode()).hexdigest()[:32]

    @property
    def is_waiting(self) -> bool:
        return self.state == ImportState.RECEIVED

    @property
    def is_new(self) -> bool:
        """Whether it still may be tried."""
        return self.state in (ImportState.READ, ImportState.CHECKED)


class ListRow(models.Model):
    """A row as it stood in the file: `sheet` counts from 0, `number` as the file does."""

    of = models.ForeignKey(ListImport, models.CASCADE, related_name="rows")
    sheet = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The cells that say anything, one after the other."""
        return " · ".join(cell for cell in self.cells if cell)


class ListLine(models.Model):
    """What a row says of one account, and what becomes of it. Without a row: an account that the list no longer names.

    `told` are the values for the listed account, `before` those that were there: what undoing brings back.
    """

    of = models.ForeignKey(ListImport, models.CASCADE, related_name="lines")
    row = models.ForeignKey(ListRow, models.CASCADE, null=True, related_name="lines")
    outcome = models.CharField(max_length=10, choices=LineOutcome)
    why = models.CharField(max_length=12, choices=Rejection, blank=True)
    remarks = ArrayField(models.CharField(max_length=20), default=list)
    told = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    listed = models.ForeignKey("accounts_registry.ListedAccount", models.SET_NULL, null=True, related_name="lines")

    class Meta:
        ordering = ["pk"]
        constraints = [known("outcome", LineOutcome), known("why", Rejection, blank=True)]
        indexes = [models.Index(fields=["of", "outcome"], name="list_line_outcomes")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.told.get('handle', '')}"

    @property
    def label(self) -> str:
        """The account that it names; empty where it names none."""
        told: dict[str, Any] = self.told
        if not told.get("network"):
            return ""
        name = f"@{told['handle']}" if told.get("handle") else told.get("remote_id", "")
        return f"{name} · {network_name(told['network'])}"

    @property
    def changes(self) -> list[tuple[Any, str, str]]:
        """What it says anew of a listed account: (name of the field, as it was, as it is)."""
        if self.outcome not in (LineOutcome.CHANGED, LineOutcome.RENAMED):
            return []
        named = [(field, name) for field, name in SHOWN.items() if self.told.get(field) != self.before.get(field)]
        return [(name, _shown(self.before.get(field)), _shown(self.told.get(field))) for field, name in named]

    @property
    def sentences(self) -> list[Any]:
        """Why it was rejected, and what is odd about it."""
        why = [Rejection(self.why).label] if self.why else []
        return why + [Remark(one).label for one in self.remarks]
