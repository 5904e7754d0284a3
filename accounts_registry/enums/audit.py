from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organisation.enums import Permission
from organisation.lifecycle import Transition, lifecycle


class AuditState(models.TextChoices):
    OPEN = "open", pgettext_lazy("account audit", "Under way")
    CLOSED = "closed", pgettext_lazy("account audit", "Closed")


class ImportState(models.TextChoices):
    RECEIVED = "received", _("Being read")
    READ = "read", _("Columns to be confirmed")
    UNREADABLE = "unreadable", _("Could not be read")
    CHECKED = "checked", _("Tried, nothing taken over yet")
    TAKEN_OVER = "taken_over", _("Taken over")
    UNDONE = "undone", _("Undone")
    DROPPED = "dropped", _("Put aside")


class ListedState(models.TextChoices):
    LISTED = "listed", _("Listed")
    REMOVED = "removed", _("No longer listed")


class LineOutcome(models.TextChoices):
    """What became, or would become, of one line of a list."""

    CREATED = "created", pgettext_lazy("line of a list", "New")
    MATCHED = "matched", pgettext_lazy("line of a list", "Unchanged")
    CHANGED = "changed", pgettext_lazy("line of a list", "Changed")
    RENAMED = "renamed", pgettext_lazy("line of a list", "Renamed")
    DUPLICATE = "duplicate", pgettext_lazy("line of a list", "Said twice")
    REJECTED = "rejected", pgettext_lazy("line of a list", "Rejected")
    REMOVED = "removed", pgettext_lazy("line of a list", "No longer listed")


class Rejection(models.TextChoices):
    """Why a line is no account, or not one more."""

    NOTHING = "nothing", _("The row names no account.")
    NO_NETWORK = "no_network", _("The row gives a name and does not say on which network.")
    NETWORK = "network", _("The network is none that Parvis knows by this name.")
    NO_SERVER = "no_server", _("On this network a name needs its server, as in @name@social.example.")
    NO_PROFILE = "no_profile", _("The address is not that of an account.")
    BAD_NAME = "bad_name", _("No network has a name like this: give the address or the @name.")
    MAIL = "mail", _("This is an e-mail address, and not an account.")
    ROUNDED = "rounded", _("The spreadsheet rounded this number: format its column as text, and give it whole.")
    SAID_BEFORE = "said_before", _("An earlier row of this list names the same account.")
    OTHER_LIST = "other_list", _("Another list of this audit names the same account already.")


class Remark(models.TextChoices):
    """What is odd about a line that is taken all the same."""

    OTHER_NETWORK = "other_network", _("The list names another network than the address does; the address counts.")
    OTHER_NAME = "other_name", _("The list gives another name than the address does; the address counts.")
    NETWORK_UNKNOWN = "network_unknown", _("The network is none that Parvis knows; the rest of the row told it.")
    ADDRESS_UNREAD = "address_unread", _("The address is not that of an account; the name counts.")
    UNIT_UNKNOWN = "unit_unknown", _("No unit bears this name.")
    LANGUAGE_UNREAD = "language_unread", _("The language could not be read.")
    FOLLOWERS_UNREAD = "followers_unread", _("The number of followers could not be read.")
    LAST_POST_UNREAD = "last_post_unread", _("The day of the last post could not be read.")
    KIND_UNREAD = "kind_unread", _("The kind could not be read.")
    RETURNED = "returned", _("It was no longer listed, and is listed again.")


class Unread(models.TextChoices):
    """Why a file could not be read."""

    EMPTY = "empty", _("There is nothing in this file.")
    LARGE = "large", _("The file is larger than 10 MB. Leave pictures out, or divide the list.")
    ROWS = "rows", _("The list has more than 10,000 rows, or far more cells than such a list needs. Divide it.")
    COLUMNS = "columns", _("The list has more than 120 columns. Leave out those that say nothing of the accounts.")
    SHEETS = "sheets", _("The file has more than 20 sheets. Keep those that list accounts.")
    CELL = "cell", _("A cell holds more than 2,000 characters. Is this a list?")
    FORMAT = "format", _("Parvis reads CSV, XLSX, ODS, YAML and JSON. Save the list as one of these.")
    OLD = "old", _("This is an old Excel file, or one behind a password. Save it as XLSX without a password.")
    LOCKED = "locked", _("This file is behind a password. Save it without one.")
    BROKEN = "broken", _("The file is damaged. Open it in your spreadsheet and save it again.")
    JSON = "json", _("This is not valid JSON.")
    YAML = "yaml", _("This is not valid YAML.")
    DEEP = "deep", _("The file nests its records deeper than any list does.")
    WORK = "work", _("The file asks for far more work than its size needs. Save it again from your spreadsheet.")


_A = AuditState
AUDIT_LIFECYCLE = lifecycle(
    noun="account_audit",
    states=AuditState,
    initial=_A.OPEN,
    finals=frozenset({_A.CLOSED}),
    transitions=(
        Transition(
            name="close",
            label=_("Close this audit"),
            sources=(_A.OPEN,),
            target=_A.CLOSED,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s closed this audit"),
        ),
    ),
)

_I = ImportState
IMPORT_LIFECYCLE = lifecycle(
    noun="list_import",
    states=ImportState,
    initial=_I.RECEIVED,
    finals=frozenset({_I.UNREADABLE, _I.UNDONE, _I.DROPPED}),
    gates={_I.TAKEN_OVER: _I.CHECKED},
    transitions=(
        Transition(
            name="read",
            label=_("Read this list"),
            sources=(_I.RECEIVED,),
            target=_I.READ,
            permission=None,
            told=_("Parvis read this list"),
        ),
        Transition(
            name="refuse",
            label=_("Refuse this list"),
            sources=(_I.RECEIVED,),
            target=_I.UNREADABLE,
            permission=None,
            told=_("Parvis could not read this list"),
        ),
        Transition(
            name="check",
            label=_("Try this list"),
            sources=(_I.READ, _I.CHECKED),
            target=_I.CHECKED,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s tried what this list would change"),
            guard="audit_open",
        ),
        Transition(
            name="take_over",
            label=_("Take this list over"),
            sources=(_I.CHECKED,),
            target=_I.TAKEN_OVER,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s took this list over"),
            guard="still_as_tried",
        ),
        Transition(
            name="undo",
            label=_("Undo this import"),
            sources=(_I.TAKEN_OVER,),
            target=_I.UNDONE,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s undid this import"),
            guard="nothing_stands_on_it",
        ),
        Transition(
            name="drop",
            label=_("Put this list aside"),
            sources=(_I.READ, _I.CHECKED),
            target=_I.DROPPED,
            permission=Permission.ACCOUNT_MANAGE,
            told=_("%(actor)s put this list aside"),
        ),
    ),
)
