"""The commands of the month, on a small book, as typed: what they say, what they leave behind, how they end."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from xltax import __version__
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook
from xltax.law.load import load, shipped
from xltax.law.params import RATE, percent
from xltax.tables.schema import SCHEMA

FROZEN = Path(__file__).parents[1] / "upgrade" / "frozen"


def table(book: Path, name: str):
    return FilesBook.open(book).read(name)


# ---- help -----------------------------------------------------------------------------------------------------------

NAMES = "bill build call delinquent demo import-roll new post proof quote refresh reverse selfcheck town upgrade"
COMMANDS = NAMES.split()


@pytest.mark.parametrize("command", ["", *COMMANDS, "town list", "town show", "town check"])
def test_every_command_has_help(xltax, command: str) -> None:
    if command == "call":
        return  # its arguments are passed on as they are; `xltax call` alone says how
    said = xltax(*command.split(), "--help")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Usage: xltax")
    if not command:
        for name in COMMANDS:
            assert f"\n  {name} " in said.out


@pytest.mark.parametrize("words", [["--help"], ["bill", "--help"], ["--version"]])
def test_help_loads_no_tables(words: list[str]) -> None:
    code = (
        "import sys; sys.argv = ['xltax', *sys.argv[1:]]\n"
        "from xltax.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(sorted({'pandas', 'numpy', 'openpyxl', 'lxml', 'holidays', 'xlwings'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    loaded = done.stderr.splitlines()[-1]
    if words[0] == "bill":
        assert "pandas" in loaded, (
            "one command's own help may load what it works with; if it no longer does, say so here"
        )
    else:
        assert loaded == "[]", "the help of xltax itself has to come at once"


def test_an_unknown_command_ends_with_2(xltax) -> None:
    said = xltax("nonsense")
    assert said.code == 2
    assert "No such command 'nonsense'" in said.err


# ---- towns ----------------------------------------------------------------------------------------------------------


def test_town_list_has_every_town(xltax) -> None:
    said = xltax("town", "list")
    assert (said.code, said.err) == (0, "")
    assert [line.split()[0] for line in said.out.splitlines()] == list(shipped())


def plain(text: str) -> str:
    """A page without its line breaks."""
    return " ".join(text.split())


@pytest.mark.parametrize("town", shipped())
def test_town_show_is_a_page_with_every_rule_its_authority_and_the_points_to_answer(xltax, town: str) -> None:
    said = xltax("town", "show", town)
    assert (said.code, said.err) == (0, "")
    page, profile = plain(said.out), load(town)
    assert "WHAT A LATE PAYMENT COSTS" in said.out
    rules, _, points = page.partition("POINTS STILL TO ANSWER")
    # Of dated rules that differ in their rates only, the last one's words stand for all, and each rate is listed.
    for rule in profile.rules:
        if plain(rule.params.words()) not in rules:
            assert "Rates by" in rules, rule.source
            assert _said_by_rate(rule.params.raw()) in rules, rule.source
        for cite in rule.cite:
            assert plain(f"Authority: {cite.title}") in rules
            assert cite.href in rules
        for assumption in rule.assume:
            assert plain(assumption.why)[1:] in points
    asked = points.count("Answer: ____")
    assert all(f" {number}. " in points for number in range(1, asked + 1))
    assert f"No source decides {asked} point" in points
    assert all(len(line) <= 80 or "http" in line for line in said.out.splitlines())


def _said_by_rate(settings: dict) -> str:
    """The rates of a rule as the page lists them."""
    steps = settings.get("tiers") or settings.get("steps") or [settings]
    rates = dict.fromkeys(step[key] for step in steps for key in ("rate", "total", "add", "then") if key in step)
    return ": " + " and ".join(percent(RATE.read(rate)) if "/" in rate and " " not in rate else rate for rate in rates)


def test_town_show_of_a_new_town_says_what_is_missing(xltax, tmp_path: Path) -> None:
    path = tmp_path / "my town.toml"
    path.write_text(
        'id = "us-zz-town"\n[[levy]]\nper = 100\ntypes = ["RE", "PP"]\nfrom = 2020-01-01\n', encoding="utf-8"
    )
    said = xltax("town", "show", str(path)).out
    assert "For real estate and personal property. In force from January 1, 2020." in said
    assert "Authority: none is given." in said
    assert "There is no rule for: interest, grace, allocation, office, installments." in said
    assert "Signed: ____" in said


def test_town_show_lists_the_rates_of_one_rule_once(xltax) -> None:
    """Maine's rate by levy year is one rule on the page, with its notes once, and New Hampshire's rate too."""
    said = plain(xltax("town", "show", "us-me").out)
    assert said.count("36 M.R.S. 505(4): the rate the town voted") == 1
    assert "Rates by levy year: 1991: 12%; 1992 to 1994: 10%; 1995 to 1996: 10.75%" in said
    assert "2023: 8%; 2024: 8.50%; 2025: 7.50%." in said
    said = plain(xltax("town", "show", "us-nh").out)
    assert "Rates by levy year: 2000 to 2018: 12%; from 2019: 8%." in said


def test_town_show_as_a_table(xltax) -> None:
    said = xltax("town", "show", "us-nj", "--table")
    assert said.out.startswith("Id,Rule,Type,Part,From,To,Key,Value,Authority,Note\n")
    assert "tiers" in said.out


def test_town_show_of_a_town_nobody_knows(xltax) -> None:
    assert "us-xx" in xltax("town", "show", "us-xx").error


def test_town_check(xltax, tmp_path: Path) -> None:
    good = tmp_path / "good.toml"
    good.write_text('id = "us-nj-x"\nname = "X"\nextends = "us-nj"\n', encoding="utf-8")
    said = xltax("town", "check", good)
    assert (said.code, said.err) == (0, "")
    assert "us-nj-x: " in said.out
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "us-nj-x"\nname = "X"\nextends = "us-nj"\n[[interest]]\nmetod = "flat"\n', encoding="utf-8")
    said = xltax("town", "check", bad)
    assert said.code == 2
    assert said.out == ""
    assert "bad.toml: interest[1]" in said.err
    assert xltax("town", "check", tmp_path / "none.toml").code == 2
    (tmp_path / "not.toml").write_text("this is = = no toml", encoding="utf-8")
    said = xltax("town", "check", tmp_path / "not.toml")
    assert said.code == 2
    assert "not.toml" in said.err
    assert "Traceback" not in said.err


# ---- a new book -----------------------------------------------------------------------------------------------------


def test_new_makes_a_book_and_never_writes_over_one(xltax, tmp_path: Path) -> None:
    path = tmp_path / "sub" / "town.xlsx"
    said = xltax("new", path, "us-ct-glastonbury", "--name", "Glastonbury", "--year", "2024", "--as-of", "2025-07-01")
    assert (said.code, said.err) == (0, "")
    book = FilesBook.open(path)
    assert (book.get("town_name"), book.get("levy_year")) == ("Glastonbury", 2024)
    assert book.meta.template == "us-ct"
    before = path.read_bytes()
    assert "A file with this name already exists" in xltax("new", path, "us-nj").error
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "town", "words"),
    [("a.xlsm", "us-nj", "must end in .xlsx"), ("a.xlsx", "us-xx", "us-xx"), ("a.xlsx", "none.toml", "none.toml")],
)
def test_new_refuses(xltax, tmp_path: Path, name: str, town: str, words: str) -> None:
    assert words in xltax("new", tmp_path / name, town).error
    assert not (tmp_path / name).exists()


def test_new_refuses_a_day_that_is_none(xltax, tmp_path: Path) -> None:
    assert xltax("new", tmp_path / "a.xlsx", "us-nj", "--as-of", "13/3/2025").error.startswith("--as-of: ")


def test_new_for_a_town_file(xltax, tmp_path: Path) -> None:
    town = tmp_path / "mine.toml"
    town.write_text('id = "us-nj-mine"\nname = "Mine"\nextends = "us-nj"\n', encoding="utf-8")
    assert xltax("new", tmp_path / "a.xlsx", town, "--year", "2025").code == 0
    assert FilesBook.open(tmp_path / "a.xlsx").get("profile_id") == "us-nj-mine"


# ---- the month ------------------------------------------------------------------------------------------------------


def test_import_roll_says_what_came_in(xltax, book: Path, tmp_path: Path) -> None:
    roll = tmp_path / "next.csv"
    roll.write_text('Parcel ID,Name,Total\n012,"SMITH, JANE",260000\n020,NEW OWNER,5000\n', encoding="utf-8")
    mapping = "Account=Parcel ID, Owner=Name, Net Value=Total"
    said = xltax(
        "import-roll",
        book,
        roll,
        "--mapping",
        mapping,
        "--on",
        "2025-06-01",
        "--control-value",
        "265,000.00",
        "--missing",
        "keep",
    )
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("2 rows, net value $265,000.00. ")
    assert sorted(table(book, "Roll")["Account"]) == ["012", "013", "014", "020"]
    history = table(book, "History")[["Field", "Before", "After"]].to_numpy().tolist()
    assert ["Owner", "SMITH, JOHN", "SMITH, JANE"] in history
    assert ["Net Value", "250,000.00", "260,000.00"] in history


def test_a_roll_that_does_not_tie_is_not_brought_in(xltax, book: Path, tmp_path: Path) -> None:
    roll = tmp_path / "next.csv"
    roll.write_text("Account,Net Value\n012,260000\n", encoding="utf-8")
    before = book.read_bytes()
    error = xltax("import-roll", book, roll, "--control-bills", 2, "--control-value", "260000.01").error
    assert "The roll has 1 row, but the control count is 2: a difference of -1." in error
    assert "a difference of -$0.01." in error
    assert book.read_bytes() == before


def test_bill_preliminary_then_final(xltax, book: Path) -> None:
    first = table(book, "Duplicate")
    assert first["Inst 1"].tolist() == [1250, 500, 400]  # a quarter of last year's tax
    assert first["Inst 3"].tolist() == [None, None, None] or first["Inst 3"].tolist() == [0, 0, 0]
    said = xltax("bill", book, "--rates", "RE=2.248", "--stage", "final", "--today", "2025-06-14")
    assert (said.code, said.err) == (0, "")
    # 250,000 x 2.248% - 250 = 5,370; 2,248; 1,686: 9,304 in all.
    assert said.out == "3 bills for 2025 (final), net tax $9,304.00.\n"
    bills = table(book, "Duplicate").set_index("Bill")
    assert bills.loc["2025-012", ["Inst 1", "Inst 2", "Inst 3", "Inst 4", "Net Tax"]].tolist() == [
        1250,
        1250,
        1435,
        1435,
        5370,
    ]
    assert bills.loc["2025-014", ["Inst 3", "Inst 4"]].tolist() == [443, 443]
    before = book.read_bytes()
    assert "2025 is already billed" in xltax("bill", book, "--rates", "RE=2.248", "--stage", "final").error
    assert "2025 is already billed" in xltax("bill", book, "--rates", "RE=2.248").error
    assert book.read_bytes() == before


def test_bill_a_whole_year(xltax, book: Path) -> None:
    said = xltax("bill", book, "--year", 2026, "--rates", "RE=2", "--today", "2026-01-05")
    assert said.code == 0
    assert said.out.startswith("3 bills for 2026 (whole), net tax $8,250.00.")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--year", "2026"], "rates: \"\" does not give a rate for a levy type"),
        (["--year", "2026", "--rates", "RE"], 'rates: "RE" does not give a rate'),
        (["--year", "2026", "--rates", "RE=abc"], "rates, RE: abc is not a number"),
        (["--year", "2026", "--rates", "MV=2"], "Levy type RE has no rate"),
        (["--year", "2026", "--rates", "RE=-2"], "rates, RE: The rate is below zero."),
        (["--year", "2026", "--stage", "final", "--rates", "RE=2"], "There are no preliminary bills for 2026"),
        (["--year", "2026", "--stage", "sometime"], 'stage: "sometime" is not a stage'),
        (["--year", "26", "--rates", "RE=2"], "year: 26 is not a year"),
        (["--year", "2026.5", "--rates", "RE=2"], "year: 2026.5 is not a whole number"),
        (["--year", "2026", "--rates", "RE=2", "--mailed", "13/5/2026"], "mailed: 13/5/2026 is not a date: there is no month 13"),
    ],
)  # fmt: skip
def test_bill_refuses(xltax, book: Path, options: list[str], words: str) -> None:
    before = book.read_bytes()
    assert words in xltax("bill", book, *options).error
    assert book.read_bytes() == before


def test_post_records_each_payment_beside_its_bill(xltax, book: Path, tmp_path: Path) -> None:
    payments = tmp_path / "p.csv"
    payments.write_text(
        "Account,Amount,Received,Tender,Reference\n014,400,2025-03-05,Check,0042\n013,702.43,2025-03-05,Cash,\n",
        encoding="utf-8",
    )
    said = xltax("post", book, payments, "--today", "2025-03-05", "--as-of", "2025-03-05")
    assert (said.code, said.err) == (0, "")
    # 014: 34 days on 400 at 8% is 3.02, so 396.98 of tax. 013: 102.11 + 0.34 = 102.45 open, 500 in May, 99.98 over.
    assert said.out.startswith("Posted 2 payments in 4 lines, $1,102.43: ")
    assert "receipts 3 to 4." in said.out
    lines = table(book, "CashBook").set_index(["Receipt", "Line"])
    assert lines.loc[("3", 1), ["Bill", "Inst", "Tax", "Interest", "Total", "Reference"]].tolist() == [
        "2025-014", 1, 396.98, 3.02, 400, "0042",
    ]  # fmt: skip
    assert lines.loc[("4", 1), ["Inst", "Tax", "Interest", "Total"]].tolist() == [1, 102.11, 0.34, 102.45]
    assert lines.loc[("4", 2), ["Inst", "Tax", "Total"]].tolist() == [2, 500, 500]
    assert lines.loc[("4", 3), ["Overpaid", "Total"]].tolist() == [99.98, 99.98]
    assert "$99.98 of this is an overpayment, held as credit or on the refund list." in said.out
    assert lines["Seal"].str.fullmatch("2-[0-9a-f]{16}").all()


def test_reverse_keeps_the_line_and_brings_the_balance_back(xltax, book: Path) -> None:
    said = xltax("reverse", book, "2", "check returned unpaid", "--on", "2025-03-02", "--today", "2025-03-03")
    assert (said.code, said.err) == (0, "")
    assert said.out == "Receipt 2 reversed by 3: -$400.00.\n"
    lines = table(book, "CashBook")
    assert lines["Receipt"].tolist() == ["1", "2", "3"]
    assert lines["Reverses"].tolist()[-1] == "2"
    balance = table(book, "Duplicate").set_index("Bill").loc["2025-013"]
    # 32 days on 500 at 8%: nothing has been paid.
    assert (balance["Balance"], balance["Interest"]) == (1000, 3.56)
    before = book.read_bytes()
    assert "Receipt 2 has already been reversed" in xltax("reverse", book, "2", "again").error
    assert 'The Cash Book has no receipt "77"' in xltax("reverse", book, "77", "never was").error
    assert "after 2025-01-01" in xltax("reverse", book, "1", "too early", "--on", "2025-01-01").error
    assert book.read_bytes() == before


def test_refresh_says_what_is_due(xltax, book: Path) -> None:
    said = xltax("refresh", book, "--as-of", "2025-03-03")
    assert (said.code, said.err) == (0, "")
    # 013: 102.11 + 0.30, 500 in May; 014: 400 + 2.84, 400 in May; 012: 1,250 in May.
    assert (
        said.out
        == "As of 2025-03-03: total due $2,655.25: tax $2,652.11, interest $3.14, penalty $0.00, costs $0.00.\n"
    )
    assert str(table(book, "Duplicate")["As Of"].iloc[0]) == "2025-03-03"


def test_delinquent_lists_what_is_late(xltax, book: Path) -> None:
    said = xltax("delinquent", book, "--as-of", "2025-03-03")
    assert (said.code, said.err) == (0, "")
    assert said.out == "2 installments on 2 accounts, $505.25 (to 90 days $505.25).\n"
    listed = table(book, "Delinquent")
    assert listed["Account"].tolist() == ["013", "014"]
    assert listed["Owner"].tolist()[0].startswith("=HYPERLINK"), "text stays text"
    assert listed["Total"].tolist() == [102.41, 402.84]


def test_quote(xltax, book: Path) -> None:
    said = xltax("quote", book, "013", "--on", "2025-03-03", "--days", 5)
    assert (said.code, said.err) == (0, "")
    # February's 500.00 less 400.00 paid, with interest; May's 500.00 is billed and not yet due.
    assert said.out == (
        "Account 013: $102.41 due on 2025-03-03. $602.41 pays everything billed. The rest falls due later: $500.00 on May 1, 2025. "
        "The next day adds $0.02.\n"
    )
    open_book = FilesBook.open(book)
    assert [open_book.get(f"quote_{c}") for c in ("due", "total", "per_diem")] == [102.41, 602.41, 0.02]
    assert len(open_book.read("QuoteGrid")) == 5
    before = book.read_bytes()
    assert 'Account "999" is not on the Duplicate' in xltax("quote", book, "999").error
    assert xltax("quote", book, "013", "--days", "many").error.startswith("days: many is not a number")
    assert xltax("quote", book, "013", "--days", "0").code == 2
    assert book.read_bytes() == before


def test_proof_ends_with_0_when_all_is_well_and_1_when_something_is_to_look_at(xltax, book: Path) -> None:
    said = xltax("proof", book)
    assert (said.code, said.err) == (0, "")
    assert said.out.endswith(" checks passed.\n")
    open_book = FilesBook.open(book)
    open_book.set("control_bills", 4)
    open_book.save()
    said = xltax("proof", book)
    assert (said.code, said.err) == (1, "")
    assert said.out.endswith(" checks did not pass.\n")
    assert "\nBills                LOOK" in "\n" + said.out
    checks = table(book, "Checks").set_index("Check")
    assert checks.loc["Bills", ["This Side", "That Side", "Difference"]].tolist() == [4, 3, 1]


def test_what_was_done_is_in_the_log_with_counts_and_never_with_names(book: Path) -> None:
    log = table(book, "Log")
    assert log["Action"].tolist() == ["import roll", "bill", "post"]
    assert log["Rows"].tolist() == [3, 3, 2]
    assert log["Total"].tolist() == [425000, 4300, 1650]
    assert not log.astype(str).apply(lambda c: c.str.contains("SMITH")).to_numpy().any()


def test_selfcheck(xltax, book: Path) -> None:
    said = xltax("selfcheck", book)
    assert (said.code, said.err) == (0, "")
    assert " published figures checked, 0 differences found." in said.out
    assert len(table(book, "Published")) >= 20


def test_upgrade_moves_an_older_book_up_and_keeps_it(xltax, book: Path) -> None:
    before = book.read_bytes()
    said = xltax("upgrade", book)
    assert said.code == 0
    assert "Nothing was changed." in said.out
    assert book.read_bytes() == before
    old = (FROZEN / "maryland.xlsx").read_bytes()
    book.write_bytes(old)
    said = xltax("upgrade", book)
    assert (said.code, said.err) == (0, "")
    assert f"Upgraded from version 1 to {SCHEMA}. 96 balances on 3 days match to the cent" in said.out
    assert FilesBook.open(book).meta.schema == SCHEMA
    kept = [p for p in book.parent.glob("*.xlsx") if p != book]
    assert [p.read_bytes() for p in kept] == [old]
    assert str(kept[0]) in said.out


def test_a_book_newer_than_this_xltax_is_left_alone(xltax, book: Path) -> None:
    newer = FilesBook.open(book)
    newer.set_meta(schema=9)
    newer.save()
    before = book.read_bytes()
    assert "This workbook has version 9." in xltax("upgrade", book).error
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    "command", [["refresh"], ["proof"], ["delinquent"], ["bill", "--rates", "RE=2"], ["quote", "013"]]
)
def test_a_book_that_is_not_there(xltax, tmp_path: Path, command: list[str]) -> None:
    assert "This file does not exist" in xltax(command[0], tmp_path / "none.xlsx", *command[1:]).error


def test_an_empty_book_says_what_to_do_first(xltax, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    assert xltax("new", path, "us-nj", "--year", 2025, "--as-of", "2025-03-03").code == 0
    assert "Import the assessor's roll first" in xltax("bill", path, "--rates", "RE=2").error
    (tmp_path / "p.csv").write_text("Account,Amount,Received\n1,5,2025-01-01\n", encoding="utf-8")
    assert "Bill the year first" in xltax("post", path, tmp_path / "p.csv").error
    for command in ("refresh", "proof", "delinquent"):
        said = xltax(command, path)
        assert (said.code, said.err) == (0, ""), said


def test_about_says_which_versions_wrote_a_workbook(tmp_path: Path, xltax) -> None:
    """The Log has an upgrade, and two papers were printed by an older xltax."""
    path = tmp_path / "town.xlsx"
    new_book(path, "us-nj-colts-neck", year=2025, as_of=dt.date(2025, 2, 1))
    book = FilesBook.open(path)
    book.append(
        "Log", pd.DataFrame({"When": ["2025-01-05 09:00:00"], "Action": ["upgrade"], "What": ["version 4 to 5"]})
    )
    papers = {
        "No": [1, 2],
        "Copy": [1, 1],
        "Kind": "list",
        "Printed": ["2025-01-06 10:00", "2025-01-07 10:00"],
        "Version": "0.0.9",
    }
    book.append("Issued", pd.DataFrame(papers))
    book.save()
    said = xltax("about", str(path))
    assert (said.code, said.err) == (0, "")
    assert f"This xltax is {__version__}" in said.out
    assert "Upgraded on 2025-01-05 09:00:00: version 4 to 5." in said.out
    assert "xltax 0.0.9 printed 2 papers, from 2025-01-06 10:00 to 2025-01-07 10:00." in said.out
