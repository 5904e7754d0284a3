from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts_registry.enums import AccountKind, Audience, DossierState, RequestType
from accounts_registry.enums.questions import OPENING
from accounts_registry.questionnaire import Question, valid_answers
from networks.catalogue import NETWORKS
from organisation.choices import known
from organisation.enums import Language
from organisation.sentences import colon

if TYPE_CHECKING:
    from organisation.models import Person

APPROVED = (DossierState.APPROVED, DossierState.APPROVED_WITH_CONDITIONS)


class JustificationDossier(models.Model):
    """Why a unit asks for an account. Field names follow the questionnaire; a draft may have holes."""

    unit = models.ForeignKey("organisation.Unit", models.PROTECT, related_name="dossiers", verbose_name=_("unit"))
    request_type = models.CharField(
        _("what is asked for"),
        max_length=30,
        choices=RequestType,
        default=RequestType.NEW,
        db_default=RequestType.NEW,
    )
    platform = models.CharField(_("network"), max_length=30)
    account_kind = models.CharField(_("kind of account"), max_length=20, choices=AccountKind, blank=True)
    proposed_handle = models.CharField(_("name on the network"), max_length=150, blank=True)
    # Where the network has many servers: the one on which the account lives. Empty: the network's usual one.
    server = models.URLField(_("server"), max_length=200, blank=True, default="")
    languages = ArrayField(
        models.CharField(max_length=2, choices=Language), verbose_name=_("languages"), default=list, blank=True
    )
    pair_of = models.ForeignKey(
        "accounts_registry.Account",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("language pair of"),
    )
    objective = models.TextField(_("purpose"), blank=True)
    audiences = ArrayField(
        models.CharField(max_length=30, choices=Audience), verbose_name=_("audiences"), default=list, blank=True
    )
    # Of a request that is about an account that stands: which, and of a merger, into which.
    about = models.ForeignKey(
        "accounts_registry.Account",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="requests",
        verbose_name=_("account that it is about"),
    )
    successor = models.ForeignKey(
        "accounts_registry.Account",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account into which it is merged"),
    )
    why_not_existing = models.TextField(_("why an existing account does not suffice"), blank=True)
    owner = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    backup_holder = models.ForeignKey(
        "organisation.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("backup holder")
    )
    review_on = models.DateField(_("review on"), null=True, blank=True)
    # Every further answer of the questionnaire, by its question's key; what has no answer has no key.
    answers = models.JSONField(
        _("answers"),
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        validators=[valid_answers],
    )

    requested_by = models.ForeignKey("organisation.Person", models.PROTECT, related_name="dossiers")
    # Who ever changed an answer: none of them checks, votes on or decides the dossier, like who asked.
    editors = models.ManyToManyField("organisation.Person", related_name="edited_dossiers", verbose_name=_("editors"))
    state = models.CharField(_("state"), max_length=30, choices=DossierState, default=DossierState.DRAFT)
    # Each submission opens a new round: votes on what stood there before no longer count.
    round = models.PositiveSmallIntegerField(default=0)
    # Of the present round, as fixed when the dossier passed to the committee; none before.
    quorum = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    # Since when the advice of ICT/security on the present round is waited for; of what passed to the committee before
    # there was such an advice it never was.
    advice_asked_at = models.DateTimeField(_("advice asked for"), null=True, blank=True, editable=False)
    edition = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    # Why its authors appealed against a refusal; once.
    appeal = models.TextField(_("appeal"), blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("begun"), db_default=Now())

    class Meta:
        verbose_name = _("justification dossier")
        verbose_name_plural = _("justification dossiers")
        ordering = ["-id"]
        constraints = [
            known("account_kind", AccountKind, blank=True),
            known("audiences", Audience, many=True),
            known("languages", Language, many=True),
            known("request_type", RequestType),
            known("state", DossierState),
            models.CheckConstraint(
                condition=models.Q(owner__isnull=True)
                | models.Q(backup_holder__isnull=True)
                | ~models.Q(owner=models.F("backup_holder")),
                name="dossier_backup_is_somebody_else",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "returned", "withdrawn"])
                | models.Q(about__isnull=False)
                | (
                    ~models.Q(account_kind="")
                    & ~models.Q(proposed_handle="")
                    & ~models.Q(languages=[])
                    & ~models.Q(objective="")
                    & ~models.Q(audiences=[])
                    & ~models.Q(why_not_existing="")
                    & models.Q(owner__isnull=False, backup_holder__isnull=False, review_on__isnull=False)
                ),
                name="dossier_is_complete",
            ),
            models.CheckConstraint(
                condition=models.Q(request_type__in=OPENING, about__isnull=True, successor__isnull=True)
                | (~models.Q(request_type__in=OPENING) & models.Q(about__isnull=False)),
                name="dossier_is_about_an_account",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "returned", "withdrawn"])
                | (
                    (~models.Q(request_type="rename") | ~models.Q(proposed_handle=""))
                    & (
                        ~models.Q(request_type="change_owner")
                        | models.Q(owner__isnull=False, backup_holder__isnull=False)
                    )
                    & (~models.Q(request_type="merge") | models.Q(successor__isnull=False))
                ),
                name="dossier_request_is_complete",
            ),
            models.CheckConstraint(
                condition=models.Q(successor__isnull=True) | ~models.Q(successor=models.F("about")),
                name="dossier_merges_into_another",
            ),
            models.UniqueConstraint(
                fields=["about", "request_type"],
                condition=models.Q(state__in=["draft", "submitted", "returned", "in_review", "deferred"]),
                name="one_open_request_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def answer(self, question: Question) -> Any:
        """What stands there, as a field or among the further answers; None or empty: nothing yet."""
        return self.answers.get(question.key) if question.is_written else getattr(self, question.key)

    @property
    def title(self) -> str:
        """As people name it; of a request, what is asked for before the account's name, or its new one."""
        name = f"@{self.proposed_handle} · {self.network_name}" if self.proposed_handle else self.network_name
        return name if self.opens_an_account else f"{self.get_request_type_display()}{colon()} {name}"

    @property
    def opens_an_account(self) -> bool:
        """True of what asks for an account; anything else is about one that stands."""
        return self.request_type in OPENING

    @property
    def holders(self) -> list[Person]:
        """Who would hold the account, and of one that stands who does."""
        standing = [self.about.owner, self.about.backup_holder] if self.about is not None else []
        return [one for one in (self.owner, self.backup_holder, *standing) if one is not None]

    @property
    def network_name(self) -> str:
        return NETWORKS[self.platform].name if self.platform in NETWORKS else self.platform

    @property
    def is_open(self) -> bool:
        """True while no decision was taken and nobody withdrew it."""
        return self.state not in (*APPROVED, DossierState.REFUSED, DossierState.WITHDRAWN)

    @property
    def is_approved(self) -> bool:
        """True as soon as an account stands behind it, with conditions that may still be open."""
        return self.state in APPROVED

    @property
    def is_editable(self) -> bool:
        return self.state in (DossierState.DRAFT, DossierState.RETURNED)
