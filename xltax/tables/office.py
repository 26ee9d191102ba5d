"""The office's other tables: questions, complaints and training."""

from __future__ import annotations

from xltax.tables.schema import Column, Row, TableSpec


class Inquiry(Row):
    """One question or complaint."""

    no = Column("No", "id", "Its number.", required=True)
    kind = Column(
        "Kind",
        "text",
        "inquiry, complaint or records request.",
        default="inquiry",
        choices=("inquiry", "complaint", "records request"),
    )
    received = Column("Received", "date", "The day the question was received.", required=True)
    account = Column("Account", "id", "The account in question. Optional.")
    from_ = Column("From", "text", "Who asked.")
    about = Column("About", "text", "The subject.", required=True)
    assigned_to = Column("Assigned To", "text", "Who will answer.")
    due = Column("Due", "date", "The deadline for the answer.", required=True)
    answered = Column("Answered", "date", "The day of the answer. Blank: still open, and Watch lists the row.")
    answer = Column("Answer", "text", "What the answer was, and how it was sent.")


INQUIRIES = TableSpec(
    "Inquiries", Inquiry, key=(Inquiry.no,), purpose="questions and complaints, each with the deadline for an answer"
)


class TrainingRecord(Row):
    """One course or certificate of a person in the office."""

    no = Column("No", "id", "Its number.", required=True)
    person = Column("Person", "text", "Who took the course.", required=True)
    held_on = Column("Held On", "date", "The day of the course.")
    course = Column("Course", "text", "The title of the course.", required=True)
    given_by = Column("Given By", "text", "Who taught the course.")
    subject = Column("Subject", "text", "The subject of the credits, such as ethics.")
    credits = Column("Credits", "number", "Number of credits, such as 1.5.")
    certificate = Column("Certificate", "id", "The certificate or license the credits count toward, with the number.")
    renew_by = Column("Renew By", "date", "The deadline to renew the certificate. Watch lists this date.")
    renewed = Column("Renewed", "date", "The day the certificate was renewed.")


TRAINING = TableSpec(
    "Training",
    TrainingRecord,
    key=(TrainingRecord.no,),
    purpose="courses, credits and certificates of everyone in the office",
)
