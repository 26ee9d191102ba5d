"""The sheets of the office around the taxes: inquiries and complaints, training and certificates."""

from __future__ import annotations

from xltax.sheets.model import Placed, SheetSpec
from xltax.tables.office import INQUIRIES, TRAINING


def inquiries() -> SheetSpec:
    """What people asked or complained of."""
    return SheetSpec(
        "Inquiries",
        "Questions, complaints and records requests, each with the day its answer is due.",
        "Enter Inquiry adds a row, or type one. When it is answered fill in Answered and Answer; Watch lists the others.",
        heading="Inquiries and complaints",
        tables=(
            Placed(
                INQUIRIES,
                widths={"No": 7, "Kind": 16, "From": 24, "About": 44, "Assigned To": 16, "Answer": 44},
                wrapped=True,
            ),
        ),
    )


def training() -> SheetSpec:
    """Courses, credits, certificates."""
    return SheetSpec(
        "Training",
        "Courses, credits and certificates of everybody in the office.",
        "Add a row for each course; filter Person and Certificate to add up credits. Watch lists what has to be renewed.",
        heading="Training and certificates",
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
