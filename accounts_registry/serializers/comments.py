from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts_registry.models import DossierComment
from accounts_registry.questionnaire import BY_KEY
from accounts_registry.serializers import HolderSerializer


class CommentSerializer(serializers.ModelSerializer[DossierComment]):
    """A withdrawn comment has no text any more. `question`: the key of the one that it is about, if of one."""

    author = HolderSerializer(read_only=True)
    settled_by = HolderSerializer(read_only=True)

    class Meta:
        model = DossierComment
        fields = ["id", "dossier", "question", "text", "author", "written_at", "state", "settled_by", "settled_at"]
        read_only_fields = fields


class CommentWriteSerializer(serializers.Serializer[dict[str, Any]]):
    text = serializers.CharField(max_length=2000)
    question = serializers.ChoiceField(choices=sorted(BY_KEY), required=False)
