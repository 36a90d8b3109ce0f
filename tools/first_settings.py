"""Write .env for a first start: a fresh secret key and a demonstration district on loopback."""

from __future__ import annotations

import secrets
from pathlib import Path

PATH = Path(".env")
TEXT = """\
# Hatchline's settings; `.venv/bin/hatchline settings` explains every one.
HATCHLINE_SECRET_KEY={key}
# An invented district on a fixed business date. For a real district remove the two lines and begin with an empty var/.
HATCHLINE_DEMONSTRATION=1
HATCHLINE_TODAY=2017-07-18
"""

if __name__ == "__main__":
    if not PATH.exists():
        PATH.touch(mode=0o600)
        PATH.write_text(TEXT.format(key=secrets.token_urlsafe(48)), encoding="utf-8")
        print("wrote .env with a fresh secret key, for a demonstration district")
