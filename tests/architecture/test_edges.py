"""The golden table: every edge of every lifecycle by hand, with who may walk it and what guards it.

A change of a lifecycle that this page does not follow is a change that nobody reviewed.
"""

from __future__ import annotations

from dataclasses import asdict

import pytest

from accounts_registry.policy import AT_THE_TOP, OF_ONE_HAND
from approvals.subjects import WROTE
from delivery.origins import kinds
from organisation import policy
from organisation.enums import Permission
from organisation.lifecycle import LIFECYCLES, Asked, Lifecycle

# name: from … > to | permission, or "-" where the system alone walks it | guard
EDGES = {
    "access_review": """
        end: running > ended | - | -
        call_off: running > called_off | person.manage | -
    """,
    "review_line": """
        confirm: open > confirmed | person.manage | by_somebody_else_in_time
        strike: open > struck | person.manage | by_somebody_else_in_time
        lapse: open > lapsed | - | -
        keep: open > kept | - | -
        pass: open > over | - | -
    """,
    "house_policy": """
        consult: draft > in_consultation | policy.write | whole
        publish: in_consultation > published | policy.write | agreed
        supersede: published > superseded | - | -
        withdraw: draft in_consultation published > withdrawn | policy.write | -
    """,
    "account": """
        activate: planned > active | - | dossier_approved
        suspend: active > suspended | account.manage | -
        expire: active > suspended | - | term_is_over
        hold: active > suspended | - | condition_overdue
        reactivate: suspended > active | account.manage | may_come_back
        begin_closing: active suspended > closing | account.manage | may_be_closed
        wind_down: active suspended > closing | - | closing_was_decided
        close: closing > archived | account.manage | exit_plan_done
    """,
    "committee_session": """
        open: planned > open | dossier.decide | its_hour_has_come
        close: open > closed | dossier.decide | -
        cancel: planned > cancelled | dossier.check | -
    """,
    "minutes": """
        approve: drafted > approved | dossier.vote | written_by_another
    """,
    "written_procedure": """
        end: running > ended | - | votes_are_in
        halt: running > halted | dossier.vote | votes_still_come
    """,
    "condition": """
        report: open > reported | dossier.write | -
        confirm: reported > met | dossier.decide | reported_by_another
        send_back: reported > open | dossier.decide | -
    """,
    "comment": """
        resolve: open > resolved | dossier.view | settled_by_the_concerned
        reopen: resolved > open | dossier.view | settled_by_the_concerned
        withdraw: open resolved > withdrawn | dossier.view | own_words
    """,
    "dossier": """
        submit: draft returned > submitted | dossier.write | complete
        accept: submitted > in_review | dossier.check | -
        return: submitted deferred > returned | dossier.check | -
        defer: in_review > deferred | dossier.decide | -
        resume: deferred > in_review | dossier.check | -
        approve: in_review > approved | dossier.decide | majority_for
        approve_with_conditions: in_review > approved_with_conditions | dossier.decide | majority_for
        fulfil: approved_with_conditions > approved | - | every_condition_met
        appeal: refused > submitted | dossier.write | first_appeal
        refuse: in_review > refused | dossier.decide | majority_against
        withdraw: draft submitted returned in_review deferred > withdrawn | dossier.write | -
    """,
    "account_audit": """
        close: open > closed | account.manage | -
    """,
    "finding": """
        settle: open > done | account.manage | of_an_open_audit
        dismiss: open > dismissed | account.manage | of_an_open_audit
        lapse: open > lapsed | - | -
        return: done lapsed > open | - | -
    """,
    "list_import": """
        read: received > read | - | -
        refuse: received > unreadable | - | -
        check: read checked > checked | account.manage | audit_open
        take_over: checked > taken_over | account.manage | still_as_tried
        undo: taken_over > undone | account.manage | nothing_stands_on_it
        drop: read checked > dropped | account.manage | -
    """,
    "security_exception": """
        accept: asked > accepted | security.manage | second_person_in_time
        refuse: asked > refused | security.manage | -
        end: asked accepted > ended | account.manage | -
        settle: asked accepted > ended | - | -
        expire: accepted > expired | - | time_is_over
    """,
    "sighting": """
        contact: detected > contacted | sighting.manage | is_wild
        explain: contacted > explained | sighting.manage | is_wild
        regularise: explained > regularised | sighting.manage | is_wild
        merge: explained > merged | sighting.manage | is_wild
        close: detected contacted explained > closed | sighting.manage | -
        reopen: closed > detected | sighting.manage | still_known
        register: detected contacted explained > registered | sighting.manage | -
        enlist: detected > registered | - | -
    """,
    "abuse_case": """
        confirm: reported > confirmed | sighting.manage | seen_by_two
        notify: confirmed > notified | sighting.manage | -
        take_down: confirmed notified > taken_down | sighting.manage | -
        dismiss: reported confirmed notified > dismissed | sighting.manage | -
        reopen: taken_down dismissed > reported | sighting.manage | names_an_account
    """,
    "delivery": """
        claim: due > sending | - | -
        give_back: sending > due | - | -
        retry: sending > due | - | -
        publish: sending > published | - | -
        fail: sending > failed | - | -
        lose: sending > unknown | - | -
        void: due > cancelled | - | -
        stop: due > failed | - | -
        ask: due > failed | - | -
        end: due failed expired unknown > cancelled | - | -
        expire: due > expired | - | -
        find: unknown > published | - | -
        clear: unknown > due | - | -
        withdraw: due failed expired > cancelled | asked: withdraw | -
        reconfirm: failed expired > due | asked: reconfirm | can_still_go
        confirm_there: unknown > published | delivery.resolve | -
        give_up: unknown > cancelled | delivery.resolve | -
    """,
    "approval": """
        advance: open > open | - | -
        clear: open > cleared | - | every_step_taken
        return: open > changes_requested | - | -
        refuse: open > rejected | - | -
        void: open cleared > void | - | -
        reopen: open cleared > open | - | -
    """,
    "post": """
        submit: draft changes_requested > in_review | post.write | complete
        pass_step: in_review > in_review | post.approve | -
        approve: in_review > approved | post.approve | approver_of_every_account
        request_changes: in_review > changes_requested | post.approve | -
        reject: in_review > rejected | post.approve | -
        schedule: approved > scheduled | post.schedule | ready
        reschedule: scheduled > scheduled | post.schedule | movable
        unschedule: scheduled > approved | post.schedule | unsent
        expire: approved scheduled > expired | - | -
        resume: expired > scheduled | - | -
        reconfirm: expired > scheduled | post.schedule | movable
        revise: in_review approved > draft | post.write | unsent
        pull_back: scheduled expired > draft | post.schedule | unsent
        replan: approved > in_review | post.write | unsent
        reopen: approved scheduled expired > in_review | - | -
        withdraw: draft in_review changes_requested > withdrawn | post.write | -
        call_off: approved scheduled expired > withdrawn | post.schedule | unsent
    """,
    "conversation": """
        take: new > assigned | answer.write | -
        assign: new assigned answered > assigned | mention.assign | -
        answer: new assigned > answered | - | -
        owe: answered > new | - | -
        close: new assigned answered > closed | mention.assign | no_answer_under_way
        lapse: new assigned > closed | - | -
        return: answered closed > new | - | -
        expire: new > closed | - | -
        reopen: closed > new | mention.assign | still_known
        resume: answered closed > assigned | - | -
        renew: answered closed > new | - | -
    """,
    "source": """
        pause: active > paused | watch.manage | -
        resume: paused > active | watch.manage | may_be_read
        end: active paused > ended | watch.manage | -
        expire: active paused > ended | - | -
    """,
    "upload": """
        read: received > read | - | -
        refuse: received > refused | - | -
    """,
    "watch": """
        activate: draft > active | watch.manage | may_collect
        end: draft active > ended | watch.manage | -
        expire: active > ended | - | -
    """,
    "crisis": """
        end: declared > ended | crisis.lead | freeze_is_decided
    """,
}
# What each kind of message asks for, where the edge of its delivery asks the kind; then what else it says of itself.
KINDS = {
    "post_variant": """
        see: post.view
        schedule: post.schedule
        withdraw: post.schedule
        reconfirm: post.schedule
        a message of its own, decided in the account's unit, spends post
    """,
    "answer": """
        see: mention.view
        schedule: answer.write
        withdraw: answer.write
        reconfirm: answer.write
        a reply, decided in the account's unit, spends answer
    """,
}
# No way to the first that does not lead through the second.
GATES = {
    "account": {"archived": "closing"},
    "committee_session": {"closed": "open"},
    "condition": {"met": "reported"},
    "dossier": {
        "in_review": "submitted",
        "approved": "in_review",
        "approved_with_conditions": "in_review",
        "refused": "in_review",
    },
    "security_exception": {"expired": "accepted"},
    "abuse_case": {"notified": "confirmed", "taken_down": "confirmed"},
    "delivery": {"published": "sending", "unknown": "sending"},
    "list_import": {"taken_over": "checked"},
    "house_policy": {"published": "in_consultation", "superseded": "published"},
    "post": {"scheduled": "approved", "expired": "approved", "approved": "in_review"},
}
# What a permission asks for besides a grant, and the sentence that says so.
CONDITIONS = {
    Permission.PERSON_MANAGE: [("~is_self", ""), ("covers_the_other", policy.BEYOND)],
    Permission.POST_APPROVE: [("~has_written", WROTE)],
    Permission.DELIVERY_RESOLVE: [
        (
            "sends_its_kind",
            "Your role here does not send messages of this kind: somebody who does decides what became of this one.",
        )
    ],
    Permission.DOSSIER_VOTE: [
        ("sits_on_the_committee", AT_THE_TOP),
        ("has_no_stake", ""),
        ("has_a_seat", "You had no seat when this dossier passed to the committee."),
    ],
    Permission.DOSSIER_ADVISE: [
        ("wrote_nothing_of_it", OF_ONE_HAND),
        ("would_not_hold_it", "You would hold this account, or count as who would: somebody else advises on it."),
    ],
    Permission.DOSSIER_CHECK: [("chairs_the_committee", AT_THE_TOP), ("wrote_nothing_of_it", OF_ONE_HAND)],
    Permission.DOSSIER_DECIDE: [("chairs_the_committee", AT_THE_TOP), ("wrote_nothing_of_it", OF_ONE_HAND)],
}


def test_every_lifecycle_stands_in_the_table() -> None:
    assert {lifecycle.noun for lifecycle in LIFECYCLES} == set(EDGES)


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.noun)
def test_an_edge_is_what_the_table_says(lifecycle: Lifecycle) -> None:
    written = [
        f"{edge.name}: {' '.join(edge.sources)} > {edge.target} | {edge.permission or '-'} | {edge.guard or '-'}"
        for edge in lifecycle.transitions
    ]
    assert written == [line.strip() for line in EDGES[lifecycle.noun].strip().splitlines()]
    assert dict(lifecycle.gates) == GATES.get(lifecycle.noun, {})


def test_what_each_kind_of_message_asks_for() -> None:
    found = {}
    for kind in kinds():
        lines = [f"{act}: {permission}" for act, permission in asdict(kind.permissions).items()]
        way = "a reply" if kind.is_reply else "a message of its own"
        lines.append(f"{way}, decided in the {kind.decided_in.value}'s unit, spends {kind.spends}")
        found[kind.key] = lines
    assert found == {key: [line.strip() for line in told.strip().splitlines()] for key, told in KINDS.items()}


@pytest.mark.parametrize("lifecycle", LIFECYCLES, ids=lambda lifecycle: lifecycle.noun)
def test_what_an_edge_asks_the_thing_is_said(lifecycle: Lifecycle) -> None:
    asked = {edge.permission.name for edge in lifecycle.transitions if isinstance(edge.permission, Asked)}
    assert set(lifecycle.resolvers) == asked
    assert asked == ({"withdraw", "reconfirm"} if lifecycle.noun == "delivery" else set())


# Who may do something to one thing without a grant over its unit.
LENT = ["approvals.policy.is_asked_beside"]


def test_who_may_without_a_grant() -> None:
    assert [f"{one.__module__}.{one.__name__}" for one in policy._LENDERS] == LENT


def test_what_a_permission_asks_for_besides_a_grant() -> None:
    found = {
        permission: [(str(extra.name), str(why)) for extra, why in conditions]
        for permission, conditions in policy._CONDITIONS.items()
    }
    assert found == {
        permission: [(name, str(why)) for name, why in wanted] for permission, wanted in CONDITIONS.items()
    }
