"""Writes of the service tree, the promises and the calendars."""

from linsheng.standards.actions.calendars import remove_override, save_calendar, set_override
from linsheng.standards.actions.defaults import install_defaults
from linsheng.standards.actions.items import add_dimension, add_item, change_item, restore_item, retire_item
from linsheng.standards.actions.promises import PromiseChange, publish_promises

__all__ = [
    "PromiseChange",
    "add_dimension",
    "add_item",
    "change_item",
    "install_defaults",
    "publish_promises",
    "remove_override",
    "restore_item",
    "retire_item",
    "save_calendar",
    "set_override",
]
