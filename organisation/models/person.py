from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from organisation.bearer import borne_by
from organisation.enums import GovernanceModel, Language, Permission
from organisation.roles import MACHINES_MAY, narrowed, permissions_of


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, password: str | None = None, **facts: Any) -> Person:
        person = self.model(email=email.lower(), **facts)
        person.set_password(password)
        person.save()
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who works with Parvis. What they may do stands in their grants, nowhere else."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.FRENCH)
    unit = models.ForeignKey("organisation.Unit", models.PROTECT, verbose_name=_("unit"), related_name="people")
    is_active = models.BooleanField(_("active"), default=True)
    # From where a right reached here that suspended them: from there, or above, they are reinstated.
    suspended_from = models.ForeignKey(
        "organisation.Unit",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("suspended from"),
    )
    joined_at = models.DateTimeField(_("since"), auto_now_add=True)
    # Until a second person has confirmed them, who was invited counts as their inviter wherever two are asked for.
    invited_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    vouched_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Who answers for it where this is no person but a service account, by which a program calls the API.
    responsible = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="machines", verbose_name=_("answers for it")
    )
    # Every session carries it: one step up, and all sessions from before are dead, whatever happens later.
    session_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(responsible__isnull=True) | models.Q(password__startswith="!"),  # noqa: S106 - of none that opens
                name="machine_has_no_password",
            ),
            models.UniqueConstraint(Lower("email"), name="one_person_per_address"),
            models.CheckConstraint(condition=models.Q(language__in=Language.values), name="person_language_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_machine(self) -> bool:
        """A service account: it never signs in on a page, and never gives a person's yes."""
        return self.responsible_id is not None

    @property
    def reaches(self) -> frozenset[Permission] | None:
        """All that a service account may at most, by the key it bears; None for a person: whatever their roles say."""
        if not self.is_machine:
            return None
        borne = borne_by(self.pk)
        return MACHINES_MAY & borne.scopes if borne else MACHINES_MAY

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to be this person's: it changes with the password and with the epoch."""
        carried = f"{self.password}:{self.session_epoch}" if self.session_epoch else self.password
        salt = "organisation.models.Person.get_session_auth_hash"
        return salted_hmac(salt, carried, secret=secret, algorithm="sha256").hexdigest()

    _held_grants: list[tuple[str, str]]
    # What `organisation.queries.units` read of the services around these grants, kept as long as they are.
    models_around: dict[str, GovernanceModel] | None = None

    def held_grants(self) -> list[tuple[str, str]]:
        """(role, path of the unit) of each grant in force, their own or lent to them (`Delegation`): read once per
        loaded person, once a request."""
        while (held := self.__dict__.get("_held_grants")) is None:  # one thread may forget what another has just read
            Person.read_grants([self])
        if not self.is_active:
            return []
        reaches = self.reaches
        return held if reaches is None else [(narrowed(role, reaches), path) for role, path in held]

    _stand_ins: frozenset[int]

    def stand_ins(self) -> frozenset[int]:
        """Keys of those who act by a right of theirs just now, or by whose right they act: read with the grants."""
        while (found := self.__dict__.get("_stand_ins")) is None:
            Person.read_grants([self])
        return found

    @staticmethod
    def read_grants(people: Collection[Person]) -> None:
        """Reads the grants of all of them at once, for `held_grants` and `stand_ins`. A service account holds nothing
        while who answers for it is suspended: what it has in line does not go out either."""
        from organisation.models.held import held_by  # reason: two models that name each other

        held: dict[int, list[tuple[str, str]]] = {one.pk: [] for one in people}
        others: dict[int, set[int]] = {one.pk: set() for one in people}
        for person, role, path, other in held_by(held):
            if role:
                held[person].append((role, path))
            if other is not None:
                others[person].add(other)
        behind = {one.responsible_id for one in people if one.responsible_id is not None}
        out = set(Person.objects.filter(pk__in=behind, is_active=False).values_list("pk", flat=True)) if behind else ()
        for one in people:
            one._held_grants = [] if one.responsible_id in out else held[one.pk]
            one._stand_ins = frozenset(others[one.pk])

    read_as = 0

    def read_rights_anew(self, number: int) -> None:
        """What they may do and whom they count as, as it stands now, for whoever goes on with this object; `number`
        (`organisation.locks`) tells since when."""
        self.refresh_from_db(fields=["is_active", "invited_by", "vouched_at", "responsible"])
        self.forget_grants()
        self.read_as = number

    def forget_grants(self) -> None:
        """After a grant was given or taken, or a unit was governed anew, for whoever goes on with this object."""
        self.__dict__.pop("_held_grants", None)
        self.__dict__.pop("_stand_ins", None)
        self.models_around = None

    # What Django's own administration asks. It shows; whatever a lifecycle governs is read-only there.
    @property
    def is_staff(self) -> bool:
        return Permission.ADMIN_SITE in permissions_of(role for role, _path in self.held_grants())

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        return self.is_staff

    def has_perms(self, perms: list[str], obj: object | None = None) -> bool:
        return self.is_staff

    def has_module_perms(self, label: str) -> bool:
        return self.is_staff
