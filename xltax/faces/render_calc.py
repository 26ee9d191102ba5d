"""Makes the Calc add-in as one .oxt file."""

from __future__ import annotations

import json
import zipfile
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from xltax.declare import DESKS, Action, DeskName, Function
from xltax.faces.catalog import actions, functions
from xltax.ondisk import make_folder, write_file

FILE = "xltax.oxt"
IDENTIFIER, OLDEST = "org.xltax.calc", "25.2"
INTERFACE, SERVICE, MENU = "org.xltax.XTax", "org.xltax.Functions", "org.xltax.Menu"
_HERE = Path(__file__).with_name("calc")
_CARRIED = ("wire.py", "document.py", "addin.py")
_DATE = (1980, 1, 1, 0, 0, 0)
_TABLES = ("charges", "receipts", "adjustments", "closed_days", "cash_book")


def oxt() -> bytes:
    """The extension's bytes: the same for the same declarations."""
    texts = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "description/en.txt": "Functions and tasks for a town tax collector's office. Needs xltax on this computer.\n",
        "xltax.idl": idl(),
        "CalcAddIns.xcu": functions_xcu(),
        "Addons.xcu": menu_xcu(),
        "component.py": _COMPONENT,
        "pythonpath/xltax_addin/__init__.py": "",
        "pythonpath/xltax_addin/known.json": known(),
        **{f"pythonpath/xltax_addin/{name}": (_HERE / name).read_text(encoding="utf-8") for name in _CARRIED},
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in texts.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            package.writestr(entry, text)
    return out.getvalue()


def build_calc(folder: Path) -> Path:
    """Writes the extension into a folder; its path."""
    make_folder(folder)
    path = folder / FILE
    write_file(path, oxt())
    return path


# ---- functions -------------------------------------------------------------------------------------------------------


def known() -> str:
    """What the component needs to know about the functions, as JSON."""
    listed = [
        {"name": f.name, "help": f.help, "args": [{"name": a.name, "help": a.help} for a in f.args]}
        for f in functions().values()
    ]
    return json.dumps({"release": version("xltax"), "functions": listed}, indent=1) + "\n"


def _parameter(number: int, name: str) -> str:
    # Numbered, because a name such as "type" is a word of the interface language, and because Calc sorts them; written
    # together, because the language takes no underscore between small letters.
    return f"a{number:02}{name.replace('_', ' ').title().replace(' ', '')}"


def idl() -> str:
    """The functions as an interface: the calling document first, which Calc fills in; then the arguments.

    An argument is `any` so that it may be left out, and may be a value, a range or an array. Calc does not call a
    function at all when such a range holds an error; TAX_EXPLAIN has to say which cell, so its tables come as ranges.
    Every result is a block of cells, because ranges for single values give a block; Python cannot give either.
    """
    lines = []
    for f in functions().values():
        args = ["[in] com::sun::star::beans::XPropertySet document"]
        for n, a in enumerate(f.args):
            by_range = f.reports and a.kind in _TABLES and not a.optional
            kind = "com::sun::star::table::XCellRange" if by_range else "any"
            args.append(f"[in] {kind} {_parameter(n, a.name)}")
        lines.append(f"  sequence< sequence< any > > {f.name}({', '.join(args)});")
    *modules, name = INTERFACE.split(".")
    body = "\n".join([f"interface {name} {{", *lines, "};"])
    for module in reversed(modules):
        body = f"module {module} {{\n{body}\n}};"
    return body + "\n"


def functions_xcu() -> str:
    """The functions' names and wizard texts, as Calc's configuration has them."""
    nodes = "".join(_function_node(f) for f in functions().values())
    return _xcu(
        "CalcAddIns",
        "org.openoffice.Office",
        f'<node oor:name="AddInInfo"><node oor:name="{SERVICE}" oor:op="replace"><node oor:name="AddInFunctions">'
        f"{nodes}</node></node></node>",
    )


def _function_node(f: Function) -> str:
    args = "".join(
        f'<node oor:name={quoteattr(_parameter(n, a.name))} oor:op="replace">{_prop("DisplayName", a.name)}'
        f"{_prop('Description', a.help)}</node>"
        for n, a in enumerate(f.args)
    )
    return (
        f'\n<node oor:name="{f.name}" oor:op="replace">{_prop("DisplayName", f.name)}{_prop("Description", f.help)}'
        f"{_prop('Category', 'Add-In', lang=False)}{_prop('CompatibilityName', f.name)}"
        f'<node oor:name="Parameters">{args}</node></node>'
    )


# ---- the menu --------------------------------------------------------------------------------------------------------


def menu_xcu() -> str:
    """The menu: a submenu for each desk, an entry for each task, and Check Setup at the end."""
    desks: dict[DeskName, list[Action]] = {}
    for action in actions().values():
        if action.needs_book:
            desks.setdefault(action.desk, []).append(action)
    submenus = "".join(
        _entry(f"d{n:02}", desk, "".join(_command(i, a.name, a.label) for i, a in enumerate(group)))
        for n, (desk, group) in enumerate(sorted(desks.items(), key=lambda pair: DESKS.index(pair[0])))
    )
    submenus += _command(99, "check-set-up", "Check Setup")
    return _xcu(
        "Addons",
        "org.openoffice.Office",
        f'<node oor:name="AddonUI"><node oor:name="OfficeMenuBar"><node oor:name="org.xltax" oor:op="replace">'
        # The mnemonic is x: every letter of Calc's own menus is another.
        f"{_prop('Title', '~xltax')}{_prop('Context', 'com.sun.star.sheet.SpreadsheetDocument', lang=False)}"
        f'<node oor:name="Submenu">{submenus}</node></node></node></node>',
    )


def _entry(name: str, title: str, inside: str) -> str:
    return (
        f'\n<node oor:name="{name}" oor:op="replace">{_prop("Title", title)}'
        f'<node oor:name="Submenu">{inside}</node></node>'
    )


def _command(number: int, name: str, title: str) -> str:
    return (
        f'\n<node oor:name="m{number:02}" oor:op="replace">{_prop("Title", title)}'
        f"{_prop('URL', f'service:{MENU}?{name}', lang=False)}{_prop('Target', '_self', lang=False)}</node>"
    )


# ---- the rest --------------------------------------------------------------------------------------------------------


def _prop(name: str, text: str, *, lang: bool = True) -> str:
    mark = ' xml:lang="en"' if lang else ""
    kind = "" if lang else ' oor:type="xs:string"'
    return f'<prop oor:name="{name}"{kind}><value{mark}>{escape(text)}</value></prop>'


def _xcu(name: str, package: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="{name}" oor:package="{package}">{body}\n</oor:component-data>\n'
    )


def _manifest() -> str:
    parts = (
        ("xltax.idl", "application/vnd.sun.star.uno-typelibrary;type=RDB"),
        ("component.py", "application/vnd.sun.star.uno-component;type=Python"),
        ("CalcAddIns.xcu", "application/vnd.sun.star.configuration-data"),
        ("Addons.xcu", "application/vnd.sun.star.configuration-data"),
    )
    listed = "".join(
        f'\n<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>' for path, kind in parts
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">'
        f"{listed}\n</manifest:manifest>\n"
    )


def _description() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<description xmlns="http://openoffice.org/extensions/description/2006" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:l="http://libreoffice.org/extensions/description/2011">\n'
        f'<identifier value="{IDENTIFIER}"/>\n<version value="{version("xltax")}"/>\n'
        f'<dependencies><l:LibreOffice-minimal-version value="{OLDEST}" l:name="LibreOffice {OLDEST}"/></dependencies>\n'
        '<display-name><name lang="en">xltax: the tax collector\'s functions and tasks</name></display-name>\n'
        '<extension-description><src lang="en" xlink:href="description/en.txt"/></extension-description>\n</description>\n'
    )


_COMPONENT = f'''"""Registers the functions and the menu of xltax with LibreOffice; what they do is in pythonpath."""

import unohelper
from xltax_addin.addin import FUNCTIONS, MENU, Way, functions_class, menu_class, what_is_known

known = what_is_known()
way = Way(known["release"])
Functions = functions_class("{INTERFACE}", known["functions"], way)
Menu = menu_class(way)

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Functions, FUNCTIONS, (FUNCTIONS,))
g_ImplementationHelper.addImplementation(Menu, MENU, (MENU,))
'''
