"""What a field with choices may hold, held by the database too, whoever writes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, migrations, models, transaction

log = logging.getLogger(__name__)


def known(
    field: str, choices: type[models.Choices], *, blank: bool = False, many: bool = False
) -> models.CheckConstraint:
    """`field` holds one of `choices` (or nothing where `blank`); `many`: only such."""
    values = [*([""] if blank else []), *choices.values]
    lookup = "contained_by" if many else "in"
    return models.CheckConstraint(
        condition=models.Q((f"{field}__{lookup}", values)), name=f"%(class)s_{field}_is_known"
    )


def label_of(field: str, choices: type[models.Choices]) -> Callable[[models.Model], str]:
    """A model's `get_…_display`, in the reader's language. Django's own translates all `choices` to find the one: on a
    page of fifty rows that took as long as the questions to the database."""

    labels = {str(value): label for value, label in choices.choices}

    def display(row: models.Model) -> str:
        value = str(getattr(row, field))
        return str(labels.get(value, value))

    return display


def validation(table: str, names: Iterable[str]) -> migrations.RunPython:
    """Validates constraints of `table` that were added without a look at its rows. Rows that stand against one stop no
    update: it then holds for what is written from now on. In a migration that is not atomic, so that nobody waits."""

    def validate(apps: Any, schema_editor: Any) -> None:
        quote = schema_editor.quote_name
        for name in names:
            try:
                with transaction.atomic(schema_editor.connection.alias):
                    schema_editor.execute(f"ALTER TABLE {quote(table)} VALIDATE CONSTRAINT {quote(name)}")
            except IntegrityError:
                log.warning("%s: rows from before stand against %s, which holds for new ones", table, name)

    return migrations.RunPython(validate, migrations.RunPython.noop)
