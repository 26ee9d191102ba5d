"""The office around the taxes: what people asked or complained of, and the training the office has had."""

from __future__ import annotations

from xltax.tables.schema import Column, Row, TableSpec


class Inquiry(Row):
    """One question or complaint."""

    no = Column("No", "id", "Its number.", required=True)
    kind = Column(
        "Kind",
        "text",
        "inquiry, complaint, or records request.",
        default="inquiry",
        choices=("inquiry", "complaint", "records request"),
    )
    received = Column("Received", "date", "The day it came in.", required=True)
    account = Column("Account", "id", "The account it is about; may be empty.")
    from_ = Column("From", "text", "Who asks.")
    about = Column("About", "text", "What it is about.", required=True)
    assigned_to = Column("Assigned To", "text", "Who answers.")
    due = Column("Due", "date", "The day an answer is due.", required=True)
    answered = Column("Answered", "date", "The day it was answered; empty: open, and Watch lists it.")
    answer = Column("Answer", "text", "What was answered, and how.")


INQUIRIES = TableSpec(
    "Inquiries", Inquiry, key=(Inquiry.no,), purpose="questions and complaints, each with the day its answer is due"
)


class TrainingRecord(Row):
    """One certificate or course of somebody in the office."""

    no = Column("No", "id", "Its number.", required=True)
    person = Column("Person", "text", "Who took the course.", required=True)
    held_on = Column("Held On", "date", "The day of the course.")
    course = Column("Course", "text", "Its title.", required=True)
    given_by = Column("Given By", "text", "Who gave it.")
    subject = Column("Subject", "text", "The subject its credits count for, such as ethics.")
    credits = Column("Credits", "number", "How many credits, such as 1.5.")
    certificate = Column("Certificate", "id", "The certificate or licence it counts for, and its number.")
    renew_by = Column("Renew By", "date", "The day the certificate has to be renewed; Watch lists it.")
    renewed = Column("Renewed", "date", "The day it was renewed.")


TRAINING = TableSpec(
    "Training",
    TrainingRecord,
    key=(TrainingRecord.no,),
    purpose="courses, credits and certificates of everybody in the office",
)
