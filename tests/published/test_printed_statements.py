"""Balances and rates that towns and counties printed, made again by our statements, entries and functions.

Where a printed figure does not follow from the others, the test says so and keeps the printed figure beside ours.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from xltax.udfs.levy import TAX_RATE

from tests.office.test_general_ledger import CHART, balances, entries, with_chart
from tests.office.test_state_forms import frame
from tests.office.test_statements import Office
from xltax.actions import adjusting, setup, statements, year
from xltax.actions.desk import Desk
from xltax.law.collection import CollectionRate
from xltax.law.load import load
from xltax.money import div_half_up, to_cents
from xltax.office.statements import collection_rates, general_ledger, statement_lines, subjects
from xltax.office.statements.general_ledger import JournalLine
from xltax.office.statements.movements import Period
from xltax.office.statements.statement_lines import Part
from xltax.tables.counter import REVENUE_CODES
from xltax.tables.statements import ACCOUNTS, RevenueAccount
from xltax.tables.table import Table

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")

D = dt.date


# ---- Ewing, New Jersey -------------------------------------------------------------------------------------------------

EWING = {
    "taxes not billed": "4908.05", "delinquent taxes": "140894.50", "tax title liens": "287886.50", "property acquired": "965600.00",
    "sewer": "45704.29", "interfund 1": "166874.03", "interfund 2": "75.75", "interfund 3": "0.01",
}  # fmt: skip
"""Trial balance at June 30, 2006, https://pdfcoke.com/documents/revised-annual-financial-statement-2006-wj39lw8mxy3g."""
RESERVE = "1611943.13"
NOT_OURS = ("sewer", "interfund 1", "interfund 2", "interfund 3")
"""Receivables that are in no collector's book of taxes; the statement tells the reader to add them from the ledger."""


def rest_of_ewing(*ours: str) -> int:
    """The printed receivables without ours, in cents."""
    return sum(to_cents(amount) for name, amount in EWING.items() if name not in ours)


def test_ewings_reserve_is_the_line_of_the_annual_statement(tmp_path: Path) -> None:
    """Taxes 140,894.50 and liens 287,886.50 stand on our statement; with the other receivables they are the printed reserve."""
    it = Office(
        tmp_path / "e.xlsx", "us-nj-colts-neck", 2006, "Account,Owner,Net Value,Prior Tax\n1,A,1,0\n", D(2006, 1, 2)
    )
    source = tmp_path / "open.csv"
    source.write_text(f"Account,Levy Year,Inst,Due,Amount\n1,2005,4,2005-11-01,{EWING['delinquent taxes']}\n", "utf-8")
    it.do(setup.bring_in, "balances", to_cents(EWING["delinquent taxes"]), source, today=D(2006, 1, 2))
    lien = {"Certificate": "05-1", "Account": "1", "Sold": D(2005, 12, 1), "Amount": to_cents(EWING["tax title liens"])}
    book = it.opened()
    book.append("Certificates", pd.DataFrame([lien], dtype=object))
    book.save()
    said = it.do(statements.annual_statement, D(2006, 6, 30), start=D(2006, 1, 3))
    assert "DOES NOT FOOT" not in said
    ours = it.lines("Taxes and liens receivable")
    assert ours["T Taxes receivable"] == pytest.approx(140_894.50)
    assert ours["L Tax title liens receivable"] == pytest.approx(287_886.50)
    reserve = round(ours["Reserve for these receivables"] * 100)
    assert reserve + rest_of_ewing("delinquent taxes", "tax title liens") == to_cents(RESERVE)


def test_ewings_reserve_is_the_balance_of_our_entries() -> None:
    """A levy of all of it, 1,253,486.50 that went to liens, and 965,600.00 of that foreclosed: each receivable and its reserve."""
    taxes, liens, acquired = (
        to_cents(EWING["taxes not billed"]) + to_cents(EWING["delinquent taxes"]),
        to_cents(EWING["tax title liens"]),
        to_cents(EWING["property acquired"]),
    )
    gl = entered(
        "us-nj-colts-neck",
        ("levied", taxes + liens + acquired),
        ("to_lien", liens + acquired),
        ("foreclosed", acquired),
    )
    assert (gl["Receivable"], gl["Liens"], gl["Acquired"]) == (taxes, liens, acquired)
    ours = (name for name in EWING if name not in NOT_OURS)
    assert -gl["Reserve"] + rest_of_ewing(*ours) == to_cents(RESERVE)


def entered(town: str, *happened: tuple[str, int]) -> dict[str, int]:
    """The balances of a town's accounts after events of one day."""
    day = pd.Timestamp(2006, 1, 2)
    rows = pd.DataFrame(
        [{"Day": day, "Event": e, "Levy Year": 2006, "Levy Type": "RE", "Levy Part": "", "Code": "", "Amount": a,
          "Table": "Duplicate", "At": 0} for e, a in happened]
    )  # fmt: skip
    chart = [
        {RevenueAccount.code: c, RevenueAccount.name: c, RevenueAccount.column: c, RevenueAccount.gl_account: n}
        for c, n in CHART.items()
    ]
    accounts = Table.made(ACCOUNTS, chart)
    lines, _ = general_ledger.journal(rows, accounts, Table.empty(REVENUE_CODES), load(town), D(2006, 12, 31))
    assert int(lines[JournalLine.amount].sum()) == 0
    return balances(lines.frame.assign(Account=lines[JournalLine.account]))


def test_ewings_overpayments_and_prepaid_taxes_are_end_states(tmp_path: Path) -> None:
    """June 30, 2004: overpayments 20,021.77 (https://pdfcoke.com/documents/2004-annual-financial-statement-r6zw7gmxxg30); 2006: 3,564.52.

    The account is overpaid by the first figure, and 16,457.25 is refunded. Neither lowers what is unpaid.
    """
    it = Office(tmp_path / "e.xlsx", "us-nj-colts-neck", 2004, "Account,Owner,Net Value,Prior Tax\n1,A,100000,0\n2,B,100000,0\n", D(2004, 1, 2))  # fmt: skip
    it.do(year.bill, 2004, "RE=2.000", mailed=D(2004, 1, 10), today=D(2004, 1, 10), no_prior_tax=True)
    it.pay(D(2004, 1, 20), ("1", "22021.77", D(2004, 1, 20)), again=True)  # 2,000.00 of tax
    it.do(statements.annual_statement, D(2004, 6, 30), start=D(2004, 1, 1))
    assert it.lines("Overpayments")["On hand at the end"] == pytest.approx(20_021.77)
    it.do(adjusting.refund, "1", 16_457_25, "overpaid", "R-1", "Council", today=D(2004, 7, 20))
    it.do(statements.annual_statement, D(2004, 12, 31))
    credit = it.lines("Overpayments")
    assert credit["Refunded, or moved to another account"] == pytest.approx(-16_457.25)
    assert credit["On hand at the end"] == pytest.approx(3_564.52)
    assert it.lines("Taxes of the year")["Unpaid at the end of the year"] == 2_000


# ---- Milford, New Jersey -----------------------------------------------------------------------------------------------

MILFORD = {
    # https://cld.bz/Zb7efP
    2016: ("115442277", "3.390", {"378172.98": ".327", "36821.29": ".032", "1901163.00": "1.647", "770431.00": ".668", "787239.00": ".682",
                                  "39143.00": ".034"}),
    2015: ("115859056", "3.305", {"353171.31": "", "34387.02": "", "1912406.00": "", "710220.00": "", "782181.00": "", "36637.00": ""}),
}  # fmt: skip
NOT_ALONE = {"378172.98": ".328", "770431.00": ".667"}
"""Two printed rates of 2016 do not follow from their own levy: 0.32759 is printed .327, and 0.66737 is printed .668.

The county's rate gives up what the regional school's takes, so that the six printed rates still add up to 3.390.
"""


@pytest.mark.parametrize("levy_year", MILFORD)
def test_milfords_rates(levy_year: int) -> None:
    ratables, whole, parts = MILFORD[levy_year]
    total = sum(to_cents(levy) for levy in parts)
    assert total == {2016: 3_912_970_27, 2015: 3_829_002_33}[levy_year]
    assert rate_of(total, ratables) == round(float(whole) * 1000)
    for levy, printed in parts.items():
        if printed:
            assert rate_of(to_cents(levy), ratables) == round(float(NOT_ALONE.get(levy, printed)) * 1000), levy


def rate_of(levy: int, ratables: str) -> int:
    """The rate per $100, to three places, in thousandths."""
    rate = TAX_RATE(levy, to_cents(ratables)) * 1000
    return div_half_up(rate.numerator, rate.denominator)


# ---- Mashpee, Massachusetts, and Nashua, New Hampshire -----------------------------------------------------------------


def test_mashpees_sixty_days(tmp_path: Path) -> None:
    """June 30, 2004: real and personal 1,270,270, of it 180,000 allowed for; 631,465 deferred, so 458,805 came within sixty days.

    http://records.mashpeema.gov/WebLink/0/doc/202117/Page50.aspx prints the receivable, the allowance and what is deferred.
    The allowance is the finance officer's and no entry of the collector: our reserve has it with the deferred tax.
    """
    roll = "Account,Owner,Net Value,Prior Tax\n1,A,458805000,0\n2,B,811465000,0\n"
    it = with_chart(Office(tmp_path / "m.xlsx", "us-ma", 2003, roll, D(2003, 7, 2)))
    it.do(year.bill, 2003, "RE=1", mailed=D(2003, 7, 10), today=D(2003, 7, 10), no_prior_tax=True)
    it.do(statements.annual_statement, D(2004, 6, 30))
    assert it.lines("By levy year")["Uncollected"] == 1_270_270
    it.do(statements.ledger_export, D(2004, 6, 30), D(2003, 7, 1))
    rows = entries_of(it)
    it.pay(D(2004, 8, 20), ("1", f"{interest_and_tax(it, D(2004, 8, 20)) / 100:.2f}", D(2004, 8, 20)))
    it.do(statements.ledger_export, available=D(2004, 6, 30))
    soon = entries_of(it)
    gl = balances(pd.concat([rows, soon[soon["Date"] == "2004-06-30"]]))
    assert gl["Receivable"] == 1_270_270_00
    assert -gl["Tax"] == 458_805_00
    assert -gl["Reserve"] - 180_000_00 == 631_465_00


def interest_and_tax(it: Office, on: dt.date) -> int:
    """What account 1 owes on a day, in cents."""
    owed = Desk.of(it.opened()).ledger(on).balances
    return int(owed.loc[owed["Account"] == "1", "Total"].sum())


def entries_of(it: Office) -> pd.DataFrame:
    """The lines of the file exported last."""
    return entries(it, next(reversed(it.files)))


def test_nashuas_liens_and_their_allowance() -> None:
    """June 30, 2021, https://www.nashuacity.com/index.php/node/2729: levy 17,045,310, liens 7,076,507 less 2,735,935 allowed for.

    Our closing is gross: 24,121,817. The printed net, 21,385,882, is that less the allowance, which is on the liens only. Deeded
    property, 331,942, is on no collector's list, and makes the printed 24,453,759 and 21,717,824.
    """
    rows = pd.concat(
        [
            frame(("RE", "levied", 17_045_310_00, None, None)),
            frame(("RE", "liened", 7_076_507_00, None, None), part="Lien"),
        ]
    )
    still = pd.concat(
        [frame(("RE", "open", 17_045_310_00, None, None)), frame(("RE", "open", 7_076_507_00, None, None), part="Lien")]
    )
    lines = lines_of("us-nh", "annual", rows, still)
    closing = {line[7]: line[5] for line in lines if line[3] == "Uncollected at the end"}
    assert closing == {"": 17_045_310_00, "Lien": 7_076_507_00}
    assert [line[5] for line in lines if line[3] == "Difference"] == [0, 0]
    gross, allowed = sum(closing.values()), 2_735_935_00
    assert gross - allowed == 21_385_882_00
    assert (gross + 331_942_00, gross - allowed + 331_942_00) == (24_453_759_00, 21_717_824_00)
    assert collection_rates.percent(allowed, closing["Lien"]) == "38.66"


def lines_of(town: str, report: str, moved: pd.DataFrame, still: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The lines of a State's first part about levies, from rows of one year."""
    rule = next(r for r in statement_lines.rules_of(load(town), report, D(2025, 6, 30)) if r.about == "levies")
    period = Period(D(2025, 1, 1), D(2025, 12, 31))
    lines, _ = statement_lines.lines_of([Part(rule, period, subjects.Moves(moved, still), load(town), D(2025, 12, 31))])
    return lines


# ---- North Carolina ----------------------------------------------------------------------------------------------------

LEE = {"levied": 1_929_893_94, "added": 25_897_38, "penalties": 6_846_07, "costs": 520_25, "licenses": 5_100_19}
"""Lee County, levy of 1970, lee-lf.leecountync.gov:23610/weblink/0/doc/14779/Page1.aspx. Only the first two credits are readable."""


def test_lee_countys_charges() -> None:
    """The charges add up to the printed 1,968,257.83. Penalties and costs on a bill are charged as corrections up, as are licenses."""
    more = LEE["penalties"] + LEE["costs"] + LEE["licenses"]
    discounts, reliefs = 8_266_04, 2_984_08
    moved = frame(("RE", "levied", LEE["levied"], None, None), ("RE", "added", LEE["added"], None, None), ("RE", "corrected_up", more, None, None),
                  ("RE", "discount", discounts, None, None), ("RE", "abated", reliefs, None, None))  # fmt: skip
    rest = frame(("RE", "open", sum(LEE.values()) - discounts - reliefs, None, None))
    lines = {line[3]: line[5] for line in lines_of("us-nc", "settlement", moved, rest)}
    assert lines["D Total charges"] == 1_968_257_83
    assert (lines["3 Discounts"], lines["2 Releases"]) == (discounts, reliefs)
    assert lines["Remaining difference (must be $0.00)"] == lines["Difference"] == 0


def test_orange_countys_percentage_depends_on_its_base() -> None:
    """February 16, 2018 (server3.co.orange.nc.us:8088/WebLink, id 50946): 100.05% of the budget, but 97.35% of the levy."""
    collected, receivable, budget = 139_671_188_88, 3_803_320_48, 139_606_313_00
    rule = load("us-nc").rule(CollectionRate, D(2018, 2, 16)).params
    sums = {"levied": collected + receivable, "collected": collected}
    levied, paid = rule.levied(sums), rule.collected(sums)
    assert collection_rates.percent(paid, levied, rule.rounding) == "97.35"
    assert collection_rates.percent(paid, budget, rule.rounding) == "100.05"
    assert budget - paid == -64_875_88
