"""`xltax town check`: every mistake is refused with its file and key, and what looks wrong and is right gives the right figure."""

from __future__ import annotations

import re
from pathlib import Path

import holidays
import pytest
from click.testing import CliRunner

from tests.written import ledger as written
from tests.written.ledger import day
from xltax.cli import main
from xltax.dates import STATES
from xltax.errors import BadProfile
from xltax.law.load import check, load, shipped
from xltax.ledger.lawbook import too_exact
from xltax.ledger.replay import Ledger, replay

FOLDER = Path(__file__).parent / "mistakes"

REFUSED = {
    "assume": r'assume\.toml: installments\[1\]\.assume\[1\]\.what: "oddcent" is not a setting of this rule\. Did you mean "odd_cent"\?',
    "bare_rate": r"bare_rate\.toml: interest\[2\]\.tiers\[1\]\.rate: 10 is not allowed\. It takes a rate for a year as text",
    "due": r"due\.toml: installments\[1\]\.due\[1\]: '3-15' is not allowed\. It takes a month and day as text",
    "due2": r"due2\.toml: installments\[1\]\.due\[1\]: '03-32' is not allowed",
    "extends": r'extends\.toml: extends: "us-zz" is not a town xltax knows\. Use one of .*us-ct',
    "fixedmiss": r'fixedmiss\.toml: grace\[1\]: counted = "fixed" needs the list "fixed"',
    "frac": r"frac\.toml: interest\[2\]\.tiers\[1\]\.rate: '0\.10' is not allowed",
    "gap": r"gap\.toml: interest\[1\]\.to: this rule ends 2014-12-31, and the next, interest\[2\], begins 2017-01-01",
    "gracefixed": r"gracefixed\.toml: grace\[1\]\.fixed: No last free day is given for a tax due 03-15\. Add the due date to the rule's list",
    "holiday": r'holiday\.toml: office\[1\]\.holidays: "ZZ" is not a state code with known holidays',
    "key": r'key\.toml: interest\[1\]: "daycount" is not a setting of tiered_annual\. Allowed: .*day_count',
    "method": r"method\.toml: interest\[3\]\.method: 'once' is not a method of interest\. Allowed: .*flat",
    "money": r"money\.toml: fee\[1\]\.amount: 25 is not allowed\. It takes an amount as text",
    "nots": r'nots\.toml: id: "my town" is not an id\. Use letters, digits and hyphens',
    "overlap": r"overlap\.toml: interest\[1\]: Two interest rules for the same tax are in force at once",
    "part": r"part\.toml: interest\[3\]\.component: 'fee' is not allowed",
    "section": r'section\.toml: "intrest" is not a setting here\. Allowed: .*interest',
    "single": r"single\.toml: grace: Write this rule with double brackets: \[\[grace\]\]",
    "tn18": r'tn18\.toml: interest\[1\]\.rate: "18%" does not name its period; 18% a month would be 216% a year',
    "type": r'type\.toml: installments\[1\]\.types: "VILLAGE" is not a levy type\. Use RE, PP, MV',
}
RIGHT = {
    "from": "",
    "millbrook": "",
    "monthly": "",
    "nocite": "",
    "tn18y": r'tn18y\.toml: grace\[1\]\.fixed: "02-28" is February 28 in leap years too\. Write "02-29" for the last day of February',
    "tn18z": r"tn18z\.toml: grace\[1\]\.fixed: ",
    "noalloc": r"noalloc\.toml: no allocation rule\.",
    "or2": r'or2\.toml: discount\[1\]\.on: "full_payment" is an older word for "full_installment"\. Write "full_installment", or "full_bill"',
}


def ledger(name: str, dues: list[str], on: str, paid: tuple[str, str] | None = None) -> Ledger:
    text = "bill  1  1  due " + ", ".join(f"{due} 1,000.00" for due in dues)
    if paid:
        text += f"\npaid  1  {paid[0]}  1  {paid[1]}"
    return replay(written.ledger(text).facts(), load(FOLDER / f"{name}.toml"), day(on))


def charged(name: str, due: str, on: str) -> int:
    return int(ledger(name, [due], on).balances["Total"].sum()) - 1_000_00


def test_every_file_here_is_answered_for() -> None:
    assert {p.stem for p in FOLDER.glob("*.toml")} == {*REFUSED, *RIGHT}


@pytest.mark.parametrize("name", REFUSED)
def test_a_mistake_is_refused_with_its_file_and_key(name: str) -> None:
    profile, said = check(FOLDER / f"{name}.toml")
    assert profile is None
    assert re.match(REFUSED[name], said[0]), said[0]


@pytest.mark.parametrize("name", RIGHT)
def test_what_can_be_used_can_and_says_what_is_missing(name: str) -> None:
    profile, said = check(FOLDER / f"{name}.toml")
    assert profile is not None
    assert len(said) == bool(RIGHT[name])
    assert re.match(RIGHT[name], "".join(said))


def test_the_command_says_so_and_exits_2() -> None:
    said = CliRunner().invoke(main, ["town", "check", str(FOLDER / "gap.toml")])
    assert (said.exit_code, said.stdout) == (2, "")
    assert "gap.toml: interest[1].to: this rule ends 2014-12-31" in said.stderr
    assert CliRunner().invoke(main, ["town", "check", str(FOLDER / "millbrook.toml")]).exit_code == 0


# ---- the ones that are right ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["millbrook", "from", "nocite"])
def test_the_example_with_a_date_as_text_or_without_a_citation_is_the_example(name: str) -> None:
    """$1,000.00 due March 15, 2025, on June 20: 5% once is $50.00, 10% a year for three whole months $25.00."""
    assert charged(name, "2025-03-15", "2025-06-20") == 75_00
    assert charged(name, "2013-03-15", "2014-03-15") == 50_00 + 80_00, "8% before 2015"


def test_ten_percent_a_month_is_what_is_charged_where_it_is_written() -> None:
    """Three whole months at 10% a month are $300.00, and the 5% once."""
    assert charged("monthly", "2025-03-15", "2025-06-20") == 50_00 + 300_00


@pytest.mark.parametrize("name", ["tn18y", "tn18z"])
def test_eighteen_percent_a_year_is_a_month_and_a_half_percent(name: str) -> None:
    """Mt. Juliet's page: 1.5% from March 1 and for each month after; 2025's last day is Friday, February 28."""
    assert [charged(name, "2024-10-01", on) for on in ("2025-02-28", "2025-03-01", "2025-04-01")] == [0, 15_00, 30_00]


def test_oregons_older_word_is_an_installment() -> None:
    """Three thirds of $1,000.00; $1,000.00 paid November 15, 2024: $970.00 settles the first third, $30.00 go to the second."""
    thirds = ["2024-11-15", "2025-02-15", "2025-05-15"]
    balances = ledger("or2", thirds, "2024-11-15", ("2024-11-15", "1000.00")).balances
    assert balances["Tax"].tolist() == [0, 970_00, 1_000_00]


# ---- other members of the same kinds --------------------------------------------------------------------------------

TOWN = """id = "us-zz-town"
[[installments]]
due = ["03-15", "09-15"]
split = "equal"
"""

WRONG = [
    (TOWN + '[[office]]\nholidays = "nj"\n', r'office\[1\]\.holidays: "nj" is not .* Write "NJ"\.'),
    (TOWN + '[[office]]\nholidays = ""\n', r"office\[1\]\.holidays: "),
    (TOWN + '[[levy]]\nper = 10\n', r"levy\[1\]\.per: A rate per 10 is not supported"),
    (TOWN + '[[fee]]\nkind = "x"\namount = "-5.00"\n', r"fee\[1\]\.amount: -5\.00 is below zero"),
    (TOWN + '[[fee]]\nkind = "x"\nrate = "-5%"\n', r"fee\[1\]\.rate: -5% is below zero"),
    (TOWN + '[[interest]]\nmethod = "tiered_annual"\nday_count = "30/360"\ntiers = [{ rate = "-8%" }]\n', r"interest\[1\]\.tiers\[1\]\.rate: -8% is below zero"),
    (TOWN + '[[grace]]\ncounted = "none"\nlate_bill_days = -3\n', r"grace\[1\]\.late_bill_days: -3 is below zero"),
    (TOWN + '[[grace]]\ncounted = "none"\nlate_bill_days = 3\nlate_bill_due = ["03-16"]\n', r"grace\[1\]\.late_bill_due: no tax of this town is due 03-16"),
    (TOWN + '[[grace]]\ncounted = "fixed"\nfixed = [{ due = "03-15", last = "04-01" }]\n', r"grace\[1\]\.fixed: No last free day is given for a tax due 09-15"),
    (TOWN + '[[grace]]\ntypes = ["PP"]\ncounted = "fixed"\nfixed = [{ due = "03-15", last = "04-01" }]\n', r"grace\[1\]\.fixed: .*09-15"),
    (TOWN + '[[levy]]\ntypes = ["re"]\nper = 100\n', r'levy\[1\]\.types: "re" is not a levy type'),
    (TOWN + '[[list]]\nmethod = "plain"\nkind = "k"\ntitle = "t"\nlevies = ["ROAD"]\n', r'list\[1\]\.levies: "ROAD" is not a levy type'),
    (TOWN + '[[list]]\nmethod = "sale"\nkind = "k"\ntitle = "t"\ncost_fee = "cost"\n', r'list\[1\]\.cost_fee: there is no fee rule "cost"\. There are: none'),
    (TOWN + '[[list]]\nmethod = "deadline"\nkind = "k"\ntitle = "t"\ndeadline = "lapse"\n', r'list\[1\]\.deadline: there is no deadline rule "lapse"'),
    (TOWN + '[[relief]]\nmethod = "deduction"\ncode = "c"\ntitle = "t"\ndeduction = "V"\n', r'relief\[1\]\.deduction: there is no deduction rule "V"'),
    (TOWN + '[[levy]]\nper = 100\nassume = [{ what = "rounding", why = "x" }]\n', r'levy\[1\]\.assume\[1\]\.what: "rounding" is not a setting'),
    (TOWN + '[[interest]]\npart = "City"\nmethod = "flat"\nrate = "1%"\n[[discount]]\npart = "city"\nrate = "1%"\n', r'discount\[1\]\.part: "city" is "City" in another rule'),
    ('id = "us-zz-town"\n[[installments]]\ndue = ["03-15", "03-15"]\nsplit = "equal"\n', r"installments\[1\]\.due: a due date appears twice"),
    ('id = "us zz"\n', r'id: "us zz" is not an id'),
    (TOWN + '[[fee]]\nkind = "x"\nto = 2010-01-01\n[[fee]]\nkind = "x"\nfrom = 2010-01-02\n', r"fee\[1\]\.to: this rule ends 2009-12-31, and the next, fee\[2\], begins 2010-01-02"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_other_mistakes_of_these_kinds(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "town.toml"
    path.write_text(text, encoding="utf-8")
    profile, said = check(path)
    assert profile is None
    assert re.match(
        rf"town\.toml: {message}" if not message.startswith("id") else rf"(town\.toml: )?{message}", said[0]
    ), said


def test_a_gap_is_none_where_a_wider_rule_holds_or_the_file_says_why(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    gap = '[[discount]]\ntypes = ["RE"]\nto = 2010-01-01\nrate = "1%"\n{}\n[[discount]]\ntypes = ["RE"]\nfrom = 2012-01-01\nrate = "2%"\n'
    for extra, wider, refused in (
        ("", "", True),
        ('assume = [{ what = "to", why = "abolished in 2010" }]', "", False),
        ("", '[[discount]]\nrate = "0%"\n', False),
        ("", '[[discount]]\nfrom = 2011-01-01\nrate = "0%"\n', True),
        ("", '[[discount]]\ntypes = ["PP"]\nrate = "0%"\n', True),
    ):
        path.write_text(TOWN + gap.format(extra) + wider, encoding="utf-8")
        assert (check(path)[0] is None) == refused, (extra, wider)


def test_a_last_rule_that_ends_is_named_but_not_refused(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    rule = '[[interest]]\nto = 2025-01-01\nmethod = "flat"\nrate = "1%"\ncite = [{ title = "t" }]\n'
    path.write_text(TOWN + rule, encoding="utf-8")
    profile, said = check(path)
    assert profile is not None
    assert any("town.toml: interest[1].to: this rule ends 2024-12-31, and no rule follows" in line for line in said)


def test_more_decimals_than_can_be_kept_are_found_before_a_figure_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    rule = '[[interest]]\nmethod = "per_month_or_part"\nrate = "{}% per month"\n'
    path.write_text(TOWN + rule.format("1.3333333333333"), encoding="utf-8")
    assert re.match(
        r"town\.toml: interest\[1\]: A rate has too many decimals .*4/3% per month", too_exact(load(path))[0]
    )
    assert CliRunner().invoke(main, ["town", "check", str(path)]).exit_code == 2
    path.write_text(TOWN + rule.format("4/3"), encoding="utf-8")
    assert too_exact(load(path)) == []


@pytest.mark.parametrize("id_", shipped())
def test_what_is_shipped_has_no_such_mistake(id_: str) -> None:
    profile, said = check(id_)
    assert profile is not None
    assert [line for line in said if "rule. Functions" not in line] == []
    assert too_exact(profile) == []


def test_the_states_whose_holidays_are_known_are_those_of_the_holidays_library() -> None:
    assert set(STATES) == set(holidays.US.subdivisions)
    with pytest.raises(BadProfile, match="ZZ"):
        load(FOLDER / "holiday.toml")
