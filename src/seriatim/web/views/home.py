"""The first page: what waits, what stands where, what came and went; and all entries for a phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from seriatim.web.home_page import home_page
from seriatim.web.views.rights import own, person, takes


@require_safe
@takes("look")
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "web/home.html", home_page(person(request)))


@require_safe
@own
def more(request: HttpRequest) -> HttpResponse:
    """All entries: what a phone's tabs have no room for."""
    return render(request, "web/more.html")


urlpatterns = [
    path("", home, name="home"),
    path("more/", more, name="more"),
]
