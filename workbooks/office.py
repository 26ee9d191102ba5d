"""The office's other sheets: its persons, inquiries, complaints, training and certificates."""

from __future__ import annotations

from xltax.sheets.forms import named
from xltax.sheets.model import CellAt, Placed, SheetSpec
from xltax.tables.office import INQUIRIES, TRAINING, USERS


def inquiries() -> SheetSpec:
    """Questions, complaints and records requests."""
    return SheetSpec(
        "Inquiries",
        "Questions, complaints and records requests, each with the deadline for an answer.",
        "Run Enter Inquiry or type a row. After you answer, fill in Answered and Answer. Watch lists the open rows.",
        heading="Inquiries and Complaints",
        tables=(
            Placed(
                INQUIRIES,
                widths={"No": 7, "Kind": 16, "From": 24, "About": 44, "Assigned To": 16, "Answer": 44},
                wrapped=True,
            ),
        ),
    )


def training() -> SheetSpec:
    """Courses, credits and certificates."""
    return SheetSpec(
        "Training",
        "Courses, credits and certificates of everyone in the office.",
        "Add a row for each course. Filter Person and Certificate to add up credits. Watch lists certificates to renew.",
        heading="Training and Certificates",
        tables=(
            Placed(
                TRAINING,
                widths={
                    "No": 7,
                    "Person": 22,
                    "Course": 40,
                    "Given By": 26,
                    "Subject": 20,
                    "Credits": 9,
                    "Certificate": 18,
                },
                wrapped=True,
            ),
        ),
    )


def users() -> SheetSpec:
    """Who works in the office, and what each person may do."""
    return SheetSpec(
        "Users",
        "Who works in the office, and what each person may do. While this sheet is empty, xltax checks nobody's rights.",
        "Add a row for each person. Never remove a row: enter To when a person leaves. Review the rights every year.",
        cells=(
            CellAt("A3", "Person at this computer"),
            named("B3", "acting_user", "entry", help="Your name, only if this computer has no log-in or several persons share it."),
        ),
        tables=(
            Placed(
                USERS,
                widths={"Name": 36, "Log-In": 18, "May Post": 9, "May Adjust": 11, "May Approve": 12, "May Close": 10,
                        "Note": 66},
            ),
        ),
    )  # fmt: skip
