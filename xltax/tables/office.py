"""The office's other tables: its persons, questions, complaints and training."""

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


class User(Row):
    """One person of the office, and what this person may do from one day to another."""

    name = Column(
        "Name", "text", "The person's name, as it stands in Posted By. A row without a name counts for nothing."
    )
    login = Column("Log-In", "id", "The log-in of the computer. Two persons may share a log-in; each is then asked.")
    may_post = Column("May Post", "yes", "Yes: may post receipts and reversals.")
    may_adjust = Column("May Adjust", "yes", "Yes: may change what is owed: bill, correct, adjust, waive, refund.")
    may_approve = Column("May Approve", "yes", "Yes: may approve what another person enters.")
    may_close = Column("May Close", "yes", "Yes: may close days, lock and unlock periods, and turn money over.")
    from_ = Column("From", "date", "The first day this row is in force. Blank: from the start.")
    to = Column("To", "date", "The last day this row is in force. Keep the row of a person who leaves.")
    note = Column("Note", "text", "The title, and when the rights were last reviewed.")


USERS = TableSpec(
    "Users",
    User,
    purpose="who works in the office and what each person may do; empty: nobody has said",
)
