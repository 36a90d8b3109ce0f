"""Routes of the console."""

from django.urls import path

from hatchline.sites.console import home, institutions, ledger, organisations, outbox, records, search, targets
from hatchline.sites.inbox.routes import routes as inbox_routes

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.everything, name="search"),
    path("drafts/", records.draft, name="draft"),
    path("organisations/", organisations.listing, name="organisations"),
    path("organisations/register/", organisations.register, name="organisation_register"),
    path("organisations/<int:pk>/", organisations.profile, name="organisation"),
    path("organisations/<int:pk>/amend/", organisations.amend, name="organisation_amend"),
    path("organisations/<int:pk>/rename/", organisations.rename, name="organisation_rename"),
    path("organisations/<int:pk>/close/", organisations.close, name="organisation_close"),
    path("organisations/<int:pk>/reopen/", organisations.reopen, name="organisation_reopen"),
    path("institutions/", institutions.listing, name="institutions"),
    path("institutions/register/", institutions.register, name="institution_register"),
    path("institutions/<int:pk>/", institutions.profile, name="institution"),
    path("institutions/<int:pk>/amend/", institutions.amend, name="institution_amend"),
    path("institutions/<int:pk>/open/", institutions.open_, name="institution_open"),
    path("institutions/<int:pk>/close/", institutions.close, name="institution_close"),
    path("institutions/<int:pk>/reopen/", institutions.reopen, name="institution_reopen"),
    path("targets/", targets.listing, name="targets"),
    path("targets/<slug:code>/", targets.detail, name="target"),
    path("targets/<slug:code>/definition/", targets.redefine, name="target_redefine"),
    path("ledger/", ledger.listing, name="ledger"),
    path("ledger/slip/", ledger.slip, name="ledger_slip"),
    path("ledger/<str:kind>/<str:key>/", ledger.subject, name="ledger_subject"),
    path("outbox/", outbox.listing, name="outbox"),
    path("outbox/<int:pk>/", outbox.job, name="job"),
    path("outbox/<int:pk>/settle/", outbox.settle, name="job_settle"),
    *inbox_routes(),
]
