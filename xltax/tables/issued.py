"""The register of issued papers: every statement, slip, quote, receipt and run of bills or letters that was printed."""

from __future__ import annotations

from xltax.tables.schema import Column, Row, TableSpec


class IssuedPaper(Row):
    """One printing of a paper."""

    no = Column("No", "count", "The paper's number, which stands at the foot of every page.", required=True)
    copy = Column(
        "Copy", "count", "1: the first printing. Higher: a reprint with the same content.", default=1, least=1
    )
    kind = Column(
        "Kind", "text", "The kind of paper, such as statement, turnover slip, quote or bill run.", required=True
    )
    about = Column("About", "text", "The period, number or run. Names of taxpayers are never recorded here.")
    printed = Column("Printed", "text", "The date and time.")
    who = Column("Who", "text", "The user's account name.")
    documents = Column("Documents", "count", "Number of documents.")
    total = Column("Total", "money", "The total on the paper.")
    replaces = Column(
        "Replaces",
        "count",
        "The number of the earlier paper, if the content changed since. 0: no earlier paper.",
        default=0,
    )
    books = Column("Books", "text", "The last seal code of the Log when the paper was printed.")
    fingerprint = Column("Fingerprint", "text", "A code made from the content. Another content has another code.")
    parts = Column("Parts", "text", "Short codes of the lines or documents, which show what changed.")
    version = Column("Version", "text", "The version of xltax that printed the paper.")
    seal = Column("Seal", "text", "Seal code of this row and the row before.")


ISSUED = TableSpec(
    "Issued",
    IssuedPaper,
    key=(IssuedPaper.no, IssuedPaper.copy),
    purpose="every paper that was printed, with its number, its total and a code of its content",
    sealed="chain",
)
