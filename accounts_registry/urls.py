from django.urls import path

from accounts_registry import views

app_name = "accounts_registry"
ACCOUNT = "registry/accounts/<int:pk>/"
DOSSIER = "registry/dossiers/<int:pk>/"
AUDIT = "registry/audits/<int:pk>/"
FINDING = "registry/audits/findings/<int:pk>/"
IMPORT = "registry/audits/lists/<int:pk>/"
SIGHTING = "registry/sightings/<int:pk>/"
ABUSE = "registry/abuse/<int:pk>/"
CONDITION = "registry/conditions/<int:pk>/"
COMMENT = "registry/comments/<int:pk>/"
SEARCH = "registry/imitations/<int:pk>/"
EXCEPTION = "registry/security/exceptions/<int:pk>/"
SESSION = "registry/sessions/<int:pk>/"
POINT = "registry/sessions/points/<int:pk>/"
PUBLIC = "public/<slug:language>/accounts/"

urlpatterns = [
    path("public/", views.public_home, name="public_home"),
    path(PUBLIC, views.public_list, name="public_list"),
    path(f"{PUBLIC}check/", views.public_check, name="public_check"),
    path(f"{PUBLIC}changes.atom", views.public_changes, name="public_changes"),
    path(f"{PUBLIC}<int:pk>/", views.public_account, name="public_account"),
    path("public/accounts.json", views.public_json, name="public_json"),
    path(".well-known/official-accounts.json", views.public_json, name="well_known"),
    path("public/accounts.csv", views.public_csv, name="public_csv"),
    path("public/accounts.schema.json", views.public_schema, name="public_schema"),
    path("public/accounts/check.json", views.public_check_json, name="public_check_json"),
    path("registry/", views.account_list, name="account_list"),
    path(ACCOUNT, views.account_detail, name="account_detail"),
    path(f"{ACCOUNT}connect/", views.account_connect, name="account_connect"),
    path(f"{ACCOUNT}budget/", views.account_budget, name="account_budget"),
    path(f"{ACCOUNT}connect/consent/", views.consent_begin, name="consent_begin"),
    path("registry/connect/back/", views.consent_back, name="consent_back"),
    path(f"{ACCOUNT}apps/", views.app_list, name="app_list"),
    path("registry/apps/<int:pk>/seen/", views.app_seen, name="app_seen"),
    path("registry/apps/<int:pk>/strike/", views.app_strike, name="app_strike"),
    path(f"{ACCOUNT}disconnect/", views.account_act, {"verb": "disconnect"}, name="account_disconnect"),
    path(f"{ACCOUNT}suspend/", views.account_act, {"verb": "suspend"}, name="account_suspend"),
    path(f"{ACCOUNT}reactivate/", views.account_act, {"verb": "reactivate"}, name="account_reactivate"),
    path(f"{ACCOUNT}begin-closing/", views.account_begin_closing, name="account_begin_closing"),
    path(f"{ACCOUNT}exit-step/", views.exit_step, name="exit_step"),
    path(f"{ACCOUNT}exit-step/back/", views.exit_step_back, name="exit_step_back"),
    path(f"{ACCOUNT}close/", views.account_close, name="account_close"),
    path(f"{ACCOUNT}edit/", views.account_edit, name="account_edit"),
    path(f"{ACCOUNT}hand-over/", views.account_hand_over, name="account_hand_over"),
    path(f"{ACCOUNT}renew/", views.account_renew, name="account_renew"),
    path(f"{ACCOUNT}figures/", views.account_figures, name="account_figures"),
    path(f"{ACCOUNT}figures/note/", views.figure_note, name="figure_note"),
    path(f"{ACCOUNT}request/<slug:kind>/", views.account_request, name="account_request"),
    path(f"{ACCOUNT}confirm/", views.account_confirm, name="account_confirm"),
    path("registry/security/", views.security_list, name="security_list"),
    path(f"{ACCOUNT}security/", views.account_security, name="account_security"),
    path(f"{ACCOUNT}security/settings/", views.security_settings, name="security_settings"),
    path(f"{ACCOUNT}security/attest/", views.security_attest, name="security_attest"),
    path(f"{ACCOUNT}security/items/<slug:item>/", views.security_item, name="security_item"),
    path(f"{ACCOUNT}security/items/<slug:item>/except/", views.security_except, name="security_except"),
    *(
        path(f"{EXCEPTION}{verb}/", views.exception_act, {"verb": verb}, name=f"exception_{verb}")
        for verb in ("accept", "refuse", "end")
    ),
    path("registry/audits/", views.audit_list, name="audit_list"),
    path("registry/audits/new/", views.audit_new, name="audit_new"),
    path(AUDIT, views.audit_detail, name="audit_detail"),
    path(f"{AUDIT}close/", views.audit_close, name="audit_close"),
    path(f"{AUDIT}accounts/", views.listed_list, name="listed_list"),
    path(f"{AUDIT}send/", views.list_send, name="list_send"),
    path(f"{AUDIT}questions/", views.audit_questions, name="audit_questions"),
    path(f"{AUDIT}examine/", views.audit_examine, name="audit_examine"),
    path(f"{AUDIT}findings/", views.finding_list, name="finding_list"),
    path(FINDING, views.finding_detail, name="finding_detail"),
    path(f"{FINDING}assign/", views.finding_assign, name="finding_assign"),
    path(f"{FINDING}settle/", views.finding_act, {"verb": "settle"}, name="finding_settle"),
    path(f"{FINDING}dismiss/", views.finding_act, {"verb": "dismiss"}, name="finding_dismiss"),
    path(IMPORT, views.import_detail, name="import_detail"),
    path(f"{IMPORT}columns/", views.import_columns, name="import_columns"),
    path(f"{IMPORT}take-over/", views.import_take_over, name="import_take_over"),
    path(f"{IMPORT}undo/", views.import_undo, name="import_undo"),
    path(f"{IMPORT}drop/", views.import_drop, name="import_drop"),
    path("registry/dossiers/", views.dossier_list, name="dossier_list"),
    path("registry/dossiers/new/", views.dossier_new, name="dossier_new"),
    path("registry/dossiers/similar/", views.dossier_similar, name="dossier_similar"),
    path(DOSSIER, views.dossier_detail, name="dossier_detail"),
    path(f"{DOSSIER}file/", views.dossier_file, name="dossier_file"),
    path(f"{DOSSIER}changes/<int:submission>/", views.dossier_changes, name="dossier_changes"),
    path(f"{DOSSIER}edit/<slug:step>/", views.dossier_edit, name="dossier_edit"),
    path(f"{DOSSIER}consult/", views.dossier_consult, name="dossier_consult"),
    path("registry/consultations/<int:pk>/", views.consultation_answer, name="consultation_answer"),
    path(f"{DOSSIER}advise/", views.dossier_advise, name="dossier_advise"),
    path(f"{DOSSIER}vote/", views.dossier_vote, name="dossier_vote"),
    path(f"{DOSSIER}decide/", views.dossier_decide, name="dossier_decide"),
    path(f"{DOSSIER}submit/", views.dossier_act, {"verb": "submit"}, name="dossier_submit"),
    path(f"{DOSSIER}accept/", views.dossier_act, {"verb": "accept"}, name="dossier_accept"),
    path(f"{DOSSIER}return/", views.dossier_act, {"verb": "return"}, name="dossier_return"),
    path(f"{DOSSIER}defer/", views.dossier_act, {"verb": "defer"}, name="dossier_defer"),
    path(f"{DOSSIER}resume/", views.dossier_act, {"verb": "resume"}, name="dossier_resume"),
    path(f"{DOSSIER}appeal/", views.dossier_act, {"verb": "appeal"}, name="dossier_appeal"),
    path(f"{DOSSIER}comment/", views.dossier_comment, name="dossier_comment"),
    *(
        path(f"{COMMENT}{verb}/", views.comment_act, {"verb": verb}, name=f"comment_{verb}")
        for verb in ("resolve", "reopen", "withdraw")
    ),
    path(f"{CONDITION}report/", views.condition_act, {"verb": "report"}, name="condition_report"),
    path(f"{CONDITION}confirm/", views.condition_act, {"verb": "confirm"}, name="condition_confirm"),
    path(f"{CONDITION}send-back/", views.condition_act, {"verb": "send_back"}, name="condition_send_back"),
    path(f"{DOSSIER}in-writing/", views.written_begin, name="written_begin"),
    path("registry/votes-in-writing/<int:pk>/halt/", views.written_halt, name="written_halt"),
    path("registry/sessions/", views.session_list, name="session_list"),
    path("registry/sessions/new/", views.session_new, name="session_new"),
    path(SESSION, views.session_detail, name="session_detail"),
    path(f"{SESSION}edit/", views.session_edit, name="session_edit"),
    path(f"{SESSION}agenda/", views.session_agenda, name="session_agenda"),
    path(f"{SESSION}attendance/", views.session_attendance, name="session_attendance"),
    path(f"{SESSION}session.ics", views.session_calendar, name="session_calendar"),
    *(
        path(f"{SESSION}{verb}/", views.session_act, {"verb": verb}, name=f"session_{verb}")
        for verb in ("open", "close", "cancel")
    ),
    path(f"{SESSION}minutes/", views.session_minutes, name="session_minutes"),
    path(f"{SESSION}minutes/approve/", views.minutes_approve, name="minutes_approve"),
    path(f"{SESSION}minutes/file/", views.minutes_file, name="minutes_file"),
    path(f"{POINT}vote/", views.item_vote, name="item_vote"),
    path(f"{POINT}decide/", views.item_decide, name="item_decide"),
    path(f"{POINT}defer/", views.item_defer, name="item_defer"),
    path(f"{POINT}discuss/", views.item_discuss, name="item_discuss"),
    path(f"{DOSSIER}withdraw/", views.dossier_act, {"verb": "withdraw"}, name="dossier_withdraw"),
    path("registry/imitations/", views.search_list, name="search_list"),
    path(f"{ACCOUNT}imitations/", views.search_begin, name="search_begin"),
    path(f"{SEARCH}look/", views.search_look, name="search_look"),
    path(f"{SEARCH}end/", views.search_end, name="search_end"),
    path("registry/sightings/", views.sighting_list, name="sighting_list"),
    path("registry/sightings/new/", views.sighting_new, name="sighting_new"),
    path(SIGHTING, views.sighting_detail, name="sighting_detail"),
    path(f"{SIGHTING}edit/", views.sighting_edit, name="sighting_edit"),
    *(
        path(f"{SIGHTING}{verb}/", views.sighting_act, {"verb": verb}, name=f"sighting_{verb}")
        for verb in ("contact", "explain", "regularise", "merge", "register", "close", "reopen")
    ),
    path("registry/abuse/", views.abuse_register, name="abuse_register"),
    path("registry/abuse/none/", views.nil_return_new, name="nil_return_new"),
    *(
        path(f"{ABUSE}{verb.replace('_', '-')}/", views.abuse_act, {"verb": verb}, name=f"abuse_{verb}")
        for verb in ("confirm", "notify", "take_down", "dismiss", "reopen")
    ),
]
