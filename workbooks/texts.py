"""The words the letters and certificates come with: a town rewords them on its Texts sheet."""

from __future__ import annotations

import pandas as pd

from xltax.tables.enforcement import TEXTS

Paragraphs = tuple[tuple[str, str], ...]
"""Style and text; `items` marks where the table of bills stands."""

_CLOSE: Paragraphs = (
    ("plain", "If you have paid in the meantime, please accept our thanks and disregard this letter."),
)
_SIGNED: Paragraphs = (("signature", "{collector}"),)
_BANKRUPTCY: Paragraphs = (
    (
        "small",
        "If you have filed for bankruptcy, this is not an attempt to collect: please send us the case number and the court.",
    ),
)

_NEW_JERSEY: dict[str, Paragraphs] = {
    "reminder": (
        ("subject", "Reminder: property taxes past due"),
        ("bold", "Account {account}, {location}"),
        ("plain", "Our records show the following taxes and charges open on this property as of {as_of}."),
        ("items", ""),
        (
            "plain",
            "Pay {pay}. Interest is added until this office receives your payment, so please ask us for the amount on the day "
            "you pay.",
        ),
        ("plain", "Taxes still open at the end of the year are subject to tax sale."),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "default": (
        ("subject", "Your payment agreement was not kept"),
        ("bold", "Account {account}, {location}"),
        (
            "plain",
            "A payment under your agreement with this office has not come in. Unless you pay it by {respond_by}, or show "
            "good cause for missing it, the agreement can be ended and the property goes to the next tax sale.",
        ),
        ("items", ""),
        *_CLOSE,
        *_SIGNED,
    ),
    "tax_sale": (
        ("subject", "Notice of tax sale"),
        ("bold", "Account {account}, {location}"),
        (
            "plain",
            "The municipal charges below were a lien on this property at the close of the year and are still unpaid. The "
            "property will be offered at the tax sale on {as_of}.",
        ),
        ("items", ""),
        ("box", "To keep the property out of the sale, {to_pay} has to be in this office before it: {total} with interest "
                "to the day of sale, and {sale_costs} costs of the sale."),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "list quarterly": (
        (
            "plain",
            "I have verified the collector's cash accounts and counted the cash on hand. Receipts not yet deposited "
            "according to the cash book: {not_deposited}. Counted: ____________________.",
        ),
        (
            "plain",
            "I have examined whether the duplicate is correctly posted and in balance. The proof of the book on {as_of}: "
            "{checks}.",
        ),
        (
            "small",
            "N.J.S.A. 54:4-122.7 speaks of municipalities whose assessed valuations average less than $3,000,000.00; the "
            "roll of this book has {ratables}. Posted in at least ten conspicuous places on: ____________________.",
        ),
        ("items", ""),
        ("bold", "I certify the results of this examination to the governing body and to the collector's surety."),
    ),
    "list uncollectible": (
        (
            "plain",
            "To the governing body: I believe that the taxes below ({count} in number, {total} with interest) cannot be collected, "
            "each for the reason given.",
        ),
        ("items", ""),
        (
            "plain",
            "Within sixty days of this filing the governing body examines the list and, where satisfied, releases the "
            "collector and orders the tax canceled by resolution.",
        ),
    ),
    "list tax_sale": (
        (
            "plain",
            "Every tax, assessment and municipal charge that was a lien at the close of the year, with interest and costs to "
            "the day of sale, {as_of}.",
        ),
        ("items", ""),
    ),
    "list homestead": (
        ("plain", "Taxes of earlier years, without utility charges, still open on {as_of} and above $50.00 for the property."),
        ("items", ""),
    ),
}  # fmt: skip

_CONNECTICUT: dict[str, Paragraphs] = {
    "demand": (
        ("subject", "Delinquent tax demand"),
        (
            "plain",
            "Demand is made under section 12-155 of the Connecticut General Statutes for the taxes below, which are past "
            "due. Interest is one and a half percent for each month or part of a month from the due date.",
        ),
        ("items", ""),
        ("box", "Pay {pay}, or come to a written payment agreement with this office by {respond_by}."),
        (
            "plain",
            "If you do neither, the taxes may be collected by an alias tax warrant, whose officer's fee is added to what you "
            "owe, by a collection agency, by a lien, by a tax sale, and by other means the law gives. Registrations of motor "
            "vehicles are withheld while vehicle taxes are open.",
        ),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "lien": (
        ("subject", "Notice of intent to file a tax lien"),
        ("bold", "{location}, account {account}"),
        (
            "plain",
            "Unless you pay {pay}, a certificate continuing the tax lien will be recorded on the "
            "land records. Its fee is added to what you owe.",
        ),
        ("items", ""),
        ("plain", "The lien stays until tax, interest and fees are paid; then a release is recorded."),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "ucc": (
        ("subject", "Notice of intent to file a lien on personal property"),
        ("bold", "Account {account}"),
        (
            "plain",
            "Unless you pay the personal property tax below, {pay}, a notice of lien (UCC-1) will be filed "
            "with the Secretary of the State. It covers the goods of the business, also those acquired later. Its fee is added to "
            "what you owe.",
        ),
        ("items", ""),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "final_demand": (
        ("subject", "Final demand before tax sale"),
        ("bold", "{location}, account {account}"),
        (
            "plain",
            "All earlier efforts to collect the taxes below have failed. Unless you pay {pay}, the property "
            "will be included in the next tax sale or tax lien sale.",
        ),
        ("items", ""),
        (
            "box",
            "If you bring the account current now and it becomes delinquent again before the next sale, the property will be "
            "included in that sale whatever its criteria.",
        ),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "default": (
        ("subject", "Your payment agreement was not kept"),
        (
            "plain",
            "A payment under your agreement with this office has not come in. Unless you show good cause or pay by "
            "{respond_by}, collection of everything below goes on; a second missed payment ends the agreement.",
        ),
        ("items", ""),
        ("plain", "The taxes may then be given to a third party for collection, whose fees are added to what you owe."),
        *_CLOSE,
        *_SIGNED,
    ),
    "health_permits": (
        ("subject", "Notice: health permit and unpaid taxes"),
        (
            "plain",
            "The taxes below have been delinquent for a year or more. Under section 12-146a of the Connecticut General "
            "Statutes a permit of the health department that your business needs can be revoked or denied.",
        ),
        ("items", ""),
        ("box", "This is the written notice of at least fifteen days. Pay {pay} to keep the permit."),
        ("small", "By certified mail, return receipt requested."),
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "list suspense": (
        (
            "plain",
            "Statement for the suspense tax book, by rate bill: each tax believed to be uncollectible, against whom it was "
            "levied, and why.",
        ),
        ("items", ""),
        (
            "bold",
            "I certify that to the best of my knowledge and belief each tax in this statement has not been paid and is "
            "uncollectible.",
        ),
        (
            "plain",
            "Examined, and each tax designated as uncollectible by the board's mark is transferred to the suspense tax book. "
            "It stays collectable.",
        ),
    ),
    "list tax_sale": (
        (
            "plain",
            "Parcels that meet the years or the amount in arrears, and parcels late again after a final demand, with interest "
            "to {as_of}.",
        ),
        ("items", ""),
    ),
}

_GENERAL: dict[str, Paragraphs] = {
    "delinquent": (
        ("subject", "Taxes past due"),
        ("bold", "Account {account}, {location}"),
        ("plain", "Our records show the following taxes past due as of {as_of}."),
        ("items", ""),
        ("plain", "Please pay {total} now; interest and charges go on until payment."),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
}

_OF: dict[str, dict[str, Paragraphs]] = {"us-nj": _NEW_JERSEY, "us-ct": _CONNECTICUT}


def texts(template: str) -> pd.DataFrame:
    """The words a state's workbook comes with, as the rows of its Texts sheet."""
    rows = [
        (letter, n, style, text)
        for letter, parts in _OF.get(template, _GENERAL).items()
        for n, (style, text) in enumerate(parts, 1)
    ]
    return pd.DataFrame(rows, columns=list(TEXTS.names))
