"""Each act of a page, and the act of the API that does the same; or why only a person does it, on a page.

Held to be whole, and to ask for the same of whoever acts, by tests/architecture/test_page_acts.py; docs/api-acts.md is
drawn from here.
"""

from __future__ import annotations

SIGN_IN = "Signing in, and out, is a person's, in a browser: a program bears a key."
FACTOR = "A second factor is in a person's hand."
FROM_HAND_TO_HAND = "A way in goes from hand to hand: a person makes sure of the other, and gives it."
AT_THE_NETWORK = "Consent is given at the network, in a browser, and keys to it are typed there and nowhere else."
HOW_IT_LOOKS = "How pages look, and where they begin: the API is told the unit and the language each time."
TYPED = "What somebody has typed into a page and not sent."
A_PAPER = "A paper, or a file, for people; programs read the same as JSON."
SIGNED = "Programs call it as it is: each call proves itself by its signature, or by what only the mail holds."

A_SEAT = "The committee sits, votes and signs its minutes by people: no program has a seat."
READ_BY_PEOPLE = "A house policy is written, answered and published by people who read it; programs read what holds."
LEARNT = "What a training asks, the person answers who takes it."

FOR_PEOPLE: dict[str, str] = {
    **dict.fromkeys(("choose_theme", "choose_language", "choose_unit"), HOW_IT_LOOKS),
    **dict.fromkeys(("organisation:unsaved", "organisation:unsaved_discard"), TYPED),
    **dict.fromkeys(("account_login", "account_logout", "account_signup", "account_reauthenticate"), SIGN_IN),
    **dict.fromkeys(("account_reset_password", "account_reset_password_from_key"), SIGN_IN),
    **dict.fromkeys(("account_change_password", "account_set_password", "organisation:welcome"), SIGN_IN),
    "organisation:identity_unlink": SIGN_IN,
    **dict.fromkeys(("mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"), FACTOR),
    **dict.fromkeys(("mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes"), FACTOR),
    **dict.fromkeys(("mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn"), FACTOR),
    **dict.fromkeys(("organisation:person_factor", "organisation:person_link"), FROM_HAND_TO_HAND),
    "organisation:recovery_confirm": FROM_HAND_TO_HAND,
    **dict.fromkeys(("accounts_registry:account_connect", "accounts_registry:consent_begin"), AT_THE_NETWORK),
    **dict.fromkeys(("organisation:audit_export", "accounts_registry:dossier_file"), A_PAPER),
    **dict.fromkeys(
        (
            *("accounts_registry:session_open", "accounts_registry:session_close", "accounts_registry:session_minutes"),
            *("accounts_registry:item_vote", "accounts_registry:item_decide", "accounts_registry:item_defer"),
            *("accounts_registry:item_discuss", "accounts_registry:minutes_approve"),
        ),
        A_SEAT,
    ),
    "accounts_registry:minutes_file": A_PAPER,
    **dict.fromkeys(
        (
            *("organisation:policy_new", "organisation:policy_edit", "organisation:policy_publish"),
            *("organisation:policy_withdraw", "organisation:policy_consult", "organisation:policy_answer"),
        ),
        READ_BY_PEOPLE,
    ),
    "organisation:training_take": LEARNT,
    **dict.fromkeys(("monitoring:webhook", "notices:off"), SIGNED),
}

# Not in the API yet. Whoever brings one takes it out of here; nothing new is put in.
NOT_YET: dict[str, str] = {
    **dict.fromkeys(
        (
            *("organisation:training_new", "organisation:training_edit", "organisation:training_end"),
            *("organisation:session_new", "organisation:session_record", "organisation:session_call_off"),
            *("organisation:session_join", "organisation:session_leave", "organisation:unit_gates"),
        ),
        "Trainings, their sessions and what they open are kept on pages so far.",
    ),
    **dict.fromkeys(
        (
            "accounts_registry:session_cancel",
            *("accounts_registry:written_begin", "accounts_registry:written_halt"),
        ),
        "Sessions of the committee are called off, and voted in writing, on pages so far.",
    ),
    **dict.fromkeys(
        ("accounts_registry:dossier_consult", "accounts_registry:consultation_answer"),
        "Services are heard on a dossier on pages so far.",
    ),
    **dict.fromkeys(
        ("accounts_registry:search_begin", "accounts_registry:search_look", "accounts_registry:search_end"),
        "Wild accounts are searched for on pages so far; what was found is a sighting, which programs read.",
    ),
}

# Room → its acts, each with its twin: "page=twin", "page=METHOD twin" where that is no POST, and where the name of the
# twin follows from the page's (`account_close` → `account-close`), the page alone.
_ROOMS = {
    "organisation": """
        session_end sessions_end_others=session-end-others delegation_new=delegation-list delegation_end
        person_invite=person-list person_suspend person_reinstate person_move person_leave person_confirm
        recovery_refuse service_account_new=service-account-list key_new=service-account-keys key_renew key_revoke
        group_rule_new=grouprule-list group_rule_end=grouprule-end grant_give=grant-list grant_revoke=grant-end
        grant_prolong grant_advance grant_confirm grant_refuse review_new=review-list review_call_off
        line_confirm=reviewline-confirm line_strike=reviewline-strike person_unlink=identity-end
        policy_attest=policy-attest unit_governance=unit-govern unit_move=unit-move
        unit_hours=PUT:unit-hours closure_add=closure-list closure_edit=PATCH:closure-detail closure_remove
    """,
    "accounts_registry": """
        app_list=third-party-app-list app_seen=third-party-app-seen app_strike=third-party-app-strike
        account_disconnect account_suspend account_reactivate account_edit=PATCH:account-detail account_hand_over
        account_renew account_close account_confirm account_budget=PUT:account-budget
        session_new=committee-session-list session_edit=PATCH:committee-session-detail
        session_agenda=committee-session-agenda session_attendance=committee-session-attendance
        account_request=account-requests figure_note=account-figures
        account_begin_closing exit_step=account-exit-steps exit_step_back=account-exit-steps
        security_settings=PATCH:security-record-detail security_attest=security-record-attest
        security_item=security-record-check security_except=security-record-exceptions
        exception_accept=security-exception-accept exception_refuse=security-exception-refuse
        exception_end=security-exception-end
        audit_new=account-audit-list audit_examine=account-audit-examine audit_close=account-audit-close
        finding_assign finding_settle finding_dismiss list_send=account-audit-lists
        import_columns=account-list-import-check import_take_over=account-list-import-take-over
        import_drop=account-list-import-drop import_undo=account-list-import-undo
        dossier_new=dossier-list dossier_edit=PATCH:dossier-detail dossier_submit dossier_appeal dossier_withdraw
        dossier_advise=dossier-advice dossier_comment=dossier-comments comment_resolve comment_reopen comment_withdraw
        dossier_accept dossier_return dossier_defer dossier_resume dossier_vote=dossier-votes dossier_decide
        condition_report condition_confirm condition_send_back
        sighting_new=sighting-list sighting_edit=PATCH:sighting-detail sighting_contact sighting_explain sighting_merge
        sighting_register sighting_close sighting_reopen sighting_regularise nil_return_new=nil-return-list
        abuse_confirm=abuse-case-confirm abuse_notify=abuse-case-notify abuse_take_down=abuse-case-take-down
        abuse_dismiss=abuse-case-dismiss abuse_reopen=abuse-case-reopen
    """,
    "approvals": "route_new=approval-route-list route_end=approval-route-end",
    "notices": """
        seen=notice-seen-all choices=PATCH:notice-choices letter_again
        target_new=webhook-list target_test=webhook-test target_end=webhook-end
    """,
    "delivery": "delivery_decide delivery_complete delivery_reconfirm hold_new=hold-list hold_lift",
    "publishing": """
        post_new=post-list post_edit=PATCH:post-detail dismiss_upload=post-upload-dismiss submit=post-submit
        withdraw=post-withdraw approve=post-approve request_changes=post-request-changes reject=post-reject
        schedule=post-schedule reschedule=post-schedule reconfirm=post-schedule unschedule=post-unschedule
        time_seen=post-time-seen
    """,
    "monitoring": """
        watch_new=watch-list watch_edit=PATCH:watch-detail watch_activate watch_end
        source_new=source-list source_edit=PATCH:source-detail source_pause source_resume source_end
    """,
    "conversations": """
        take=conversation-take answer=conversation-answer withdraw_answer=answer-withdraw send_again=answer-send-again
        assign=conversation-assign categorise=conversation-categorise close=conversation-close
        reopen=conversation-reopen report_author=sighting-list
    """,
    "crisis": """
        playbook_new=playbook-list playbook_edit=PATCH:playbook-detail declare=playbook-declare note=crisis-note
        freeze=crisis-freeze thaw=crisis-thaw end=crisis-end tick=crisis-step-tick untick=crisis-step-untick
    """,
}


def _twin(act: str) -> tuple[str, tuple[str, str]]:
    page, _, told = act.partition("=")
    method, _, name = (told or page.replace("_", "-")).rpartition(":")
    return page, (method or "POST", name)


# Page's act → method and name of the API's address.
TWINS: dict[str, tuple[str, str]] = {
    f"{room}:{page}": twin for room, acts in _ROOMS.items() for page, twin in map(_twin, acts.split())
}
