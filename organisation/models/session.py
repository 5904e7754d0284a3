from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class PersonSession(models.Model):
    """A place where a person signed in, as they know it again: no address, nothing that follows them about.

    `session_key` is the session that the framework keeps; `worth` a digest of what that session has to carry to be
    theirs. When either no longer holds, the session is over.
    """

    person = models.ForeignKey("organisation.Person", models.CASCADE, related_name="sessions")
    session_key = models.CharField(max_length=40, unique=True)
    worth = models.CharField(max_length=64)
    browser = models.CharField(max_length=20, blank=True)
    system = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField(db_default=Now())
    last_used = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return str(self.device)

    @property
    def device(self) -> str:
        """In plain words: "Firefox on Windows"."""
        if self.browser and self.system:
            return _("%(browser)s on %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or str(_("A device that does not say what it is"))
