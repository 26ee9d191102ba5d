"""The engine under the name that Calc add-ins made before call it by; it is xltax.faces.calc.engine."""

from xltax.faces.calc.engine import about, figure, run

__all__ = ["about", "figure", "run"]
