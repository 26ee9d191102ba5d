"""`xltax town check`: every mistake is refused with its file and key, and what looks wrong and is right gives the right figure."""

from __future__ import annotations

import re
from pathlib import Path

import holidays
import pytest
from click.testing import CliRunner

from tests.books.one_book import OneBook
from tests.written import ledger as written
from tests.written.ledger import day
from xltax.actions import setup, year
from xltax.cli import main
from xltax.dates import STATES
from xltax.errors import BadProfile, TaxError
from xltax.faces.catalog import actions
from xltax.faces.new import new_book
from xltax.law import lacks
from xltax.law.load import TOWNS, check, load, shipped
from xltax.law.profile import RULES
from xltax.ledger.lawbook import too_exact
from xltax.ledger.replay import Ledger, replay

FOLDER = Path(__file__).parent / "mistakes"

REFUSED = {
    "assume": r'assume\.toml: installments\[1\]\.assume\[1\]\.what: "oddcent" is not a setting of this rule\. Did you mean "odd_cent"\?',
    "bare_rate": r"bare_rate\.toml: interest\[2\]\.tiers\[1\]\.rate: 10 is not allowed\. It takes a rate for a year as text",
    "due": r"due\.toml: installments\[1\]\.due\[1\]: '3-15' is not allowed\. Write .03-15.\. It takes a month and day as text",
    "due2": r"due2\.toml: installments\[1\]\.due\[1\]: '03-32' is not allowed",
    "extends": r'extends\.toml: extends: "us-ohio" is not a town xltax knows\. .*Use one of us-',
    "fixedmiss": r'fixedmiss\.toml: grace\[1\]: counted = "fixed" needs the list "fixed"',
    "frac": r"frac\.toml: interest\[2\]\.tiers\[1\]\.rate: '0\.10' is not allowed",
    "gap": r"gap\.toml: interest\[1\]\.to: this rule ends 2014-12-31, and the next, interest\[2\], begins 2017-01-01",
    "gracefixed": r"gracefixed\.toml: grace\[1\]\.fixed: No last free day is given for a tax due 03-15\. Add the due date to the rule's list",
    "holiday": r'holiday\.toml: office\[1\]\.holidays: "ZZ" is not a state code with known holidays',
    "key": r'key\.toml: interest\[1\]: "daycount" is not a setting of tiered_annual\. Did you mean .day_count.\? Allowed: .*day_count',
    "method": r"method\.toml: interest\[3\]\.method: 'once' is not a method of interest\. Allowed: .*flat",
    "money": r"money\.toml: fee\[1\]\.amount: 25 is not allowed\. Write .25\.00.\. It takes an amount as text",
    "nots": r'nots\.toml: id: "my town" is not an id\. Use letters, digits and hyphens',
    "overlap": r"overlap\.toml: interest\[1\]: Two interest rules for the same tax are in force at once",
    "part": r"part\.toml: interest\[3\]\.component: 'fee' is not allowed",
    "section": r'section\.toml: "intrest" is not a setting here\. Did you mean "interest"\? Allowed: ',
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
    # Settings that say nothing, contradict each other or have no effect.
    ('id = "us-zz-town"\n[[installments]]\ndue = []\nsplit = "equal"\n', r"installments\[1\]\.due: there is no due date"),
    (TOWN + "years_after = 2025\n", r"installments\[1\]\.years_after: 2025 is not a number of years"),
    (TOWN + '[[grace]]\ncounted = "none"\ndays = 10\n', r'grace\[1\]\.days: this has no effect beside counted = "none"'),
    (TOWN + '[[grace]]\ncounted = "fixed"\nfixed = [{ due = "03-15", last = "04-01" }, { due = "03-15", last = "05-01" }, { due = "09-15", last = "10-01" }]\n', r"grace\[1\]\.fixed: 03-15 is listed twice"),
    (TOWN + '[[discount]]\nrate = "1%"\nuntil = "months_after"\n', r"discount\[1\]\.months: until = .months_after. needs months"),
    (TOWN + '[[interest]]\nmethod = "tiered_annual"\nday_count = "30/360"\ntiers = [{ rate = "800%" }]\n', r"interest\[1\]\.tiers\[1\]\.rate: 800% is more than the whole tax"),
    (TOWN + '[[interest]]\nmethod = "schedule"\nsteps = [{ at = "delinquent", total = "500%" }]\n', r"interest\[1\]\.steps\[1\]\.total: 500% is more"),
    (TOWN + '[[interest]]\nmethod = "schedule"\nsteps = [{ on = "06-01", total = "3%", most = "8%" }]\n', r"interest\[1\]\.steps\[1\]: most, on_day, every_months and then_until need then"),
    (TOWN + '[[interest]]\nmethod = "schedule"\nsteps = [{ on = "06-01", total = "3%", then = "1%", most = "2%" }]\n', r"interest\[1\]\.steps\[1\]\.most: the limit 2% is below the start"),
    (TOWN + '[[interest]]\nmethod = "schedule"\nsteps = [{ at = "delinquent", total = "3%", years = 1 }]\n', r"interest\[1\]\.steps\[1\]: years and same_year need on"),
    (TOWN + '[[interest]]\nmethod = "flat"\nrate = "5%"\nclasses = ["homestead"]\n[[interest]]\nmethod = "flat"\nrate = "6%"\nclasses = ["Homestead", "farm"]\n', r"interest\[\d\]\.classes: homestead is already in the classes of town\.toml: interest\[\d\]"),
    (TOWN + '[[fee]]\nkind = "x"\nrate = "1%"\nleast = "100.00"\nmost = "15.00"\n', r"fee\[1\]\.most: the highest fee is below the lowest"),
    (TOWN + '[[levy]]\nper = 100\ncite = [{ title = " " }]\n', r"levy\[1\]\.cite\[1\]\.title: the source has no name"),
    (TOWN + '[[levy]]\nper = 100\nassume = [{ what = "per", why = "" }]\n', r"levy\[1\]\.assume\[1\]\.why: the assumption has no reason"),
    (TOWN + '[[allocation]]\ngroup = "parcel"\norder = [{ pay = ["costs", "interest", "penalty", "tax", "tax"] }]\n', r"allocation\[1\]\.order\[1\]\.pay: a column is listed twice"),
    # A day, a rate or an amount written another way: it says how xltax writes it.
    (TOWN + '[[grace]]\ncounted = "fixed"\nfixed = [{ due = "3-15", last = "4/1" }]\n', r"grace\[1\]\.fixed\[1\]\.due: '3-15' is not allowed\. Write .03-15.\."),
    (TOWN + '[[grace]]\ncounted = "fixed"\nfixed = [{ due = "03-15", last = "4/1" }]\n', r"grace\[1\]\.fixed\[1\]\.last: '4/1' is not allowed\. Write .04-01.\."),
    (TOWN + '[[interest]]\nmethod = "flat"\nrate = "1,5%"\n', r"interest\[1\]\.rate: '1,5%' is not allowed\. Write .1\.5%.\. It takes a rate"),
    (TOWN + '[[interest]]\nmethod = "flat"\nrate = "1.5"\n', r"interest\[1\]\.rate: '1\.5' is not allowed\. It takes a rate with its unit"),
    (TOWN + '[[fee]]\nkind = "x"\namount = 12.5\n', r"fee\[1\]\.amount: 12\.5 is not allowed\. Write .12\.50.\."),
    (TOWN + '[[fee]]\nkind = "x"\namount = "1.250,00"\n', r"fee\[1\]\.amount: '1\.250,00' is not allowed\. It takes an amount"),
    # A name near a known one: it says which.
    (TOWN + '[[interst]]\nmethod = "flat"\n', r'"interst" is not a setting here\. Did you mean "interest"\? Allowed:'),
    (TOWN + '[[interest]]\nmethod = "per_month"\nrate = "1% per month"\n', r"interest\[1\]\.method: 'per_month' is not a method of interest\. Did you mean .per_month_or_part.\?"),
    (TOWN + '[[interest]]\nmethod = "flat"\nrates_ = "1%"\n', r'interest\[1\]: "rates_" is not a setting of flat\. Did you mean "rate'),
    (TOWN + '[[grace]]\ncounted = "day_following"\ndays = 3\n', r"grace\[1\]\.counted: 'day_following' is not allowed\. Did you mean .days_following.\? It takes one of"),
    (TOWN + '[[levy]]\nper = 100\ncite = [{ titel = "t" }]\n', r'levy\[1\]\.cite\[1\]: "titel" is not a setting here\. Did you mean "title"\?'),
    (TOWN + '[[levy]]\nper = 100\ngoverns = "levyyear"\n', r"levy\[1\]\.governs: 'levyyear' is not allowed\. Did you mean .levy_year.\?"),
    (TOWN + '[[allocation]]\ngroup = "parcel"\norder = [{ pays = ["tax"] }]\n', r'allocation\[1\]\.order\[1\]: "pays" is not a setting here\. Did you mean "pay"\?'),
    ('extends = "us-nj-colts-nek"\n' + TOWN, r'extends: "us-nj-colts-nek" is not a town xltax knows\. Did you mean "us-nj-colts-neck"\?'),
    # A rule twice, whole or for one levy type.
    (TOWN + '[[levy]]\nper = 100\n[[levy]]\nper = 100\n', r"levy\[1\]: Two levy rules for the same tax are in force at once"),
    (TOWN + '[[levy]]\ntypes = ["RE", "PP"]\nper = 100\n[[levy]]\ntypes = ["PP"]\nper = 1000\n', r"levy\[\d\]\.types: PP is already in the types of .*levy\[\d\], and both rules are in force"),
    (TOWN + '[[levy]]\nper = 100\nper = 1000\n', r"This is not a TOML file: Cannot overwrite a value \(at line 7"),
    # Sizes and days that cannot be right.
    (TOWN + '[[grace]]\ncounted = "fixed"\nfixed = [{ due = "03-15", last = "03-01" }, { due = "09-15", last = "10-01" }]\n', r"grace\[1\]\.fixed: a tax due 03-15 would be free of interest until 2026-03-01, 351 days later"),
    (TOWN + '[[grace]]\ncounted = "days_following"\ndays = 365\n', r"grace\[1\]\.days: a tax due 03-15 would be free"),
    (TOWN + '[[grace]]\ncounted = "months"\nmonths = 12\n', r"grace\[1\]\.months: a tax due 03-15 would be free"),
    (TOWN + '[[fee]]\nkind = "returned_check"\n', r'fee\[1\]: the fee "returned_check" has no amount and no rate'),
    (TOWN + '[[fee]]\nkind = "returned_check"\nmost = "25.00"\n', r'fee\[1\]: the fee "returned_check" has no amount and no rate'),
    (TOWN + '[[interest]]\nmethod = "flat"\nrate = "500%"\n', r"interest\[1\]\.rate: 500% is more than the whole tax"),
    (TOWN + '[[levy]]\nper = 100\nfrom = 0205-01-01\n', r"levy\[1\]\.from: 0205-01-01 is not a date"),
    (TOWN + '[[interest]]\nmethod = "schedule"\nsteps = [{ at = "delinquent", total = "3%" }, { after_months = 3, total = "2%" }]\n', r"interest\[1\]\.steps: The total falls from 3% to 2% on 2025-06-16 for tax due 2025-03-15"),
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


def test_a_long_grace_an_empty_fee_and_a_total_that_ends_can_be_meant(tmp_path: Path) -> None:
    path = tmp_path / "town.toml"
    path.write_text(
        TOWN + '[[grace]]\ncounted = "months"\nmonths = 12\nassume = [{ what = "months", why = "a year by charter" }]\n'
        '[[fee]]\nkind = "a"\nassume = [{ what = "amount", why = "the officer sets it" }]\n[[fee]]\nkind = "b"\nrate = "0%"\n'
        '[[interest]]\nmethod = "schedule"\nsteps = [{ at = "delinquent", total = "3%" }, { on = "03-01", total = "0%" }]\n',
        encoding="utf-8",
    )
    assert check(path)[0] is not None, check(path)[1]


# ---- what a town lacks ----------------------------------------------------------------------------------------------


def test_a_last_free_day_may_be_listed_as_a_due_date_too(tmp_path: Path) -> None:
    """Bills brought in from another system carry the last free day as their due date."""
    path = tmp_path / "town.toml"
    listed = '{ due = "03-15", last = "03-31" }, { due = "09-15", last = "09-30" }, { due = "03-31", last = "03-31" }'
    path.write_text(
        TOWN + f'[[grace]]\ncounted = "fixed"\nfixed = [{listed}]\nassume = [{{ what = "fixed", why = "x" }}]\n',
        encoding="utf-8",
    )
    assert not [line for line in check(path)[1] if "fixed" in line]


def test_the_command_says_what_the_town_lacks() -> None:
    said = CliRunner().invoke(main, ["town", "check", str(FOLDER / "millbrook.toml")]).stdout
    assert "Statements: none. Missing: monthly (month-report refuses), annual (annual-statement refuses)." in said
    assert "Lists: none. Missing: lien (file-liens refuses)" in said
    assert "Tasks that refuse: make-list, notices (no list rule); agreement, sign-agreement" in said
    said = CliRunner().invoke(main, ["town", "check", str(TOWNS / "us" / "ct" / "state.toml")]).stdout
    assert "Missing" not in said
    assert "bill" not in said.partition("Tasks that refuse: ")[2].replace("bill-usage", "")


TASKS = [(task, rules) for rules, tasks in lacks.TASKS.items() for task in tasks]


def test_every_task_and_list_named_there_exists() -> None:
    named = {task for task, _ in TASKS} | set(lacks.LISTS.values()) | set(lacks.STATEMENTS.values())
    assert named <= set(actions())
    assert {name for _, rules in TASKS for name in rules} <= set(RULES)


@pytest.fixture(scope="module")
def bare_book(tmp_path_factory: pytest.TempPathFactory) -> OneBook:
    """A book of a town with rules for levy, days, interest and payments, and for nothing else."""
    folder = tmp_path_factory.mktemp("bare")
    rules = (FOLDER / "millbrook.toml").read_text(encoding="utf-8")
    (folder / "town.toml").write_text(rules, encoding="utf-8")
    new_book(folder / "town.xlsx", str(folder / "town.toml"), year=2025, as_of=day("2025-02-01"))
    book = OneBook(folder / "town.xlsx")
    (folder / "roll.csv").write_text("Account,Owner,Net Value\n1,ADAMS,100000\n", encoding="utf-8")
    book.do(setup.import_roll, folder / "roll.csv", on=day("2025-02-01"))
    book.do(year.bill, 2025, "RE=1", mailed=day("2025-02-01"), today=day("2025-02-01"))
    return book


@pytest.mark.parametrize(
    ("task", "given"),
    [
        ("agreement", {}), ("sign-agreement", {"signed": day("2025-02-01")}), ("agreement-status", {}), ("month-report", {}),
        ("annual-statement", {}), ("returns-not-filed", {}), ("bill-usage", {"kind": "sewer"}), ("file-liens", {"name": "lien"}),
        ("issue-warrants", {}), ("unsecure", {}), ("notices", {"name": "demand"}), ("relief-leaflet", {"program": "x"}),
    ],
)  # fmt: skip
def test_those_tasks_do_refuse_in_such_a_town(bare_book: OneBook, task: str, given: dict[str, object]) -> None:
    action = actions()[task]
    more: dict[str, object] = {
        f.name: {"year": 2025, "date": day("2025-02-01"), "money": 100_00, "count": 1}.get(f.kind, "1")
        for f in action.inputs
        if not f.optional and f.name not in given
    }
    known = {f.name for f in action.inputs}
    with pytest.raises(TaxError, match=r"has no|This town has no list|is not a kind of lien"):
        bare_book.do(action.call, **more, **{k: v for k, v in given.items() if k in known})
