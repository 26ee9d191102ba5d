"""What replay works out, as rows: what is open on each installment, what each payment paid, and what is left over."""

from __future__ import annotations

from xltax.tables.core import ADJUSTMENTS, BALANCES, CHARGES, RECEIPTS
from xltax.tables.schema import Column, Row, columns


class OpenInstallment(Row):
    """What is open on one installment on the day of the replay."""

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
    discount = Column("Discount", "money", "What payment in full on this day saves.")
    last_free_day = Column("Last Free Day", "date", "The last day without interest.")
    late = Column("Late", "yes", "True once the last free day is past.")
    group = Column("Group", "id", "Whose money pays it: the account, or the party where the town goes by party.")


class Posting(Row):
    """What one receipt or adjustment did to one installment."""

    receipt = RECEIPTS["Receipt"]
    adjustment = Column("Adjustment", "id", ADJUSTMENTS["No"].help)
    date = Column("Date", "date", "The day it counts from.")
    account = CHARGES["Account"]
    bill = CHARGES["Bill"]
    levy_year = CHARGES["Levy Year"]
    levy_type = CHARGES["Levy Type"]
    part = CHARGES["Part"]
    inst = CHARGES["Inst"]
    tax, interest, penalty, costs, discount = columns("money", ("Tax", "Interest", "Penalty", "Costs", "Discount"))
    total = BALANCES["Total"]


class LeftOver(Row):
    """What one account or party paid beyond everything that was due."""

    group = OpenInstallment.__columns__[-1]
    credit = Column("Credit", "money", "Kept for the next bill.")
    refund = Column("Refund", "money", "To be paid back.")
