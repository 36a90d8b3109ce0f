"""Choosing language and theme leads back to where one was, and nowhere else."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/go/language/", "/go/theme/"])
@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/targets/?kind=a", "/targets/?kind=a"),
        ("", "/"),
        ("//elsewhere.example", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
        ("portal", "portal"),  # a word is an address too, not the name of a route
        ("home", "home"),
        ("²", "%C2%B2"),
    ],
)
def test_the_way_back_is_one_of_ours(address, wanted, reached):
    sent = Client().post(address, {"next": wanted, "theme": "dark", "language": "en"})
    assert (sent.status_code, sent.headers["Location"]) == (302, reached)
