"""Loaded into LibreOffice itself by driver.py: an open document asked where the add-in asks it, in the same process."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import unohelper
from com.sun.star.task import XJob

ROOT = Path(__file__).resolve().parents[2]


def add_in() -> Any:
    """The add-in's own modules `document` and `wire`, loaded as the .oxt has them: without xltax around them."""
    folder = ROOT / "xltax" / "faces" / "calc"
    name = "xltax_addin"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            name, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        assert spec
        assert spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return importlib.import_module(f"{name}.document"), importlib.import_module(f"{name}.wire")


class Inside(unohelper.Base, XJob):
    """Asks one document: execute(model=..., asked="[what, given...]") gives the answer as text."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.document: Any = None

    def execute(self, given: Any) -> str:
        values = {one.Name: one.Value for one in given}
        documents, _ = add_in()
        try:
            if "model" in values:
                self.document = documents.Document(values["model"], self.context)
                return json.dumps({"result": None})
            what, *rest = json.loads(values["asked"])
            return json.dumps({"result": getattr(self.document, what)(*rest)})
        except Exception as error:
            return json.dumps({"refused": str(error) or type(error).__name__})


def getComponentFactory(name: str, services: Any, key: Any) -> Any:  # noqa: N802  what LibreOffice's loader looks for
    helper = unohelper.ImplementationHelper()
    helper.addImplementation(Inside, "org.xltax.Inside", ("com.sun.star.task.Job",))
    return helper.getComponentFactory(name, key, services)
