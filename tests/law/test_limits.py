"""Every setting has a least and a most, and no town file or Rules table, however wrong, is a traceback or a runaway."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from xltax.errors import BadProfile, BadValue, TaxError
from xltax.law.load import load, shipped
from xltax.law.params import DATE, Kind, Many, Params, whole_between
from xltax.law.profile import RULES
from xltax.law.table import from_frame, to_frame
from xltax.office.collection.town_texts import filled

HEAD = 'id = "us-nj-x"\nextends = "us-nj"\n'
DIGITS = "9" * 5000


def every_kind() -> Iterator[tuple[str, Kind]]:
    """Every setting of every rule, by its full name."""

    def of(params: type[Params], prefix: str) -> Iterator[tuple[str, Kind]]:
        for key, (kind, _, _) in params.settings().items():
            one = kind.of if isinstance(kind, Many) else kind
            if isinstance(one, Kind):
                yield f"{prefix}.{key}", one
            else:
                yield from of(one, f"{prefix}.{key}")

    for rule, methods in RULES.items():
        for method, params in methods.items():
            yield from of(params, f"{rule}.{method}")


def is_measured(kind: Kind) -> bool:
    """Whether a setting's values are numbers, amounts, rates or dates, and no words."""
    for value in (5, "5", "5%", "5.00", "2025-01-01"):
        with suppress(ValueError, TaxError):
            if not isinstance(kind.read(value), str | bool):
                return True
    return False


def test_every_number_amount_rate_and_date_has_a_least_and_a_most() -> None:
    measured = [(name, kind) for name, kind in every_kind() if is_measured(kind)]
    assert len(measured) > 100
    for name, kind in measured:
        assert kind.least is not None, name
        assert kind.most is not None, name
        if kind is not DATE:
            assert kind.within(kind.most) == kind.most
            with pytest.raises(BadProfile):
                kind.within(kind.most + 1)
            with pytest.raises(BadProfile):
                kind.within(kind.least - 1)


def test_a_limit_is_in_the_message() -> None:
    days = whole_between(0, 30)
    with pytest.raises(BadProfile, match=r"31 is too large\. It takes a whole number from 0 to 30"):
        days.within(31)
    with pytest.raises(BadProfile, match=r"-1 is below zero\. Enter the value without the minus sign"):
        days.within(-1)


# ---- one by one: what was a traceback or a runaway -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'[[grace]]\ncounted = "none"\nlate_bill_days = {DIGITS}\n', "very long number"),
        (f'[[grace]]\ncounted = "none"\nlate_bill_days = 0x{"f" * 5000}\n', "more than 18 digits"),
        (f'[[grace]]\ncounted = [0x{"f" * 5000}]\n', "is not allowed"),
        ('[[grace]]\ncounted = "none"\nlate_bill_days = 1000000000000000000\n', "too large|more than 18 digits"),
        ('[[grace]]\ncounted = "none"\nlate_bill_days = 4000\n', r"4000 is too large\. It takes a whole number from 0 to 3660"),
        (f'[[fee]]\nkind = "x"\namount = "{DIGITS}"\n', "has 5,000 characters"),
        (f'[[fee]]\nkind = "x"\nrate = "{DIGITS}%"\n', "has 5,000 characters|has 5,001 characters"),
        ('[[fee]]\nkind = "x"\nrate = "-5%"\n', "-5% is below zero"),
        ('[[fee]]\nkind = "x"\nrate = "5000%"\n', "5000% is too large. The most is 1000%"),
        (f"[[fee]]\nkind = {'[' * 5000}{']' * 5000}\n", "too deeply|is not allowed"),
        ("[[fee]]\nkind = " + "{a = " * 3000 + "1" + "}" * 3000 + "\n", "too deeply|is not allowed"),
        ('[[fee]]\nkind = "x"\nfrom = 0000-01-01\n', "not possible|not a TOML|not a date"),
        (f"x{'.a' * 100_000} = 1\n", "too deeply"),
        (f'name = "{"x" * 2_000_000}"\n', "larger than 300 KB"),
        (f'[[fee]]\nkind = "{"x" * 30_000}"\n', "has 30,000 characters"),
    ],
)  # fmt: skip
def test_a_town_file_that_goes_too_far_is_refused(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(HEAD + text, "utf-8")
    with pytest.raises(BadProfile, match=words) as told:
        load(path)
    assert len(str(told.value)) < 4_000


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_no_mistake(mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(mark + HEAD.encode())
    assert load(path).id == "us-nj-x"


@pytest.mark.parametrize(
    "data", [b"\xff\xfe" + HEAD.encode("utf-16-le"), b"\xef\xbb\xbf" * 2 + HEAD.encode(), b"\0" * 100, b"\x80"]
)
def test_bytes_that_are_no_text_are_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(data)
    with pytest.raises(BadProfile):
        load(path)


def test_a_folder_or_a_very_long_name_is_no_town() -> None:
    for name in ("x" * 5000 + ".toml", "a\0b.toml", "/.toml"):
        with pytest.raises(BadProfile):
            load(name)


@pytest.mark.parametrize("value", ["²", "²%", DIGITS, "-" + DIGITS, f"{DIGITS}%", "٣", "1e999999999", "NaN", "--5", "1/0%", "5000%", "-8%", "0x10", "\0", "9" * 50, 10**400, float("inf"), 1e300])  # fmt: skip
@pytest.mark.parametrize(
    "key", ["late_bill_days", "rate", "tiers.1.rate", "tiers.².rate", f"tiers.{DIGITS}.rate", "amount", "from", "due"]
)
def test_a_rules_cell_that_is_no_value_is_refused_and_named(key: str, value: object) -> None:
    """One cell of a town's Rules table is changed, or a row is added. It is refused by name or it is a value of the setting."""
    table = to_frame(load("us-nj-colts-neck"))
    rows = table.index[table["Key"] == key]
    if key == "from":
        table.loc[3, "From"] = value
    elif len(rows):
        table.loc[rows[0], "Value"] = value
    else:
        like = table[table["Rule"] == "interest"].iloc[1].to_dict() | {"Key": key, "Value": value}
        table = pd.concat([table, pd.DataFrame([like], dtype=object)])
    refused_or_read(f"{key}: {str(value)[:40]}", lambda: from_frame(table))


# ---- texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["{owner:>1000000000}", "{owner!r}", "{owner:{owner}}", "{owner.x}", "{owner[0]}", "{}", "{0}", "{", "}", "{no}", "{owner:,}", "{owner!s:>9}"])  # fmt: skip
def test_a_format_in_a_text_is_refused(text: str) -> None:
    tracemalloc.start()
    with pytest.raises(BadValue, match="A name stands alone in its braces"):
        filled(text, {"owner": "ROTH", "total": "$5.00"}, "Texts!C4")
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_names_and_doubled_braces_are_filled_in() -> None:
    assert filled("Dear {owner}, {{x}} {total}.", {"owner": "{ROTH}", "total": "$5.00"}) == "Dear {ROTH}, {x} $5.00."


# ---- at random -------------------------------------------------------------------------------------------------------

SEED, FILES, TABLES = 20, 150, 60
ODD = [
    "", " ", "²", "٣", "NaN", "-1", "1e9", "1/0%", "5%", "-5%", "1.5% per month", "02-30", "02-29", "9999-12-31", "0001-01-01", "2025-13-01",
    "yes", "true", "[", "]]", "{", '"', "\\", "\0", "\n", "=1+1", DIGITS, "9" * 19, "x" * 300, "\u202e", "\ufeff", "None", "re", "full_payment", 0, -1,
    10**18, 10**400, 1.5, float("nan"), float("inf"), None, True, [], ["a", 1], {}, {"a": {}},
]  # fmt: skip
MOST_SECONDS, MOST_BYTES = 5, 64_000_000


def spoiled(lines: list[str], chance: random.Random) -> str:
    """A town file with a few lines changed: cut, doubled, moved, or with an odd value."""
    lines = list(lines)
    for _ in range(chance.randint(1, 4)):
        n = chance.randrange(len(lines))
        odd = chance.choice(ODD)
        match chance.randrange(6):
            case 0:
                lines[n] = lines[n][: chance.randrange(len(lines[n]) + 1)]
            case 1:
                lines.insert(n, lines[chance.randrange(len(lines))])
            case 2:
                lines[n] = f"{lines[n].partition('=')[0] or 'x'} = {odd}"
            case 3:
                lines[n] = f'{lines[n].partition("=")[0] or "x"} = "{odd}"'
            case 4:
                lines[n] = lines[n].replace(chance.choice('=[]"{},-0%'), str(odd)[:20], 1)
            case _:
                lines.pop(n)
        lines = lines or ["x"]
    return "\n".join(lines)


def refused_or_read(what: str, task) -> bool:
    """Whether a task ends as it should, and soon: with a result, or with a TaxError of sensible length."""
    begun, said = time.process_time(), ""
    try:
        task()
    except TaxError as error:
        said = str(error)
    assert len(said) < 20_000, what
    assert time.process_time() - begun < MOST_SECONDS, what
    return not said


def test_town_files_at_random_are_read_or_refused(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    sources = [p for p in shipped().values() if p.stat().st_size < 12_000]
    read = 0
    tracemalloc.start()
    for n in range(FILES):
        path = tmp_path / f"{n}.toml"
        text = spoiled(chance.choice(sources).read_text("utf-8").splitlines(), chance)
        path.write_bytes(text.encode("utf-8", "replace"))
        read += refused_or_read(f"seed {SEED}, file {n}:\n{text}", lambda path=path: load(path))
        path.unlink()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_BYTES
    assert 0 < read < FILES, "the changes are neither harmless nor all fatal"


def test_rules_tables_at_random_are_read_or_refused() -> None:
    chance = random.Random(SEED)
    whole = to_frame(load("us-nj-colts-neck"))
    starts = whole.groupby("Id", sort=False).head(1).index[:40]
    read = 0
    for n in range(TABLES):
        table = whole[whole["Id"].isin(whole.loc[chance.sample(list(starts), 6), "Id"])].reset_index(drop=True)
        changes = []
        for _ in range(chance.randint(1, 3)):
            row, column, odd = chance.randrange(len(table)), chance.choice(list(table.columns)), chance.choice(ODD)
            table.at[row, column] = odd
            changes.append((row, column, str(odd)[:40]))
        read += refused_or_read(f"seed {SEED}, table {n}: {changes}", lambda table=table: from_frame(table))
    assert 0 < read < TABLES
