"""The figures of each State in `states/<state>.toml`, read and checked. README.md there explains the format."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from xltax.law.load import load
from xltax.law.profile import Profile
from xltax.money import to_cents
from xltax.tables import ADJUSTMENTS, CHARGES, RECEIPTS
from xltax.tables.schema import TableSpec

FOLDER = Path(__file__).parent / "states"
MONEY = ("tax", "interest", "penalty", "costs", "discount", "total")
NARROWS = ("bill", "part", "inst")
Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One published figure, or a schedule's figures by day."""

    state: str
    id: str
    kind: str
    source: str
    charges: list[Row]
    expected: list[Row]
    href: str = ""
    town: str = ""
    law: str = ""
    payments: list[Row] = field(default_factory=list)
    adjustments: list[Row] = field(default_factory=list)
    less: str = "0.00"
    note: str = ""
    source_wrong: bool = False
    ours: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        where = f"{self.state}.toml, {self.id}"
        assert self.kind in ("figure", "percent"), f'{where}: kind is "figure" or "percent"'
        assert self.source, f"{where}: a figure without its source"
        assert min(len(self.charges), len(self.expected)), f"{where}: a case has charges and expected"
        assert not self.town or self.town.startswith(self.state), f"{where}: {self.town} is in another State"
        assert bool(self.ours) == self.source_wrong, f"{where}: `ours` goes with source_wrong"
        assert self.note or not self.source_wrong, f"{where}: a source that is wrong needs a note that says why"
        assert [e["on"] for e in self.ours] in ([], [e["on"] for e in self.expected]), f"{where}: ours has other days"
        assert self.ours != self.expected, f"{where}: ours does not differ from the source"
        for wanted in self.expected + self.ours:
            keys = set(wanted) - {"on", *NARROWS}
            assert isinstance(wanted.get("on"), dt.date), f"{where}: a line of expected has its day"
            assert keys, f"{where}: a line of expected has a figure"
            assert keys <= {*MONEY, "last_free"}, f"{where}: {sorted(keys)} is not a column"

    @property
    def wanted(self) -> list[Row]:
        """The figures xltax has to give."""
        return self.ours or self.expected

    def profile(self, folder: Path) -> Profile:
        """The law of the case: the State's or a town's, with what the source's own town adds."""
        base = self.town or self.state
        if not self.law:
            return load(base)
        path = folder / f"{self.id}.toml"
        path.write_text(f'id = "us-zz-case"\nextends = "{base}"\n{self.law}', encoding="utf-8")
        return load(path)

    def rows(self) -> tuple[list[Row], list[Row], list[Row]]:
        """Charges, receipts and adjustments as the ledger takes them, in cents."""
        last: dict[tuple[str, str], int] = {}
        charges = []
        for given in self.charges:
            row = {"Bill": "1", "Account": "R1", "Levy Type": "RE", "Part": "", "Levy Year": given["due"].year}
            row |= _columns(CHARGES, given)
            key = row["Bill"], row["Part"]
            last[key] = row.setdefault("Inst", last.get(key, 0) + 1)
            charges.append(row)
        receipts = [
            {"Receipt": f"R{n}", "Account": "R1", "By": "owner"} | _columns(RECEIPTS, given)
            for n, given in enumerate(self.payments, 1)
        ]
        adjustments = [
            {"No": f"A{n}", "Bill": "1", "Part": "", "Inst": 1} | _columns(ADJUSTMENTS, given)
            for n, given in enumerate(self.adjustments, 1)
        ]
        return charges, receipts, adjustments


def _columns(spec: TableSpec[Any], given: Mapping[str, Any]) -> Row:
    """A row of a table from its keys in small letters."""
    known = {c.name.lower().replace(" ", "_"): c for c in spec.columns}
    wrong = sorted(set(given) - set(known))
    assert not wrong, f"{wrong[0]} is not a column of {spec.name}: {', '.join(known)}"
    return {known[k].name: to_cents(v) if known[k].kind == "money" else v for k, v in given.items()}


@dataclass(frozen=True)
class MadeUpTown:
    """The made-up town under one law: see `test_every_state.py`. `worked` says how account 7's total was worked by hand."""

    on: dt.date
    total: str = ""
    worked: str = ""
    paid: list[Row] = field(default_factory=list)
    rates: str = ""
    law: str = ""
    levy_year: int = 2025
    mailed: dt.date | None = None


def read(path: Path) -> tuple[list[Case], dict[str, MadeUpTown]]:
    """The cases of one State's file, and its made-up towns by the id of their law."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(raw) <= {"case", "town", "towns"}, f"{path.name}: a file has [[case]], [town] and [towns.id]"
    allowed = {f.name for f in fields(Case)} - {"state"}
    for case in raw.get("case", []):
        wrong = sorted(set(case) - allowed)
        assert not wrong, f"{path.name}, {case.get('id')}: {wrong[0]} is not a key of a case"
    cases = [Case(path.stem, **case) for case in raw.get("case", [])]
    return cases, _towns(path, raw.get("town", {}), raw.get("towns", {}))


def _towns(path: Path, state: Row, others: dict[str, Row]) -> dict[str, MadeUpTown]:
    """The State's made-up town, and those whose own law needs other words. What they do not say is the State's."""
    towns = {path.stem: state} if state else {}
    towns |= {id_: {**state, "total": "", "worked": ""} | more for id_, more in others.items()}
    allowed = {f.name for f in fields(MadeUpTown)}
    for id_, given in towns.items():
        wrong = sorted(set(given) - allowed)
        assert not wrong, f"{path.name}, town {id_}: {wrong[0]} is not a key of a town"
        assert bool(given.get("total")) == bool(given.get("worked")), f"{path.name}, town {id_}: total goes with worked"
    return {id_: MadeUpTown(**given) for id_, given in towns.items()}


def every_case() -> list[Case]:
    """The cases of every State."""
    return [case for path in sorted(FOLDER.glob("*.toml")) for case in read(path)[0]]


def every_town() -> dict[str, MadeUpTown]:
    """The made-up towns of all files, by the id of their law."""
    return {id_: town for path in sorted(FOLDER.glob("*.toml")) for id_, town in read(path)[1].items()}


def cents(row: Row) -> dict[str, int | dt.date]:
    """The figures of a line of `expected`: cents, and days."""
    return {k: to_cents(v) if k in MONEY else v for k, v in row.items() if k in (*MONEY, "last_free")}
