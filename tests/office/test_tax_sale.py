"""Tax-sale certificates and their redemption on a workbook file, from the roll to the printed page."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from random import Random

import pandas as pd
import pytest

from tests.office.quillhaven import Office, sold
from xltax.actions import certificates, control, counter, quotes
from xltax.errors import BadValue
from xltax.law.load import load
from xltax.office.quotes import redemption as redeeming
from xltax.pages import Grid, Page, Text
from xltax.tables.agreements import SUBSEQUENTS
from xltax.tables.table import Table

D = dt.date

# Taxes of 1,000.00 a quarter on 10-1 for 2024, and 5,000.00 a quarter on 10-2; nothing is paid.
TOWN = """
us-nj-colts-neck 2024, as of 2024-12-02

roll of 2023-12-01
Account  Owner      Location   Net Value  Prior Tax
10-1     Ada Marsh  1 Mill Rd    400,000   4,000.00
10-2     Cy Pond    3 Mill Rd  2,000,000  20,000.00

billed 2024-06-10, at RE=1.0
"""


def grids(page: Page) -> list[Grid]:
    return [b for b in page.blocks if isinstance(b, Grid)]


def texts(page: Page) -> str:
    return "\n".join(b.text for b in page.blocks if isinstance(b, Text))


def test_what_the_municipality_buys_goes_to_lien_and_is_redeemed(nj: Office) -> None:
    said = certificates.enter_certificate(
        nj.book, "25-1", "10-2", D(2025, 10, 15), D(2024, 12, 31), "18%", "", 0, 2, today=D(2025, 10, 15)
    ).text
    assert (
        "lien $24,534.17 and cost of sale $150.00, total $24,684.17" in said
    )  # 2% is 490.68: at most 100.00, and two notices
    counter.refresh(nj.book, D(2025, 10, 15))
    duplicate = nj.table("Duplicate")
    assert duplicate.loc[duplicate["Account"] == "10-2", "To Lien"].sum() == 20_000
    assert duplicate.loc[duplicate["Account"] == "10-2", "Total Due"].sum() == 0
    said = certificates.redemption(nj.book, "25-1", "Cy Pond", D(2026, 1, 15), today=D(2026, 1, 15)).text
    # 24,684.17 for three months at 18% is 1,110.79; 6% of it 1,481.05.
    assert "27,276.01 on 2026-01-15" in said
    certificates.certificates(nj.book, D(2026, 1, 15))
    assert nj.table("Certificates")["Redemption"].tolist() == [27_276.01]
    with pytest.raises(
        BadValue, match=r"The amount paid is \$27,276.00, but \$27,276.01 redeems certificate 25-1 on 2026-01-15"
    ):
        certificates.redeem(nj.book, "25-1", D(2026, 1, 15), 27_276_00)
    said = certificates.redeem(nj.book, "25-1", D(2026, 1, 15), 27_276_01, reference="5", today=D(2026, 1, 15)).text
    line = nj.table("CashBook").iloc[-1]
    assert [line["Kind"], line["Revenue Code"], line["Total"]] == ["Other", "TAX TITLE LIEN", 27_276.01]
    assert said.endswith(f"Receipt {line['Receipt']}.")
    assert " checks passed." in control.proof(nj.book, D(2026, 1, 15)).text
    row = nj.table("Certificates").iloc[0]
    assert (row["To Holder"], row["To Municipality"]) == (0, 27_276.01)
    with pytest.raises(BadValue, match="was redeemed on 2026-01-15"):
        certificates.redemption(nj.book, "25-1", "Cy Pond", D(2026, 2, 15))


def test_who_is_paid_what_of_a_redemption(nj: Office) -> None:
    said = sold(nj, "Lien Fund")
    assert "Posted to account 10-2, receipts 1 to 2. The premium of $500.00 is posted as PREMIUM." in said
    book = nj.table("CashBook")
    assert book.groupby("Receipt")["Total"].sum().round(2).tolist() == [24_684.17, 500]
    assert book.loc[book["Account"] == "10-2", "Costs"].sum() == 150, "the cost of sale is paid first"
    assert book["Overpaid"].sum() == 0
    counter.refresh(nj.book, D(2025, 10, 15))
    duplicate = nj.table("Duplicate")
    mine = duplicate[(duplicate["Account"] == "10-2") & (duplicate["Levy Year"] == 2024)]
    assert mine["Total Due"].sum() == 0, "all that was sold is paid"
    nj.book.append("Subsequents", pd.DataFrame([{"Certificate": "25-1", "Paid On": D(2025, 11, 15), "Amount": 3_000_00}]).astype({"Amount": "int64"}))  # fmt: skip
    said = certificates.redeem(nj.book, "25-1", D(2026, 1, 15), 24_684_17 + 1_110_79 + 1_481_05 + 3_000_00 + 90_00).text
    # 3,000.00 for two months at 18% is 90.00. The premium comes on top, out of the trust account.
    assert "$30,366.01 to the holder, $0.00 to the municipality, premium returned $500.00." in said
    row = nj.table("Certificates").iloc[0]
    assert (row["To Holder"], row["Premium Returned"], row["Paid"]) == (30_366.01, 500, 30_366.01)


def test_no_page_calls_a_property_clear_whose_certificate_is_not_redeemed(nj: Office) -> None:
    sold(nj, "Lien Fund")
    on = D(2025, 10, 20)
    # 24,684.17 at 18% for 5 days, 30/360: 61.71, and no penalty so soon after the sale. A day is 12.34.
    words = (
        "ax-sale certificate 25-1, sold on October 15, 2025, has not been redeemed and is not included in this amount. "
        "$24,745.88 redeems the certificate on October 20, 2025, in addition to the taxes. "
        "This office forwards the payment to Lien Fund, the holder. The next day adds $12.34."
    )
    said = quotes.quote(nj.book, "10-2", on, 3, "Smith Title", on).text
    assert words in said
    assert "Account 10-2: $0.00 due on 2025-10-20." in said
    page = texts(nj.page("payoff 2025-1"))
    assert words in page
    assert words in str(nj.book.get("quote_note"))
    quotes.tax_search(nj.book, "10-2", "Smith Title", on, today=on)
    page = texts(nj.page("tax search 2025-2"))
    assert "No tax is open on October 20, 2025." in page
    assert words in page
    assert grids(nj.page("tax search 2025-2"))[1].rows == [["25-1", D(2025, 10, 15), "Lien Fund", 24_745_88, 12_34]]
    assert "redeemed" not in quotes.quote(nj.book, "10-1", on, 3, "Smith Title", on).text


def test_many_certificates_are_figured_together_and_each_as_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    town = load("us-nj-colts-neck")
    rng, on, rates = Random(38), D(2025, 1, 15), [Fraction(n, 200) for n in (0, 11, 36)]
    held = {
        f"25-{n}": redeeming.Certificate(
            rng.randint(50_00, 20_000_00), on - dt.timedelta(days=rng.randint(0, 2000)), rng.choice(rates),
            search=rng.choice((0, 12_00)), municipal=rng.random() < 0.4,
        )
        for n in range(120)
    }  # fmt: skip
    later = Table.made(
        SUBSEQUENTS,
        [
            {
                "Certificate": number,
                "Paid On": c.sold + dt.timedelta(days=rng.randint(0, 900)),
                "Amount": rng.randint(100, 5_000),
            }
            for number, c in held.items()
            for _ in range(rng.randint(0, 2))
        ],
    )
    since = {number: rng.randint(0, 9_000_00) for number, c in held.items() if c.municipal}
    alone = {
        number: redeeming.redemption(town, c, later[later["Certificate"] == number], on, since.get(number, 0))
        for number, c in held.items()
    }
    runs = []
    replay = redeeming.replay
    monkeypatch.setattr(redeeming, "replay", lambda *given: runs.append(given) or replay(*given))
    together = redeeming.redemptions(town, held, later, on, since)
    assert len(runs) == len(rates) + 1, "one for each rate bid, one for what holders paid later"
    for number, table in alone.items():
        pd.testing.assert_frame_equal(pd.DataFrame(together[number]), table.iloc[:-1])
        assert redeeming.total(together[number]) == table["Amount"].iloc[-1]


def test_a_wrong_certificate_among_many_is_named() -> None:
    held = {"25-1": redeeming.Certificate(100_00, D(2024, 1, 2), Fraction(18, 100)), "25-2": redeeming.Certificate(100_00, D(2024, 1, 2), Fraction(18))}  # fmt: skip
    with pytest.raises(BadValue, match=r"rate of certificate 25-2.*A rate bid of 1800% is not possible"):
        redeeming.redemptions(load("us-nj-colts-neck"), held, None, D(2025, 1, 2), {})


def test_a_subsequent_tax_whose_receipt_is_taken_back_is_not_repaid_to_the_holder(nj: Office) -> None:
    sold(nj, "Lien Fund")
    counter.post(
        nj.book,
        nj.csv(Account=["10-2"], Amount=["300.00"], Received=["2025-11-15"], By=["third party"]),
        today=D(2025, 11, 15),
    )
    receipt = str(nj.table("CashBook")["Receipt"].iloc[-1])
    later = {"Certificate": "25-1", "Paid On": D(2025, 11, 15), "Amount": 300_00, "Receipt": receipt}
    nj.book.append("Subsequents", pd.DataFrame([later]).astype({"Amount": "int64"}))
    certificates.certificates(nj.book, D(2026, 1, 15))
    # 300.00 for two months at 18% is 9.00.
    with_it = nj.table("Certificates")["Redemption"].iloc[0]
    assert with_it == 24_684.17 + 1_110.79 + 1_481.05 + 309.00
    said = counter.reverse(nj.book, receipt, "check returned unpaid", on=D(2025, 12, 1), today=D(2025, 12, 1)).text
    assert "Subsequents of certificate 25-1: the $300.00 paid on 2025-11-15 no longer counts" in said
    certificates.certificates(nj.book, D(2026, 1, 15))
    assert nj.table("Certificates")["Redemption"].iloc[0] == 24_684.17 + 1_110.79 + 1_481.05
    certificates.redemption(nj.book, "25-1", "Cy Pond", D(2026, 1, 15))
    assert nj.table("Quotes")["Total"].iloc[-1] == 24_684.17 + 1_110.79 + 1_481.05


def test_after_five_years_the_premium_is_kept(nj: Office) -> None:
    sold(nj, "Lien Fund")
    certificates.certificates(nj.book, D(2030, 10, 15))
    assert nj.table("Certificates")["Status"].tolist() == ["Open"]
    certificates.certificates(nj.book, D(2030, 10, 16))
    assert nj.table("Certificates")["Status"].tolist() == ["Premium lapsed"]
    certificates.redemption(nj.book, "25-1", "Cy Pond", D(2030, 10, 16))
    who = grids(nj.page("redemption 2030-1"))[1]
    assert list(who.rows[-1]) == ["Municipality", 500_00, "premium not claimed in time"]


def test_two_figures_a_year_are_free_then_the_fee(nj: Office) -> None:
    sold(nj, "Lien Fund")
    fees = []
    for n in range(4):
        certificates.redemption(nj.book, "25-1", "Cy Pond", D(2026, 1, 15 + n), today=D(2026, 1, 15 + n))
        fees.append(nj.table("Quotes")["Fee"].iloc[-1])
    assert fees == [0, 0, 50, 50]
    certificates.redemption(nj.book, "25-1", "cy pond ", D(2027, 1, 4), today=D(2027, 1, 4))
    assert nj.table("Quotes")["Fee"].iloc[-1] == 0, "a new year"
    certificates.redemption(nj.book, "25-1", "Bank", D(2026, 1, 20), today=D(2026, 1, 20))
    assert nj.table("Quotes")["Fee"].iloc[-1] == 0, "another party"
    said = certificates.redemption(
        nj.book, "25-1", "Lien Fund", D(2026, 1, 20), by_holder=True, today=D(2026, 1, 20)
    ).text
    assert said.endswith("The fee is $50.00.")
    assert nj.table("Quotes")["Quote"].tolist()[-1] == "2026-6"


def test_what_entering_a_certificate_refuses(nj: Office) -> None:
    sold(nj, "Lien Fund")
    for changed, says in (
        ({}, "Certificate 25-1 has already been entered"),
        ({"certificate": "25-2", "liens_to": D(2025, 10, 15)}, "The last due date of the liens is not before the sale"),
        ({"certificate": "25-2", "liens_to": D(2023, 12, 31)}, "owes nothing that was due by 2023-12-31"),
        ({"certificate": "25-2", "account": "10-9"}, 'Account "10-9" is not on the Duplicate'),
        ({"certificate": "25-2", "rate": "abc"}, "not a number"),
        ({"certificate": "25-2", "account": "10-1", "rate": "18"}, "A rate bid of 1800% is not possible"),
        ({"certificate": "25-2", "account": "10-1", "rate": "18.5%"}, "rate bid of 18.5% is not possible.*at most 18%"),
    ):
        given = {
            "certificate": "25-1",
            "account": "10-2",
            "sold": D(2025, 10, 15),
            "liens_to": D(2024, 12, 31),
            "rate": "18%",
        }
        with pytest.raises(BadValue, match=says):
            certificates.enter_certificate(nj.book, **given | changed)
    with pytest.raises(BadValue, match='There is no certificate "7"'):
        certificates.redeem(nj.book, "7", D(2026, 1, 15), 1)
    assert len(nj.table("Certificates")) == 1
