"""The results of replay: the balance of each installment, how each payment was applied, and any credit."""

from __future__ import annotations

from xltax.tables.core import ADJUSTMENTS, BALANCES, CHARGES, RECEIPTS
from xltax.tables.schema import Column, Row, columns


class OpenInstallment(Row):
    """The open balance of one installment on the day of the replay."""

    account = CHARGES["Account"]
    bill = CHARGES["Bill"]
    levy_year = CHARGES["Levy Year"]
    levy_type = CHARGES["Levy Type"]
    part = CHARGES["Part"]
    inst = CHARGES["Inst"]
    due = CHARGES["Due"]
    billed = Column("Billed", "money", "The installment as billed.")
    tax = BALANCES["Tax"]
    interest = BALANCES["Interest"]
    penalty = BALANCES["Penalty"]
    costs = BALANCES["Costs"]
    total = BALANCES["Total"]
    discount = Column("Discount", "money", "The discount for payment in full on this day.")
    last_free_day = Column("Last Free Day", "date", "The last day to pay without interest.")
    late = Column("Late", "yes", "True after the last interest-free day.")
    group = Column(
        "Group", "id", "Whose payments apply: the account, or the party if the town applies payments by party."
    )


class Posting(Row):
    """The effect of one receipt or adjustment on one installment."""

    receipt = RECEIPTS["Receipt"]
    adjustment = Column("Adjustment", "id", ADJUSTMENTS["No"].help)
    date = Column("Date", "date", "The effective date.")
    account = CHARGES["Account"]
    bill = CHARGES["Bill"]
    levy_year = CHARGES["Levy Year"]
    levy_type = CHARGES["Levy Type"]
    part = CHARGES["Part"]
    inst = CHARGES["Inst"]
    tax, interest, penalty, costs, discount = columns("money", ("Tax", "Interest", "Penalty", "Costs", "Discount"))
    total = BALANCES["Total"]


class LeftOver(Row):
    """The amount one account or party overpaid."""

    group = OpenInstallment.__columns__[-1]
    credit = Column("Credit", "money", "Credit for the next bill.")
    refund = Column("Refund", "money", "Amount to refund.")
