"""The manifest: the rules that Microsoft's pages give, every address in it, and Microsoft's own reader."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.office_js.need import node, node_module
from xltax.errors import BadValue
from xltax.faces.office_js import icons
from xltax.faces.office_js.manifest import ID, NEEDS, checked_address, manifest, release

ADDRESS = "https://addins.example.gov/xltax"
ROOT = ElementTree.fromstring(manifest(ADDRESS))
_APP = "{http://schemas.microsoft.com/office/appforoffice/1.1}"
_OVER = "{http://schemas.microsoft.com/office/taskpaneappversionoverrides}"
_BASIC = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"


def _name(element: ElementTree.Element) -> str:
    return element.tag.split("}")[1]


def test_the_elements_stand_in_the_order_of_the_schema() -> None:
    """Excel refuses a manifest whose elements stand in another order (learn.microsoft.com, add-in only manifest)."""
    assert [_name(e) for e in ROOT] == [
        "Id", "Version", "ProviderName", "DefaultLocale", "DisplayName", "Description", "IconUrl", "HighResolutionIconUrl",
        "SupportUrl", "AppDomains", "Hosts", "Requirements", "DefaultSettings", "Permissions", "VersionOverrides",
    ]  # fmt: skip
    host = ROOT.find(f".//{_OVER}Host")
    assert host is not None
    assert [_name(e) for e in host] == ["Runtimes", "AllFormFactors", "DesktopFormFactor"]
    functions = ROOT.find(f".//{_OVER}AllFormFactors/{_OVER}ExtensionPoint")
    assert functions is not None
    assert [_name(e) for e in functions] == ["Script", "Page", "Metadata", "Namespace"]


def test_functions_and_pane_share_one_runtime() -> None:
    """The same resource stands in Runtime, Page, FunctionFile and the button: else functions run without WebAssembly."""
    shared = {
        element.get("resid")
        for path in ("Runtime", "Page/{0}SourceLocation", "FunctionFile", "Action/{0}SourceLocation")
        for element in ROOT.findall(f".//{_OVER}{path.format(_OVER)}")
    }
    assert shared == {"Pane.Url"}
    assert ROOT.find(f".//{_OVER}Runtime").get("lifetime") == "long"  # type: ignore[union-attr]


def test_every_resource_is_there_once_and_short_enough() -> None:
    """Ids have at most 32 characters, short texts 125, long texts 250 and addresses 2,048."""
    resources = ROOT.find(f".//{_OVER}Resources")
    assert resources is not None
    limits = {"Image": 2048, "Url": 2048, "String": 250}
    defined = [e for group in resources for e in group]
    ids = [e.get("id") for e in defined]
    assert len(set(ids)) == len(ids)
    for element in defined:
        assert len(element.get("id") or "") <= 32
        assert len(element.get("DefaultValue") or "") <= limits[_name(element)]
    for text in resources.findall(f"{_BASIC}ShortStrings/*"):
        assert len(text.get("DefaultValue") or "") <= 125
    used = {e.get("resid") for e in ROOT.iter() if e.get("resid")}
    assert used == set(ids)


def test_every_address_is_https_in_our_folder_and_in_the_built_site(site: Path) -> None:
    addresses = {e.get("DefaultValue") or "" for e in ROOT.iter() if "://" in (e.get("DefaultValue") or "")}
    assert len(addresses) >= 8
    for address in addresses:
        assert address.startswith(f"{ADDRESS}/")
        name = address.removeprefix(f"{ADDRESS}/")
        assert (site / name).is_file() or name == "pane.html"


def test_requirements_are_stated_for_the_add_in_and_for_its_functions() -> None:
    for path in (f"{_APP}Requirements//{_APP}Set", f".//{_OVER}Requirements//{_BASIC}Set"):
        assert {e.get("Name"): e.get("MinVersion") for e in ROOT.findall(path)} == NEEDS


def test_the_version_has_four_numbers() -> None:
    assert release().count(".") == 3
    assert all(part.isdigit() for part in release().split("."))


@pytest.mark.parametrize("wrong", ["http://addins.example.gov", "addins.example.gov", "https://", "https://a/?b=1", ""])
def test_an_address_that_excel_cannot_use_is_refused(wrong: str) -> None:
    with pytest.raises(BadValue, match="HTTPS"):
        checked_address(wrong)


def test_microsofts_own_reader_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "manifest.xml"
    path.write_text(manifest(ADDRESS), encoding="utf-8")
    said = node(node_module("office-addin-manifest") / "cli.js", "info", path)
    assert f"Id: {ID}" in said
    assert "Hosts: Workbook" in said
    assert f"Source Location: {ADDRESS}/pane.html" in said


@pytest.mark.parametrize("size", icons.SIZES)
def test_an_icon_is_a_png_of_its_size_with_something_on_it(size: int) -> None:
    data = icons.png(size)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (size, size)
    length = struct.unpack(">I", data[33:37])[0]
    rows = zlib.decompress(data[41 : 41 + length])
    assert len(rows) == size * (1 + 4 * size)
    pixels = {rows[y * (1 + 4 * size) + 1 + 4 * x :][:4] for y in range(size) for x in range(size)}
    assert bytes(4) in pixels, "clear around the house"
    assert bytes((31, 78, 121, 255)) in pixels, "blue walls"
    assert max(p[0] for p in pixels if p[3] == 255) > 200, "a white sign"
