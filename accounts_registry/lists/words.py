"""What people call things in the four languages, and how they misspell it: networks, columns, kinds, languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from networks.catalogue import NETWORKS
from networks.folding import folded

# Networks that Parvis does not speak; a list may name them all the same.
ONE_LETTER = {folded(network.name) for network in NETWORKS.values() if len(network.name) == 1}
OTHER_NETWORKS = {
    "tiktok": "TikTok",
    "flickr": "Flickr",
    "threads": "Threads",
    "snapchat": "Snapchat",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "pinterest": "Pinterest",
    "vimeo": "Vimeo",
    "dailymotion": "Dailymotion",
    "twitch": "Twitch",
    "reddit": "Reddit",
    "discord": "Discord",
    "nextdoor": "Nextdoor",
    "yammer": "Viva Engage",
    "peertube": "PeerTube",
    "pixelfed": "Pixelfed",
    "xing": "XING",
    "tumblr": "Tumblr",
    "google_plus": "Google+",
    "slideshare": "SlideShare",
    "soundcloud": "SoundCloud",
    "issuu": "Issuu",
    "periscope": "Periscope",
    "wechat": "WeChat",
    "messenger": "Messenger",
}
CALLED: Mapping[str, tuple[str, ...]] = {
    "x": (
        "x", "twitter", "x twitter", "twitter x", "tweeter", "ex twitter", "x ex twitter", "x com",
        "x formerly twitter", "tw",
    ),
    "facebook": (
        "facebook", "fb", "face book", "facebook page", "page facebook", "facebookpagina", "facebook pagina",
        "facebook seite", "meta",
    ),
    "instagram": ("instagram", "insta", "ig", "instagr am"),
    "linkedin": ("linkedin", "linked in", "li", "link in", "linkdin"),
    "youtube": (
        "youtube", "you tube", "yt", "chaine youtube", "youtube kanaal", "youtube kanal", "youtube channel",
        "youtubekanal", "youtubekanaal",
    ),
    "mastodon": ("mastodon", "mastodonte", "fediverse", "fedivers"),
    "bluesky": ("bluesky", "blue sky", "bsky", "bluesky social"),
    "tiktok": ("tiktok", "tik tok", "tictoc", "tictac"),
    "whatsapp": ("whatsapp", "whats app", "watsapp", "wa"),
    "snapchat": ("snapchat", "snap chat", "snap"),
    "google_plus": ("google plus", "google", "g plus", "googleplus"),
    "yammer": ("yammer", "viva engage"),
    "threads": ("threads", "thread"),
}  # fmt: skip
SHORT, LONG = 5, 8  # letters from which on one, and from which on two, may be wrong


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    own = {key: key for key, network in NETWORKS.items() if network.holds_accounts}
    own |= {folded(NETWORKS[key].name): key for key in own}
    own |= {folded(name): key for key, name in OTHER_NETWORKS.items()} | {key: key for key in OTHER_NETWORKS}
    return own | {name: key for key, names in CALLED.items() for name in names}


@lru_cache(maxsize=2_000)
def network_named(told: str) -> str:
    """The network that somebody means: a key of the catalogue or of `OTHER_NETWORKS`; empty where it is none.

    One letter may be wrong in a word of five, two in one of eight and more, where one network alone is as near.
    """
    said = folded(told[:60])
    names = _names()
    if said in names:
        return names[said]
    joined = said.replace(" ", "")
    if joined in names:
        return names[joined]
    allowed = 2 if len(joined) >= LONG else 1 if len(joined) >= SHORT else 0
    near = {key for name, key in names.items() if allowed and len(name) >= SHORT and _is_near(joined, name, allowed)}
    if len(near) == 1:
        return near.pop()
    within = {names[word] for word in said.split() if word in names and len(word) > 1}
    return within.pop() if len(within) == 1 else ""


def _is_near(one: str, other: str, most: int) -> bool:
    """At most so many letters put in, left out, changed or swapped with their neighbour."""
    if abs(len(one) - len(other)) > most:
        return False
    rows = [list(range(len(other) + 1))]
    for at, letter in enumerate(one, 1):
        row = [at]
        for place, its in enumerate(other, 1):
            cost = min(rows[-1][place] + 1, row[-1] + 1, rows[-1][place - 1] + (letter != its))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == its:
                cost = min(cost, rows[-2][place - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1] <= most


def network_name(key: str) -> str:
    return NETWORKS[key].name if key in NETWORKS else OTHER_NETWORKS.get(key, key)


# ---- Columns --------------------------------------------------------------------------------------------------------
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "network": (
        "reseau", "reseau social", "reseaux sociaux", "plateforme", "media", "media social", "netwerk",
        "platform", "sociaal netwerk", "sociale media", "kanaal", "netzwerk", "plattform", "soziales netzwerk",
        "soziale medien", "network", "social network", "social media", "channel", "canal", "kanal",
        "service name",
    ),
    "address": (
        "url", "lien", "liens", "link", "links", "adresse", "adresse web", "adresse url", "adres", "webadres",
        "address", "web address", "webadresse", "internetadresse", "profile url", "lien du compte",
        "koppeling", "page", "pagina", "seite", "hyperlien", "uri",
    ),
    "handle": (
        "compte", "comptes", "nom du compte", "nom de compte", "pseudo", "handle", "username", "user name",
        "user", "screen name", "gebruikersnaam", "account", "accountnaam", "account name", "benutzername",
        "konto", "kontoname", "nom d utilisateur", "identifiant", "@", "profil", "profile", "profiel",
    ),
    "id": (
        "id", "identifiant numerique", "page id", "profile id", "account id", "user id", "uid", "remote id",
        "profil id", "numero", "id du compte", "id nummer",
    ),
    "title": (
        "titre", "titel", "title", "nom", "naam", "name", "bezeichnung", "nom de la page",
        "naam van de pagina", "name der seite", "display name", "label", "intitule", "benaming",
        "denomination",
    ),
    "unit": (
        "service", "services", "direction", "entite", "dienst", "diensten", "departement", "afdeling", "unit",
        "department", "dienststelle", "abteilung", "administration", "organisation", "administratie",
        "bestuur", "organisme", "entity", "agency", "cabinet", "entiteit", "organisatie", "organization",
        "behorde", "direktion", "directie", "owner unit", "team", "equipe",
    ),
    "owner": (
        "responsable", "proprietaire", "gestionnaire", "personne de contact", "verantwoordelijke", "eigenaar",
        "beheerder", "contactpersoon", "verantwortliche", "verantwortlicher", "verantwortliche person",
        "eigentumer", "besitzer", "owner", "manager", "contact", "responsible", "community manager",
        "kontaktperson", "ansprechpartner", "titulaire", "referent",
    ),
    "language": ("langue", "langues", "taal", "talen", "sprache", "sprachen", "language", "languages", "lang"),
    "followers": (
        "abonnes", "followers", "fans", "volgers", "abonnees", "likes", "j aime", "nombre d abonnes",
        "aantal volgers", "follower", "abonnenten", "subscribers", "anzahl follower", "nombre de followers",
        "number of followers", "leden", "membres", "members",
    ),
    "last_post": (
        "derniere publication", "dernier post", "dernier message", "laatste bericht", "laatste post",
        "laatste publicatie", "letzter beitrag", "letzte veroffentlichung", "last post", "last activity",
        "derniere activite", "laatste activiteit", "letzte aktivitat", "last message",
        "date du dernier message", "last post date", "letzter post",
    ),
    "admins": (
        "nombre d administrateurs", "administrateurs", "aantal beheerders", "beheerders", "administratoren",
        "anzahl administratoren", "admins", "administrators", "number of admins", "number of administrators",
        "nb admins", "nombre d admins", "aantal admins",
    ),
    "kind": (
        "type", "genre", "soort", "art", "kind", "type de compte", "soort account", "type of account",
        "kontoart", "account type",
    ),
}  # fmt: skip
_ROLES = {name: role for role, names in COLUMNS.items() for name in names}
_BESIDE = {"url", "lien", "link", "compte", "account", "page", "handle", "profil"}
_ID = {"id", "ids", "identifiant", "uid"}


@lru_cache(maxsize=4_000)
def role_of(heading: str) -> str:
    """What a column is by its heading: a key of `COLUMNS`, "on:NETWORK" or "id:NETWORK"; else empty."""
    for said in dict.fromkeys((folded(heading), folded(heading.rpartition(".")[2]))):
        if said in _ROLES:
            return _ROLES[said]
        words = said.split()
        if network := _exactly(" ".join(word for word in words if word not in _ID)):
            return f"{'id' if _ID & {*words} else 'on'}:{network}"
        rest = " ".join(
            word
            for word in words
            if word not in ("url", "lien", "link", "compte", "account", "page", "handle", "profil")
        )
        if rest and rest != said and (network := _exactly(rest)):
            return f"on:{network}"
    return ""


def _exactly(said: str) -> str:
    """A heading names a network letter by letter, or it is a heading of something else."""
    names = _names()
    return names.get(said, "") if len(said) > 1 or said in ONE_LETTER else ""


# ---- Values ---------------------------------------------------------------------------------------------------------
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "fr": (
        "fr", "fra", "fre", "f", "francais", "frans", "franzosisch", "french", "francophone", "fr be",
        "franstalig",
    ),
    "nl": (
        "nl", "nld", "dut", "n", "neerlandais", "nederlands", "niederlandisch", "dutch", "flamand", "vlaams",
        "nl be", "neerlandophone", "nederlandstalig",
    ),
    "de": ("de", "deu", "ger", "d", "allemand", "duits", "deutsch", "german", "germanophone", "duitstalig"),
    "en": ("en", "eng", "e", "anglais", "engels", "englisch", "english", "uk", "gb"),
}  # fmt: skip
_LANGUAGES = {name: key for key, names in LANGUAGES.items() for name in names}
BILINGUAL = ("bilingue", "tweetalig", "zweisprachig", "bilingual")
KINDS: Mapping[str, tuple[str, ...]] = {
    "page": ("page", "pagina", "seite", "page entreprise", "company page", "bedrijfspagina", "fanpage", "fan page"),
    "group": ("groupe", "groep", "gruppe", "group"),
    "profile": ("profil", "profiel", "profile", "compte", "account", "konto", "personnel", "personal"),
    "channel": ("chaine", "kanaal", "kanal", "channel", "canal"),
    "internal": ("interne", "intern", "internal", "reseau interne", "internal network"),
}  # fmt: skip
_KINDS = {name: key for key, names in KINDS.items() for name in names}


def languages_named(told: str) -> list[str]:
    """Codes, sorted: "fr/nl", "Français et néerlandais"; nothing where it names none."""
    said = folded(told[:200])
    if said in _LANGUAGES:
        return [_LANGUAGES[said]]
    if said in BILINGUAL:
        return ["fr", "nl"]
    return sorted(
        {_LANGUAGES[word] for word in said.split() if word in _LANGUAGES and (len(word) > 1 or len(said) < 8)}
    )


def kind_named(told: str) -> str:
    return _KINDS.get(folded(told[:100]), "")


MONTHS = (
    ("january", "janvier", "januari", "januar", "jan", "janv"),
    ("february", "fevrier", "februari", "februar", "feb", "fevr", "fev"),
    ("march", "mars", "maart", "marz", "mar", "mrt"),
    ("april", "avril", "apr", "avr"),
    ("may", "mai", "mei"),
    ("june", "juin", "juni", "jun"),
    ("july", "juillet", "juli", "jul", "juil"),
    ("august", "aout", "augustus", "aug"),
    ("september", "septembre", "sep", "sept"),
    ("october", "octobre", "oktober", "oct", "okt"),
    ("november", "novembre", "nov"),
    ("december", "decembre", "dezember", "dec", "dez"),
)
_MONTHS = {name: number for number, names in enumerate(MONTHS, 1) for name in names}


def month_named(told: str) -> int:
    return _MONTHS.get(folded(told), 0)
