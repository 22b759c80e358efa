"""Addresses of the service tree, the promises and the calendars."""

from django.urls import URLPattern, URLResolver, path

from linsheng.standards.views import calendars, items, promises

app_name = "standards"
urlpatterns: list[URLPattern | URLResolver] = [
    path("standards/items/", items.items, name="items"),
    path("standards/items/export/", items.export, name="items_export"),
    path("standards/items/new/", items.add, name="item_add"),
    path("standards/items/<int:pk>/", items.change, name="item"),
    path("standards/items/<int:pk>/retire/", items.retire, name="item_retire"),
    path("standards/items/<int:pk>/restore/", items.restore, name="item_restore"),
    path("standards/dimensions/new/", items.add_dimension, name="dimension_add"),
    path("standards/promises/", promises.promises, name="promises"),
    path("standards/promises/export/", promises.export, name="promises_export"),
    path("standards/promises/<int:pk>/", promises.change, name="promise"),
    path("standards/calendars/", calendars.calendars, name="calendars"),
    path("standards/calendars/<int:pk>/", calendars.change, name="calendar"),
    path("standards/calendars/<int:pk>/days/", calendars.override, name="override"),
    path("standards/calendars/<int:pk>/days/<int:override_pk>/remove/", calendars.remove_override, name="override_remove"),
]
