from django.urls import path

from organisation import views

app_name = "organisation"
PERSON = "organisation/people/<int:pk>/"
UNIT = "organisation/units/<int:pk>/"

urlpatterns = [
    path("organisation/people/", views.person_list, name="person_list"),
    path("organisation/people/groups/", views.group_rules, name="group_rules"),
    path("organisation/people/groups/new/", views.group_rule_new, name="group_rule_new"),
    path("organisation/people/groups/<int:pk>/end/", views.group_rule_end, name="group_rule_end"),
    path("organisation/people/invite/", views.person_invite, name="person_invite"),
    path(PERSON, views.person_detail, name="person_detail"),
    path(f"{PERSON}suspend/", views.person_act, {"verb": "suspend"}, name="person_suspend"),
    path(f"{PERSON}reinstate/", views.person_act, {"verb": "reinstate"}, name="person_reinstate"),
    path(f"{PERSON}confirm/", views.person_confirm, name="person_confirm"),
    path(f"{PERSON}link/", views.person_link, name="person_link"),
    path(f"{PERSON}factor/", views.person_act, {"verb": "factor"}, name="person_factor"),
    path(f"{PERSON}leave/", views.person_leave, name="person_leave"),
    path(f"{PERSON}rights/", views.person_rights, name="person_rights"),
    path("me/rights/", views.my_rights, name="my_rights"),
    path("me/sessions/", views.my_sessions, name="my_sessions"),
    path("me/provider/unlink/", views.identity_unlink, name="identity_unlink"),
    path("me/sessions/end-others/", views.sessions_end_others, name="sessions_end_others"),
    path("me/sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("me/welcome/", views.welcome, name="welcome"),
    path("me/unsaved/", views.unsaved, name="unsaved"),
    path("me/unsaved/discard/", views.unsaved_discard, name="unsaved_discard"),
    path(f"{PERSON}grant/", views.grant_give, name="grant_give"),
    path("organisation/grants/<int:pk>/revoke/", views.grant_revoke, name="grant_revoke"),
    path("organisation/grants/<int:pk>/confirm/", views.grant_decide, {"verb": "confirm"}, name="grant_confirm"),
    path("organisation/grants/<int:pk>/refuse/", views.grant_decide, {"verb": "refuse"}, name="grant_refuse"),
    path("organisation/recoveries/<int:pk>/confirm/", views.recovery_confirm, name="recovery_confirm"),
    path("organisation/recoveries/<int:pk>/refuse/", views.recovery_refuse, name="recovery_refuse"),
    path("organisation/reviews/", views.review_list, name="review_list"),
    path("organisation/reviews/new/", views.review_new, name="review_new"),
    path("organisation/reviews/<int:pk>/", views.review_detail, name="review_detail"),
    path("organisation/reviews/<int:pk>/call-off/", views.review_call_off, name="review_call_off"),
    path("organisation/reviews/lines/<int:pk>/confirm/", views.line_confirm, name="line_confirm"),
    path("organisation/reviews/lines/<int:pk>/strike/", views.line_strike, name="line_strike"),
    path("organisation/working-time/", views.working_time, name="working_time"),
    path(f"{UNIT}working-time/", views.unit_working_time, name="unit_working_time"),
    path(f"{UNIT}closures/", views.closure_add, name="closure_add"),
    path(f"{UNIT}hours/", views.unit_hours, name="unit_hours"),
    path("organisation/closures/<int:pk>/", views.closure_edit, name="closure_edit"),
    path("organisation/closures/<int:pk>/remove/", views.closure_remove, name="closure_remove"),
    path("organisation/audit/", views.audit_trail, name="audit"),
    path("organisation/audit/export/", views.audit_export, name="audit_export"),
]
