"""What the server says about itself."""

from __future__ import annotations

from urllib.parse import urlsplit

from simulator import films, pictures, text
from simulator.dialects.mastodon import media, statuses
from simulator.dialects.mastodon.entities import Json
from simulator.dialects.mastodon.ways import ways_of
from simulator.exchange import Answer, Request, json_answer
from simulator.routing import Routes, Simulator

routes = Routes("api")
about = Routes()  # outside the API: no rate limit
NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/2.0"
DESCRIPTION = "A training network. Nothing here is public."


def _limits() -> Json:
    return {
        "statuses": {
            "max_characters": text.MAX_CHARACTERS,
            "max_media_attachments": statuses.MAX_MEDIA,
            "characters_reserved_per_url": text.URL_CHARACTERS,
        },
        "media_attachments": {
            "description_limit": media.MAX_DESCRIPTION,
            "image_matrix_limit": 33_177_600,
            "image_size_limit": media.MAX_BYTES,
            "supported_mime_types": [*pictures.TYPES, *films.TYPES],
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
            "video_size_limit": media.MAX_FILM_BYTES,
        },
        "polls": {
            "max_options": 4,
            "max_characters_per_option": 50,
            "min_expiration": 300,
            "max_expiration": 2_629_746,
        },
    }


def _configuration(request: Request) -> Json:
    host = urlsplit(request.base_url).netloc
    profile: Json = {
        "max_display_name_length": 40,
        "max_note_length": 500,
        "max_avatar_description_length": 150,
        "max_header_description_length": 150,
        "max_featured_tags": 10,
        "max_pinned_statuses": 5,
        "max_profile_fields": 4,
        "profile_field_name_limit": 255,
        "profile_field_value_limit": 255,
    }
    everyone = {"local": "public", "remote": "public"}
    return {
        "urls": {
            "streaming": f"ws://{host}",
            "status": None,
            "about": f"{request.base_url}/",
            "privacy_policy": f"{request.base_url}/",
            "terms_of_service": None,
        },
        "vapid": {"public_key": ""},
        "accounts": profile,
        **_limits(),
        "translation": {"enabled": False},
        "timelines_access": {"live_feeds": everyone, "hashtag_feeds": everyone, "trending_link_feeds": everyone},
        "limited_federation": False,
    }


@routes.on("GET", "/api/v2/instance")
def version_2(simulator: Simulator, request: Request) -> Answer:
    icon = f"{request.base_url}/static/icon.svg"
    return json_answer(
        {
            "domain": urlsplit(request.base_url).netloc,
            "title": simulator.title,
            "version": ways_of(simulator.db).version,
            "source_url": f"{request.base_url}/",
            "description": DESCRIPTION,
            "usage": {"users": {"active_month": _people(simulator)}},
            "thumbnail": {"url": icon, "description": simulator.title},
            "icon": [{"src": icon, "size": "192x192"}],
            "languages": ["en"],
            "configuration": _configuration(request),
            "registrations": {
                "enabled": False,
                "approval_required": False,
                "reason_required": False,
                "message": None,
                "min_age": None,
                "url": None,
            },
            "api_versions": {"mastodon": 11},
            "wrapstodon": None,
            "contact": {"email": "", "account": None},
            "rules": [],
        }
    )


@routes.on("GET", "/api/v1/instance")
def version_1(simulator: Simulator, request: Request) -> Answer:
    host = urlsplit(request.base_url).netloc
    configuration: Json = {"accounts": {"max_featured_tags": 10, "max_pinned_statuses": 5}, **_limits()}
    return json_answer(
        {
            "uri": host,
            "title": simulator.title,
            "short_description": DESCRIPTION,
            "description": DESCRIPTION,
            "email": "",
            "version": ways_of(simulator.db).version,
            "urls": {"streaming_api": f"ws://{host}"},
            "stats": {"user_count": _people(simulator), "status_count": _posts(simulator), "domain_count": 0},
            "thumbnail": f"{request.base_url}/static/icon.svg",
            "languages": ["en"],
            "registrations": False,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": configuration,
            "contact_account": None,
            "rules": [],
        }
    )


@about.on("GET", "/.well-known/nodeinfo")
def nodeinfo_links(simulator: Simulator, request: Request) -> Answer:
    return json_answer({"links": [{"rel": NODEINFO, "href": f"{request.base_url}/nodeinfo/2.0"}]})


@about.on("GET", "/nodeinfo/2.0")
def nodeinfo(simulator: Simulator, request: Request) -> Answer:
    total, ways = _people(simulator), ways_of(simulator.db)
    return json_answer(
        {
            "version": "2.0",
            "software": {"name": ways.software, "version": ways.version},
            "protocols": ["activitypub"],
            "services": {"outbound": [], "inbound": []},
            "usage": {
                "users": {"total": total, "activeMonth": total, "activeHalfyear": total},
                "localPosts": _posts(simulator),
            },
            "openRegistrations": False,
            "metadata": {"nodeName": simulator.title, "nodeDescription": DESCRIPTION},
        }
    )


def _people(simulator: Simulator) -> int:
    return simulator.db.value("SELECT count(*) FROM people")


def _posts(simulator: Simulator) -> int:
    return simulator.db.value("SELECT count(*) FROM posts WHERE deleted_ms IS NULL")
