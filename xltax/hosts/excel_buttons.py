"""The buttons under the name that workbooks and add-ins made before call them by; they are in xltax.faces.excel_buttons."""

from xltax.faces.excel_buttons import press

__all__ = ["press"]
