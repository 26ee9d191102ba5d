"""Inquiries, training, what Watch says of them; and the inquiry site's file."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pandas as pd
import pytest

from xltax.actions.bills import inquiry_file
from xltax.actions.enforcement import watch
from xltax.actions.office import budget_report, log_inquiry
from xltax.errors import BadValue
from xltax.hosts.files import FilesBook
from xltax.pages import Grid, Page, Text
from xltax.tables import ROLL

D = dt.date


def test_an_inquiry_is_watched_until_it_is_answered(town: FilesBook) -> None:
    said = log_inquiry(
        town,
        "why is there a penalty",
        D(2025, 9, 9),
        "Complaint",
        asked_by="ADAMS",
        assigned_to="deputy",
        today=D(2025, 9, 2),
    ).text
    assert said.startswith("Complaint 1 is entered. The answer is due 2025-09-09.")
    log_inquiry(town, "copy of a bill", D(2025, 12, 9), today=D(2025, 9, 2))
    training = {
        "No": "1",
        "Person": "DEPUTY",
        "Course": "Tax sale",
        "Credits": "1.5",
        "Certificate": "T-77",
        "Renew By": pd.Timestamp(2025, 9, 1),
    }
    town.append("Training", pd.DataFrame([training]))
    watch(town, D(2025, 9, 10))
    rows = town.read("Watch")[["Register", "No", "Owner", "What", "Days"]].to_numpy().tolist()
    assert rows == [
        ["Training", "1", "DEPUTY", "renew certificate T-77", -9],
        ["Inquiries", "1", "deputy", "complaint: why is there a penalty", -1],
    ]
    assert town.read("Inquiries")["No"].tolist() == ["1", "2"]
    done = town.read("Inquiries").assign(Answered=[pd.Timestamp(2025, 9, 8), pd.NaT])
    town.replace_columns("Inquiries", done[["Answered"]])
    watch(town, D(2025, 9, 10))
    assert town.read("Watch")["Register"].tolist() == ["Training"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": "praise"}, '"praise" is not a kind of inquiry. Use one of inquiry, complaint, records request.'),
        ({"due": D(2025, 9, 1)}, "2025-09-01 is before the day the inquiry came in"),
    ],
)
def test_an_inquiry_that_cannot_be_is_refused(town: FilesBook, more: dict[str, object], words: str) -> None:
    with pytest.raises(BadValue, match=words):
        log_inquiry(town, "x", **{"due": D(2025, 9, 9), "today": D(2025, 9, 2), **more})  # type: ignore[arg-type]
    assert len(town.read("Inquiries")) == 0


def test_the_inquiry_file_names_nobody_and_leaves_out_whom_it_must(town: FilesBook, sheet) -> None:
    from xltax.actions.setup import bring_in

    roll = pd.DataFrame(
        [
            {
                "Account": a,
                "Owner": f"OWNER {a}",
                "Location": f"{a} Main St",
                "Net Value": 100,
                "Flags": f,
                "Levy Type": "RE",
            }
            for a, f in (("1", ""), ("2", "confidential"))
        ]
    )
    town.replace_rows("Roll", roll[[c for c in ROLL.names if c in roll]])
    head = ["Account", "Tax Year", "Due Date", "Balance"]
    rows = [head, ["1", 2025, D(2025, 2, 1), 1000], ["2", 2025, D(2025, 2, 1), 500]]
    bring_in(town, "balances", 1500_00, sheet(rows))
    said = inquiry_file(town, D(2025, 5, 1)).text
    town.save()
    assert said.startswith("1 open installment, $1,020.00 with interest to 2025-05-01")
    assert "without 1 confidential account" in said
    text = next(town.path.parent.glob("*inquiry*.csv")).read_text()
    lines = list(csv.DictReader(io.StringIO(text)))
    assert "OWNER" not in text
    assert "2 Main" not in text
    # 90 days of thirty-day months at 8% on 1,000.00.
    assert [(r["AccountNumber"], r["Principal"], r["Interest"], r["TotalDue"]) for r in lines] == [
        ("1", "1000.00", "20.00", "1020.00"), ("TOTAL", "1000.00", "20.00", "1020.00"),
    ]  # fmt: skip


def test_the_budget_prints_item_by_item_with_what_is_left(town: FilesBook) -> None:
    for item, granted, spent, ordered in (
        ("Salaries", 100_000_00, 75_000_00, 0), ("Postage", 1_000_00, 900_00, 150_00), ("Last year's", 0, 0, 0),
    ):  # fmt: skip
        row = {"Levy Year": 2024 if "Last" in item else 2025, "Item": item, "Budgeted": granted, "Spent": spent}
        town.append("Budget", pd.DataFrame([row | {"Ordered": ordered}]))
    seen: list[Page] = []
    town.put_pages = lambda name, pages: seen.extend(pages) or name  # type: ignore[method-assign]
    said = budget_report(town, 2025, D(2025, 9, 2)).text
    assert said == "Budget 2025: 2 items, budgeted $101,000.00, left $24,950.00. The report is in budget 2025."
    table = next(b for b in seen[0].blocks if isinstance(b, Grid))
    assert [r[4:6] for r in table.rows] == [[25_000_00, "75%"], [-50_00, "105%"], [24_950_00, "75%"]]
    assert any(isinstance(b, Text) and b.text == "Over budget: Postage." for b in seen[0].blocks)
    with pytest.raises(BadValue, match="no items for 2030"):
        budget_report(town, 2030)
