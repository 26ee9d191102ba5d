"""Who is signed in on this computer."""

from __future__ import annotations

import getpass
import os
import sys


def user() -> str:
    """The log-in of this computer; "" if there is none, as in a browser. Taken from the system, which no setting can change."""
    if sys.platform == "emscripten":
        return ""  # a browser calls everybody web_user
    try:
        if os.name == "nt":
            return os.getlogin()
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, OSError):
        pass  # an account without an entry, as in a container
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        return ""
