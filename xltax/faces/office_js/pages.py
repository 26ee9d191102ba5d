"""The help page of the Office add-in, from the declarations. Excel's function window links to it."""

from __future__ import annotations

from html import escape
from importlib.metadata import version

from xltax.declare import Function
from xltax.faces.catalog import functions
from xltax.faces.office_js.functions_json import excel_name, short_name

STYLE = "help.css"


def help_page() -> str:
    """Every function with its arguments, under the name that Excel's link uses."""
    listed = "".join(f'<li><a href="#{short_name(f.name)}">{excel_name(f.name)}</a></li>' for f in functions().values())
    sections = "\n".join(_section(f) for f in functions().values())
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>xltax functions</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<link rel="stylesheet" href="{STYLE}">\n</head>\n<body>\n'
        f"<h1>xltax functions</h1>\n<p>xltax {escape(version('xltax'))}. Each function is calculated on this computer. "
        f"No figure leaves it.</p>\n<ul>{listed}</ul>\n{sections}\n</body>\n</html>\n"
    )


def _section(function: Function) -> str:
    shown = ", ".join(f"[{a.name}]" if a.optional else a.name for a in function.args)
    rows = "\n".join(
        f"<tr><th scope='row'>{escape(a.name)}{' (optional)' if a.optional else ''}</th><td>{escape(a.help)}</td></tr>"
        for a in function.args
    )
    return (
        f'<h2 id="{short_name(function.name)}">{excel_name(function.name)}</h2>\n<p>{escape(function.help)}</p>\n'
        f"<p><code>={excel_name(function.name)}({escape(shown)})</code></p>\n<table>\n{rows}\n</table>"
    )


def style() -> str:
    """The style of the help page, in a file of its own: the security policy allows no style inside a page."""
    return (
        "body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; }\n"
        "th { text-align: left; vertical-align: top; padding-right: 1rem; white-space: nowrap; }\n"
        "code { overflow-wrap: anywhere; }\n"
    )
