"""The standard wording of letters and certificates. A town can change the wording on its Texts sheet."""

from __future__ import annotations

import pandas as pd

from xltax.tables.enforcement import TEXTS

Paragraphs = tuple[tuple[str, str], ...]
"""Style and text; `items` marks where the table of bills goes."""

_CLOSE: Paragraphs = (
    (
        "plain",
        "If you have already paid, thank you. Please disregard this letter. If you have questions, please contact this office.",
    ),
)
_SIGNED: Paragraphs = (("signature", "{collector}"),)
_BANKRUPTCY: Paragraphs = (
    (
        "small",
        "If you have filed for bankruptcy, this letter is not an attempt to collect. Please send us the case number and the name of the court.",
    ),
)

_UNCLAIMED: Paragraphs = (
    ("subject", "Money held for you"),
    ("bold", "Account {account}"),
    (
        "plain",
        "This office holds {amount} for you. The money is a credit on the tax account above. We have held it since {since}.",
    ),
    (
        "plain",
        "Please write to us or visit this office by {respond_by}. Tell us where to send a refund, or ask us to use the money for a "
        "bill. If we do not hear from you, the law may require us to pay the money to the State. You can then claim it from the State.",
    ),
    ("plain", "If you have questions, please contact this office."),
    *_SIGNED,
)

_NEW_JERSEY: dict[str, Paragraphs] = {
    "reminder": (
        ("subject", "Reminder: property taxes past due"),
        ("bold", "Account {account}, {location}"),
        (
            "plain",
            "Our records show unpaid taxes and charges on this property as of {as_of}. Please pay {pay}.",
        ),
        ("items", ""),
        (
            "plain",
            "Interest is added until we receive your payment. Please ask this office for the amount on the day "
            "you pay.",
        ),
        ("plain", "If these taxes stay unpaid, the property may be included in a tax sale."),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "default": (
        ("subject", "Missed payment on your payment agreement"),
        ("bold", "Account {account}, {location}"),
        (
            "plain",
            "We have not received a payment due under your agreement. Please pay by {respond_by}, or show us "
            "good cause for the missed payment. Otherwise we may end the agreement, and the property may be included in the next tax sale.",
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
            "The municipal charges below are a lien on this property and are unpaid. The property will be offered at "
            "the tax sale on {as_of}.",
        ),
        ("items", ""),
        ("box", "To keep the property out of the sale, pay {to_pay} before the sale. This amount is {total}, with interest "
                "to the day of sale, plus {sale_costs} for the costs of the sale."),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "list quarterly": (
        (
            "plain",
            "I have verified the collector's cash accounts and counted the cash on hand. The cash book shows "
            "{not_deposited} in receipts not yet deposited. Counted: ____________________.",
        ),
        (
            "plain",
            "I have examined whether the duplicate is correctly posted and in balance. Proof of the workbook on {as_of}: "
            "{checks}.",
        ),
        (
            "small",
            "N.J.S.A. 54:4-122.7 applies to municipalities whose assessed valuations average less than $3,000,000.00. The "
            "roll of this workbook has {ratables}. Posted in at least ten conspicuous places on: ____________________.",
        ),
        ("items", ""),
        ("bold", "I certify the results of this examination to the governing body and to the collector's surety."),
    ),
    "list uncollectible": (
        (
            "plain",
            "To the governing body: I believe that the taxes below ({count} in number, {total} with interest) cannot be collected "
            "for the reasons given.",
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
            "Every tax, assessment and municipal charge that was a lien at the close of the fiscal year, with interest and "
            "costs to the day of sale, {as_of}.",
        ),
        ("items", ""),
    ),
    "list homestead": (
        ("plain", "Unpaid taxes of earlier years, without utility charges, on {as_of}, if over $50.00 for the property."),
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
        ("box", "Pay {pay}, or sign a written payment agreement with this office by {respond_by}."),
        (
            "plain",
            "If you do neither, we may collect the taxes by alias tax warrant, collection agency, lien, tax sale or other "
            "legal means. The officer's fee for a warrant is added to the amount you owe. We may report unpaid "
            "vehicle taxes to the Commissioner of Motor Vehicles. Your vehicle registrations may then be held until you pay.",
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
            "Please pay {pay}. Otherwise this office will record a certificate continuing the tax lien on the "
            "land records. The recording fee is added to the amount you owe.",
        ),
        ("items", ""),
        (
            "plain",
            "The lien stays on the property until you pay the tax, interest and fees. Then this office records a release.",
        ),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "ucc": (
        ("subject", "Notice of intent to file a lien on personal property"),
        ("bold", "Account {account}"),
        (
            "plain",
            "Please pay {pay} for the personal property tax below. Otherwise this office will file a notice of lien (UCC-1) "
            "with the Secretary of the State. The lien covers the goods of the business. The filing fee is added to the amount you owe.",
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
            "Please pay {pay}. You have not paid the taxes below after earlier notices. If you do not pay, the property "
            "will be included in the next tax sale or tax lien sale.",
        ),
        ("items", ""),
        (
            "box",
            "The account may become delinquent again before the next sale, even if you pay now. The property will then be "
            "included in that sale, regardless of the usual criteria.",
        ),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "default": (
        ("subject", "Missed payment on your payment agreement"),
        (
            "plain",
            "We have not received a payment due under your agreement. Please pay or show good cause by "
            "{respond_by}. Otherwise we will continue to collect everything below. A second missed payment ends the agreement.",
        ),
        ("items", ""),
        (
            "plain",
            "We may then send the taxes to a third party for collection. Collection fees are added to the amount you owe.",
        ),
        *_CLOSE,
        *_SIGNED,
    ),
    "health_permits": (
        ("subject", "Notice: health permit and unpaid taxes"),
        (
            "plain",
            "The taxes below have been delinquent for one year or more. Under section 12-146a of the Connecticut General "
            "Statutes, a health permit of your business may be withheld or revoked.",
        ),
        ("items", ""),
        ("box", "This is the written notice of not less than fifteen days under section 12-146a. Please pay {pay}."),
        ("small", "By certified mail, return receipt requested."),
        *_BANKRUPTCY,
        *_SIGNED,
    ),
    "list suspense": (
        (
            "plain",
            "Statement for the suspense tax book, by rate bill: each tax believed to be uncollectible, the person "
            "taxed, and the reason.",
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
            "Each tax stays collectible.",
        ),
    ),
    "list tax_sale": (
        (
            "plain",
            "Parcels that meet the limit for years or amount past due, and parcels past due again after a final demand, with interest "
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
        ("plain", "Please pay {total} now. Interest and charges continue until you pay."),
        *_CLOSE,
        *_BANKRUPTCY,
        *_SIGNED,
    ),
}

_OF: dict[str, dict[str, Paragraphs]] = {"us-nj": _NEW_JERSEY, "us-ct": _CONNECTICUT}


def texts(template: str) -> pd.DataFrame:
    """The standard wording for a state, as the rows of its Texts sheet."""
    rows = [
        (letter, n, style, text)
        for letter, parts in {**_OF.get(template, _GENERAL), "unclaimed": _UNCLAIMED}.items()
        for n, (style, text) in enumerate(parts, 1)
    ]
    return pd.DataFrame(rows, columns=list(TEXTS.names))
