"""Dutch as it is written in Belgium: 1 234,5."""

THOUSAND_SEPARATOR = "\N{NO-BREAK SPACE}"
