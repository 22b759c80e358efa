"""Who need not consent: people for whom the data is needed by law or contract, such as staff. Higher apps say who."""

from collections.abc import Callable

from linsheng.accounts.models import User

Rule = Callable[[User], bool]
_rules: list[Rule] = []


def register(rule: Rule) -> Rule:
    """People for whom ``rule`` holds are informed, not asked."""
    if rule not in _rules:
        _rules.append(rule)
    return rule


def is_exempt(user: User) -> bool:
    return any(rule(user) for rule in _rules)
