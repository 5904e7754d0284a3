"""What the questions of a justification dossier may be answered with, where the answer is chosen."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RequestType(models.TextChoices):
    NEW = "new", _("Open a new account")
    REGULARISE = "regularise_unregistered", _("Regularise an account that stands in no registry")
    RENAME = "rename", _("Give an account another name")
    CHANGE_OWNER = "change_owner", _("Give an account to other holders")
    MERGE = "merge", _("Merge an account into another")
    CLOSE = "close", _("Close an account")


# What asks for an account; the others are about one that stands.
OPENING = (RequestType.NEW, RequestType.REGULARISE)


class TenQuestions(models.TextChoices):
    """Before anybody asks for an account: what they should be able to say."""

    WHAT = "what", _("What do we want to say?")
    TO_WHOM = "to_whom", _("To whom?")
    ARE_THEY_THERE = "are_they_there", _("Are these people on this network?")
    WHY_NOT_EXISTING = "why_not_existing", _("Why does no existing account do?")
    WHO_RUNS_IT = "who_runs_it", _("Who runs it, and who stands in?")
    WHAT_RHYTHM = "what_rhythm", _("How often do we publish?")
    WHO_ANSWERS = "who_answers", _("Who answers people, and how soon?")
    WHAT_RISK = "what_risk", _("What can go wrong?")
    WHAT_SUCCESS = "what_success", _("How shall we see that it works?")
    HOW_IT_ENDS = "how_it_ends", _("How does it end?")


class ServiceReach(models.TextChoices):
    OUTWARD = "outward", _("We deal with citizens or businesses ourselves")
    HORIZONTAL = "horizontal", _("We work for other services")


class YesNo(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class LanguageSetup(models.TextChoices):
    SEPARATE = "separate_accounts", _("An account for each language")
    BILINGUAL = "single_bilingual", _("One account in several languages")
    SINGLE = "single_language_justified", _("One language alone, for a reason")


class Duration(models.TextChoices):
    PERMANENT = "permanent", _("For good")
    CAMPAIGN = "campaign_until", _("For a campaign, until its end")
    TRIAL = "trial_until", _("On trial, for three to six months")


class ContentType(models.TextChoices):
    INFORMATION = "information", _("Information")
    SERVICE_ALERT = "service_alert", _("Service messages and disruptions")
    QUESTION = "question", _("Questions of the public")
    DISCUSSION = "discussion", pgettext_lazy("content", "Discussions")
    POLL = "poll", _("Polls")
    VACANCY = "vacancy", _("Vacancies")
    VIDEO = "video", pgettext_lazy("content", "Videos")
    EVENT = "event", pgettext_lazy("content", "Events")
    ADVERTISING = "advertising", _("Paid advertising")


class ModerationMode(models.TextChoices):
    ACTIVE = "active", _("Active: comments are read every working day")
    ALERT_ONLY = "alert_only", _("On alert: what is reported is looked at")
    HANDS_OFF = "hands_off", _("None: comments are closed or left alone")


class ResponseCommitment(models.TextChoices):
    ONE_WORKING_DAY = "1_working_day", _("Within one working day")
    STRICTER = "stricter", _("Faster than one working day")


class SecurityMeasure(models.TextChoices):
    SSO_OR_VAULT = "sso_or_vault", _("Sign-in through single sign-on or the vault")
    TWO_FACTOR = "two_factor", _("Second factor on the network")
    OFFICIAL_MAIL = "official_mail", _("Registered with a mail address of the service")
    ACCESS_LIST = "access_list", _("List of who has access")
    NO_SHARED_PASSWORD = "no_shared_password", _("No shared password")


class PersonalData(models.TextChoices):
    NONE = "none", _("No personal data are collected")
    ASSESSED = "assessed", _("Assessed, with the data protection officer")
    DPIA_NEEDED = "dpia_needed", _("An impact assessment (DPIA) is needed")


class CrisisRole(models.TextChoices):
    NONE = "none", pgettext_lazy("crisis", "None")
    RELAY = "relay", _("Passes on the crisis cell's messages")
    LEAD = "lead", _("Is the channel of the crisis cell")
