"""What the schema says of names: two shapes of one name would be one in it, and it would not tell the truth of either."""

import importlib
import pkgutil
from collections import Counter

from ninja import Schema

from linsheng import api


def test_no_two_shapes_have_the_same_name():
    for module in pkgutil.iter_modules(api.__path__, f"{api.__name__}."):
        if not module.ispkg:
            importlib.import_module(module.name)

    def shapes(parent):
        for shape in parent.__subclasses__():
            yield shape
            yield from shapes(shape)

    names = Counter(shape.__name__ for shape in set(shapes(Schema)) if shape.__module__.startswith(api.__name__))
    assert [name for name, times in names.items() if times > 1] == [] and len(names) > 30
