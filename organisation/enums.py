"""Choices of the ground floor, and every permission there is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """Languages of messages and names; shown as each names itself."""

    FRENCH = "fr", "Français"
    DUTCH = "nl", "Nederlands"
    GERMAN = "de", "Deutsch"
    ENGLISH = "en", "English"


class UnitKind(models.TextChoices):
    FEDERAL_SERVICE = "federal_service", _("Federal public service")
    ADMINISTRATION = "administration", _("Administration")
    DEPARTMENT = "department", _("Department")
    CITY = "city", _("City")
    AGENCY = "agency", _("Agency")
    CELL = "cell", _("Cell")


class GovernanceModel(models.TextChoices):
    CENTRALISED = "centralised", _("Centralised")
    HUB_AND_SPOKE = "hub_and_spoke", _("Hub and spoke")
    AUTONOMY = "autonomy", _("Autonomy")


class Permission(models.TextChoices):
    """What a role may allow. A grant holds in its unit and below; the default is no."""

    ACCOUNT_VIEW = "account.view", _("See accounts")
    ACCOUNT_CONNECT = "account.connect", _("Connect and disconnect accounts")
    ACCOUNT_MANAGE = "account.manage", _("Change, suspend and close accounts")
    SECURITY_MANAGE = "security.manage", _("Keep the security records of accounts")
    SIGHTING_REPORT = "sighting.report", _("Report wild accounts and impersonations")
    SIGHTING_MANAGE = "sighting.manage", _("Follow up wild accounts and keep the abuse register")
    DOSSIER_VIEW = "dossier.view", _("See justification dossiers")
    DOSSIER_WRITE = "dossier.write", _("Write and submit justification dossiers")
    DOSSIER_ADVISE = "dossier.advise", _("Advise on the security of dossiers")
    DOSSIER_CHECK = "dossier.check", _("Check that a dossier is complete")
    DOSSIER_VOTE = "dossier.vote", _("Vote on dossiers")
    DOSSIER_DECIDE = "dossier.decide", _("Record the committee's decision")
    POST_VIEW = "post.view", _("See posts and the calendar")
    POST_WRITE = "post.write", _("Draft posts")
    POST_APPROVE = "post.approve", _("Approve posts of others")
    POST_SCHEDULE = "post.schedule", _("Schedule, reconfirm and withdraw posts")
    DELIVERY_RESOLVE = "delivery.resolve", _("Decide on a message whose sending is uncertain")
    MENTION_VIEW = "mention.view", _("See mentions and conversations")
    MENTION_ASSIGN = "mention.assign", _("Assign and close conversations")
    ANSWER_WRITE = "answer.write", _("Answer citizens")
    WATCH_VIEW = "watch.view", _("See watches")
    WATCH_MANAGE = "watch.manage", _("Set up and end watches")
    CRISIS_VIEW = "crisis.view", _("See playbooks and crises")
    PLAYBOOK_WRITE = "playbook.write", _("Write playbooks")
    CRISIS_LEAD = "crisis.lead", _("Declare and lead a crisis")
    HOLD_VIEW = "hold.view", _("See freezes")
    HOLD_PLACE = "hold.place", _("Freeze publishing")
    HOLD_LIFT = "hold.lift", _("Lift a freeze")
    POLICY_WRITE = "policy.write", _("Write and publish the house policy")
    POLICY_APPROVE = "policy.approve", _("Say what a unit thinks of the house policy")
    TRAINING_VIEW = "training.view", _("See who took which training")
    TRAINING_MANAGE = "training.manage", _("Set up training and record who took it")
    AUDIT_VIEW = "audit.view", _("Read the audit trail")
    PERSON_VIEW = "person.view", _("See people and their grants")
    PERSON_MANAGE = "person.manage", _("Invite, suspend and give grants to people")
    UNIT_MANAGE = "unit.manage", _("Change units")
    ADMIN_SITE = "admin.site", _("Use the technical administration")

    @property
    def reads(self) -> bool:
        """True where it only lets somebody look; hub-and-spoke shares these across all services."""
        return self.value.endswith(".view")
