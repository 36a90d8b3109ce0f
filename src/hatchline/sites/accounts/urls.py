"""Signing in and out, second factor, sessions, profile. Of allauth's routes only those in use, by their names."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc
from django.urls import path

from hatchline.sites.accounts import views
from hatchline.sites.api import tokens

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("signup/", views.no_sign_up, name="account_signup"),
    path("invitation/<str:token>/", views.invitation, name="account_invitation"),
    path("profile/", views.profile, name="account_profile"),
    path("profile/contacts/", views.add_contact, name="account_add_contact"),
    path("profile/contacts/<int:pk>/", views.reveal_contact, name="account_reveal_contact"),
    path("profile/contacts/<int:pk>/remove/", views.remove_contact, name="account_remove_contact"),
    path("profile/identities/<int:pk>/", views.reveal_identity, name="account_reveal_identity"),
    path("profile/export/", views.export, name="account_export"),
    path("profile/unlink/", views.unlink, name="account_unlink"),
    path("tokens/", tokens.own, name="account_tokens"),
    path("tokens/<int:pk>/revoke/", tokens.revoke, name="account_token_revoke"),
    path("sign-ins/", views.sign_ins, name="usersessions_list"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("oidc/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("oidc/error/", social.login_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", oidc.login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
]
