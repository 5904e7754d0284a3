"""YouTube's catalogue line."""

from networks.kinds import Capabilities, Counting, Need, Network, Profiles, Purpose, Scope, SignIn, Videos
from networks.types import Metric

SCOPES = "https://www.googleapis.com/auth/"
WRITING = (Purpose.WRITE, Purpose.ALL)

NETWORK = Network(
    key="youtube",
    name="YouTube",
    icon="youtube",
    default_base_url="https://www.youtube.com",
    profiles=Profiles(
        hosts=("youtube.com", "youtube-nocookie.com"),
        paths=(
            r"^/channel/(?P<remote_id>UC[\w-]{22})(?:/|$)",
            r"^/@(?P<handle>[^/@]+)(?:/|$)",
        ),
        older=(r"^/(?:user|c)/(?P<handle>[^/@]+)(?:/|$)", r"^/(?P<handle>[\w.-]+)/?$"),
        reserved="channel embed feed hashtag live playlist premium results shorts watch user c",
        address="https://www.youtube.com/@{handle}",
    ),
    hosts={
        "api": "https://youtube.googleapis.com",
        "login": "https://accounts.google.com",
        "token": "https://oauth2.googleapis.com",
    },
    sign_in=SignIn.CONSENT,
    scopes=(
        # Publishing looks among our own videos, and comments are read by no narrower scope than force-ssl.
        Scope(f"{SCOPES}youtube.readonly", (Need.IDENTIFY, Need.PUBLISH, Need.SEARCH, Need.METRICS)),
        Scope(f"{SCOPES}youtube.upload", (Need.PUBLISH, Need.MEDIA), WRITING),
        Scope(f"{SCOPES}youtube.force-ssl", (Need.INBOX, Need.ANSWER, Need.DELETE, Need.MEDIA)),
    ),
    consent="networks.youtube.consent:YoutubeConsent",
    consent_family="google",
    capabilities=Capabilities(
        text_limit=5000,
        byte_limit=None,  # the limit of the text is in bytes already
        counting=Counting.UTF8_BYTES,
        max_media=1,
        media_types=(),
        media_bytes=0,
        alt_limit=0,
        reply_limit=10_000,
        reply_media=False,
        title_limit=100,
        needs_media=True,
        pictures=False,
        videos=Videos(
            types=("video/mp4", "video/quicktime", "video/webm", "video/mpeg"),
            max_bytes=512_000_000,  # of 256 GB: what can be handed over within the time that one send may take
            max_seconds=12 * 3600,
            captions=("text/vtt", "application/x-subrip"),
            captions_follow=True,
        ),
        flat_threads=True,
        parts_told=False,
        metrics=(Metric.FOLLOWERS, Metric.POSTS, Metric.VIEWS, Metric.LIKES, Metric.REPLIES),
        # 10,000 units a day: a look at the inbox costs one and a few more for long threads; of searches there are 100.
        inbox_seconds=600,
        search_seconds=1800,
        reads_back=True,
    ),
    connector="networks.youtube.connector:YoutubeConnector",
)
