"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from linsheng.reports.views import monthly, today

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("today/", today.page, name="today"),
    path("figures/monthly/", monthly.page, name="monthly"),
    path("figures/monthly/request/", monthly.request_figures, name="request"),
    path("figures/monthly/export/", monthly.export, name="export"),
]
