"""Demonstration accounts have printed passwords, so they open only for someone sitting at the server itself."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest
from django.http.request import split_domain_port

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA", "HTTP_CF_CONNECTING_IP")


def is_loopback(request: HttpRequest) -> bool:
    """Whether the request came from this machine, to a name of this machine, and through no proxy for somebody else."""
    if any(request.META.get(header) for header in FORWARDED):
        return False
    host, _port = split_domain_port(request.get_host())
    return _is_loopback_address(request.META.get("REMOTE_ADDR", "")) and (
        host == "localhost" or _is_loopback_address(host.strip("[]"))
    )


def _is_loopback_address(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).is_loopback
    except ValueError:
        return False
