"""Pages of the registry."""

from accounts_registry.views.abuse import abuse_register, nil_return_new
from accounts_registry.views.accounts import account_act, account_budget, account_detail, account_list
from accounts_registry.views.advice import dossier_advise
from accounts_registry.views.audits import audit_close, audit_detail, audit_list, audit_new, listed_list
from accounts_registry.views.closing import account_begin_closing, account_close, exit_step, exit_step_back
from accounts_registry.views.comments import comment_act, dossier_comment
from accounts_registry.views.conditions import condition_act
from accounts_registry.views.connecting import account_connect, consent_back, consent_begin
from accounts_registry.views.consulting import consultation_answer, dossier_consult
from accounts_registry.views.dossier_beside import dossier_changes, dossier_file, dossier_similar
from accounts_registry.views.dossiers import (
    dossier_act,
    dossier_decide,
    dossier_detail,
    dossier_edit,
    dossier_list,
    dossier_new,
    dossier_vote,
)
from accounts_registry.views.figures import account_figures, figure_note
from accounts_registry.views.findings import (
    audit_examine,
    audit_questions,
    finding_act,
    finding_assign,
    finding_detail,
    finding_list,
)
from accounts_registry.views.imitations import search_begin, search_end, search_list, search_look
from accounts_registry.views.life import (
    account_confirm,
    account_edit,
    account_hand_over,
    account_renew,
)
from accounts_registry.views.list_imports import (
    import_columns,
    import_detail,
    import_drop,
    import_take_over,
    import_undo,
    list_send,
)
from accounts_registry.views.minutes import minutes_approve, minutes_file, session_minutes
from accounts_registry.views.official import (
    public_account,
    public_changes,
    public_check,
    public_home,
    public_list,
)
from accounts_registry.views.official_data import public_check_json, public_csv, public_json, public_schema
from accounts_registry.views.requests import account_request
from accounts_registry.views.security import (
    account_security,
    exception_act,
    security_attest,
    security_except,
    security_item,
    security_list,
    security_settings,
)
from accounts_registry.views.session_items import item_decide, item_defer, item_discuss, item_vote
from accounts_registry.views.sessions import (
    session_act,
    session_agenda,
    session_attendance,
    session_calendar,
    session_detail,
    session_edit,
    session_list,
    session_new,
)
from accounts_registry.views.sightings import (
    abuse_act,
    sighting_act,
    sighting_detail,
    sighting_edit,
    sighting_list,
    sighting_new,
)
from accounts_registry.views.third_parties import app_list, app_seen, app_strike
from accounts_registry.views.written import written_begin, written_halt

__all__ = [
    "abuse_act",
    "abuse_register",
    "account_act",
    "account_begin_closing",
    "account_budget",
    "account_close",
    "account_confirm",
    "account_connect",
    "account_detail",
    "account_edit",
    "account_figures",
    "account_hand_over",
    "account_list",
    "account_renew",
    "account_request",
    "account_security",
    "app_list",
    "app_seen",
    "app_strike",
    "audit_close",
    "audit_detail",
    "audit_examine",
    "audit_list",
    "audit_new",
    "audit_questions",
    "comment_act",
    "condition_act",
    "consent_back",
    "consent_begin",
    "consultation_answer",
    "dossier_act",
    "dossier_advise",
    "dossier_changes",
    "dossier_comment",
    "dossier_consult",
    "dossier_decide",
    "dossier_detail",
    "dossier_edit",
    "dossier_file",
    "dossier_list",
    "dossier_new",
    "dossier_similar",
    "dossier_vote",
    "exception_act",
    "exit_step",
    "exit_step_back",
    "figure_note",
    "finding_act",
    "finding_assign",
    "finding_detail",
    "finding_list",
    "import_columns",
    "import_detail",
    "import_drop",
    "import_take_over",
    "import_undo",
    "item_decide",
    "item_defer",
    "item_discuss",
    "item_vote",
    "list_send",
    "listed_list",
    "minutes_approve",
    "minutes_file",
    "nil_return_new",
    "public_account",
    "public_changes",
    "public_check",
    "public_check_json",
    "public_csv",
    "public_home",
    "public_json",
    "public_list",
    "public_schema",
    "search_begin",
    "search_end",
    "search_list",
    "search_look",
    "security_attest",
    "security_except",
    "security_item",
    "security_list",
    "security_settings",
    "session_act",
    "session_agenda",
    "session_attendance",
    "session_calendar",
    "session_detail",
    "session_edit",
    "session_list",
    "session_minutes",
    "session_new",
    "sighting_act",
    "sighting_detail",
    "sighting_edit",
    "sighting_list",
    "sighting_new",
    "written_begin",
    "written_halt",
]
