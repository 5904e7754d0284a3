from __future__ import annotations

from django.db import models
from django.db.models.functions import Now


class FormPage(models.Model):
    """A form as one person has it before them, by the `mark` that its page carries.

    Until it is saved, `texts` (field → what was typed, as a form sends it) are theirs alone, no edit of anything, and
    in no audit event. Once it is saved nothing is left of them, and `leads_to` says what came of it, for whoever sends
    the same page twice. `place` is the form and its thing: "post.12", "post.new".

    A call of the API with an `Idempotency-Key` is such a page too: it has what was answered (`answer`, sealed:
    `organisation.answers`) and which permissions it took (`asked`).
    """

    person = models.ForeignKey("organisation.Person", models.CASCADE, related_name="form_pages")
    mark = models.UUIDField()
    place = models.CharField(max_length=80, blank=True)
    texts = models.JSONField(default=dict)
    kept_at = models.DateTimeField(db_default=Now())
    is_sent = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)
    leads_to = models.CharField(max_length=500, blank=True)
    answer = models.TextField(blank=True, default="", db_default="")
    asked = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "mark"], name="one_form_page_a_mark")]
        indexes = [
            models.Index(fields=["is_sent", "kept_at"], name="form_page_age"),
            models.Index(fields=["place"], condition=models.Q(is_sent=False), name="form_page_place"),
        ]

    def __str__(self) -> str:
        return f"{self.place or 'a form'} of {self.person}"
