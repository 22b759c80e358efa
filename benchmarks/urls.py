"""The product's addresses, and the floor's."""

from django.urls import include, path

from benchmarks.floor import views

urlpatterns = [
    path("floor/write/", views.write),
    path("floor/read/", views.read),
    path("", include("config.urls")),
]
