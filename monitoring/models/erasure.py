from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac


class Erasure(models.Model):
    """That something was erased since its time was over, so that it is not kept anew when a network tells it again.

    `digest` is keyed: nobody reads out of it what, of whom or where. It is kept for a year.
    """

    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["erased_at"], name="erasure_age")]

    def __str__(self) -> str:
        return self.digest[:12]

    @staticmethod
    def digest_of(place: str, remote_id: str) -> str:
        """Of what bears `remote_id` at `place`: a server of a network, or a source."""
        return salted_hmac("monitoring.erasure", f"{place}\n{remote_id}", algorithm="sha256").hexdigest()

    @staticmethod
    def remember(erased: Iterable[tuple[str, str]]) -> None:
        """Of each its place and its id there."""
        rows = [Erasure(digest=Erasure.digest_of(*one)) for one in erased]
        Erasure.objects.bulk_create(rows, ignore_conflicts=True)

    @staticmethod
    def among(place: str, remote_ids: Iterable[str]) -> set[str]:
        """Those of `remote_ids` that were erased."""
        digests = {Erasure.digest_of(place, remote_id): remote_id for remote_id in remote_ids}
        known = Erasure.objects.filter(digest__in=digests).values_list("digest", flat=True) if digests else ()
        return {digests[digest] for digest in known}
