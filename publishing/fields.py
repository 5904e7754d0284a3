"""Where the first migration finds the field of a wall time; it is in `organisation.fields`."""

from organisation.fields import WallTimeField

__all__ = ["WallTimeField"]
