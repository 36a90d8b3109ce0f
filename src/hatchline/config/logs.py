"""What the log must not keep: links that open something for whoever has them."""

from __future__ import annotations

import logging
import re

SECRET_LINKS = re.compile(r"(/invitation/|/calendar/(?!feed/))[^/\s?\"]+")


class WithoutSecrets(logging.Filter):
    """Takes the tokens of invitations and calendars out of addresses; a refused form is logged with its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        told = SECRET_LINKS.sub(r"\1…", said)
        if told != said:
            record.msg, record.args = told, None
        return True
