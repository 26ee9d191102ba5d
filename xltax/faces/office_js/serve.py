"""Serves dist/office over HTTPS on this computer, to try the Office add-in. Nobody else can reach it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from xltax.errors import BadValue
from xltax.faces.office_js.headers import headers
from xltax.ondisk import make_folder, write_file

_DAYS = 365
_OWNER_ONLY = 0o600


def server(folder: Path, port: int, keys: Path) -> Server:
    """A server for the folder. keys: the folder for the certificate, which is made once and kept."""
    if not (folder / "manifest.xml").is_file():
        raise BadValue(
            "This folder does not hold the Office add-in.",
            where=str(folder),
            do="Build it first: xltax build --office --parts FOLDER.",
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(keys))
    made = Server(("127.0.0.1", port), type("Files", (Files,), {"folder": folder.resolve()}))
    # The handshake waits until a request is read in its own thread: a silent visitor must not stop the others.
    made.socket = context.wrap_socket(made.socket, server_side=True, do_handshake_on_connect=False)
    return made


class Server(ThreadingHTTPServer):
    """Says nothing when a browser hangs up, which browsers do whenever a page is closed."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Files(BaseHTTPRequestHandler):
    """Gives the files of one folder, with the headers that a real server should give."""

    protocol_version = "HTTP/1.1"
    folder: Path

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).lstrip("/")
        data = self.data_of(path)
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        for name, value in headers(path).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def do_HEAD(self) -> None:
        self.do_GET()

    def data_of(self, path: str) -> bytes | None:
        """The bytes of a file of the folder. None for anything else, such as a path that leads out of the folder."""
        file = (self.folder / path).resolve()
        return file.read_bytes() if file.is_relative_to(self.folder) and file.is_file() else None

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: a line for each file would hide what the command says."""


def certificate(folder: Path) -> Path:
    """The key and certificate of localhost, in one file that only its owner can read. Made again when it has run out."""
    path = folder / "localhost.pem"
    if path.is_file() and _is_good(path.read_bytes()):
        return path
    make_folder(folder)
    write_file(path, _certificate(), most=_OWNER_ONLY)
    write_file(folder / "localhost.crt", _public(path.read_bytes()))
    return path


def _is_good(pem: bytes) -> bool:
    end = x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERTIFICATE") :]).not_valid_after_utc
    return end > dt.datetime.now(dt.UTC) + dt.timedelta(days=1)


def _public(pem: bytes) -> bytes:
    """The certificate without the key: what a person has this computer trust."""
    return pem[pem.index(b"-----BEGIN CERTIFICATE") :]


def _certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost (xltax, this computer only)")])
    now = dt.datetime.now(dt.UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=_DAYS))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + made.public_bytes(serialization.Encoding.PEM)
