"""The functions under the name that workbooks and add-ins made before call them by; they are in xltax.faces.excel_udfs."""

from xltax.faces.excel_udfs import *  # noqa: F403
