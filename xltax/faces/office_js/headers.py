"""What a server has to say with each file of dist/office: what the page may load, and how long a browser keeps a file."""

from __future__ import annotations

import re

_MICROSOFT = "https://appsforoffice.microsoft.com"
"""Where Office.js itself comes from. Microsoft changes it with Excel, so it cannot lie in our folder."""

POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' 'wasm-unsafe-eval' {_MICROSOFT} https://ajax.aspnetcdn.com",
        "worker-src 'self'",
        f"connect-src 'self' {_MICROSOFT}",
        "style-src 'self' 'unsafe-inline'",  # Office.js gives elements a style of their own (office-js issue 1687)
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""The Content-Security-Policy. It names no frame-ancestors: Excel on the web shows the pane inside pages of many
addresses, which Microsoft does not list."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".xml": "text/xml; charset=utf-8",
    ".png": "image/png",
    ".wasm": "application/wasm",
}
_NEVER_CHANGES = re.compile(r"^/?(app|python|snapshot)-[0-9a-f]{16}/")


def headers(path: str) -> dict[str, str]:
    """The headers of one file. path: its path in the folder, such as python-0123456789abcdef/pyodide.mjs."""
    ending = path[path.rfind(".") :] if "." in path else ""
    told = {
        "Content-Type": _TYPES.get(ending, "application/octet-stream"),
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": _kept(path, ending),
    }
    if path.strip("/") == "functions.json":
        told["Access-Control-Allow-Origin"] = "*"  # Excel on the web reads this file from a page of its own
    return told


def _kept(path: str, ending: str) -> str:
    """How long a browser keeps a file: for ever where the name changes with the content."""
    if _NEVER_CHANGES.match(path):
        return "public, max-age=31536000, immutable"
    return "public, max-age=86400" if ending == ".png" else "no-cache"
