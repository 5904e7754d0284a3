"""Posts in the technical administration: to look at. Every change goes through the pages and their actions."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from publishing.models import Approval, Media, Post, Submission, Variant


class ToLookAt(admin.ModelAdmin):  # type: ignore[type-arg]
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        return False


@admin.register(Post)
class PostAdmin(ToLookAt):
    list_display = ["title", "unit", "author", "state", "due_at", "version"]
    list_filter = ["state"]
    list_select_related = ["unit", "author"]


@admin.register(Variant)
class VariantAdmin(ToLookAt):
    list_display = ["post", "account", "language"]
    list_select_related = ["post", "account"]


@admin.register(Media)
class MediaAdmin(ToLookAt):
    list_display = ["post", "file", "mime", "size"]
    list_select_related = ["post"]


@admin.register(Submission)
class SubmissionAdmin(ToLookAt):
    list_display = ["post", "by", "at", "content_hash"]
    list_select_related = ["post", "by"]


@admin.register(Approval)
class ApprovalAdmin(ToLookAt):
    list_display = ["post", "by", "at", "void_at", "void_reason"]
    list_select_related = ["post", "by"]
