"""Every function there is: its declaration, a good call worked out by hand, and what it says of every bad argument."""

from __future__ import annotations

import datetime as dt
import inspect
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.functions.calls import (
    ADJUSTMENTS,
    CASH,
    CHARGES,
    CLOSED_DAYS,
    GOOD,
    NJ,
    ON,
    RECEIPTS,
    SCHEDULE,
    SUBSEQUENTS,
    result,
    text,
)
from xltax.declare import ARG_LIMIT, HELP_LIMIT, NAME_LIMIT
from xltax.errors import LawNotEncoded, TaxError
from xltax.faces import boundary
from xltax.faces.catalog import functions
from xltax.law.load import load
from xltax.law.table import to_frame
from xltax.wording import some

FUNCTIONS = functions()
NAMES = list(FUNCTIONS)


# ---- declarations --------------------------------------------------------------------------------------------------


def test_every_function_of_the_plan_is_there_and_has_a_good_call_here() -> None:
    planned = (
        "LEVY RATE INSTALLMENTS DUE_DATE LAST_DAY ADDED SUPPLEMENT INTEREST PENALTY BALANCES PAYOFF PAYOFF_TOTAL "
        "PER_DIEM PAYOFF_GRID ALLOCATE EXPLAIN SEALED RULE AGREEMENT_PAYMENT AGREEMENT AGREEMENT_STATUS REDEMPTION "
        "COST_OF_SALE FEE"
    )
    assert {f"TAX_{n}" for n in planned.split()} <= set(NAMES)
    assert set(NAMES) == set(GOOD), "a function without a good call in calls.py"


@pytest.mark.parametrize("name", NAMES)
def test_a_declaration_fits_the_hosts_wizards(name: str) -> None:
    function = FUNCTIONS[name]
    assert name == function.call.__name__
    assert name.startswith("TAX_")
    assert name.isupper()
    assert len(name) <= NAME_LIMIT
    assert 0 < len(function.help) <= HELP_LIMIT
    assert function.help.endswith((".", ";"))
    for arg in function.args:
        assert 0 < len(arg.help) <= ARG_LIMIT, arg.name
        assert arg.name.isidentifier()
        assert arg.name == arg.name.lower()
    optional = [a.optional for a in function.args]
    assert optional == sorted(optional), "an optional argument before a required one"
    assert len(function.args) <= 60, "the most a VBA function takes"
    assert (function.columns is not None) == (function.result == "table")


@pytest.mark.parametrize("name", NAMES)
def test_the_python_function_takes_what_is_declared(name: str) -> None:
    function = FUNCTIONS[name]
    parameters = list(inspect.signature(function.call).parameters.values())
    assert [p.name for p in parameters] == [a.name for a in function.args]
    assert all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters), "no host passes keywords"
    for parameter, arg in zip(parameters, function.args, strict=True):
        if parameter.default is not parameter.empty:
            assert parameter.default == arg.default, arg.name


# ---- good calls, worked out by hand --------------------------------------------------------------------------------

BY_HAND = {
    "TAX_LEVY": "5257.60",  # (250,000 - 5,000) x 2.248 / 100 = 5,507.60, less 250
    "TAX_RATE": "2.248",
    "TAX_INSTALLMENTS": "Inst,Amount,Due,Last Day\n"
    "1,225.00,2025-02-01,2025-02-10\n"  # a quarter of last year's 900
    "2,225.00,2025-05-01,2025-05-12\n"  # May 10 is a Saturday
    "3,275.00,2025-08-01,2025-08-11\n"  # (1,000 - 450) / 2; August 10 is a Sunday
    "4,275.00,2025-11-01,2025-11-10",
    "TAX_DUE_DATE": "2025-08-01",
    "TAX_LAST_DAY": "2025-05-12",
    "TAX_ADDED": "Months,Factor,Assessment,Tax\n4,0.333333,33333.33,749.33",
    "TAX_SUPPLEMENT": "Months,Factor,Assessment\n9,0.75,6000.00",  # January to September of 8,000
    "TAX_INTEREST": "105.00",  # half a year: 1,500 at 8% = 60, 500 at 18% = 45
    "TAX_PENALTY": "300.00",  # above 10,000, so 6% of the year's 5,000
    # 300 pays 6.67 (30 days at 8%) and 293.33 of tax. 706.67 x 8% x 150/360 = 23.56 less 0.0033 kept back = 23.55.
    # The second: 793.33 at 8% and 206.67 at 18% for 90 days = 15.87 + 9.30 = 25.17.
    "TAX_BALANCES": "Account,Bill,Levy Year,Levy Type,Part,Inst,Due,Tax,Interest,Penalty,Costs,Total\n"
    "012,2025-1,2025,RE,,1,2025-02-01,706.67,23.55,0.00,0.00,730.22\n"
    "012,2025-1,2025,RE,,2,2025-05-01,1000.00,25.17,0.00,0.00,1025.17",
    "TAX_PAYOFF": "Account,Bill,Levy Year,Levy Type,Part,Inst,Due,Tax,Interest,Penalty,Costs,Total\n"
    "012,2025-1,2025,RE,,1,2025-02-01,706.67,23.55,0.00,0.00,730.22\n"
    "012,2025-1,2025,RE,,2,2025-05-01,1000.00,25.17,0.00,0.00,1025.17\n"
    ",Total,,,,,,1706.67,48.72,0.00,0.00,1755.39",
    "TAX_PAYOFF_TOTAL": "1755.39",
    "TAX_PER_DIEM": "0.44",  # 0.3333 at 8% and 0.1033 at 18%
    "TAX_PAYOFF_GRID": "Date,Total,Per Diem,Note\n2025-08-01,1755.39,0.44,\n2025-08-04,1756.70,0.44,",
    "TAX_ALLOCATE": "Account,Bill,Levy Year,Levy Type,Part,Inst,Tax,Interest,Penalty,Costs,Discount,Total,Note\n"
    "012,2025-1,2025,RE,,1,26.45,23.55,0.00,0.00,0.00,50.00,\n"
    "012,Remainder,,,,,0.00,0.00,0.00,0.00,0.00,0.00,",
    # 300 of 1,000 came in by the second due date: the first payment was short by 200, the second by 500 more.
    "TAX_AGREEMENT_STATUS": "Status,Missed,Scheduled,Received,Behind,Next Due,Next Payment,Letter Due\n"
    "In default,2,1000.00,300.00,700.00,2025-03-03,200.00,2025-04-11",
    "TAX_COST_OF_SALE": "90.00",  # 2% of 2,000, and two notices at 25
    "TAX_FEE": "55.00",  # 5 for the first copy, 25 for each of two more
    "TAX_SEALED": "ok",
}


@pytest.mark.parametrize("name", BY_HAND)
def test_a_good_call_gives_what_was_worked_out_by_hand(name: str) -> None:
    given = {"payment": 50} if name == "TAX_ALLOCATE" else {}
    assert text(name, **given) == BY_HAND[name]


def test_the_rule_in_words_with_its_citation() -> None:
    said = text("TAX_RULE")
    assert "8% a year up to $1,500.00, 18% a year on the amount above" in said
    assert "N.J.S.A. 54:4-67" in said


def test_every_period_is_explained_with_rule_and_citation() -> None:
    table = result("TAX_EXPLAIN")
    periods = table[table["Rule"].str.startswith("Interest")]
    got = periods[["Inst", "Count", "Base", "Rate", "Amount"]].to_numpy().tolist()
    assert got == [
        [1, 30, 100000, "8% a year", 667],
        [1, 150, 70667, "8% a year", 2355],
        [2, 90, 79333, "8% a year", 1587],
        [2, 90, 20667, "18% a year", 930],
    ]
    assert periods["Citation"].str.contains("54:4-67").all()
    assert "Paid, receipt 7" in set(table["Unit"])


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("TAX_LEVY", {"per": 1000, "value": 100000, "rate": "36.36", "exemption": None, "credit": None}, "3636.00"),
        ("TAX_LEVY", {"credit": 999999}, "0.00"),
        ("TAX_LEVY", {"exemption": 999999}, "0.00"),
        ("TAX_RATE", {"per": 1000}, "22.48"),
        ("TAX_RATE", {"levy": 0}, "0"),
        ("TAX_RATE", {"levy": 1, "valuation": 300}, "0.333333"),
        ("TAX_LAST_DAY", {"no": 3, "mailed": dt.date(2025, 7, 28)}, "2025-08-22"),  # 25 days after mailing, a Friday
        (
            "TAX_DUE_DATE",
            {"town": "us-ct", "no": 2, "type": "re"},
            "2027-01-01",
        ),  # the second half of the 2025 grand list
        ("TAX_INTEREST", {"paid": dt.date(2025, 2, 10)}, "0.00"),  # by the 10th
        ("TAX_INTEREST", {"amount": 1000, "paid": dt.date(2025, 2, 11)}, "2.22"),  # ten days from the 1st
        ("TAX_INTEREST", {"amount": 1000, "other_delinquent": 5000}, "90.00"),  # all of it above the lower tier
        ("TAX_INTEREST", {"amount": 1000, "other_delinquent": 1000}, "65.00"),  # 500 at 8%, 500 at 18%
        ("TAX_INTEREST", {"paid": dt.date(2024, 2, 11)}, "0.00"),
        ("TAX_PENALTY", {"delinquent": 10000, "of_year": None}, "0.00"),
        ("TAX_PENALTY", {"delinquent": "10000.01", "of_year": None}, "600.00"),
        ("TAX_PAYOFF_TOTAL", {"receipts": None, "on": dt.date(2025, 2, 10)}, "2000.00"),
    ],
)
def test_more_good_calls(name: str, changed: dict[str, Any], said: str) -> None:
    assert text(name, **changed) == said


# ---- bad arguments -------------------------------------------------------------------------------------------------

NONE = 0  # none at all, which a few counts may be
NUMBERS = ["abc", "12,5", True, float("inf"), 1e308, -5, [[1, 2]], pd.DataFrame({"a": [1]}), Decimal("NaN")]
BAD: dict[str, list[Any]] = {
    "town": ["us-xx", 5, True, float("nan")],
    "money": [*NUMBERS, 0.001, dt.date(2025, 1, 1), "(5)", "€5"],
    "number": [*NUMBERS, "2%", 1e-300],
    "rate": [*NUMBERS, "2%%", "5% per day", "18% per week", 18, "18", "1800%"],
    "count": [*NUMBERS, 1.5, NONE, -1, 10**9],
    "date": [
        "abc", "31/8/2025", "31.08.2025", True, float("inf"), 1e308, 45870.5, -5, dt.date(1900, 1, 1), 366, "2025-02-30",
        [[1, 2]], Decimal("NaN"), Decimal("Infinity"), pd.DataFrame({"a": [1]}), dt.date(2200, 1, 1),
    ],
    "text": [[["a", "b"]], pd.DataFrame({"a": [1]})],
    "charges": [5, "abc", True, [[5]], [["Bill", "Account"], [1, 2]]],
    "receipts": [5, "abc", True, [[5]], [["Receipt", "Amount"], [1, 2]]],
    "adjustments": [5, "abc", True, [[5]], [["No", "Amount"], [1, 2]]],
    "closed_days": [5, "abc", True, [[5]], [["Office"], ["Closed"]]],
    "cash_book": [5, "abc", True, [[5]], [["Receipt", "Line"], [1, 2]]],
    "schedule": [5, "abc", True, [[5]], [["No", "Amount"], [1, 2]], SCHEDULE[:1]],
    "subsequents": [5, "abc", True, [[5]], [["Amount"], [2]]],
}  # fmt: skip
ALSO_BAD: dict[tuple[str, str], list[Any]] = {
    ("TAX_RULE", "rule"): ["nonsense", 5],
    ("TAX_ALLOCATE", "by"): ["bank", 5],
    ("TAX_ALLOCATE", "directed"): ["999"],
    ("TAX_ALLOCATE", "payment"): [0],
    ("TAX_RATE", "valuation"): [0],
    ("TAX_PAYOFF_GRID", "days"): [367],
    ("TAX_PENALTY", "year_end"): [dt.date(2024, 12, 30)],
    ("TAX_PENALTY", "of_year"): [12001],
    ("TAX_INTEREST", "amount"): [100_000_000.01],
    ("TAX_INTEREST", "other_delinquent"): [100_000_000.01],
    ("TAX_INSTALLMENTS", "prior_tax"): [None],
    ("TAX_DUE_DATE", "no"): [5],
    ("TAX_LEVY", "per"): [10],
    ("TAX_RATE", "per"): [10],
    ("TAX_AGREEMENT", "months"): [13],
    ("TAX_AGREEMENT", "future"): [CHARGES],
    ("TAX_AGREEMENT", "down"): [10_000],
    ("TAX_AGREEMENT", "down_on"): [dt.date(2025, 6, 3)],
    ("TAX_REDEMPTION", "certificate"): [0],
    ("TAX_REDEMPTION", "on"): [dt.date(2023, 10, 17)],
    ("TAX_REDEMPTION", "search"): ["12.01"],
    ("TAX_REDEMPTION", "subsequents"): [[["Paid On", "Amount"], [dt.date(2023, 10, 17), 5]]],
    ("TAX_COST_OF_SALE", "lien"): [0],
    ("TAX_FEE", "kind"): ["nonsense"],
    ("TAX_FEE", "amount_or_count"): [1.5],
} | {(f, "type"): ["XX", 5] for f in ("TAX_INSTALLMENTS", "TAX_DUE_DATE", "TAX_LAST_DAY", "TAX_INTEREST")}


MAY_BE_0 = {("TAX_COST_OF_SALE", "notices")}


def _bad_calls() -> list[Any]:
    out = []
    for name, function in FUNCTIONS.items():
        for arg in function.args:
            values = [*BAD[arg.kind], *ALSO_BAD.get((name, arg.name), [])]
            values = [v for v in values if v is not NONE] if (name, arg.name) in MAY_BE_0 else values
            values += [] if arg.optional or arg.may_be_empty else [None, "", [[None]], [[None, ""], [None, None]]]
            out += [pytest.param(name, arg.name, v, id=f"{name}-{arg.name}-{n}") for n, v in enumerate(values)]
    return out


@pytest.mark.parametrize(("name", "arg", "value"), _bad_calls())
def test_a_bad_argument_is_named(name: str, arg: str, value: Any) -> None:
    if FUNCTIONS[name].reports:
        table = result(name, **{arg: value})
        assert list(table.columns) == ["Where", "What is wrong", "What to do"]
        assert len(table)
        assert table["Where"].str.startswith(arg).all(), table
        return
    with pytest.raises(TaxError) as refused:
        result(name, **{arg: value})
    for problem in refused.value.problems:
        assert problem.where.startswith(arg), str(refused.value)
        assert "Traceback" not in str(problem)


@pytest.mark.parametrize("name", [n for n in NAMES if FUNCTIONS[n].args[0].kind == "town"])
def test_a_town_file_or_rule_table_that_is_not_one_is_named(name: str) -> None:
    for value, where in (("no_such.toml", "no_such.toml"), ([["a", "b"], [1, 2]], "Rules")):
        if FUNCTIONS[name].reports:
            assert result(name, town=value)["Where"].str.contains(where).all()
            continue
        with pytest.raises(TaxError) as refused:
            result(name, town=value)
        assert where in str(refused.value)


@pytest.mark.parametrize("name", NAMES)
def test_an_argument_too_many_is_refused(name: str) -> None:
    function = FUNCTIONS[name]
    values = [GOOD[name][a.name] for a in function.args]
    if function.reports:
        assert "not" in str(boundary.call(function, [*values, 1])["What is wrong"][0])
        return
    with pytest.raises(TaxError, match=f"{name} takes {some(len(values), 'argument')}, not {len(values) + 1}"):
        boundary.call(function, [*values, 1])


def test_law_that_is_not_encoded_is_refused_by_rule_and_date() -> None:
    with pytest.raises(LawNotEncoded, match="has no supplement rule for MVS on 2025-01-15"):
        result("TAX_SUPPLEMENT", town=NJ)
    with pytest.raises(LawNotEncoded, match="has no supplement rule for RE on 2025-01-02"):
        result("TAX_RULE", town=NJ, rule="Supplement", on=dt.date(2025, 1, 2))
    with pytest.raises(LawNotEncoded, match="1950"):
        result("TAX_INTEREST", due=dt.date(1950, 2, 1))
    with pytest.raises(LawNotEncoded, match="Nowhere"):
        result("TAX_INTEREST", town="us-md-baltimore-city", part="Nowhere", due=dt.date(2018, 7, 1))


# ---- bad cells inside a table --------------------------------------------------------------------------------------

TABLES = {
    "charges": CHARGES,
    "receipts": RECEIPTS,
    "adjustments": ADJUSTMENTS,
    "closed_days": CLOSED_DAYS,
    "cash_book": CASH,
    "schedule": SCHEDULE,
    "subsequents": SUBSEQUENTS,
}
TAKES = {"cash_book": "TAX_SEALED", "schedule": "TAX_AGREEMENT_STATUS", "subsequents": "TAX_REDEMPTION"}
BAD_CELLS: list[tuple[str, str, Any]] = [
    *(("charges", "Amount", v) for v in ("abc", "12,50", 12.345, 1e308, True, -5, 100_000_000.01)),
    *(("charges", "Due", v) for v in ("13/2/2025", dt.date(1900, 1, 1), 366, True, 45870.5)),
    *(("charges", "Levy Year", v) for v in ("abc", 25, 2025.5)),
    *(("charges", "Inst", v) for v in ("abc", 0, -1, 1.5)),
    ("charges", "Levy Type", "XX"),
    *(("receipts", "Amount", v) for v in ("abc", "1,23", 0.001, -5, float("inf"), True)),
    *(("receipts", "Received", v) for v in ("13/8/2025", "abc", dt.date(1900, 1, 1))),
    *(("adjustments", "Amount", v) for v in ("abc", -1, 0.005)),
    *(("adjustments", "Effective", v) for v in ("13/8/2025", True)),
    ("adjustments", "Kind", "Gift"),
    ("adjustments", "Component", "fun"),
    ("closed_days", "Date", "28/4/2025"),
    ("closed_days", "Office", "Maybe"),
    ("cash_book", "Total", "abc"),
    ("cash_book", "Received", "13/8/2025"),
    ("cash_book", "Kind", "Gift"),
]


@pytest.mark.parametrize(("table", "column", "value"), BAD_CELLS)
def test_a_bad_cell_is_named_by_table_row_and_column(table: str, column: str, value: Any) -> None:
    rows = [list(r) for r in TABLES[table]]
    rows[1][rows[0].index(column)] = value
    where = f"{table} row 2, {column}"
    name = "TAX_SEALED" if table == "cash_book" else "TAX_BALANCES"
    with pytest.raises(TaxError) as refused:
        result(name, **{table: rows})
    assert [p.where for p in refused.value.problems] == [where]
    if table != "cash_book":
        assert result("TAX_EXPLAIN", **{table: rows})["Where"].tolist() == [where]


@pytest.mark.parametrize("table", TABLES)
def test_every_missing_column_is_named(table: str) -> None:
    name = TAKES.get(table, "TAX_BALANCES")
    spec = {"charges": boundary.CHARGES, **boundary._TABLES}[table]
    for column in [c.name for c in spec.columns if c.required and c.name in TABLES[table][0]]:
        at = TABLES[table][0].index(column)
        with pytest.raises(TaxError, match=f'{table}: The column "{column}" is missing'):
            result(name, **{table: [r[:at] + r[at + 1 :] for r in TABLES[table]]})


def test_every_problem_is_told_at_once_and_a_doubled_row_is_one() -> None:
    rows = [list(r) for r in CHARGES]
    rows[1][7], rows[2][6] = "abc", "15/5/2025"
    table = result("TAX_EXPLAIN", charges=rows)
    assert set(table["Where"]) == {"charges row 2, Amount", "charges row 3, Due"}
    with pytest.raises(TaxError, match=r"charges row 3, Bill: Bill 2025-1, Inst 1 is already at charges row 2, Bill"):
        result("TAX_BALANCES", charges=[*CHARGES[:2], CHARGES[1]])
    with pytest.raises(TaxError, match=r"receipts row 3, Receipt: Receipt 7 is already at receipts row 2, Receipt"):
        result("TAX_BALANCES", receipts=[*RECEIPTS, RECEIPTS[1]])
    with pytest.raises(TaxError, match='The header "Amount" appears twice'):
        result("TAX_BALANCES", charges=[[*r, "x" if n else "Amount"] for n, r in enumerate(CHARGES)])


# ---- cells as hosts hand them over ---------------------------------------------------------------------------------


def _as_numbers(rows: list[list[Any]]) -> list[list[Any]]:
    """Dates as day numbers, as Calc and VBA's Value2 give them."""
    return [[float((c - boundary.EPOCH).days) if type(c) is dt.date else c for c in row] for row in rows]


def _as_decimals(rows: list[list[Any]]) -> list[list[Any]]:
    return [[Decimal(repr(c)) if isinstance(c, float) else c for c in row] for row in rows]


def _as_times(rows: list[list[Any]]) -> list[list[Any]]:
    return [[dt.datetime(c.year, c.month, c.day) if type(c) is dt.date else c for c in row] for row in rows]


def _with_blank_rows(rows: list[list[Any]]) -> list[list[Any]]:
    return [*rows, [None] * len(rows[0]), [""] * len(rows[0])]


def _with_her_own_columns(rows: list[list[Any]]) -> list[list[Any]]:
    return [[f"call back {n}" if n else "My notes", *row, None if n else ""] for n, row in enumerate(rows)]


def _loud(rows: list[list[Any]]) -> list[list[Any]]:
    return [[f" {c.upper()} " if isinstance(c, str) else c for c in rows[0]], *rows[1:]]


def _as_tuples(rows: list[list[Any]]) -> Any:
    return tuple(tuple(r) for r in rows)


FORMS = [_as_numbers, _as_decimals, _as_times, _with_blank_rows, _with_her_own_columns, _loud, _as_tuples]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "name", [n for n in NAMES if any(a.kind in ("charges", "cash_book") for a in FUNCTIONS[n].args)]
)
def test_tables_in_every_form_a_host_has(name: str, form: Any) -> None:
    mine = {k: form(v) for k, v in TABLES.items() if k in GOOD[name]}
    assert text(name, **mine) == text(name, **{k: TABLES[k] for k in mine})


@pytest.mark.parametrize("name", NAMES)
def test_single_cells_in_every_form_a_host_has(name: str) -> None:
    plain = text(name)
    for arg in FUNCTIONS[name].args:
        value = GOOD[name][arg.name]
        forms: list[Any] = []
        if arg.kind in ("money", "number", "rate", "count") and value is not None:
            forms = [float(value), Decimal(repr(value)), str(value), [[value]], ((value,),), [value]]
        elif arg.kind == "date" and value is not None:
            number = float((value - boundary.EPOCH).days)
            forms = [
                value.isoformat(),
                number,
                Decimal(number),
                [[number]],
                dt.datetime(value.year, value.month, value.day),
                [[value]],
            ]
        elif arg.kind in ("town", "text") and value is not None:
            forms = [[[value]], ((value,),)]
        elif value is None:
            forms = ["", float("nan"), [[None]], [[""]], [], [[None, None], [None, ""]]]
        for form in forms:
            assert text(name, **{arg.name: form}) == plain, (arg.name, form)


def test_the_rules_table_of_a_book_is_a_town() -> None:
    frame = to_frame(load(NJ))
    rows = [list(frame.columns), *frame.astype(object).where(frame.notna(), None).to_numpy().tolist()]
    rows = [[c.date() if isinstance(c, pd.Timestamp) else c for c in r] for r in rows]
    for town in (frame, rows, _as_numbers(rows), _with_blank_rows(rows)):
        assert text("TAX_BALANCES", town=town) == BY_HAND["TAX_BALANCES"]
        assert text("TAX_LAST_DAY", town=town) == BY_HAND["TAX_LAST_DAY"]


@pytest.mark.parametrize("form", [lambda r: r, _as_numbers, _with_blank_rows, _with_her_own_columns, _loud])
def test_the_wide_duplicate_is_taken_as_charges(form: Any) -> None:
    header = ["Bill", "Account", "Levy Year", "Net Tax"]
    header += [f"{w} {n}" for n in range(1, 5) for w in ("Due", "Inst")] + ["Balance", "As Of", "Status"]
    row = [
        "2025-1",
        "012",
        2025,
        2000.0,
        dt.date(2025, 2, 1),
        1000.0,
        dt.date(2025, 5, 1),
        1000.0,
        None,
        None,
        None,
        None,
    ]
    wide = form([header, [*row, 1.0, ON, "whatever"]])
    assert text("TAX_BALANCES", charges=wide) == BY_HAND["TAX_BALANCES"]
    assert text("TAX_ALLOCATE", charges=wide, payment=50) == BY_HAND["TAX_ALLOCATE"]


def test_numbers_as_ids_are_the_numbers_they_show_and_texts_keep_their_zeros() -> None:
    rows = [list(r) for r in CHARGES]
    for row in rows[1:]:
        row[0], row[1] = 17.0, 12.0
    assert "\n12,17,2025,RE" in text("TAX_BALANCES", charges=rows, receipts=None)
    assert "\n012,2025-1,2025" in text("TAX_BALANCES")


def test_results_as_cells() -> None:
    function = FUNCTIONS["TAX_PAYOFF_GRID"]
    cells = boundary.to_cells(function, result("TAX_PAYOFF_GRID"))
    assert cells == [
        ["Date", "Total", "Per Diem", "Note"],
        [dt.date(2025, 8, 1), 1755.39, 0.44, ""],
        [dt.date(2025, 8, 4), 1756.7, 0.44, ""],
    ]
    assert boundary.to_cells(FUNCTIONS["TAX_LEVY"], 12345) == 123.45
    assert boundary.to_cells(FUNCTIONS["TAX_DUE_DATE"], ON) == ON
    last = boundary.to_cells(FUNCTIONS["TAX_PAYOFF"], result("TAX_PAYOFF"))[-1]
    assert last == ["", "Total", "", "", "", "", None, 1706.67, 48.72, 0.0, 0.0, 1755.39]


@pytest.mark.parametrize("name", [n for n in NAMES if "charges" in GOOD[n]])
def test_a_range_with_only_its_header_is_an_empty_table(name: str) -> None:
    assert text(name, receipts=RECEIPTS[:1]) == text(name, receipts=None)
    if name.startswith("TAX_AGREEMENT"):
        with pytest.raises(TaxError, match="charges: No bill falls due"):
            result(name, charges=CHARGES[:1], future=None)
        return
    if name == "TAX_ALLOCATE":
        with pytest.raises(TaxError, match="charges: There are no charges"):
            result(name, charges=CHARGES[:1])
        return
    empty = text(name, charges=CHARGES[:1])
    assert empty in ("0.00",) or empty.count("\n") == {"TAX_PAYOFF": 1, "TAX_PAYOFF_GRID": 2}.get(name, 0)
