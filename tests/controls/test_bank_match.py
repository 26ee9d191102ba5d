"""The matching alone, on random months: what belongs together is found, nothing is used twice, and a change is never hidden."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from xltax.office.controls.bank_match import CHECK, DEPOSIT, Item, Line, Match, match, one_slip

D = dt.date


def month(seed: int) -> tuple[list[Item], list[Line]]:
    """Deposits of 20 days, each at the bank one to three days later: alone, two on one line, or one on two lines; and checks."""
    random_ = random.Random(seed)
    items: list[Item] = []
    lines: list[tuple[dt.date, int]] = []
    held: list[Item] = []
    for n in range(20):
        item = Item(DEPOSIT, f"D-{n}", D(2024, 3, 1) + dt.timedelta(days=n), random_.randint(10_000, 9_999_999))
        items.append(item)
        held.append(item)
        if random_.random() < 0.3 and len(held) < 2 and n < 19:
            continue  # goes to the bank with the next one
        day = item.date + dt.timedelta(days=random_.randint(1, 3))
        total = sum(i.amount for i in held)
        if len(held) == 1 and random_.random() < 0.2:
            part = random_.randint(1_000, total - 1_000)
            lines += [(day, part), (day, total - part)]
        else:
            lines.append((day, total))
        held = []
    for n in range(5):
        check = Item(CHECK, f"{n}", D(2024, 3, 2 + n), -random_.randint(10_000, 999_999))
        items.append(check)
        lines.append((check.date + dt.timedelta(days=random_.randint(0, 20)), check.amount))
    return items, [Line(n, day, amount, "", "") for n, (day, amount) in enumerate(sorted(lines))]


def sums(found: Match) -> int:
    """What the match leaves apart: it is always the bank's money less the book's."""
    apart = sum(sum(x.amount for x in lines) - sum(i.amount for i in items) for items, lines in found.apart)
    return apart + sum(x.amount for x in found.lines) - sum(i.amount for i in found.items)


@pytest.mark.parametrize("seed", range(60))
def test_a_sound_month_leaves_nothing_over(seed: int) -> None:
    items, lines = month(seed)
    found = match(items, lines)
    assert (found.items, found.lines, found.apart) == ([], [], [])
    used = [i for mine, _ in found.pairs for i in mine]
    assert sorted(i.no + i.kind for i in used) == sorted(i.no + i.kind for i in items), "each once"
    at = [x.at for _, theirs in found.pairs for x in theirs]
    assert sorted(at) == [x.at for x in lines]


@pytest.mark.parametrize("seed", range(60))
def test_an_amount_changed_at_the_bank_stays_a_difference_of_as_much(seed: int) -> None:
    items, lines = month(seed)
    n = seed % len(lines)
    lines[n] = Line(n, lines[n].date, lines[n].amount + 10_00, "", "")
    found = match(items, lines)
    assert sums(found) == 10_00
    assert found.apart or found.lines, "it is named"


@pytest.mark.parametrize("seed", range(20))
def test_equal_amounts_are_one_to_one(seed: int) -> None:
    """Three deposits of 100.00 and two lines of 100.00: one deposit is left, whichever the order."""
    random_ = random.Random(seed)
    items = [Item(DEPOSIT, f"D-{n}", D(2024, 3, 1 + n), 100_00) for n in range(3)]
    lines = [Line(n, D(2024, 3, 4), 100_00, "", "") for n in range(2)]
    random_.shuffle(items)
    found = match(items, lines)
    assert [i.no for i in found.items] == ["D-2"]
    assert found.lines == []


@pytest.mark.parametrize(
    ("this", "that", "is_one"),
    [
        (300_00, 360_00, True),
        (123_45, 132_45, True),
        (123_45, 321_45, False),
        (100, 1000, False),
        (500, -500, False),
        (7, 7, False),
    ],
)
def test_one_digit_or_two_that_changed_places(this: int, that: int, is_one: bool) -> None:
    assert one_slip(this, that) is is_one
