"""Posts in the technical administration: to look at. Every change goes through the pages and their actions."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from organisation.admin import ShownOnly, administration
from publishing.models import Media, Post, Upload, Variant


@admin.register(Post, site=administration)
class PostAdmin(ShownOnly):
    list_display = ["title", "unit", "author", "state", "due_at"]
    list_filter = ["state"]
    list_select_related = ["unit", "author"]


class PartOfAPost(ShownOnly):
    unit_at = "post__unit"

    def page(self, row: Any) -> str:
        return str(row.post.get_absolute_url())


@admin.register(Variant, site=administration)
class VariantAdmin(PartOfAPost):
    list_display = ["post", "account", "language"]
    list_select_related = ["post", "account"]


@admin.register(Media, site=administration)
class MediaAdmin(PartOfAPost):
    list_display = ["post", "file", "mime", "size"]
    labels = {"uploaded_by": _("Added by")}
    list_select_related = ["post"]


@admin.register(Upload, site=administration)
class UploadAdmin(PartOfAPost):
    list_display = ["post", "by", "kind", "state", "received_at"]
    labels = {"post": _("Post")}
    list_select_related = ["post", "by"]
