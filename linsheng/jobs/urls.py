"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from linsheng.jobs import views

app_name = "jobs"
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", views.healthz, name="healthz"),
    path("jobs/<int:job_id>/", views.progress, name="progress"),
]
