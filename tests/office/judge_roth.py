"""A township in which one owner's account is flagged confidential, and whose name and home stand in other places too."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import unescape

import pandas as pd

from tests.books.one_book import OneBook
from xltax.actions import adjusting, agreements, certificates, counter, delinquency, office, quotes, setup, year
from xltax.faces.new import new_book
from xltax.hosts.files import FilesBook

D = dt.date
DAY = D(2025, 6, 2)

ROLL = """Account,Owner,Mail 1,Mail 2,Location,Block,Lot,Net Value,Prior Tax,Flags,Email,Phone,Party
1-1,"ADAMS, JOHN",1 Main St,"Quillhaven, NJ 07722",1 Main St,1,1,200000,4000,,,,
1-2,BAKER MARY,2 Main St,"Quillhaven, NJ 07722",2 Main St,1,2,300000,6000,,,,
1-4,"ROTH, JUDGE B",PO Box 991,"Quillhaven, NJ 07722",77 Hidden Hollow,1,4,500000,10000,confidential,chambers@example.org,732-555-0142,P-77
1-5,"ROTH, JUDGE B",77 Hidden Hollow,"Quillhaven, NJ 07722",12 Beach Ave,1,5,400000,8000,,,,
1-6,ROTH JUDGE B & ROTH SAM,9 Shore Rd,"Quillhaven, NJ 07722",9 Shore Rd,1,6,300000,6000,,,,
1-8,"KLEIN, ANN",8 Main St,"Quillhaven, NJ 07722",77-A HIDDEN HOLLOW ROAD,1,8,100000,2000,,,,
1-9,"NOVAK, PETER",9 Main St,"Quillhaven, NJ 07722",9 Main St,1,9,100000,2000,,,,
"""
HERS = ("1-4", "1-5", "1-6", "1-8")
OTHERS = ("1-1", "1-2", "1-9")
TOLD = ("roth", "hidden hollow", "beach ave", "shore rd", "box 991", "chambers@", "555-0142", "p-77", "gadfly")
"""What no public file may hold, in any case of letters; Gadfly was the name before."""
PLANTED = (
    "ROTH, JUDGE B", "Judge B. Roth's check", "Mrs. Róth called", "EST OF ROTH JUDGE ETUX", "77-A Hidden Hollow Road", "PO Box 991 & 992",
    "P.O. BOX #991", "12 beach avenue", "see account 1-4", "bill 2025-1-4/1 & more", "<1-4> \"Roth\"", "chambers@example.org", "(732) 555-0142",
    "JROTH", "block 1, lot 4",
)  # fmt: skip
"""Ways in which somebody writes of her."""


def town(folder: Path, roll: str = ROLL) -> OneBook:
    """The roll of the township billed, paid, and with her on every desk."""
    it = OneBook(folder / "town.xlsx")
    new_book(it.path, "us-nj-colts-neck", name="Quillhaven", year=2025, as_of=DAY)
    file = folder / "roll.csv"
    file.write_text(roll.replace('"ROTH, JUDGE B",PO Box', '"GADFLY, JUDGE",PO Box'), encoding="utf-8")
    it.do(setup.import_roll, file, on=D(2024, 6, 1))
    file.write_text(roll, encoding="utf-8")
    it.do(setup.import_roll, file, on=D(2025, 1, 2))  # the change of her name is noted in History
    it.do(year.bill, 2025, "RE=2.0", mailed=D(2025, 1, 10), today=D(2025, 1, 10))
    money = folder / "payments.csv"
    money.write_text(
        "Account,Amount,Received\n" + "".join(f"{a},900.00,2025-02-03\n" for a in ("1-4", "1-5", "1-1", "1-6", "1-2")),
        encoding="utf-8",
    )
    it.do(counter.post, money, today=D(2025, 2, 3), as_of=DAY)
    bill = {r["Account"]: str(r["Bill"]) for r in it.read("Duplicate").to_dict("records")}
    it.do(
        adjusting.adjust,
        bill["1-1"],
        "Abatement",
        1000,
        f"mixed up with bill {bill['1-4']} of Judge Roth",
        "Resolution 1",
        "Council",
        today=DAY,
    )
    it.do(adjusting.adjust, bill["1-4"], "Abatement", 2000, "assessed twice", "Resolution 2", "Council", today=DAY)
    it.do(agreements.sign_agreement, "1-4", 6, D(2025, 7, 15), D(2025, 6, 2), 10000)
    it.do(
        office.log_inquiry,
        "asks whether 77 Hidden Hollow is paid",
        D(2025, 7, 1),
        account="1-2",
        asked_by="a reporter",
        today=DAY,
    )
    it.do(office.log_inquiry, "asks for a receipt", D(2025, 7, 1), account="1-4", asked_by="Judge Roth", today=DAY)
    it.do(
        certificates.enter_certificate,
        "25-001",
        "1-5",
        D(2025, 10, 15),
        D(2025, 5, 31),
        "0%",
        holder="Lien Fund LLC",
        today=D(2025, 10, 15),
    )
    it.do(quotes.quote, "1-4", on=DAY, days=3, requested_by="Smith Title", today=DAY)
    it.do(counter.card, "1-4")
    it.do(delinquency.delinquent, DAY)
    it.do(delinquency.make_list, "delinquent", as_of=DAY)
    book = FilesBook.open(it.path)
    notes = list(book.read("CashBook")["Note"].astype(object))
    notes[2] = "paid at the window by Mrs. Roth for account 1-4"
    book.replace_columns("CashBook", pd.DataFrame({"Note": notes}))
    book.save()
    return it


def parts(name: str, data: bytes) -> dict[str, str]:
    """Everything in a file as text, in lower case: each part of a package, unescaped, also read as UTF-16; a CSV file as it is."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return {name: data.decode("utf-8-sig").lower()}
    out = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for part in package.namelist():
            raw = package.read(part)
            text = unescape(raw.decode("utf-8", "replace"), {"&quot;": '"', "&apos;": "'", "&#39;": "'"})
            # A text in runs of different letters is one text.
            out[part] = (
                text + re.sub(r"</t></r><r>.*?<t[^>]*>", "", text) + raw.decode("utf-16-le", "replace") + part
            ).lower()
        out["names of parts"] = " ".join(package.namelist()).lower()
        out["comment"] = package.comment.decode("utf-8", "replace").lower()
    return out
