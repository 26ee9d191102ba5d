"""Letters: who gets one and who must not, their words, merge data, email drafts, labels, and the log on the account."""

from __future__ import annotations

import csv
import datetime as dt
import email
import io
import re
import shutil
import subprocess
import zipfile
from email.policy import default
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from tests.enforcement.offices import NJ_DAY, Office
from xltax.actions import agreements, counter, delinquency, enforcement
from xltax.errors import BadValue
from xltax.hosts.files import FilesBook

pytestmark = pytest.mark.filterwarnings("ignore:Print area cannot be set")
D = dt.date


def merged(office: Office) -> list[dict[str, str]]:
    """The merge data last written."""
    text = office.beside("merge").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def pay(office: Office, today: dt.date, *payments: tuple[str, str, dt.date]) -> None:
    path = office.path.with_name("payments.csv")
    path.write_text("Account,Amount,Received\n" + "".join(f"{a},{m},{d}\n" for a, m, d in payments), encoding="utf-8")
    office.do(counter.post, path, today=today, as_of=today)


def test_a_letter_for_each_party_with_money_and_dates_as_text(ct: Office) -> None:
    said = ct.do(delinquency.notices, "demand", mailed=D(2025, 3, 4), clerk="AB")
    assert said.startswith("6 letters, $29,394.00, as of 2025-03-04. Accounts not listed: 1 for bankruptcy."), (
        "its own date"
    )
    by_owner = {r["owner"]: r for r in merged(ct)}
    assert set(by_owner) == {"ADAMS", "CLARK", "DAVIS", "EVANS SHOP LLC", "FRANK", "GREEN"}
    frank = by_owner["FRANK"]
    assert (frank["tax"], frank["interest"], frank["total"]) == ("$12,000.00", "$3,240.00", "$15,240.00")
    assert (frank["date"], frank["respond_by"], frank["oldest_due"]) == (
        "March 4, 2025",
        "March 14, 2025",
        "July 1, 2023",
    )


def test_every_letter_is_logged_on_the_account(ct: Office) -> None:
    ct.do(delinquency.notices, "demand", clerk="AB")
    ct.do(delinquency.notices, "lien")
    log = ct.read("Notices")
    assert log["No"].tolist() == [str(n) for n in range(1, 12)], "numbered on"
    mine = log[log["Account"] == "R6"].iloc[0]
    assert [mine["Kind"], mine["Party"], mine["Amount"], mine["By"]] == ["demand", "P6", 15240, "AB"]
    assert log[log["Kind"] == "lien"]["Party"].isna().all(), "a lien notice is about one bill"


def test_nobody_who_has_paid_gets_a_letter(nj: Office) -> None:
    assert nj.do(delinquency.notices, "reminder").startswith("4 letters")
    # 40.00 and its interest to March 3: 2.28.
    pay(nj, NJ_DAY, ("005", "42.28", NJ_DAY))
    nj.do(delinquency.notices, "reminder")
    assert {r["owner"] for r in merged(nj)} == {"ADAMS", "BAKER APTS", "CLARK"}


def test_nor_one_whose_payment_came_between_list_and_print(nj: Office) -> None:
    said = nj.do(delinquency.make_list, "reminder")
    assert "4 rows" in said
    pay(nj, D(2025, 3, 6), ("005", "42.32", D(2025, 3, 6)), ("003", "100.00", D(2025, 3, 6)))
    book = FilesBook.open(nj.path)
    book.set("as_of", NJ_DAY)  # the list's day, before the payment
    book.save()
    said = nj.do(delinquency.notices, "reminder")
    assert "as of 2025-03-06. Payments through 2025-03-06 are included." in said
    by_owner = {r["owner"]: r for r in merged(nj)}
    assert set(by_owner) == {"ADAMS", "BAKER APTS", "CLARK"}
    # 003 owed 500 at 8% for 395, 305 and 215 days, 500 at 18% for 125: 43.89 + 33.89 + 23.89 + 31.25, less 100.00.
    assert by_owner["CLARK"]["total"] == "$2,032.92"
    assert nj.read("Notices").set_index("Account").loc["003", "Amount"] == 2032.92


def test_a_credit_for_an_earlier_day_counts_too(nj: Office) -> None:
    path = nj.path.with_name("p.csv")
    path.write_text("Account,Amount,Received,Effective\n005,42.28,2025-03-07,2025-03-03\n", encoding="utf-8")
    nj.do(counter.post, path, today=D(2025, 3, 7), as_of=D(2025, 3, 7))
    nj.do(delinquency.notices, "reminder", as_of=D(2025, 3, 4))
    assert "EVANS" not in {r["owner"] for r in merged(nj)}


def test_one_account_only_and_not_one_that_owes_nothing(nj: Office) -> None:
    assert nj.do(delinquency.notices, "reminder", account="002").startswith("1 letter, $8,864.67")
    assert [r["account"] for r in merged(nj)] == ["002"]
    with pytest.raises(BadValue, match="Account 004 is not on this list"):
        nj.do(delinquency.notices, "reminder", account="004")


def test_the_town_words_its_letters_itself(nj: Office) -> None:
    book = FilesBook.open(nj.path)
    texts = book.read("Texts")
    texts.loc[(texts["Letter"] == "reminder") & (texts["No"] == 1), "Text"] = "Dear {owner}: {total}"
    book.replace_rows("Texts", texts.astype({"No": int}))
    book.save()
    nj.do(delinquency.notices, "reminder", account="005")
    assert merged(nj)[0]["subject"] == "Dear EVANS: $42.28"


def test_an_unknown_name_in_braces_is_named_with_its_cell(nj: Office) -> None:
    book = FilesBook.open(nj.path)
    texts = book.read("Texts")
    texts.loc[(texts["Letter"] == "reminder") & (texts["No"] == 3), "Text"] = "You owe {sum}."
    book.replace_rows("Texts", texts.astype({"No": int}))
    book.save()
    before = nj.path.read_bytes()
    with pytest.raises(BadValue, match=r"Texts!D7: .*Use one of: .*total"):
        nj.do(delinquency.notices, "reminder")
    assert nj.path.read_bytes() == before


def test_braces_cannot_reach_into_the_program(nj: Office) -> None:
    from xltax.office.collection.town_texts import filled

    for text in ("{owner.__class__}", "{owner[0]}", "{", "{0}", "{}"):
        with pytest.raises(BadValue, match="braces"):
            filled(text, {"owner": "A"})


def test_a_list_without_words_has_no_letter(nj: Office) -> None:
    with pytest.raises(BadValue, match=r'no letter "receivership".*reminder, default, tax_sale'):
        nj.do(delinquency.notices, "receivership")


def test_email_drafts_are_for_review_and_hold_no_header_of_anybodys_making(ct: Office) -> None:
    book = FilesBook.open(ct.path)
    roll = book.read("Roll")
    roll.loc[roll["Account"] == "R4", "Email"] = "davis@example.org\nBcc: everybody@example.org"
    roll.loc[roll["Account"] == "R6", "Email"] = "not an address"
    book.replace_columns("Roll", roll[["Email"]])
    book.save()
    said = ct.do(delinquency.notices, "demand", emails=True)
    assert "1 email draft written, none sent." in said
    with zipfile.ZipFile(ct.beside("email")) as archive:
        assert archive.namelist() == ["00001 M1.eml"]
        mail = email.message_from_bytes(archive.read("00001 M1.eml"), policy=default)
    assert mail["To"] == "adams@example.org"
    assert mail["X-Unsent"] == "1"
    assert "Bcc" not in mail
    body, attached = mail.iter_parts()
    said = "\n".join(body.get_content().splitlines())
    assert "Total: $9,998.50" in said
    assert "Bill 23-M1: motor vehicle tax 2023, installment 1" in said
    assert said.endswith("Collector of Revenue\nQuillhaven, Office of the Collector of Revenue"), (
        "an email has no letterhead"
    )
    assert attached.get_filename() == "demand M1.pdf"
    letter = PdfReader(io.BytesIO(attached.get_content()))
    (paper,) = letter.pages
    assert "Pay $9,998.50" in paper.extract_text()
    assert re.search(r"No\. \d+\.", paper.extract_text()), "the paper's number, as on the printed letter"
    assert "DAVIS" not in "".join(page.extract_text() for page in letter.pages), "nobody else's letter"


def test_merge_data_is_no_formula(ct: Office) -> None:
    book = FilesBook.open(ct.path)
    roll = book.read("Roll")
    roll.loc[roll["Account"] == "R6", "Owner"] = '=HYPERLINK("http://example.org")'
    book.replace_columns("Roll", roll[["Owner"]])
    book.save()
    ct.do(delinquency.notices, "demand")
    # OWASP's guard: an apostrophe. A blank in front, as it was, some programs drop again.
    assert '\'=HYPERLINK("http://example.org")' in {r["owner"] for r in merged(ct)}


def test_letters_and_labels_open_and_hold_every_owner(ct: Office, calc: Any) -> None:
    ct.do(delinquency.notices, "demand")
    pdf = calc(ct.beside("letters"), "pdf")
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    pages = [p for p in text.split("\f") if p.strip()]
    assert len(pages) == 6
    frank = next(p for p in pages if "FRANK" in p)
    assert "Pay $15,240.00 by March 13, 2025" in frank
    assert "Delinquent tax demand" in frank
    labels = openpyxl.load_workbook(ct.beside("labels")).worksheets[0]
    words = {str(c.value).split("\n")[0] for row in labels.iter_rows() for c in row if c.value}
    assert {"ADAMS", "CLARK", "FRANK"} <= words


@pytest.fixture
def calc(tmp_path: Path) -> Any:
    if not shutil.which("soffice") or not shutil.which("pdftotext"):
        pytest.skip("LibreOffice Calc or poppler-utils is not installed (tests/install_calc.sh installs them)")

    def convert(book: Path, kind: str) -> Path:
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind, "--outdir", str(tmp_path), str(book)]  # fmt: skip
        subprocess.run(command, capture_output=True, timeout=180, check=True)
        return tmp_path / f"{book.stem}.{kind}"

    return convert


def test_default_letter_of_an_agreement_not_kept(ct: Office) -> None:
    ct.add(
        "Cases",
        {"No": "1", "Kind": "Agreement default", "Party": "P4", "Opened": D(2025, 3, 1), "Reason": "March not paid"},
    )
    ct.do(delinquency.notices, "default")
    row = merged(ct)[0]
    assert (row["owner"], row["respond_by"], row["reason"]) == ("DAVIS", "March 13, 2025", "March not paid")


def test_an_agreement_missed_at_the_counter_gets_its_letter(nj: Office) -> None:
    """The agreement itself, no case typed by hand and no status asked for: signed, first payment missed, letter, paid, no letter."""
    nj.do(agreements.sign_agreement, "001", months=6, first=D(2025, 4, 1), signed=D(2025, 3, 3))
    assert "No account is on the list" in nj.do(delinquency.notices, "default", D(2025, 4, 1)), "still the day itself"
    nj.do(delinquency.notices, "default", D(2025, 4, 12))
    row = merged(nj)[0]
    assert (row["owner"], row["respond_by"]) == ("ADAMS", "April 22, 2025")
    assert nj.read("Notices")["Kind"].tolist() == ["default"]
    payment = nj.read("Schedule")["Amount"].iloc[0]
    path = nj.path.with_name("p.csv")
    path.write_text(f"Account,Amount,Received\n001,{payment:.2f},2025-04-14\n", encoding="utf-8")
    nj.do(counter.post, path, today=D(2025, 4, 14), as_of=D(2025, 4, 14))
    assert "No account is on the list" in nj.do(delinquency.notices, "default", D(2025, 4, 14))


def test_an_agreement_keeps_an_account_off_a_list_for_as_long_as_it_is_kept(ct: Office) -> None:
    """South Windsor: the second payment missed ends it. Nobody asked how the agreement stands."""
    ct.do(agreements.sign_agreement, "R4", months=6, first=D(2025, 4, 1), signed=D(2025, 3, 3))
    for day, count in ((D(2025, 3, 3), 1), (D(2025, 4, 20), 1), (D(2025, 5, 1), 1), (D(2025, 5, 2), 0)):
        said = ct.do(delinquency.make_list, "demand", day)
        assert ("1 for agreement" in said) == bool(count), day
        assert ("R4" in set(ct.read("Listed")["Account"])) == (not count), day


def test_liens_wait_for_the_notice_and_its_fifteen_days(ct: Office) -> None:
    assert "0 liens prepared" in ct.do(enforcement.file_liens, "lien")
    ct.do(delinquency.notices, "lien", account="R6")
    assert "0 liens prepared" in ct.do(enforcement.file_liens, "lien", as_of=D(2025, 3, 17))
    said = ct.do(enforcement.file_liens, "lien", as_of=D(2025, 3, 18))
    assert "1 lien prepared for tax of $12,000.00. Fees charged: $24.00. 4 bills skipped" in said


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"mailed": D(2052, 3, 3)}, "mailed: The letter is dated 2052-03-03, but its amounts are for 2025-03-03"),
        (
            {"mailed": D(2025, 3, 4), "respond_by": D(2025, 3, 3)},
            "respond_by: The deadline 2025-03-03 is before the date of the letter, 2025-03-04",
        ),
    ],
)
def test_days_of_a_letter_that_cannot_be_are_refused(ct: Office, given: dict[str, Any], says: str) -> None:
    before = ct.path.read_bytes()
    with pytest.raises(BadValue, match=says):
        ct.do(delinquency.notices, "demand", **given)
    assert ct.path.read_bytes() == before
