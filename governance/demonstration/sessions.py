"""The committee sits next Thursday, and sat today: one dossier was refused, and the minutes are approved."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from accounts_registry import actions
from accounts_registry.enums import Presence, VoteChoice
from accounts_registry.models import CommitteeSession, JustificationDossier
from accounts_registry.queries.minutes_document import content_of, hash_of
from governance.demonstration import registry
from governance.demonstration.service import Service
from organisation.clock import database_now, database_today

THURSDAY = 3
# unit, name on the network, language, purpose
TO_COME = [
    ("fisc", "fisc_independants", "fr", "Aider les indépendants à remplir leurs obligations fiscales."),
    ("douane", "douane_reistips", "nl", "Reizigers vooraf zeggen wat ze mogen meebrengen."),
]
REFUSED = ("fisc", "fisc_bourse", "fr", "Commenter l'actualité boursière.")


def build(service: Service) -> None:
    _next_thursday(service)
    _today(service)


def _next_thursday(service: Service) -> None:
    unit, chair = service.units["fin"], service.people["chair"]
    today = database_today(unit.zone)
    day = today + timedelta(days=(THURSDAY - today.weekday()) % 7 or 7)
    session = actions.plan_session(
        unit=unit, by=chair, wall_time=datetime.combine(day, time(10)), place="North Galaxy, zaal 12 / salle 12"
    )
    dossiers = [registry.before_the_committee(service, *facts) for facts in TO_COME]
    points = [{"title": "Verslag van de vorige vergadering"}, *({"dossier": one} for one in dossiers)]
    actions.set_agenda(session=session, by=chair, edition=session.edition, entries=points)  # type: ignore[arg-type]


def _today(service: Service) -> None:
    unit, chair = service.units["fin"], service.people["chair"]
    legal, ict = service.people["member_legal"], service.people["member_ict"]
    soon = (database_now() + timedelta(minutes=5)).astimezone(unit.zone)
    session = actions.plan_session(
        unit=unit,
        by=chair,
        wall_time=soon.replace(tzinfo=None, second=0, microsecond=0),
        fold=soon.fold,
        place="Online",
    )
    dossier = registry.before_the_committee(service, *REFUSED)
    registry.hear(service, dossier)
    actions.set_agenda(session=session, by=chair, edition=session.edition, entries=[{"dossier": dossier}])
    here = {legal.pk: Presence.PRESENT, ict.pk: Presence.REMOTE}
    actions.note_attendance(session=session, by=chair, presences=here)
    actions.open_session(session=session, by=chair)
    _refuse(service, dossier)
    session = actions.close_session(session=session, by=chair)
    _minutes(service, session)


def _refuse(service: Service, dossier: JustificationDossier) -> None:
    votes = {
        "chair": (VoteChoice.AGAINST, "Dat is geen opdracht van onze dienst."),
        "member_legal": (VoteChoice.AGAINST, "Aucune base légale pour commenter les marchés."),
        "member_ict": (VoteChoice.ABSTAIN, "Beveiliging is hier niet de vraag."),
    }
    for member, (choice, reason) in votes.items():
        actions.cast_vote(dossier=dossier, by=service.people[member], choice=choice, reason=reason)
    reasons = "De dienst geeft geen commentaar op markten; de bestaande accounts volstaan."
    actions.decide(dossier=dossier, by=service.people["chair"], reasons=reasons)


def _minutes(service: Service, session: CommitteeSession) -> None:
    remarks = "De voorzitter herinnert eraan dat dossiers een week vooraf ingediend worden."
    minutes = actions.write_minutes(session=session, by=service.people["chair"], remarks=remarks)
    actions.approve_minutes(
        minutes=minutes, by=service.people["member_legal"], content_hash=hash_of(content_of(minutes))
    )
