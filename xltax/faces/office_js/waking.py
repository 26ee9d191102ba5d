"""What a Python that comes out of a memory snapshot does first. Each start would otherwise draw the same random numbers."""

from __future__ import annotations

import random
import sys
import tempfile
import time


def woken() -> None:
    """Draws new random numbers from here on, and takes the time zone of this computer."""
    random.seed()
    if "numpy.random" in sys.modules:
        import numpy as np

        np.random.seed()
    vars(tempfile)["_name_sequence"] = None  # a new one is made, with new names
    if hasattr(time, "tzset"):
        time.tzset()
