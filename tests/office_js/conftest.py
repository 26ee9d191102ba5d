"""The Office add-in as it is put on a server: built once for the whole run, from Pyodide and its wheels."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from tests.office_js import need
from xltax.faces.office_js.build_site import build_office


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The built folder. Several test processes share one build."""
    need.need("node")
    sources = need.sources()
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    folder = shared / "office-site"
    with FileLock(shared / "office-site.lock"):
        if not (folder / "manifest.xml").exists():
            build_office(folder, sources)
    return folder
