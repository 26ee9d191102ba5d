"""`xltax town new`: a town's file from plain answers, typed or from a file, whole or with gaps."""

from __future__ import annotations

import datetime as dt
import os
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from xltax.cli import main
from xltax.errors import BadValue
from xltax.faces.new_town import (
    Question,
    Town,
    _discount,
    _interest,
    _penalty,
    _returned_check,
    a_day,
    ask_town,
    steps,
    toml,
    understood,
)
from xltax.law.load import check, load, shipped
from xltax.office.quotes import trial

ASH = """
Town of "Ash", Ohio
3/15, Sept 15 | Town Code 40-3
0
last
10 days | Town Code 40-4
yes
postmark
2%
3/1
4
2% late, 5% 6/1, then 1% | Ordinance 2014-11
5% | Ordinance 2014-12
charges | Town Code 40-7
100 | Town Code 40-1
OH
25 | Fee schedule 2024
"""


def answered(lines: Iterable[str]) -> Any:
    """Asks nobody: takes the answers in order, and no answer where there are no more."""
    rest = iter(lines)
    return lambda question: understood(question, next(rest, ""))


def by_words(**answers: str) -> Any:
    """Answers by a word of the question; everything else is not known."""
    return lambda question: understood(question, next((a for word, a in answers.items() if word in question.text), ""))


def run(folder: Path, *args: str, typed: str = "") -> tuple[int, str, str]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        said = CliRunner().invoke(main, ["town", "new", *args], input=typed)
    finally:
        os.chdir(before)
    return said.exit_code, said.stdout, said.stderr


def test_a_whole_town_from_a_file_of_answers(tmp_path: Path) -> None:
    path = tmp_path / "Town of Ash" / "ash.toml"
    code, out, err = run(tmp_path, "us-ks-ash", str(path), typed=ASH)
    assert (code, err) == (0, "")
    assert f"{path}: written." in out
    profile, notes = check(path)
    assert profile is not None
    assert notes == []
    assert profile.name == 'Town of "Ash", Ohio'
    own = [rule for rule in profile.rules if rule.source.startswith("ash.toml")]
    assert len(own) > 6
    assert all(rule.cite for rule in own if rule.name not in ("office", "discount"))
    assert {"list", "agreement", "statement"} <= {rule.name for rule in profile.rules}, "what every office does"


def test_without_a_name_the_file_is_named_by_the_town(tmp_path: Path) -> None:
    code, out, _ = run(tmp_path, "us-ks-old-ash", typed=ASH)
    assert (code, "old_ash.toml: written." in out) == (0, True)
    assert load(tmp_path / "old_ash.toml").id == "us-ks-old-ash"
    code, _, err = run(tmp_path, "us-ks-old-ash", "town.txt", typed=ASH)
    assert (code, "must end in .toml" in err) == (2, True)


def test_the_answers_give_the_figures(tmp_path: Path) -> None:
    """Halves of 500.00. March 15, 2025 and ten days: March 25. 2% and 5% once from March 26: 10.00 and 25.00; June 1: 5%."""
    path = tmp_path / "ash.toml"
    path.write_text(ask_town("us-ks-ash", answered(ASH.split("\n"))), encoding="utf-8")
    (one,) = trial.trials(load(path), 2025, 1_000_00)
    days = {d.day: (d.interest, d.penalty) for d in one.days}
    assert days[dt.date(2025, 3, 25)] == (0, 0)
    assert days[dt.date(2025, 3, 26)] == (10_00, 25_00)
    assert days[dt.date(2025, 6, 1)] == (25_00, 25_00)


def test_nothing_known_is_a_file_that_asks(tmp_path: Path) -> None:
    """Settings are assumed with their question. A rate or a due date is never guessed: the rule is left out, and the file says so."""
    code, out, _ = run(tmp_path, "us-ks-ash", str(tmp_path / "a.toml"))
    assert code == 0
    assert "no interest rule" in out
    text = (tmp_path / "a.toml").read_text(encoding="utf-8")
    assert "# [[installments]]: On which days is the tax due?" in text
    profile = load(tmp_path / "a.toml")
    own = [rule for rule in profile.rules if rule.source.startswith("a.toml")]
    assert {r.name for r in own} == {"grace", "allocation", "office"}
    said = {a.what: a.why for rule in own for a in rule.assume}
    assert said["evidence"] == "not known yet: Does the postmark count, or the day the office receives the payment?"
    assert set(said) == {"counted", "roll", "evidence", "order", "holidays", "cite"}


@pytest.mark.parametrize("state", [id_ for id_ in shipped() if id_.count("-") == 1])
def test_a_town_of_a_shipped_state_keeps_what_it_does_not_answer(tmp_path: Path, state: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(ask_town(f"{state}-quillhaven", answered([])), encoding="utf-8")
    profile, _ = check(path)
    assert profile is not None
    assert [r for r in profile.rules if r.source.startswith("a.toml")] == []
    assert {r.words() for r in profile.rules} == {r.words() for r in load(state).rules}


@pytest.mark.parametrize("state", [id_ for id_ in shipped() if id_.count("-") == 1 and load(id_).find(trial.Interest, dt.date(2025, 1, 1))])  # fmt: skip
@pytest.mark.parametrize(("how", "rate", "interest"), [("3", "9%", 90_00), ("4", "9% late", 90_00)])
def test_an_answer_takes_the_place_of_the_states_rule(
    tmp_path: Path, state: str, how: str, rate: str, interest: int
) -> None:
    """Due March 15, free to that day: on March 18, 2025 nine percent of 1,000.00, whatever the State's own rules are."""
    text = ask_town(
        f"{state}-quillhaven",
        by_words(
            **{
                "days is": "3/15",
                "first of them": "0",
                "long can": "none",
                "interest run": how,
                "is the rate?": rate,
                "owed in all": rate,
            }
        ),
    )
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    profile, said = check(path)
    assert profile is not None, said
    one = trial.trials(profile, 2025, 1_000_00)[0]
    assert [x.due for x in one.installments] == [dt.date(2025, 3, 15)]
    late = next(d for d in one.days if d.why == "first day late")
    assert one.part or late.interest == interest


def test_none_takes_the_states_charge_away(tmp_path: Path) -> None:
    """The State charges 8% once, gives 2%, and has a fee of $20.00. This town charges 9% interest once, and nothing else."""
    state = tmp_path / "state.toml"
    state.write_text(
        'id = "us-zz"\n[[interest]]\ntypes = ["RE", "PP"]\nmethod = "flat"\nrate = "8%"\n[[discount]]\ntypes = ["RE", "PP"]\nrate = "2%"\n'
        '[[fee]]\nkind = "returned_check"\namount = "20.00"\n',
        encoding="utf-8",
    )
    words = {"interest run": "3", "is the rate?": "9%", "discount": "none", "penalty": "none", "returned": "none"}
    asked = Town("us-zz-ash", by_words(**words), str(state), load(state))
    for part in (_discount, _interest, _penalty, _returned_check):
        part(asked)
    path = tmp_path / "a.toml"
    path.write_text('id = "us-zz-ash"\nextends = "state.toml"\n' + "\n".join(asked.rules), encoding="utf-8")
    assert {r.sort or r.name: r.params.words().split(".")[0] for r in load(path).rules} == {
        "interest": "Interest: 9% of the unpaid tax, once, when the tax becomes delinquent", "penalty": "Penalty: none",
        "discount": "Discount for prepayment: none", "returned_check": "Fee, returned check: none",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "more", "method"),
    [
        ("1.5% per month", {"month begin": "first", "counted": "late"}, 'method = "per_month_or_part"'),
        ("18% per year", {"month begin": "day"}, 'rate = "18% per year"'),
    ],
)
def test_a_rate_a_month(tmp_path: Path, rate: str, more: dict[str, str], method: str) -> None:
    text = ask_town("us-zz-ash", by_words(**{"days is": "2/1", "interest run": "1", "is the rate?": rate} | more))
    assert method in text
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    assert check(tmp_path / "a.toml")[0] is not None
    rule = tomllib.loads(text)["interest"][0]
    assert rule["months"] == {"first": "touched", "day": "anniversary"}[more["month begin"]]
    unknown = {a["what"] for a in rule["assume"]}
    assert unknown == {"cite"} | (set() if "counted" in more else {"counted_from"})


def test_a_rate_a_year_by_the_day() -> None:
    rule = tomllib.loads(
        ask_town("us-zz-ash", by_words(**{"interest run": "by the day", "is the rate?": "8%", "days has": "360"}))
    )
    assert rule["interest"][0] | {"assume": 0} == {
        "method": "tiered_annual", "tiers": [{"rate": "8%"}], "day_count": "30/360", "counted_from": "due", "component": "interest",
        "assume": 0,
    }  # fmt: skip


# ---- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["2/1", "02-01", "2-1", "Feb 1", "february 1st", "Feb. 1"])
def test_a_day_can_be_written_as_people_write_it(text: str) -> None:
    assert a_day(text) == "02-01"


@pytest.mark.parametrize("text", ["13/1", "2/30", "1 Feb", "ma 3", "Febtober", ""])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        a_day(text)


def test_a_penalty_by_date_and_interest_from_a_day_of_the_year() -> None:
    """As in Utah: 1% at first and 2.5% from February 1, and interest from January 1."""
    asked = Town(
        "us-zz-ash", by_words(**{"does interest run": "2"}, penalty="1% late, 2.5% 2/1", rate="10%", counted="1/1")
    )
    _penalty(asked)
    _interest(asked)
    assert 'steps = [{ at = "delinquent", total = "1%" }, { on = "02-01", total = "2.5%" }]' in asked.rules[0]
    assert 'counted_from = "01-01"' in asked.rules[1]


def test_percentages_by_date() -> None:
    assert steps("2% late, 5% Jun 1, then 0.75%") == [
        {"at": "delinquent", "total": "2%"},
        {"on": "06-01", "total": "5%", "then": "0.75%"},
    ]


@pytest.mark.parametrize(
    ("line", "wrong", "says"),
    [
        (2, "3/45", r'On which days is the tax due\?: "3/45" is not an answer\. Answer: month and day with commas'),
        (7, "maybe", r'"maybe" is not an answer\. Answer: postmark or received'),
        (11, "2 late", r'"2 late" is not an answer'),
        (10, "5", r'How does interest run\?: "5" is not an answer'),
        (16, "25 dollars", r'"25 dollars" is not an answer'),
    ],
)
def test_an_answer_that_cannot_be_read_is_named_and_nothing_is_written(
    tmp_path: Path, line: int, wrong: str, says: str
) -> None:
    lines = ASH.split("\n")
    lines[line] = wrong
    code, _, err = run(tmp_path, "us-ks-ash", str(tmp_path / "ash.toml"), typed="\n".join(lines))
    assert code == 2
    assert re.search(says, err), err
    assert not (tmp_path / "ash.toml").exists()


def test_an_existing_file_and_a_wrong_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "ash.toml").write_text("mine", encoding="utf-8")
    code, _, err = run(tmp_path, "us-ks-ash", str(tmp_path / "ash.toml"), typed=ASH)
    assert (code, "already exists" in err) == (2, True)
    assert (tmp_path / "ash.toml").read_text(encoding="utf-8") == "mine"
    for wrong in ("ash", "us-ash", "US-KS-ASH", "us-ks-my town", "us-nj-colts-neck"):
        with pytest.raises(BadValue, match=r"is not an id for a town|comes with"):
            ask_town(wrong, answered([]))


@pytest.mark.parametrize("text", ['a "b" \\ c', "tab\tend\x7f", "Año Nuevo\u2028", "50 %"])
def test_any_text_is_written_as_toml(text: str) -> None:
    assert tomllib.loads(f"x = {toml([{'a': text}])}") == {"x": [{"a": text}]}


def test_every_question_says_how_to_answer() -> None:
    asked: list[Question] = []

    def note(question: Question) -> tuple[None, str]:
        asked.append(question)
        return None, ""

    ask_town("us-ks-ash", note)
    assert len(asked) >= 10
    assert all(q.text.endswith("?") and q.form for q in asked)
