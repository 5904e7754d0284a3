"""Nouns of publishing."""

from publishing.models.card import LinkReading
from publishing.models.media import Captions, Media
from publishing.models.post import Post
from publishing.models.upload import Upload
from publishing.models.variant import Variant

__all__ = ["Captions", "LinkReading", "Media", "Post", "Upload", "Variant"]
