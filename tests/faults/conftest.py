"""Makes the town's book of `faults` a fixture."""

from __future__ import annotations

from tests.faults.faults import _town, town

__all__ = ["_town", "town"]
