"""Where everything is mounted. Each site keeps its own routes."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from hatchline.apps.bodies.admin import ReadOnly
from hatchline.sites import access, downloads, go

for table, shown in list(admin.site._registry.items()):
    if not isinstance(shown, ReadOnly):
        admin.site.unregister(table)  # libraries bring pages that write; what they write would miss the ledger

# One way in and one way to change a password: the library's own would know neither second factor nor ledger.
admin.site.login = secure_admin_login(admin.site.login)
_own_password = RedirectView.as_view(pattern_name="account_change_password")

urlpatterns = [
    path("", include("hatchline.sites.portal.urls")),
    path("console/", include("hatchline.sites.console.urls")),
    path("desk/", include("hatchline.sites.desk.urls")),
    path("accounts/", include("hatchline.sites.accounts.urls")),
    path("api/", include("hatchline.sites.api.urls")),
    path("gallery/", include("hatchline.sites.components.urls")),
    path("go/", go.home, name="go"),
    path("go/role/", go.switch_role, name="switch_role"),
    path("go/language/", go.set_language, name="set_language"),
    path("files/<int:pk>/", downloads.file, name="file"),
    path("go/theme/", go.set_theme, name="set_theme"),
    path("reference/password_change/", access.public(_own_password)),
    path("reference/", admin.site.urls),
]

handler400 = "hatchline.sites.errors.bad_request"
handler403 = "hatchline.sites.errors.forbidden"
handler404 = "hatchline.sites.errors.not_found"
handler500 = "hatchline.sites.errors.server_error"
