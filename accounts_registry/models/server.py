from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Server(models.Model):
    """One server on which accounts of ours live, and what it is and allows by its own word.

    `limits` and `software` are as `networks.catalogue.server_facts` found them; empty until it has answered once. What
    a server promises follows from its software: an unknown one promises nothing.
    """

    network = models.CharField(_("network"), max_length=30)
    base_url = models.URLField(_("server"), max_length=200)
    limits = models.JSONField(_("limits"), default=dict, blank=True)
    software = models.CharField(_("software"), max_length=40, blank=True, default="", db_default="")
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)

    class Meta:
        verbose_name = _("server")
        verbose_name_plural = _("servers")
        constraints = [models.UniqueConstraint(fields=["network", "base_url"], name="one_server_an_address")]

    def __str__(self) -> str:
        return self.base_url
