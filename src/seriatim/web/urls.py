"""Addresses of the pages."""

from django.urls import path

from seriatim.web.views import documents, find, home, people, units

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", people.LogIn.as_view(), name="login"),
    path("logout/", people.LogOut.as_view(), name="logout"),
    path("find", find.find, name="find"),
    path("units/", units.units, name="units"),
    path("units/<path:path>", units.unit, name="unit"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<str:name>", documents.document, name="document"),
]
