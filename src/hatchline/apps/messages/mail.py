"""The words of e-mails, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hatchline.apps.messages.models import Message

MOST = 30  # messages named in one digest


def _line(text: str) -> str:
    """One line: a subject must not carry line breaks."""
    return " ".join(text.split())


def _entry(message: Message) -> str:
    parts = [message.said_title]
    if message.said_text:
        parts.append(message.said_text)
    if message.due_on:
        parts.append(_("请在 %(day)s 前办理。") % {"day": message.due_on.isoformat()})
    if message.link:
        parts.append(f"{settings.ADDRESS.rstrip('/')}{message.link}")
    return "\n".join(parts)


def _foot() -> str:
    return "--\n" + _("这封邮件由孵链发出。在“收件 → 接收方式”里可以改为汇总、暂停或不发邮件。")


def _mail(subject: str, body: str, address: str, key: str) -> EmailMessage:
    host = settings.ADDRESS.split("://")[-1].split("/")[0].split(":")[0] or "localhost"
    # the same news has the same id: a mail sent twice after a crash is shown once by most programs
    return EmailMessage(_line(subject), body, to=[address], headers={"Message-ID": f"<{key}@{host}>"})


def single(message: Message, address: str, *, language: str, reminder: int = 0) -> EmailMessage:
    """One message; ``reminder`` says the how-manieth reminder of it this is (0: none)."""
    with translation.override(language):
        subject = message.said_title
        if reminder:
            subject = _("提醒：%(title)s") % {"title": subject}
        body = f"{_entry(message)}\n\n{_foot()}\n"
        return _mail(subject, body, address, f"message-{message.pk}-{reminder}")


def digest(messages: Sequence[Message], total: int, address: str, *, language: str) -> EmailMessage:
    """Several messages in one mail; beyond thirty it says how many more there are."""
    with translation.override(language):
        subject = ngettext("您有 %(count)s 条新消息", "您有 %(count)s 条新消息", total) % {"count": total}
        entries = [_entry(message) for message in messages]
        if total > len(entries):
            entries.append(_("还有 %(count)s 条，请登录后在收件里查看。") % {"count": total - len(entries)})
        body = "\n\n".join([*entries, _foot()]) + "\n"
        return _mail(subject, body, address, f"digest-{messages[0].person_id}-{messages[0].pk}-{messages[-1].pk}")
