"""Reading a town's law from TOML: a closed schema, `extends`, and errors that name file, key and what is allowed."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from xltax.dates import to_date
from xltax.errors import BadProfile, BadValue, TaxError
from xltax.law.params import MONEY, Params, nearest, shown
from xltax.law.profile import (
    ALWAYS,
    EARLIER,
    EVERYTHING,
    GOVERNS,
    NEVER,
    RULE_KEYS,
    RULES,
    Assumption,
    Citation,
    Covers,
    Profile,
    Rule,
    inherit,
)

TOWNS = Path(__file__).resolve().parent.parent / "towns"

TOP_KEYS = ("id", "name", "extends")
LARGEST = 300_000
"""The most bytes of a town's file. The longest that comes with xltax has a sixth of that."""
_TOO_DEEP = re.compile(r"(?:(?:[\w-]{1,64}|\"[^\"\n]{0,64}\"|'[^'\n]{0,64}')[ \t]*\.[ \t]*){40}")
"""A key such as a.a.a.a: the time to read one grows with the square of its parts."""
DEEPEST = 8  # an `extends` chain longer than this is a circle


def load(town: str | Path) -> Profile:
    """The law of a town, by its id ("us-nj-colts-neck") or by the path of a TOML file."""
    path = _find(town)
    return _load(path, tuple(_changed(path)))


def shipped() -> dict[str, Path]:
    """The ids of every town and state that comes with xltax, with their files. What the States share is no town's law."""
    return {"-".join(_id_parts(p)): p for p in sorted(TOWNS.glob("*/*/*.toml"))}


def _shared() -> dict[str, Path]:
    """What States share, by the ids that only a State's file names."""
    return {"-".join(_id_parts(p)): p for p in TOWNS.glob("*/*.toml")}


_found: dict[str, Path] = {}
"""The files found so far: a formula in every row asks for the same town, and the folders hold every State."""


def _id_parts(path: Path) -> list[str]:
    *folders, stem = path.relative_to(TOWNS).with_suffix("").parts
    return [*folders] if stem == "state" else [*folders, stem.replace("_", "-")]


def _find(town: str | Path) -> Path:
    text = str(town).strip().strip('"')  # Windows copies a path with quotation marks around it
    if text.lower().endswith(".toml"):
        path = Path(text)
        if not _is_file(path):
            raise BadProfile(
                "There is no such file.",
                where=text,
                do="Check the name and the folder. In a cell, write the whole path.",
            )
        return path
    file = _found.get(text)
    if file and file.is_file():
        return file
    known = shipped()
    if file := known.get(text) or _shared().get(text):
        _found[text] = file
        return file
    raise BadProfile(
        f'"{text}" is not a town xltax knows.',
        where="town",
        do=f"{nearest(text, known)}Use one of {', '.join(known)}, or the path of a .toml file.",
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or that no file can have
        return False


@lru_cache(maxsize=64)
def _load(path: Path, _changes: tuple[int, ...]) -> Profile:
    return _read(path, 0)


def _changed(path: Path) -> Iterator[int]:
    """When the file, and each file it extends, was last changed."""
    for _ in range(DEEPEST):
        changed = path.stat().st_mtime_ns
        yield changed
        try:
            base = _raw(path, changed).get("extends")
            parent = _extended(path, base) if isinstance(base, str) else None
        except BadProfile:
            return  # said when the file is read
        if parent is None:
            return
        path = parent


@lru_cache(maxsize=64)
def _raw(path: Path, _changed: int) -> Mapping[str, Any]:
    """A town file as TOML."""
    name = _shown(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise BadProfile(
                f"This file is larger than {LARGEST // 1000} KB.", where=name, do="Check that this is the town's file."
            )
        text = data.decode("utf-8-sig")
        if _TOO_DEEP.search(text):
            raise RecursionError
        return tomllib.loads(text)
    except OSError as error:
        raise BadProfile(
            f"This file cannot be read ({error.strerror}).", where=name, do="Check the file and your permissions."
        ) from None
    except RecursionError:
        raise BadProfile(
            "The lists or tables in this file stand in each other too deeply.",
            where=name,
            do="Write the rules as in another town's file.",
        ) from None
    except UnicodeDecodeError:
        raise BadProfile(
            "This file is not saved as UTF-8 text.", where=name, do="Save the file again, with the encoding UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise BadProfile(f"This is not a TOML file: {str(error)[:200]}.", where=name) from None
    except ValueError:  # Python reads no number of more than 4,300 digits, and TOML has no date of the year 0
        raise BadProfile(
            "A number or a date in this file is not possible.",
            where=name,
            do="Look for a very long number or a wrong date.",
        ) from None


def _extended(path: Path, base: str) -> Path:
    """The file that a town file extends: one in its folder, or a town by its id or path."""
    beside = path.parent / base
    return beside if base.lower().endswith(".toml") and beside.is_file() else _find(base)


def _shown(path: Path) -> str:
    """A town file as messages name it."""
    return path.relative_to(TOWNS).as_posix() if path.is_relative_to(TOWNS) else path.name


def _read(path: Path, depth: int) -> Profile:
    name = _shown(path)
    if depth > DEEPEST:
        raise BadProfile('"extends" leads back to the same file.', where=f"{name}: extends")
    raw = _raw(path, path.stat().st_mtime_ns)
    for key in raw:
        if key not in TOP_KEYS and key not in RULES:
            raise BadProfile(
                f'"{key}" is not a setting here.',
                where=name,
                do=f"{nearest(key, [*TOP_KEYS, *RULES])}Allowed: {', '.join(TOP_KEYS)}, and rules named {', '.join(RULES)}.",
            )
    for key in TOP_KEYS:
        if key in raw and not isinstance(raw[key], str):
            raise BadProfile(f"{shown(raw[key])} is not text.", where=f"{name}: {key}")
    if "id" not in raw:
        raise BadProfile('"id" is missing.', where=name, do='Give the town an id, such as id = "us-nj-my-town".')
    own = []
    for rule_name in RULES:
        entries = raw.get(rule_name, [])
        if not isinstance(entries, list):
            raise BadProfile(f"Write this rule with double brackets: [[{rule_name}]].", where=f"{name}: {rule_name}")
        for n, entry in enumerate(entries, 1):
            where = f"{name}: {rule_name}[{n}]"
            own += [read_rule(rule_name, dated, where) for dated in dated_rates(entry, where)]
    parent: tuple[Rule[Params], ...] = ()
    if "extends" in raw:
        try:
            file = _extended(path, raw["extends"])
        except BadProfile as error:
            raise BadProfile(error.problem.what, where=f"{name}: extends", do=error.problem.do) from None
        parent = _read(file, depth + 1).rules
    return Profile(raw["id"], raw.get("name", raw["id"]), inherit(parent, own))


def dated_rates(raw: Any, where: str) -> list[Any]:
    """The rules that one rule with a table of dated rates stands for: each rate until the next one's first day."""
    if not isinstance(raw, Mapping) or "rates" not in raw:
        return [raw]
    rates, rest = raw["rates"], {key: value for key, value in raw.items() if key != "rates"}
    if (
        not isinstance(rates, list)
        or not rates
        or not all(isinstance(r, Mapping) and set(r) == {"from", "rate"} for r in rates)
    ):
        raise BadProfile(
            "This is not a table of dated rates.",
            where=f"{where}.rates",
            do='Write it as rates = [{ from = 2019-01-01, rate = "9%" }, { from = 2020-01-01, rate = "8%" }].',
        )
    begins = [_date(rate, "from", ALWAYS, f"{where}.rates[{n}]") for n, rate in enumerate(rates, 1)]
    if begins != sorted(set(begins)):
        raise BadProfile(
            "The dates of the rates do not rise.", where=f"{where}.rates", do="List the earliest rate first."
        )
    first, last = _date(raw, "from", ALWAYS, where), _date(raw, "to", NEVER, where)
    tiered = raw.get("method") == "tiered_annual"
    out = []
    for begin, stop, rate in zip(begins, [*begins[1:], NEVER], rates, strict=True):
        start, end = max(begin, first), min(stop, last)
        if start < end:
            own = {"tiers": [{"rate": rate["rate"]}]} if tiered else {"rate": rate["rate"]}
            dates = {key: day for key, day in (("from", start), ("to", end)) if day not in (ALWAYS, NEVER)}
            out.append({k: v for k, v in rest.items() if k not in ("from", "to")} | own | dates)
    return out


def _covers(raw: Mapping[str, Any], where: str) -> Covers:
    """Which classes, amounts and cases a rule covers."""
    lists = {}
    for key in ("classes", "except_classes"):
        value = raw.get(key, [])
        if not isinstance(value, list | tuple) or not all(isinstance(c, str) and c.strip() for c in value):
            raise BadProfile(
                f"{key} must be a list of property classes.", where=f"{where}.{key}", do='Such as ["homestead"].'
            )
        lists[key] = tuple(value)
    try:
        above = MONEY.read(raw.get("tax_above", "0.00"))
    except (ValueError, BadValue):
        raise BadProfile(
            f"{shown(raw['tax_above'])} is not an amount.", where=f"{where}.tax_above", do=f"It takes {MONEY.allowed}."
        ) from None
    earlier = raw.get("earlier", "")
    if earlier not in EARLIER:
        raise BadProfile(
            f"{shown(earlier)} is not allowed.", where=f"{where}.earlier", do=f"Allowed: {', '.join(EARLIER[1:])}."
        )
    found = Covers(lists["classes"], lists["except_classes"], above, earlier)
    return EVERYTHING if found == EVERYTHING else found


def read_rule(name: str, raw: Mapping[str, Any], where: str) -> Rule[Params]:
    """One rule from a TOML table; every wrong key, value or method is refused by name."""
    if not isinstance(raw, Mapping):
        raise BadProfile("A rule is a table of settings.", where=where)
    methods = RULES[name]
    method = raw.get("method", next(iter(methods)) if len(methods) == 1 else None)
    if method not in methods:
        what = f"{shown(method)} is not a method of {name}." if method else '"method" is missing.'
        raise BadProfile(what, where=f"{where}.method", do=f"{nearest(method, methods)}Allowed: {', '.join(methods)}.")
    kernel = methods[method]
    own = {key for key in RULE_KEYS if key not in kernel.settings()}  # a list selects its own classes
    known = {*own, *kernel.settings()}
    for key in raw:
        if key not in known:
            raise BadProfile(
                f'"{key}" is not a setting of {method}.',
                where=where,
                do=f"{nearest(key, known)}Allowed: {', '.join(sorted(known))}.",
            )
    start, end = _date(raw, "from", ALWAYS, where), _date(raw, "to", NEVER, where)
    if start >= end:
        raise BadProfile(f'"to" {end} is not after "from" {start}.', where=where)
    governs = raw.get("governs", "accrual")
    if governs not in GOVERNS:
        raise BadProfile(
            f"{shown(governs)} is not allowed.",
            where=f"{where}.governs",
            do=f"{nearest(governs, GOVERNS)}Allowed: {', '.join(GOVERNS)}.",
        )
    types = raw.get("types", [])
    if not isinstance(types, list | tuple) or not all(isinstance(t, str) for t in types):
        raise BadProfile("types must be a list of levy types.", where=f"{where}.types", do='Such as ["RE", "PP"].')
    part = raw.get("part", "")
    if not isinstance(part, str):
        raise BadProfile(f"{shown(part)} is not text.", where=f"{where}.part")
    params = kernel.read({k: v for k, v in raw.items() if k not in own}, where)
    return Rule(
        name,
        params,
        start,
        end,
        tuple(types),
        part,
        governs,
        tuple(_notes(raw, "cite", Citation, where)),
        tuple(_notes(raw, "assume", Assumption, where)),
        _covers({k: v for k, v in raw.items() if k in own}, where),
        where,
    )


def _date(raw: Mapping[str, Any], key: str, default: dt.date, where: str) -> dt.date:
    if key not in raw:
        return default
    try:
        return to_date(raw[key])
    except BadValue:
        raise BadProfile(
            f"{shown(raw[key])} is not a date." if isinstance(raw[key], str) else f"{raw[key]} is not a date.",
            where=f"{where}.{key}",
            do="Write the date as 1991-01-01.",
        ) from None


def _notes(raw: Mapping[str, Any], key: str, kind: type[Citation] | type[Assumption], where: str) -> list[Any]:
    allowed = [field.name for field in fields(kind)]
    entries = raw.get(key, [])
    if not isinstance(entries, list | tuple):
        raise BadProfile("This must be a list.", where=f"{where}.{key}", do=f'Such as [{{ {allowed[0]} = "..." }}].')
    out = []
    for n, entry in enumerate(entries, 1):
        place = f"{where}.{key}[{n}]"
        if not isinstance(entry, Mapping) or not all(isinstance(v, str) for v in entry.values()):
            raise BadProfile("Each entry must be a table of texts.", where=place, do=f"Keys: {', '.join(allowed)}.")
        if bad := [k for k in entry if k not in allowed]:
            do = f"{nearest(bad[0], allowed)}Allowed: {', '.join(allowed)}."
            raise BadProfile(f'"{bad[0]}" is not a setting here.', where=place, do=do)
        try:
            out.append(kind(**entry))
        except TypeError:
            raise BadProfile(f"This takes {', '.join(allowed)}.", where=place) from None
    return out


def check(path: str | Path) -> tuple[Profile | None, list[str]]:
    """What is wrong or missing in a town file, in words. With an error, there is no profile. An empty list: ready to use."""
    try:
        profile = load(path)
    except TaxError as error:
        return None, [str(error)]
    from xltax.law.checks import faults, hints  # nobody waits for it who only wants a figure

    if wrong := faults(profile):
        return None, wrong
    file = _find(path)
    return profile, [*hints(profile, _shown(file)), *_older_words(file)]


def _older_words(path: Path) -> list[str]:
    """Older words that still work, with what they mean now."""
    raw = _raw(path, path.stat().st_mtime_ns)
    return [
        f'{_shown(path)}: {name}[{n}].{key}: "full_payment" is an older word for "full_installment". Write "full_installment", or "full_bill" if '
        "the whole bill must be paid."
        for name in RULES
        for n, entry in enumerate(raw.get(name, []), 1)
        for key, value in entry.items()
        if value == "full_payment"
    ]
