"""Makes the town's book of `faults` a fixture."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "contract"))  # for small_books
sys.path.insert(0, str(Path(__file__).parent))

from faults import _town, town

__all__ = ["_town", "town"]
