"""Every town that comes with xltax: it loads, it says where each rule stands, and its Rules table says the same."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from xltax.errors import BadProfile, LawNotEncoded
from xltax.law.fees import Fee, Usage
from xltax.law.interest import Interest, YearEnd
from xltax.law.levy import Levy
from xltax.law.load import check, load, read_rule, shipped
from xltax.law.profile import RULES, SELECTORS, Profile
from xltax.law.table import COLUMNS, from_frame, to_frame
from xltax.money import rate

TOWNS = sorted(shipped())
WANTED = {
    "us-nj-colts-neck", "us-ct-south-windsor", "us-ct-hartford", "us-ct-glastonbury", "us-md-baltimore-city",
    "us-la-east-baton-rouge", "us-pa-borough", "us-ny-westchester", "us-ny-suffolk", "us-mi-county", "us-il-cook",
}  # fmt: skip
STATES = (
    "ca", "co", "ct", "de", "fl", "ga", "ia", "il", "in", "la", "ma", "md", "me", "mi", "mn", "nc", "nh", "nj", "ny", "oh", "or",
    "pa", "ri", "tn", "tx", "ut", "va", "vt", "wa", "wi",
)  # fmt: skip


def town_file(folder: Path, text: str, name: str = "town.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# ---- what comes with xltax ---------------------------------------------------------------------------------------


def test_the_towns_that_come_with_xltax() -> None:
    """Every State whose common rule was read, each with a town that extends it; the next State adds its two letters here."""
    assert set(TOWNS) >= WANTED
    assert {town for town in TOWNS if town.count("-") == 1} == {f"us-{state}" for state in STATES}
    assert {town.split("-")[1] for town in TOWNS if town.count("-") > 1} == set(STATES)


@pytest.mark.parametrize("town", TOWNS)
def test_it_loads_under_its_own_id(town: str) -> None:
    profile = load(town)
    assert profile.id == town
    assert profile.name != town


@pytest.mark.parametrize("town", TOWNS)
def test_every_rule_says_where_it_stands(town: str) -> None:
    for rule in load(town).rules:
        assert rule.cite or rule.assume, rule.source
        assert all(c.title and c.note for c in rule.cite), rule.source
        known = {*rule.params.settings(), "from", "to", "types", "part", *SELECTORS, "governs", "cite"}
        for assumption in rule.assume:
            assert assumption.what in known, f"{rule.source}: {assumption.what} is no setting"
            assert len(assumption.why) > 10, rule.source


@pytest.mark.parametrize("town", TOWNS)
def test_every_rule_reads_as_a_sentence(town: str) -> None:
    for rule in load(town).rules:
        words = rule.words()
        assert words[0].isupper() or words[0].isdigit()
        assert "_" not in words
        assert len(words.split()) >= 3


@pytest.mark.parametrize("town", [t for t in TOWNS if t not in ("us-la", "us-pa")])
def test_a_town_has_all_that_replay_needs(town: str) -> None:
    profile, notes = check(shipped()[town])
    assert profile is not None
    assert notes == []


# ---- the Rules table ---------------------------------------------------------------------------------------------


def same(read_back: Profile, profile: Profile) -> None:
    assert (read_back.id, read_back.name) == (profile.id, profile.name)
    assert read_back.rules == profile.rules
    for one, other in zip(read_back.rules, profile.rules, strict=True):
        assert (one.cite, one.assume) == (other.cite, other.assume)


@pytest.mark.parametrize("town", TOWNS)
def test_the_rules_table_reads_back_without_loss(town: str) -> None:
    profile = load(town)
    table = to_frame(profile)
    assert tuple(table.columns) == COLUMNS
    same(from_frame(table), profile)


@pytest.mark.parametrize("town", TOWNS)
def test_the_rules_table_survives_a_workbook(town: str) -> None:
    """Through real cells: dates become dates and times, blanks None."""
    profile = load(town)
    table = to_frame(profile)
    book = openpyxl.Workbook()
    book.active.append(list(table.columns))
    for row in table.itertuples(index=False):
        book.active.append([v if v != "" else None for v in row])
    file = io.BytesIO()
    book.save(file)
    rows = list(openpyxl.load_workbook(file).active.values)
    same(from_frame(pd.DataFrame(rows[1:], columns=rows[0])), profile)


@pytest.mark.parametrize("town", TOWNS)
def test_the_rules_table_survives_a_text_file(town: str) -> None:
    profile = load(town)
    text = to_frame(profile).to_csv(index=False)
    same(from_frame(pd.read_csv(io.StringIO(text), dtype=str)), profile)
    same(from_frame(pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)), profile)


def test_a_changed_cell_changes_the_law() -> None:
    table = to_frame(load("us-nj"))
    at = table.index[(table["Rule"] == "penalty") & (table["Key"] == "rate")]
    table.loc[at, "Value"] = "3%"
    assert from_frame(table).rule(YearEnd, dt.date(2024, 1, 1)).params.rate == rate("3%")


def test_a_wrong_cell_is_named() -> None:
    table = to_frame(load("us-nj"))
    at = table.index[(table["Rule"] == "penalty") & (table["Key"] == "rate")]
    table.loc[at, "Value"] = "3"
    with pytest.raises(BadProfile, match=r"Rules: rule \d+ \(penalty\)\.rate: '3' is not allowed.*18%"):
        from_frame(table)


# ---- extends -----------------------------------------------------------------------------------------------------

PARENT = """
id = "state"
[[levy]]
per = 100
[[fee]]
kind = "lien"
from = 2000-01-01
amount = "10.00"
[[fee]]
kind = "warrant"
amount = "6.00"
"""


def family(folder: Path, child: str) -> Profile:
    town_file(folder, PARENT, "state.toml")
    return load(town_file(folder, 'id = "town"\nextends = "state.toml"\n' + child, "child.toml"))


def lien(profile: Profile, on: str) -> int:
    return profile.rule(Fee, dt.date.fromisoformat(on), sort="lien").params.amount


def test_a_child_replaces_only_over_its_own_dates(tmp_path: Path) -> None:
    child = '[[fee]]\nkind = "lien"\nfrom = 2010-01-01\nto = 2012-01-01\namount = "24.00"\n'
    profile = family(tmp_path, child)
    assert [lien(profile, d) for d in ("2009-12-31", "2010-01-01", "2011-12-31", "2012-01-01")] == [
        1000,
        2400,
        2400,
        1000,
    ]
    windows = [(str(r.start), str(r.end)) for r in profile.rules if r.sort == "lien"]
    assert windows == [("2000-01-01", "2010-01-01"), ("2010-01-01", "2012-01-01"), ("2012-01-01", "9999-12-31")]


def test_a_child_leaves_other_rules_of_the_name_alone(tmp_path: Path) -> None:
    profile = family(tmp_path, '[[fee]]\nkind = "lien"\namount = "24.00"\n')
    assert profile.rule(Fee, dt.date(2020, 1, 1), sort="warrant").params.amount == 600
    assert profile.rule(Levy, dt.date(2020, 1, 1)).params.per == 100
    assert lien(profile, "1999-01-01") == 2400, "the child's dates reach before the parent's"


def test_a_childs_rule_for_one_type_goes_before_the_parents_for_all(tmp_path: Path) -> None:
    profile = family(tmp_path, '[[levy]]\ntypes = ["SALES"]\nper = 1000\n')
    day = dt.date(2020, 1, 1)
    assert profile.rule(Levy, day, "SALES").params.per == 1000
    assert profile.rule(Levy, day, "RE").params.per == 100


def test_a_part_goes_before_a_type() -> None:
    city = load("us-md-baltimore-city")
    assert city.rule(Interest, dt.date(2020, 1, 1), "RE", "City", "penalty").params.rounded_with == "interest"
    assert city.find(Interest, dt.date(2020, 1, 1), "RE", "State", "penalty") is None


def test_extends_in_a_circle_is_refused(tmp_path: Path) -> None:
    town_file(tmp_path, 'id = "a"\nextends = "b.toml"\n', "a.toml")
    town_file(tmp_path, 'id = "b"\nextends = "a.toml"\n', "b.toml")
    with pytest.raises(BadProfile, match=r'\.toml: extends: "extends" leads back to the same file'):
        load(tmp_path / "a.toml")


def test_extends_of_an_unknown_town_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(BadProfile, match=r'"us-zz" is not a town xltax knows.*us-nj-colts-neck'):
        load(town_file(tmp_path, 'id = "a"\nextends = "us-zz"\n'))


# ---- the closed schema -------------------------------------------------------------------------------------------

LEVY = "[[levy]]\nper = 100\n"
GOOD = 'id = "x"\n'
TIERS = '[[interest]]\nmethod = "tiered_annual"\nday_count = "30/360"\ntiers = '

WRONG = [
    pytest.param("", r'town\.toml: "id" is missing', id="no id"),
    pytest.param(GOOD + "= 1", r"town\.toml: This is not a TOML file", id="not TOML"),
    pytest.param(
        GOOD + "colour = 1\n",
        r'town\.toml: "colour" is not a setting here.*id, name, extends.*interest',
        id="unknown rule",
    ),
    pytest.param("id = 7\n", r"town\.toml: id: 7 is not text", id="id not text"),
    pytest.param(GOOD + "[levy]\nper = 100\n", r"town\.toml: levy: .*double brackets: \[\[levy\]\]", id="one bracket"),
    pytest.param(
        GOOD + LEVY + "rat = 1\n", r'town\.toml: levy\[1\]: "rat" is not a setting of levy.*per', id="unknown key"
    ),
    pytest.param(GOOD + "[[levy]]\n", r'town\.toml: levy\[1\]: "per" is missing.*a whole number', id="missing key"),
    pytest.param(
        GOOD + '[[levy]]\nper = "x"\n', r"town\.toml: levy\[1\]\.per: 'x' is not allowed.*whole number", id="wrong kind"
    ),
    pytest.param(GOOD + "[[levy]]\nper = 100.0\n", r"levy\[1\]\.per: 100\.0 is not allowed", id="float"),
    pytest.param(GOOD + "[[levy]]\nper = true\n", r"levy\[1\]\.per: True is not allowed", id="flag for a number"),
    pytest.param(GOOD + LEVY + 'round_to = "dime"\n', r'levy\[1\]\.round_to.*one of "cent", "dollar"', id="choice"),
    pytest.param(
        GOOD + "[[interest]]\n", r'interest\[1\]\.method: "method" is missing.*tiered_annual, per_month', id="no method"
    ),
    pytest.param(
        GOOD + '[[interest]]\nmethod = "simple"\n', r"'simple' is not a method of interest.*by_date_band", id="method"
    ),
    pytest.param(
        GOOD + '[[interest]]\nmethod = "flat"\nrate = 18\n',
        r'interest\[1\]\.rate: 18 is not allowed.*"18%"',
        id="bare rate",
    ),
    pytest.param(
        GOOD + '[[interest]]\nmethod = "flat"\nrate = "18"\n', r"\.rate: '18' is not allowed", id="rate without unit"
    ),
    pytest.param(
        GOOD + '[[fee]]\nkind = "a"\namount = 5\n',
        r'fee\[1\]\.amount: 5 is not allowed.*"1500\.00"',
        id="money as number",
    ),
    pytest.param(
        GOOD + '[[fee]]\nkind = "a"\namount = "5.005"\n', r"amount: '5\.005' is not allowed", id="fraction of a cent"
    ),
    pytest.param(
        GOOD + LEVY + 'from = "soon"\n', r"levy\[1\]\.from: 'soon' is not a date.*1991-01-01", id="not a date"
    ),
    pytest.param(GOOD + LEVY + "from = 1899-12-31\n", r"levy\[1\]\.from", id="a date before our time"),
    pytest.param(
        GOOD + LEVY + "from = 2020-01-01\nto = 2020-01-01\n", r'"to" 2020-01-01 is not after "from"', id="no time"
    ),
    pytest.param(
        GOOD + LEVY + 'governs = "mood"\n', r"\.governs: 'mood' is not allowed.*accrual, due, levy_year", id="governs"
    ),
    pytest.param(GOOD + LEVY + 'types = "RE"\n', r"\.types: types must be a list of levy types", id="types"),
    pytest.param(GOOD + LEVY + 'cite = [{ name = "x" }]\n', r"cite\[1\].*title, note, href", id="citation"),
    pytest.param(
        GOOD + LEVY + LEVY, r"levy\[2\]: Two levy rules .* in force at once.*\"to\"|Two levy rules", id="overlap"
    ),
    pytest.param(
        GOOD + TIERS + '[{ up_to = "100.00", rate = "8%" }]\n',
        r"tiers: The tiers are not in rising order with an open last tier",
        id="tiers",
    ),
    pytest.param(
        GOOD + TIERS + '[{ rate = "8%", upto = "1.00" }]\n',
        r'tiers\[1\]: "upto" is not a setting.*rate, up_to',
        id="tier key",
    ),
    pytest.param(GOOD + TIERS + '"8%"\n', r"tiers: '8%' is not a list.*square brackets", id="not a list"),
    pytest.param(
        GOOD + '[[grace]]\ncounted = "fixed"\n', r'grace\[1\]: counted = "fixed" needs the list', id="fixed days"
    ),
    pytest.param(GOOD + '[[grace]]\ncounted = "months"\n', r"months.*of at least 1", id="no months"),
    pytest.param(
        GOOD + '[[installments]]\nsplit = "equal"\ndue = ["2-1"]\n', r'due\[1\]: .*"02-01"', id="month and day"
    ),
    pytest.param(GOOD + '[[installments]]\nsplit = "equal"\ndue = ["02-30"]\n', r"due\[1\]", id="no such day"),
    pytest.param(
        GOOD + '[[allocation]]\ngroup = "parcel"\norder = [{ pay = ["interest", "tax"] }]\n',
        r"allocation\[1\]\.order: The order never pays penalty of secured, costs of secured",
        id="an order that never pays costs",
    ),
    pytest.param(
        GOOD + '[[discount]]\nrate = "1%"\nuntil = "month_day"\nmonth_day = "July"\n',
        r"month_day: 'July' is not allowed",
        id="discount day",
    ),
]


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_the_schema_is_closed(tmp_path: Path, text: str, says: str) -> None:
    path = town_file(tmp_path, text)
    with pytest.raises(BadProfile, match=says) as raised:
        load(path)
    profile, notes = check(path)
    assert profile is None
    assert notes == [str(raised.value)]


def test_no_such_file_and_no_such_town() -> None:
    with pytest.raises(BadProfile, match=r"nowhere\.toml: There is no such file"):
        load("nowhere.toml")
    with pytest.raises(BadProfile, match=r'"us-nj-colt-neck" is not a town xltax knows.*us-nj-colts-neck.*\.toml file'):
        load("us-nj-colt-neck")


def test_a_rule_of_every_kind_has_help_for_every_setting() -> None:
    for methods in RULES.values():
        for kernel in methods.values():
            assert all(help_text for _, help_text, _ in kernel.settings().values())


def test_a_rule_is_a_table() -> None:
    with pytest.raises(BadProfile, match="A rule is a table of settings"):
        read_rule("levy", "per 100", "here")  # type: ignore[arg-type]


# ---- outside the window ------------------------------------------------------------------------------------------


def test_a_date_no_rule_covers_names_the_dates_that_are() -> None:
    with pytest.raises(LawNotEncoded) as raised:
        load("us-nj").rule(Interest, dt.date(1969, 12, 31))
    text = str(raised.value)
    assert text.startswith("us-nj: New Jersey has no interest rule for RE on 1969-12-31.")
    assert "1970-01-01 to 1980-02-13" in text
    assert "1980-02-14 to now" in text
    assert "does not guess" in text


def test_a_tax_nobody_encoded_is_refused() -> None:
    parish = load("us-la-east-baton-rouge")
    for levy_type in ("SOLID", "MV"):
        with pytest.raises(LawNotEncoded, match=f"no usage rule for {levy_type}|no interest rule for {levy_type}"):
            parish.rule(Usage if levy_type == "SOLID" else Interest, dt.date(2025, 1, 1), levy_type)


def test_new_jersey_before_and_after_february_14_1980() -> None:
    nj = load("us-nj")
    before, after = (nj.rule(Interest, dt.date(1980, 2, d)).params.tiers for d in (13, 14))
    assert [(t.up_to, t.rate) for t in before] == [(1_000_00, rate("8%")), (None, rate("12%"))]
    assert [(t.up_to, t.rate) for t in after] == [(1_500_00, rate("8%")), (None, rate("18%"))]


def test_colts_neck_charges_no_year_end_penalty_and_says_why() -> None:
    rule = load("us-nj-colts-neck").rule(YearEnd, dt.date(2024, 12, 31))
    assert rule.words().startswith("Year-end penalty: none.")
    assert "no source says that Colts Neck adopted" in rule.assume[0].why
    assert load("us-nj").rule(YearEnd, dt.date(2024, 12, 31)).params.rate == rate("6%")


def test_louisiana_before_and_after_2023() -> None:
    parish = load("us-la-east-baton-rouge")
    methods = [parish.rule(Interest, dt.date(y, 6, 1), "SALES", sort="interest").params.method for y in (2022, 2023)]
    assert methods == ["tiered_annual", "per_month_or_part"]
