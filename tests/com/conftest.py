"""Lets the tests here import the stand-ins, the good calls and the small books."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
for folder in (HERE, HERE.parent / "functions", HERE.parent / "contract"):
    sys.path.insert(0, str(folder))
