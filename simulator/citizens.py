"""The people who are on the square before anybody else comes: invented, in the country's languages."""

from __future__ import annotations

from simulator.store import people
from simulator.store.database import Database

CITIZENS = (
    ("amelie_namur", "Amélie Dubois", "fr"),
    ("bram_gent", "Bram De Smet", "nl"),
    ("fatima_bxl", "Fatima El Amrani", "fr"),
    ("greta_eupen", "Greta Schmitz", "de"),
    ("joris_leuven", "Joris Peeters", "nl"),
    ("luc_liege", "Luc Lambert", "fr"),
    ("noor_antwerpen", "Noor Janssens", "nl"),
    ("radio_parvis", "Radio Parvis", "fr"),
)


def settle(db: Database) -> None:
    """On an empty square only."""
    if not people.everyone(db):
        for handle, name, language in CITIZENS:
            people.create(db, handle=handle, name=name, language=language)
