"""A task that fails half-way in a document open in Calc. That each task does its work there is in tests/contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.pressed import billing, do, seen, town_book
from xltax.faces.catalog import actions

pytestmark = pytest.mark.calc


def test_an_action_that_fails_half_way_leaves_the_document_as_it_was(bare_office, tmp_path: Path) -> None:
    path = town_book(tmp_path / "town.xlsx", "us-nj-colts-neck")
    book = bare_office.book(path)
    for one in billing():
        assert not do(one, lambda: book, tmp_path).startswith("refused")
    before, undo = seen(book), bare_office.do("titles", bare_office.number(path))

    class Broken(Exception):
        pass

    def half() -> None:
        with book.step("Refresh"):
            actions()["refresh"].call(book)
            book.set_meta(rules="gone")
            raise Broken

    with pytest.raises(Broken):
        half()
    assert seen(book) == before
    assert book.meta.rules != "gone"
    assert bare_office.do("titles", bare_office.number(path)) == undo
