"""``/api/v1/``: the schema, its page, and the operations."""

from django.urls import URLPattern, URLResolver, path

from linsheng.api import views
from linsheng.api.router import build

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", views.openapi, name="api_schema"),
    path("docs", views.docs, name="api_docs"),
    path("", build().urls),
]
