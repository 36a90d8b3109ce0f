"""The gallery."""

urlpatterns: list = []
