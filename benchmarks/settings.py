"""The product's own settings, with the floor's views beside its pages: one server, one middleware stack, one database."""

from config.settings import *  # noqa: F403  # everything but the three lines below is what production runs on
from config.settings import INSTALLED_APPS as PRODUCT_APPS
from config.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

INSTALLED_APPS = [*PRODUCT_APPS, "benchmarks.floor"]
MIDDLEWARE = ["benchmarks.floor.counting.count_queries", *PRODUCT_MIDDLEWARE]
ROOT_URLCONF = "benchmarks.urls"
