"""LinkedIn's catalogue line."""

from networks.kinds import Capabilities, Counting, Need, Network, Profiles, Purpose, Scope, SignIn, Videos
from networks.types import Metric

NETWORK = Network(
    key="linkedin",
    name="LinkedIn",
    icon="linkedin",
    default_base_url="https://www.linkedin.com",
    profiles=Profiles(
        hosts=("linkedin.com",),
        has_groups=True,
        paths=(
            r"^/(?:company|showcase|school|organization)/(?P<remote_id>\d+)(?:/|$)",
            r"^/(?:company|showcase|school|organization|company-beta)/(?P<handle>[^/]+)(?:/|$)",
        ),
        address="https://www.linkedin.com/company/{handle}/",
    ),
    hosts={"api": "https://api.linkedin.com"},
    sign_in=SignIn.CONSENT,
    scopes=(
        Scope("rw_organization_admin", (Need.IDENTIFY, Need.INBOX, Need.METRICS, Need.LISTEN)),
        Scope(
            "r_organization_social", (Need.PUBLISH, Need.INBOX, Need.METRICS)
        ),  # publishing looks whether it is there
        Scope(
            "w_organization_social",
            (Need.PUBLISH, Need.MEDIA, Need.ANSWER, Need.DELETE),
            (Purpose.WRITE, Purpose.ALL),
        ),
    ),
    capabilities=Capabilities(
        text_limit=3000,
        byte_limit=None,
        counting=Counting.CHARACTERS,
        max_media=20,
        media_types=("image/jpeg", "image/png", "image/gif"),
        media_bytes=8_000_000,
        alt_limit=4086,
        searches=False,
        reply_limit=1250,
        reply_media=False,
        videos=Videos(
            types=("video/mp4",),
            max_bytes=500_000_000,
            max_seconds=1800,
            captions=("application/x-subrip", "text/vtt"),
            most_captions=1,
            min_seconds=3,
            shape=(1 / 2.4, 2.4),
        ),
        link_card=True,
        card_picture_bytes=8_000_000,
        flat_threads=True,
        metrics=(
            Metric.FOLLOWERS,
            Metric.VIEWS,
            Metric.REACH,
            Metric.CLICKS,
            Metric.LIKES,
            Metric.REPLIES,
            Metric.SHARES,
        ),
        # Every call counts against a daily allowance.
        inbox_seconds=300,
        search_seconds=3600,
        recheck_days=2,
    ),
    connector="networks.linkedin.connector:LinkedInConnector",
    consent="networks.linkedin.consent:LinkedInConsent",
    consent_family="linkedin",
    webhooks="networks.linkedin.webhooks:LinkedInWebhooks",
    subscriptions="networks.linkedin.subscriptions:LinkedInSubscriptions",
    listening_needs=("webhook_secret", "number"),
)
