"""Posts as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts_registry.models import Account
from approvals.enums import Place
from approvals.models import Decision
from approvals.queries import StepTaken
from delivery.models import Delivery
from delivery.serializers import LackSerializer
from organisation.enums import Language, Permission
from organisation.models import Unit
from organisation.queries import units_where
from organisation.serializers import MomentField, WallTime
from publishing.actions import Timing, VariantText
from publishing.enums import PostState
from publishing.models import Media, Post, Upload, Variant
from publishing.queries import writable_accounts


@extend_schema_field(OpenApiTypes.STR)
class VariantSerializer(serializers.ModelSerializer[Variant]):
    """What an account says in one language; `said` and `said_link` are what goes out."""

    said = serializers.CharField(read_only=True)
    said_link = serializers.CharField(read_only=True)

    class Meta:
        model = Variant
        fields = ["id", "account", "language", "text", "link", "title", "said", "said_link"]
        read_only_fields = fields


class ImageSerializer(serializers.ModelSerializer[Media]):
    """`changes` say what Parvis did to what was sent, in the reader's language."""

    changes = serializers.ListField(child=serializers.CharField(), source="changed", read_only=True)

    class Meta:
        model = Media
        fields = ["id", "mime", "width", "height", "size", "seconds", "alts", "decorative", "changes"]
        read_only_fields = fields


class CardSerializer(serializers.Serializer[Any]):
    """What is known of the page behind a link, for the card below the text; `waits`: a worker is still to read it.

    `note` says what is missing and what to do, in the reader's language."""

    link = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    has_picture = serializers.BooleanField()
    waits = serializers.BooleanField()
    note = serializers.CharField()


class PostSerializer(serializers.ModelSerializer[Post]):
    """A post in a list."""

    unit: serializers.SlugRelatedField[Unit] = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    state = serializers.ChoiceField(choices=PostState.choices, read_only=True)
    wall_time = WallTime(read_only=True)
    variants = VariantSerializer(many=True, read_only=True)

    class Meta:
        model = Post
        fields = [
            "id",
            "unit",
            "author",
            "title",
            "core_text",
            "language",
            "link",
            "bare_cards",
            "ad_hoc",
            "wall_time",
            "zone",
            "fold",
            "due_at",
            "state",
            "version",
            "variants",
            "created_at",
            "changed_at",
        ]
        read_only_fields = fields


class CheckSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    sentence = serializers.CharField()


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """`lacks` is what a published message is out without."""

    lacks = LackSerializer(many=True, read_only=True)

    class Meta:
        model = Delivery
        fields = ["id", "account", "state", "due_at", "published_at", "remote_url", "problem_code", "lacks"]
        read_only_fields = fields


class ApprovalSerializer(serializers.ModelSerializer[Decision]):
    """`planned_for` is the time that the approver knows: where the post has another `due_at`, they are asked to see it.

    `void_reason` says why it no longer counts.
    """

    class Meta:
        model = Decision
        fields = ["by", "at", "content_hash", "planned_for", "void_at", "void_reason"]
        read_only_fields = fields


class ApprovalStepSerializer(serializers.Serializer[StepTaken]):
    """A step of the approval that the post went, or goes, through. `place`: in which unit whoever takes it approves;
    `unit` says which where it is another one. Without a `role` any that may approve will do."""

    position = serializers.IntegerField(source="step.position", read_only=True)
    place = serializers.ChoiceField(source="step.place", choices=Place.choices, read_only=True)
    unit = serializers.SlugField(source="step.unit.slug", default=None, read_only=True)
    role = serializers.CharField(source="step.role", read_only=True)
    people = serializers.IntegerField(source="step.hands", read_only=True)
    waits = serializers.BooleanField(read_only=True)
    approved_by = serializers.SerializerMethodField()

    def get_approved_by(self, step: StepTaken) -> list[int]:
        return [one.by_id for one in step.taken]


class WholePostSerializer(PostSerializer):
    """One post with all that belongs to it. `content_hash` is what a yes or a no has to name.

    `approval_steps` is empty where one colleague's approval is enough.
    """

    content_hash = serializers.CharField(read_only=True)
    media = ImageSerializer(many=True, read_only=True)
    cards = CardSerializer(many=True, read_only=True, source="cards_told")
    checks = CheckSerializer(many=True, read_only=True)
    deliveries = DeliverySerializer(many=True, read_only=True)
    approvals = ApprovalSerializer(many=True, read_only=True)
    approval_steps = ApprovalStepSerializer(many=True, read_only=True)

    class Meta(PostSerializer.Meta):
        fields = [
            *PostSerializer.Meta.fields,
            "content_hash",
            "media",
            "cards",
            "checks",
            "deliveries",
            "approvals",
            "approval_steps",
        ]
        read_only_fields = fields


class VariantWriteSerializer(serializers.Serializer[VariantText]):
    account = serializers.PrimaryKeyRelatedField(queryset=Account.objects.none())
    language = serializers.ChoiceField(choices=Language.choices)
    text = serializers.CharField(max_length=10_000, required=False, allow_blank=True, default="")
    link = serializers.URLField(max_length=500, required=False, allow_blank=True, default="")
    title = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if "person" in self.context:
            fields["account"].queryset = writable_accounts(self.context["person"])
        return fields

    def to_internal_value(self, data: Any) -> VariantText:
        return VariantText(**super().to_internal_value(data))


class ImageTextSerializer(serializers.Serializer[Any]):
    """What is said about an image that the post has."""

    id = serializers.IntegerField()
    alts = serializers.DictField(child=serializers.CharField(max_length=2000, allow_blank=True), default=dict)
    decorative = serializers.BooleanField(default=False)
    remove = serializers.BooleanField(default=False)

    def validate_alts(self, value: dict[str, str]) -> dict[str, str]:
        if set(value) - set(Language.values):
            raise serializers.ValidationError(_("Name languages by their two letters, like “fr”."))
        return value


class PostWriteSerializer(serializers.Serializer[dict[str, Any]]):
    """Content of a post. When it changes, what is left out stays as it is."""

    title = serializers.CharField(max_length=200)
    language = serializers.ChoiceField(choices=Language.choices)
    core_text = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    bare_cards = serializers.BooleanField(
        required=False, help_text="Leave the page's picture out of the card that stands below a text for its link."
    )
    ad_hoc = serializers.BooleanField(required=False)
    variants = VariantWriteSerializer(many=True, required=False)
    wall_time = WallTime(required=False, allow_null=True)
    zone = serializers.CharField(max_length=50, required=False)
    fold = serializers.ChoiceField(choices=[0, 1], required=False, allow_null=True)


class PostCreateSerializer(PostWriteSerializer):
    unit = serializers.SlugRelatedField(slug_field="slug", queryset=Unit.objects.none())

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        if "person" in self.context:
            units = units_where(self.context["person"], Permission.POST_WRITE)
            fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        return fields


MEANT = "A yes to go on although the same goes out beside it: what `meant` of the 409 with code `said_twice` says."


class PostUpdateSerializer(PostWriteSerializer):
    meant = serializers.CharField(max_length=64, required=False, allow_blank=True, default="", help_text=MEANT)
    version = serializers.IntegerField(help_text="The version that was read; another one by now answers 409.")
    images = ImageTextSerializer(many=True, required=False)

    def get_fields(self) -> dict[str, Any]:
        """Only the version is asked for; what stands inside a list is whole, or wrong."""
        fields: dict[str, Any] = super().get_fields()
        for name in ("title", "language"):
            fields[name].required = False
        return fields

    def validate_images(self, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if len({one["id"] for one in said}) < len(said):
            raise serializers.ValidationError(_("Speak of each image once."))
        return said


class SubmitSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        help_text="The `version` of the post that was read.",
        error_messages={"required": _("Name the version of the post that you read.")},
    )


class _ReadSerializer(serializers.Serializer[Any]):
    content_hash = serializers.CharField(
        max_length=64,
        help_text="The hash of the content that was read.",
        error_messages={"required": _("Name the content_hash of the text that you read.")},
    )


class ApproveSerializer(_ReadSerializer):
    planned_for = MomentField(
        allow_null=True,
        help_text="The time (`due_at`) that was read, null where there was none; of another one you are told.",
        error_messages={"required": _("Name the time that the post had as you read it: planned_for.")},
    )
    meant = serializers.CharField(max_length=64, required=False, allow_blank=True, default="", help_text=MEANT)


class RemarkSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=2000)


class NoSerializer(_ReadSerializer, RemarkSerializer):
    """Why the text with this hash goes back, or is refused."""


class TimeSerializer(serializers.Serializer[Any]):
    wall_time = WallTime()
    zone = serializers.CharField(max_length=50, required=False)
    fold = serializers.ChoiceField(choices=[0, 1], required=False, allow_null=True)
    meant = serializers.CharField(max_length=64, required=False, allow_blank=True, default="", help_text=MEANT)

    def timing(self, post: Post) -> Timing:
        said = self.validated_data
        zone = said.get("zone") or post.zone or post.unit.time_zone
        return Timing(said["wall_time"], zone, said.get("fold"))


class NewImageSerializer(serializers.Serializer[Any]):
    """Multipart: the file, and its description in the post's own language."""

    version = serializers.IntegerField()
    image = serializers.FileField()
    alt = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    decorative = serializers.BooleanField(default=False)


class NewVideoSerializer(serializers.Serializer[Any]):
    """Multipart: the file, what it shows and says, and its captions (WebVTT or SubRip), in the post's own language."""

    version = serializers.IntegerField()
    video = serializers.FileField()
    alt = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    decorative = serializers.BooleanField(default=False)
    captions = serializers.FileField(required=False)


class NewCaptionsSerializer(serializers.Serializer[Any]):
    """Multipart: captions (WebVTT or SubRip) in `language` of a `video` (its id in `media`) that the post has; they
    take the place of those that are there."""

    version = serializers.IntegerField()
    video = serializers.IntegerField()
    language = serializers.ChoiceField(choices=Language.choices)
    captions = serializers.FileField()


class UploadSerializer(serializers.ModelSerializer[Upload]):
    """A file that was sent. `received`: a worker is still to look at it; ask again in a moment. `progress`: percents,
    while a film is converted.

    `read`: it is added as `media`, and made `version` of the post. `refused`: `reason` says why, in the reader's
    language. A day after it was read its address is no more; thirty days after, where it was refused.
    """

    class Meta:
        model = Upload
        fields = ["id", "post", "kind", "name", "state", "progress", "received_at", "media", "version", "reason"]
        read_only_fields = fields
