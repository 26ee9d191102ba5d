"""Makes the town's book of `faults` a fixture."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "contract")]  # the latter for small_books

from faults import _town, town

__all__ = ["_town", "town"]
