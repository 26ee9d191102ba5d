"""A town's law as the Rules table of a workbook, and back without loss. In a workbook, that table is the law."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Mapping
from dataclasses import MISSING
from typing import Any

import pandas as pd

from xltax.errors import BadProfile, TaxError
from xltax.law.load import read_rule
from xltax.law.params import FLAG, MONEY, Kind, Many, Params, shown
from xltax.law.profile import ALWAYS, NEVER, RULES, SELECTORS, Covers, Profile, Rule

COLUMNS = ("Id", "Rule", "Type", "Part", "From", "To", "Key", "Value", "Authority", "Note")


def to_frame(profile: Profile) -> pd.DataFrame:
    """The Rules table: a few rows for each rule, its sentence first, then every setting, its authority beside it."""
    rows: list[dict[str, Any]] = [
        _row("0", "profile", Key="id", Value=profile.id),
        _row("0", "profile", Key="name", Value=profile.name),
    ]
    for number, rule in enumerate(profile.rules, 1):
        rows += _rule_rows(str(number), rule)
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def _row(id_: str, rule: str, **cells: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    return row | {"From": None, "To": None, "Id": id_, "Rule": rule} | cells


def _rule_rows(number: str, rule: Rule[Params]) -> list[dict[str, Any]]:
    common = {
        "Type": ", ".join(rule.types),
        "Part": rule.part,
        "From": None if rule.start == ALWAYS else rule.start,
        "To": None if rule.end == NEVER else rule.end,
    }
    pairs: list[tuple[str, str]] = [("method", rule.params.method), ("governs", rule.governs)]
    pairs += _selectors(rule.only)
    pairs += _flat("", rule.params, defaults=True)
    rows = [_row(number, rule.name, Key="in words", Value=rule.words(), Authority=rule.authority(), **common)]
    rows += [_row(number, rule.name, Key=k, Value=v, **common) for k, v in pairs]
    for cite in rule.cite:
        rows.append(
            _row(number, rule.name, Key="cite", Value=cite.href, Authority=cite.title, Note=cite.note, **common)
        )
    for assumption in rule.assume:
        rows.append(_row(number, rule.name, Key="assume", Value=assumption.what, Note=assumption.why, **common))
    return rows


def _selectors(only: Covers) -> list[tuple[str, str]]:
    """Which classes, amounts and cases a rule covers; a rule for every tax says nothing."""
    said = {
        "classes": ", ".join(only.classes),
        "except_classes": ", ".join(only.except_classes),
        "tax_above": MONEY.write(only.tax_above) if only.tax_above else "",
        "earlier": only.earlier,
    }
    return [(key, text) for key, text in said.items() if text]


def _flat(prefix: str, params: Params, *, defaults: bool) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, (kind, _, default) in params.settings().items():
        value = getattr(params, key)
        if isinstance(kind, Many):
            if not isinstance(kind.of, Kind):
                for n, entry in enumerate(value, 1):
                    pairs += _flat(f"{prefix}{key}.{n}.", entry, defaults=False)
            elif value or defaults:
                pairs.append((prefix + key, ", ".join(str(kind.of.write(v)) for v in value)))
        elif value is not None and (defaults or default is MISSING or value != default):
            pairs.append((prefix + key, str(kind.write(value))))
    return pairs


def from_frame(table: pd.DataFrame, where: str = "Rules") -> Profile:
    """The law that a Rules table states; a wrong key or value is refused with its row's rule and key."""
    missing = [c for c in ("Id", "Rule", "Key", "Value") if c not in table.columns]
    if missing:
        raise BadProfile(f"The table has no column {', '.join(missing)}.", where=where)
    profile_id, name = "rules-table", "the town of this Rules table"
    grouped: dict[tuple[str, str], list[Mapping[Hashable, Any]]] = {}
    for row in table.to_dict("records"):
        rule_name = _cell(row, "Rule")
        if not rule_name:
            continue
        if rule_name == "profile":
            if _cell(row, "Key") == "id":
                profile_id = _cell(row, "Value")
            elif _cell(row, "Key") == "name":
                name = _cell(row, "Value")
            continue
        grouped.setdefault((_cell(row, "Id"), rule_name), []).append(row)
    rules = tuple(
        _rule(rule_name, rows, f"{where}: rule {id_} ({rule_name})") for (id_, rule_name), rows in grouped.items()
    )
    return Profile(profile_id, name, rules)


def _cell(row: Mapping[Hashable, Any], key: str) -> str:
    value = row.get(key)
    if value is None or value != value:  # a blank cell is None or NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def _date(row: Mapping[Hashable, Any], key: str) -> dt.date | None:
    value = row.get(key)
    if value is None or value != value or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])


def _rule(name: str, rows: list[Mapping[Hashable, Any]], where: str) -> Rule[Params]:
    if name not in RULES:
        raise BadProfile(f'"{name}" is not a rule.', where=where, do=f"Allowed: {', '.join(RULES)}.")
    first = rows[0]
    raw: dict[str, Any] = {
        "types": [t.strip() for t in _cell(first, "Type").split(",") if t.strip()],
        "part": _cell(first, "Part"),
    }
    try:
        start, end = _date(first, "From"), _date(first, "To")
    except ValueError:
        raise BadProfile("From or To is not a date.", where=where) from None
    if start:
        raw["from"] = start
    if end:
        raw["to"] = end
    cite, assume, settings = [], [], {}
    for row in rows:
        key, value = _cell(row, "Key"), _cell(row, "Value")
        if key == "cite":
            cite.append({"title": _cell(row, "Authority"), "note": _cell(row, "Note"), "href": value})
        elif key == "assume":
            assume.append({"what": value, "why": _cell(row, "Note")})
        elif key in ("method", "governs"):
            raw[key] = value
        elif key and key != "in words":
            settings[key] = value
    if any(_cell(row, "Key") == "in words" for row in rows) and raw.get("method") in RULES[name]:
        # xltax wrote this rule, with every setting it had then: one that is not there is newer than the table.
        settings = RULES[name][raw["method"]].older() | settings
    methods = RULES[name]
    # As in a town's file: a kind of rule with one method need not name it, so a row typed by hand need not either.
    method = raw.setdefault("method", next(iter(methods)) if len(methods) == 1 else "")
    if method not in methods:
        raise BadProfile(
            f"{shown(method)} is not a method of {name}.",
            where=f"{where}.method",
            do=f"Allowed: {', '.join(RULES[name])}.",
        )
    for key in [key for key in SELECTORS if key in settings and key not in RULES[name][method].settings()]:
        value = settings.pop(key)
        raw[key] = [c.strip() for c in value.split(",") if c.strip()] if key.endswith("classes") else value
    try:
        raw |= _nested(RULES[name][method], settings)
        return read_rule(name, raw | {"cite": cite, "assume": assume}, where)
    except TaxError as error:
        raise error.at(where) from None


def _nested(kernel: type[Params], settings: Mapping[str, str]) -> dict[str, Any]:
    """Dotted keys put back into lists and records: "tiers.1.rate" is the rate of the first tier."""
    out: dict[str, Any] = {}
    known = kernel.settings()
    lists: dict[str, dict[int, dict[str, str]]] = {}
    for key, value in settings.items():
        head, _, rest = key.partition(".")
        kind = known[head][0] if head in known else None
        if rest and isinstance(kind, Many):
            number, _, inner = rest.partition(".")
            place = int(number) if re.fullmatch(r"[0-9]{1,4}", number) else 0
            lists.setdefault(head, {}).setdefault(place, {})[inner] = value
        elif isinstance(kind, Many):
            out[key] = [v.strip() for v in value.split(",") if v.strip()]
        else:
            out[key] = _typed(kind, value)
    for head, entries in lists.items():
        record = known[head][0].of  # type: ignore[union-attr]
        out[head] = [_nested(record, entries[n]) for n in sorted(entries)]  # type: ignore[arg-type]
    return out


def _typed(kind: Kind | None, value: str) -> Any:
    if kind is FLAG and value in ("yes", "no", "TRUE", "FALSE", "True", "False"):
        return value.lower() in ("yes", "true")
    return value
