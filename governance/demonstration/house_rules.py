"""A house policy attested by most, an introduction for all, a session next week, and a certificate that expired."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from governance.demonstration.service import Service
from organisation import actions
from organisation.clock import database_now
from organisation.house_policy import AnswerKind, Point
from organisation.models import Certificate, PolicyVersion, TrainingModule
from organisation.queries.gates import stopped_by, token_of
from organisation.training import GateLevel, Pillar, TrainingKind

_WORDS = Path(__file__).with_name("house_rules.json")
# Who has not attested it yet; and whose certificate has expired.
NOT_YET, EXPIRED = ("newcomer", "member_ict"), "writer_nl"


def build(service: Service) -> None:
    words: dict[str, Any] = json.loads(_WORDS.read_text(encoding="utf-8"))
    _policy(service, words)
    introduction = _introduction(service, words["introduction"])
    _session(service, words["session"])
    _gates(service, introduction)


def _policy(service: Service, words: dict[str, Any]) -> None:
    chair, writer, fin = service.people["chair"], service.people["writer_fr"], service.units["fin"]
    version = actions.start_policy(unit=fin, by=chair)
    ticked = {point.value: words["points"][point.value] for point in Point}
    actions.write_policy(
        version=version, texts=words["policy"], checklist=ticked, grace_days=30, edition=version.edition, by=chair
    )
    actions.consult_policy(version=version, by=chair)
    version.refresh_from_db()
    for unit in (one for one in service.units.values() if one.path.startswith(fin.path)):
        actions.answer_policy(version=version, unit=unit, kind=AnswerKind.YES, seen=version.content_hash, by=writer)
    actions.publish_policy(version=version, seen=version.content_hash, by=chair)
    PolicyVersion.objects.filter(pk=version.pk).update(published_at=timezone.now() - timedelta(days=12))
    for key, person in service.people.items():
        if key not in NOT_YET:
            actions.attest_policy(version=version, seen=version.content_hash, by=person)


def _introduction(service: Service, words: dict[str, Any]) -> TrainingModule:
    """For all, in the four languages; passed by those who ask others and by some of the cell."""
    fin = service.units["fin"]
    module = actions.make_training(
        unit=fin,
        kind=TrainingKind.ON_DEMAND,
        by=service.people["administrator"],
        pillar=Pillar.FRONT_LINE,
        pass_percent=75,
        valid_months=24,
        **{name: words[name] for name in ("names", "texts", "questions")},
    )
    right = {place: one.right for place, one in enumerate(module.asked)}
    for key in ("chair", "administrator", "writer_fr", "spokesperson", "conversations_fr", EXPIRED):
        actions.take_training(module=module, given=right, edition=module.edition, by=service.people[key])
    now = database_now()
    over = {"given_at": now - timedelta(days=745), "expires_at": now - timedelta(days=15)}
    Certificate.objects.filter(module=module, person=service.people[EXPIRED]).update(**over)
    return module


def _session(service: Service, words: dict[str, Any]) -> None:
    administrator = service.people["administrator"]
    module = actions.make_training(
        unit=service.units["fin"],
        kind=TrainingKind.SESSION,
        by=administrator,
        pillar=Pillar.USERS,
        valid_months=36,
        names=words["names"],
        texts=words["texts"],
    )
    session = actions.plan_session(
        module=module,
        starts_at=(timezone.localtime() + timedelta(days=9)).replace(hour=9, minute=30, second=0, microsecond=0),
        place=words["place"],
        places=8,
        trainer=service.people["spokesperson"],
        by=administrator,
    )
    for key in ("writer_fr", "conversations_nl", "newcomer"):
        actions.join_session(session=session, by=service.people[key])


def _gates(service: Service, introduction: TrainingModule) -> None:
    """Everywhere the policy is required and the introduction warned of; whoever publishes for customs must have it."""
    _ask(service, "fin", GateLevel.REQUIRE, GateLevel.WARN, introduction)
    _ask(service, "douane", "", GateLevel.REQUIRE, introduction)


def _ask(service: Service, key: str, policy: str, training: str, module: TrainingModule) -> None:
    unit, policy, training = service.units[key], str(policy), str(training)
    actions.set_gate(
        unit=unit,
        policy_level=policy,
        training_level=training,
        module=module,
        reason="Décision du comité de direction",
        seen=token_of(stopped_by(unit, policy, training, module), policy, training, module),
        by=service.people["administrator"],
    )
