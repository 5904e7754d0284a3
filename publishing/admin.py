"""Posts in the technical administration: to look at. Every change goes through the pages and their actions."""

from __future__ import annotations

from django.contrib import admin

from organisation.admin import ShownOnly, administration
from publishing.models import Approval, Media, Post, Submission, Variant


@admin.register(Post, site=administration)
class PostAdmin(ShownOnly):
    list_display = ["title", "unit", "author", "state", "due_at", "version"]
    list_filter = ["state"]
    list_select_related = ["unit", "author"]


@admin.register(Variant, site=administration)
class VariantAdmin(ShownOnly):
    unit_at = "post__unit"
    list_display = ["post", "account", "language"]
    list_select_related = ["post", "account"]


@admin.register(Media, site=administration)
class MediaAdmin(ShownOnly):
    unit_at = "post__unit"
    list_display = ["post", "file", "mime", "size"]
    list_select_related = ["post"]


@admin.register(Submission, site=administration)
class SubmissionAdmin(ShownOnly):
    unit_at = "post__unit"
    list_display = ["post", "by", "at", "content_hash"]
    list_select_related = ["post", "by"]


@admin.register(Approval, site=administration)
class ApprovalAdmin(ShownOnly):
    unit_at = "post__unit"
    list_display = ["post", "by", "at", "void_at", "void_reason"]
    list_select_related = ["post", "by"]
