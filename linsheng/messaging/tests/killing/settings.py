"""The product's settings, with one more app that brings a job to be killed in."""

from config.settings import *  # noqa: F403 - the product as it is
from config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "linsheng.messaging.tests.killing"]
