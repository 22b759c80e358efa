"""Linsheng (邻声): a property company's yearly customer-satisfaction programme, run from end to end."""

__version__ = "0.1.0"
