"""Requests for waivers: what the law allows, who recommends, who decides, what is posted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import openpyxl
import pytest

from tests.enforcement.offices import Office
from xltax.actions import control, counter, waivers
from xltax.errors import BadValue

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date
DAY = D(2025, 3, 3)


@pytest.fixture
def asked(ct: Office) -> Office:
    """DAVIS asks for the interest of the first half of 500.00, nine months at 1.5%: 67.50; EVANS for a penalty."""
    common: dict[str, Any] = {"Received": DAY, "Inst": 1}
    ct.add(
        "WaiverRequests", {"No": "1", "Bill": "23-R4", "Reason": "billed to a wrong address by the assessor", **common}
    )
    ct.add("WaiverRequests", {"No": "2", "Bill": "23-B5", "Component": "penalty", "Reason": "illness", **common})
    return ct


def recommend(office: Office, no: str, by: str = "Deputy", amount: int = 0, what: str = "Grant") -> None:
    def typed(book: Any) -> str:
        rows = book.read("WaiverRequests")
        for column, value in (("Recommendation", what), ("Recommended By", by), ("Recommended", amount)):
            rows[column] = rows[column].astype(object)
            rows.loc[rows["No"].astype(str) == no, column] = value
        book.replace_columns("WaiverRequests", rows[["Recommendation", "Recommended By", "Recommended"]])
        return ""

    office.do(typed)


def test_the_review_says_what_is_owed_and_what_the_law_allows(asked: Office) -> None:
    assert asked.do(waivers.review_waivers, DAY) == "2 open requests reviewed. The law allows 1 and does not allow 1."
    rows = asked.read("WaiverRequests")
    assert rows[["Open", "Allowed"]].values.tolist() == [[67.5, "Yes"], [0, "No"]]
    assert rows["Law"].iloc[0].startswith("Interest may be waived for an error of the assessor or the collector")
    assert "C.G.S. 12-145" in rows["Law"].iloc[0]
    assert not len(asked.read("Adjustments")), "nothing is granted by looking"


def test_one_recommends_another_decides_and_it_is_posted(asked: Office) -> None:
    for by, says in (("Collector", "no recommendation yet"),):
        with pytest.raises(BadValue, match=says):
            asked.do(waivers.decide_waiver, "1", "Granted", by, "Board vote 4", DAY)
    recommend(asked, "1", amount=50_00)
    with pytest.raises(BadValue, match="who recommended a waiver cannot also decide it"):
        asked.do(waivers.decide_waiver, "1", "granted", " deputy", "Board vote 4", DAY)
    said = asked.do(waivers.decide_waiver, "1", "granted", "Board of Finance", "Board vote 4", DAY)
    assert "Waiver of $50.00 posted on bill 23-R4, installment 1" in said
    row = asked.read("WaiverRequests").iloc[0]
    assert [row["Decision"], row["Decided By"], str(row["Effect"])] == ["Granted", "Board of Finance", "A-1"]
    entry = asked.read("Adjustments").iloc[0]
    assert [entry["Kind"], entry["Component"], entry["Amount"]] == ["Waiver", "interest", 50]
    assert [entry["Authority"], entry["Approved By"]] == ["Board vote 4", "Board of Finance"]
    asked.do(counter.refresh, DAY)
    duplicate = asked.read("Duplicate").set_index("Bill")
    assert duplicate.loc["23-R4", "Interest"] == 67.5 + 22.5 - 50  # the second half is three months late
    assert asked.do(control.proof).endswith(" checks passed.")
    with pytest.raises(BadValue, match="has already been granted"):
        asked.do(waivers.decide_waiver, "1", "Granted", "Board", "Board vote 4", DAY)
    sheet = openpyxl.load_workbook(asked.beside("waiver 1")).active
    cells = [c.value for line in sheet.iter_rows() for c in line if c.value is not None]
    assert {"Waiver request", "Recommended: Deputy", "Decided: Board of Finance"} <= set(cells)


def test_what_the_law_does_not_allow_is_never_posted(asked: Office) -> None:
    recommend(asked, "2", amount=1_00)
    before = asked.path.read_bytes()
    with pytest.raises(BadValue, match="does not allow a waiver of penalty"):
        asked.do(waivers.decide_waiver, "2", "Granted", "Board", "Board vote 4", DAY)
    assert asked.path.read_bytes() == before
    assert "is denied. No balance changes" in asked.do(
        waivers.decide_waiver, "2", "Denied", "Board", "Board vote 4", DAY
    )
    assert not len(asked.read("Adjustments"))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("9", "Granted", "Board", "vote"), 'no request "9"'),
        (("1", "maybe", "Board", "vote"), '"Maybe" is not a decision'),
        (("1", "Granted", "Board", " "), "This field is required"),
        (("1", "Granted", "", "vote"), "cannot also decide it"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(asked: Office, given: tuple[str, ...], says: str) -> None:
    recommend(asked, "1")
    with pytest.raises(BadValue, match=says):
        asked.do(waivers.decide_waiver, *given, DAY)
    assert asked.read("WaiverRequests")["Decision"].isna().all()


def test_more_than_is_owed_is_not_waived(asked: Office) -> None:
    recommend(asked, "1", amount=67_51)
    with pytest.raises(BadValue, match=r"67\.51 is more than the interest"):
        asked.do(waivers.decide_waiver, "1", "Granted", "Board", "vote", DAY)
