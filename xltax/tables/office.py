"""The office around the taxes: what people asked or complained of, and the training the office has had."""

from __future__ import annotations

from xltax.tables.schema import Column, TableSpec

INQUIRIES = TableSpec(
    "Inquiries",
    (
        Column("No", "id", "Its number.", required=True),
        Column("Kind", "text", "inquiry, complaint, or records request.", default="inquiry",
               choices=("inquiry", "complaint", "records request")),
        Column("Received", "date", "The day it came in.", required=True),
        Column("Account", "id", "The account it is about; may be empty."),
        Column("From", "text", "Who asks."),
        Column("About", "text", "What it is about.", required=True),
        Column("Assigned To", "text", "Who answers."),
        Column("Due", "date", "The day an answer is due.", required=True),
        Column("Answered", "date", "The day it was answered; empty: open, and Watch lists it."),
        Column("Answer", "text", "What was answered, and how."),
    ),
    key=("No",),
    purpose="questions and complaints, each with the day its answer is due",
)  # fmt: skip

TRAINING = TableSpec(
    "Training",
    (
        Column("No", "id", "Its number.", required=True),
        Column("Person", "text", "Who took the course.", required=True),
        Column("Held On", "date", "The day of the course."),
        Column("Course", "text", "Its title.", required=True),
        Column("Given By", "text", "Who gave it."),
        Column("Subject", "text", "The subject its credits count for, such as ethics."),
        Column("Credits", "number", "How many credits, such as 1.5."),
        Column("Certificate", "id", "The certificate or licence it counts for, and its number."),
        Column("Renew By", "date", "The day the certificate has to be renewed; Watch lists it."),
        Column("Renewed", "date", "The day it was renewed."),
    ),
    key=("No",),
    purpose="courses, credits and certificates of everybody in the office",
)
