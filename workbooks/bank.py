"""The bank's sheets: checks written, statement balances with the reconciliations, and credits by age."""

from __future__ import annotations

from xltax.sheets.model import Placed, SheetSpec
from xltax.tables.bank import AGED_CREDITS, BANK_BALANCES, OWED, PAID_OUT, RECONCILIATIONS


def paid_out() -> SheetSpec:
    """Checks written on the collector's account."""
    return SheetSpec(
        "Paid Out",
        "Every check or wire out of the collector's account: refunds, turnovers, trust money, bank fees. One row for each check.",
        "Add a row when you write the check. Reconcile Bank fills in Cleared. Outstanding checks stay on the reconciliation.",
        tables=(Placed(PAID_OUT, widths={"Payee": 34, "For": 12, "Note": 40}),),
    )


def reconciliation() -> SheetSpec:
    """Statement balances, other money in the account, and every reconciliation as it was printed."""
    return SheetSpec(
        "Bank Reconciliation",
        "Statement balances on the left, other money in the account beside them, and every reconciliation on the right.",
        "Run Import Bank, or enter the statement's ending balance. Then run Reconcile Bank. Another person reviews and signs the page.",
        tables=(
            Placed(BANK_BALANCES, widths={"File": 26}),
            Placed(OWED, "E4", widths={"What": 40, "Explained By": 34}),
            Placed(
                RECONCILIATIONS,
                "K4",
                widths={"Section": 40, "Detail": 60, "Prepared By": 14, "Reviewed By": 18, "Seal": 20, "No": 6},
                wrapped=True,
            ),
        ),
        widths={"D": 3, "J": 3},
        pages_wide=3,
    )


def credits() -> SheetSpec:
    """Credits by age."""
    return SheetSpec(
        "Credits",
        "Credits and uncashed refund checks by age, with the last day to refund and the day the money is presumed abandoned.",
        "Credits fills this sheet. Do not type here. Refund pays a credit out. Escheat takes it out when the State is paid.",
        heading="Credits by Age",
        tables=(Placed(AGED_CREDITS, widths={"Owner": 30, "Stage": 20, "Source": 10}),),
    )
