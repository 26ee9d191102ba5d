"""In CI the random histories are the same each time; `XLTAX_EXAMPLES=1000 ./run test tests/properties` looks further."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") and not os.environ.get("XLTAX_EXAMPLES"):
    settings.load_profile("ci")
