"""German as it is written in Belgium: "Dienstag, 3. Mai 2026", and 1 234,5."""

THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"


def __getattr__(pattern: str) -> str:
    """Django asks its formats for a pattern as for a name, so that every date written "j F" has its point here."""
    if "j F" not in pattern:
        raise AttributeError(pattern)
    return pattern.replace("l j", "l, j").replace("j F", "j. F")
