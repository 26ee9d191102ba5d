"""Makes the Excel ribbon: a group for each desk and a button for each task."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from xltax.declare import Action
from xltax.faces.catalog import actions
from xltax.faces.render_vba import callback

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
LABEL_LIMIT = 1024  # of labels and tips, by the schema

_IMAGES = {
    "import-roll": "GetExternalDataFromText",
    "bill": "TableInsertExcel",
    "post": "AutoSum",
    "reverse": "Undo",
    "refresh": "RefreshAll",
    "quote": "FilePrintPreview",
    "delinquent": "Filter",
    "proof": "DataValidation",
    "selfcheck": "CalculateNow",
    "upgrade": "FileSaveAs",
    "share": "Copy",
}
"""Excel's own pictures, by the name of the action."""

_OF_DESK = {"Setup": "FileNew", "Billing": "TableInsertExcel", "Counter": "AutoSum", "Controls": "DataValidation"}


def image(action: Action) -> str:
    """The picture of an action's button: its own, or its desk's."""
    return _IMAGES.get(action.name) or _OF_DESK.get(action.desk, "FilePrintPreview")


def ribbon() -> str:
    """The ribbon as customUI (2010 and later)."""
    every = list(actions().values())
    groups = "".join(
        f'<group id="xltax_desk_{n}" label={quoteattr(desk)}>'
        + "".join(_button(a) for a in every if a.desk == desk)
        + "</group>"
        for n, desk in enumerate(dict.fromkeys(a.desk for a in every), 1)
    )
    help_group = (
        '<group id="xltax_help" label="Help">'
        + _plain("xltax_tasks", "Tasks", "XltaxShowTasks", "FindDialog",
                 "Opens the sheet with the yellow cells the buttons use.", "XltaxEnabled")
        + _plain("xltax_why", "Why?", "XltaxShowWhy", "Help",
                 "Explains the #VALUE! of the TAX_ function in the selected cell.", "")
        + "</group>"
    )  # fmt: skip
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<customUI xmlns="{NAMESPACE}" onLoad="XltaxOnLoad"><ribbon><tabs>'
        f'<tab id="xltax" label="xltax" getVisible="XltaxVisible">{groups}{help_group}</tab>'
        "</tabs></ribbon></customUI>"
    )


def _button(action: Action) -> str:
    needs = " Uses yellow cells on the Tasks sheet." if any(not f.cell for f in action.inputs) else ""
    return _plain(
        f"xltax_do_{action.name.replace('-', '_')}",
        action.label,
        callback(action.name),
        image(action),
        action.help + needs,
        "XltaxEnabled",
    )


def _plain(id_: str, label: str, on_action: str, picture: str, tip: str, enabled: str) -> str:
    state = f" getEnabled={quoteattr(enabled)}" if enabled else ""
    return (
        f"<button id={quoteattr(id_)} label={quoteattr(label[:LABEL_LIMIT])} imageMso={quoteattr(picture)} "
        f"screentip={quoteattr(label[:LABEL_LIMIT])} supertip={quoteattr(tip[:LABEL_LIMIT])} "
        f"onAction={quoteattr(on_action)}{state}/>"
    )
