"""What `make bench` writes down."""

from __future__ import annotations

from benchmarks.report import HEAD, merged


def test_a_part_that_is_measured_alone_leaves_the_others_as_they_were() -> None:
    page = merged("", ["## Calendar\n\n1 ms\n", "## Inbox\n\n2 ms\n"])
    assert merged(page, ["## Calendar\n\n3 ms\n", "## Trail\n\n4 ms\n"]) == (
        f"{HEAD}\n## Calendar\n\n3 ms\n\n## Inbox\n\n2 ms\n\n## Trail\n\n4 ms\n"
    )
