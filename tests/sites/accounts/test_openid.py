"""OpenID Connect against a small issuer of our own: a link opens an account, an e-mail address never does."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.people import actions as people
from hatchline.apps.people.models import Account
from tests.sites.accounts.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
START, CALLBACK = "/accounts/oidc/oidc/login/", "/accounts/oidc/oidc/login/callback/"
KEY = "a signing key that only this test knows, long enough"


class Issuer:
    """Answers the three addresses a sign-in needs; ``claims`` is whom it says has signed in."""

    def __init__(self) -> None:
        self.claims: dict[str, object] = {}
        self.asked: list[dict[str, str]] = []
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self, body: object) -> None:
                sent = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(sent)))
                self.end_headers()
                self.wfile.write(sent)

            def do_GET(self) -> None:
                if self.path == "/.well-known/openid-configuration":
                    self.answer(
                        {
                            "issuer": issuer.url,
                            "authorization_endpoint": f"{issuer.url}/authorize",
                            "token_endpoint": f"{issuer.url}/token",
                            "userinfo_endpoint": f"{issuer.url}/userinfo",
                            "jwks_uri": f"{issuer.url}/keys",
                            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                        }
                    )
                elif self.path == "/userinfo":
                    self.answer({name: value for name, value in issuer.claims.items() if name != "iss"})
                else:
                    self.answer({"keys": []})

            def do_POST(self) -> None:
                sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
                issuer.asked.append({name: values[0] for name, values in parse_qs(sent).items()})
                now = int(time.time())
                claims = {"iss": issuer.url, "aud": "hatchline", "iat": now, "exp": now + 300} | issuer.claims
                self.answer(
                    {
                        "access_token": "x",
                        "token_type": "Bearer",
                        "id_token": jwt.encode(claims, KEY, algorithm="HS256"),
                    }
                )

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def issuer(settings):
    made = Issuer()
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {})
        | {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": "市统一身份认证",
                    "client_id": "hatchline",
                    "secret": "s",
                    "settings": {"server_url": made.url, "fetch_userinfo": False},
                }
            ],
            "SCOPE": ["openid"],
            "OAUTH_PKCE_ENABLED": True,
        }
    }
    yield made
    made.server.shutdown()
    made.server.server_close()


def through(client: Client, issuer: Issuer, *, process: str = "login", **claims: object):
    """Start here, be sent to the issuer, come back with a code."""
    issuer.claims = claims
    if process == "connect":
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    sent = client.post(f"{START}?process={process}" + ("&next=/accounts/profile/" if process == "connect" else ""))
    assert sent.status_code == 302 and sent.headers["Location"].startswith(f"{issuer.url}/authorize")
    query = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert query["scope"] == ["openid"] and query["code_challenge_method"] == ["S256"]
    return client.get(CALLBACK, {"code": "c", "state": query["state"][0]})


def test_a_linked_identity_opens_the_account(issuer, signed_in, zhang):
    assert "市统一身份认证" in signed_in.get("/accounts/profile/").content.decode()
    linked = through(signed_in, issuer, process="connect", sub="u-1", email="zhang@example.com", name="张三")
    assert (linked.status_code, linked.headers["Location"]) == (302, "/accounts/profile/")
    assert "已关联" in signed_in.get("/accounts/profile/").content.decode()
    entry = ledger.about(zhang.account).first()
    assert entry.event == "people.account.sign_in_linked" and entry.details["issuer"] == issuer.url

    client = Client()
    back = through(client, issuer, sub="u-1")
    assert (back.status_code, back.headers["Location"]) == (302, "/go/")
    assert "张三" in client.get("/accounts/profile/").content.decode()
    assert "code_verifier" in issuer.asked[-1]


def test_linking_asks_for_the_password_again_and_then_goes_on(issuer, signed_in):
    issuer.claims = {"sub": "u-1"}
    sent = signed_in.post(f"{START}?process=connect&next=/accounts/profile/")
    state = parse_qs(urlsplit(sent.headers["Location"]).query)["state"][0]
    asked = signed_in.get(CALLBACK, {"code": "c", "state": state})
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not SocialAccount.objects.exists()
    done = signed_in.post(asked.headers["Location"], {"password": PASSWORD})
    assert done.status_code == 302 and SocialAccount.objects.count() == 1


def test_nothing_but_issuer_and_a_digest_is_kept(issuer, signed_in):
    through(signed_in, issuer, process="connect", sub="subject-77", email="zhang@example.com", name="张三")
    kept = SocialAccount.objects.get()
    assert kept.extra_data == {"issuer": issuer.url}
    assert "subject-77" not in kept.uid
    assert not EmailAddress.objects.exists()


def test_the_same_address_opens_nothing_and_makes_nothing(issuer, zhang):
    """Somebody else controls an address equal to one we know: it is no identity here."""
    people.set_contact(zhang, kind="email", value="zhang@example.com", by=None, now=zhang.account.created_at)
    EmailAddress.objects.create(user=zhang.account, email="zhang@example.com", verified=True, primary=True)
    accounts = Account.objects.count()
    client = Client()
    answer = through(
        client, issuer, sub="stranger", email="zhang@example.com", email_verified=True, preferred_username="zhang"
    )
    assert answer.status_code == 200 and "账号通过邀请取得" in answer.content.decode()
    assert client.get("/accounts/profile/").status_code == 302
    assert Account.objects.count() == accounts and not SocialAccount.objects.exists()


def test_the_same_subject_of_another_issuer_is_somebody_else(issuer, signed_in):
    through(signed_in, issuer, process="connect", sub="u-1")
    first, issuer.url = issuer.url, issuer.url.replace("127.0.0.1", "localhost")
    assert first != issuer.url
    issuer.claims = {"sub": "u-1"}
    client = Client()
    sent = client.post(START)
    state = parse_qs(urlsplit(sent.headers["Location"]).query)["state"][0]
    answer = client.get(CALLBACK, {"code": "c", "state": state})
    assert answer.status_code == 200 and "账号通过邀请取得" in answer.content.decode()


def test_an_identity_linked_to_one_account_is_not_taken_over_by_another(issuer, signed_in, db, zhang):
    through(signed_in, issuer, process="connect", sub="u-1")
    li = people.register("李四", by=None, now=zhang.account.created_at)
    people.make_account(li, username="li", password="a long enough pass", by=None, now=zhang.account.created_at)
    other = Client()
    sign_in(other, "li")
    through(other, issuer, process="connect", sub="u-1")
    assert SocialAccount.objects.get().user == zhang.account


def test_unlinking_closes_that_way_in(issuer, signed_in):
    through(signed_in, issuer, process="connect", sub="u-1")
    assert signed_in.post("/accounts/profile/unlink/").status_code == 302
    answer = through(Client(), issuer, sub="u-1")
    assert "账号通过邀请取得" in answer.content.decode()


@pytest.mark.parametrize(
    "query", [{"error": "access_denied"}, {"error": "server_error"}, {"code": "c", "state": "forged"}, {}]
)
def test_what_goes_wrong_there_is_said_here(issuer, query):
    client = Client()
    client.post(START)
    answer = client.get(CALLBACK, query, follow=True)
    assert answer.status_code in {200, 401}
    page = answer.content.decode()
    assert "登录已取消" in page or "没有确认您的身份" in page


def test_a_token_for_another_client_is_refused(issuer, zhang):
    client = Client()
    answer = through(client, issuer, sub="u-1", aud="somebody else")
    assert answer.status_code == 401 and "没有确认您的身份" in answer.content.decode()


def test_without_a_provider_nothing_is_offered(zhang):
    assert "oidc" not in Client().get("/accounts/login/").content.decode()
    assert Client().get(START).status_code == 404


def test_the_second_factor_is_asked_for_here_too(issuer, signed_in, zhang):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    through(signed_in, issuer, process="connect", sub="u-1")
    TOTP.activate(zhang.account, generate_totp_secret())
    answer = through(Client(), issuer, sub="u-1")
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")


def test_a_demonstration_account_is_no_exception(issuer, db, zhang):
    zhang.account.is_demonstration = True
    zhang.account.save()
    client = Client(HTTP_HOST="localhost")
    sign_in(client)
    through(client, issuer, process="connect", sub="u-1")
    far = Client(REMOTE_ADDR="203.0.113.9")
    assert through(far, issuer, sub="u-1").status_code == 403
