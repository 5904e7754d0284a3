"""What somebody is asked who wants the committee to rename, hand over, merge or close an account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts_registry.enums.closing import InLine
from accounts_registry.enums.questions import RequestType
from accounts_registry.questionnaire.asking import Kind, Question

SECTION = "request"


def _text(key: str, label: object, help_: object = "", *, required: bool = True) -> Question:
    return Question(key, SECTION, Kind.TEXT, label, help_, required=required)  # type: ignore[arg-type]


_WHY = _text("request_reason", _("why you ask for it"), _("What is not right today, and what becomes better."))
_FOLLOWERS = _text(
    "exit_followers", _("what happens to its followers"), _("Where they are sent, and how they are told.")
)
_ARCHIVE = _text("exit_archive", _("where what it said is kept"), _("Who has the archive, and for how long."))
_NAME = _text("exit_name", _("what happens to its name"), _("Kept so that nobody else takes it, or given up."))
_IN_LINE = Question(
    "exit_in_line",
    SECTION,
    Kind.CHOICE,
    _("messages that are still to go out then"),
    _("What becomes of what is scheduled there on the day of the decision."),
    InLine,
)

REQUESTS: dict[str, tuple[Question, ...]] = {
    RequestType.RENAME: (
        Question("proposed_handle", SECTION, Kind.FIELD),
        _WHY,
        _text("rename_told", _("how people learn of the new name"), _("On the network, on your site, in print.")),
        _text(
            "rename_old_name",
            _("what happens to the old name"),
            _("Kept by a parked account, or given up; then others may take it."),
        ),
    ),
    RequestType.CHANGE_OWNER: (
        Question("owner", SECTION, Kind.FIELD),
        Question("backup_holder", SECTION, Kind.FIELD),
        _WHY,
        _text("handover_how", _("what is handed over, and how"), _("Access, recovery, habits, what is under way.")),
    ),
    RequestType.MERGE: (
        Question("successor", SECTION, Kind.FIELD),
        _WHY,
        _FOLLOWERS,
        _text("exit_links", _("what happens to links that lead to it"), _("On your sites, in print, in signatures.")),
        _ARCHIVE,
        _NAME,
        _IN_LINE,
    ),
    RequestType.CLOSE: (_WHY, _FOLLOWERS, _ARCHIVE, _NAME, _IN_LINE),
}
