"""Opens a workbook that came in under a password."""

from __future__ import annotations

from io import BytesIO

from xltax.errors import BadValue

_NO_PASSWORD = "VelvetSweatshop"
"""What Excel encrypts a workbook with that opens without asking, such as a final or write-protected one."""


def unlocked(data: bytes, kind: str, name: str, password: str) -> tuple[bytes, str]:
    """The workbook without its password, and its kind. Raises BadValue where the password is missing or wrong."""
    import msoffcrypto

    from xltax.hosts.incoming_kinds import kind_of

    if kind == "xls":
        try:
            if not msoffcrypto.OfficeFile(BytesIO(data)).is_encrypted():
                return data, kind
        except Exception:  # an old or odd .xls, which the reader of these files can judge better
            return data, kind
    for attempt in filter(None, (password, _NO_PASSWORD)):
        plain = _decrypted(data, attempt)
        if plain:
            return plain, kind_of(plain, name)
    if password:
        raise BadValue(
            "The password is wrong, or the file is damaged.", where=name, do="Enter the password of this workbook."
        )
    raise BadValue(
        "This workbook is protected by a password.",
        where=name,
        do="Enter the password (option --password), or save a copy without one.",
    )


def _decrypted(data: bytes, password: str) -> bytes:
    """The workbook's bytes; nothing where this password does not open it."""
    import msoffcrypto

    out = BytesIO()
    try:
        file = msoffcrypto.OfficeFile(BytesIO(data))
        file.load_key(password=password)
        file.decrypt(out)
    except Exception:  # a damaged file breaks the library in many ways; none of them opens the workbook
        return b""
    return out.getvalue() if out.getvalue()[:2] in (b"PK", b"\xd0\xcf") else b""
