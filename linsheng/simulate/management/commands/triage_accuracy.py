"""``manage.py triage_accuracy``: how often the proposed item is right, of texts that were not learned from."""

import json
import random
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from linsheng.intake.triage.examples import Example
from linsheng.intake.triage.learning import fitted, measured, tuned
from linsheng.simulate.profiles import PROFILES, urgency_shares
from linsheng.simulate.texts import SOMEWHERE, TextMaker
from linsheng.standards.default_tree import ITEMS
from linsheng.standards.models import ServiceItem

HELD_OUT = 0.3
TUNING = 0.2
Drawn = list[tuple[Example, int]]


def drawn(count: int, seed: int) -> Drawn:
    """Texts of the demo's corpus with the place of the template that each was made of."""
    rng = random.Random(seed)  # reproducible, not secret
    maker, seen, found = TextMaker(rng), {}, []  # type: ignore[var-annotated]
    codes = sorted(PROFILES)
    for number in range(count):
        code = rng.choices(codes, [PROFILES[one].weight for one in codes])[0]
        kind = _one_of(rng, PROFILES[code].kinds)
        urgency = _one_of(rng, urgency_shares(code, kind))
        story = maker.story(code, kind, urgency, SOMEWHERE)
        template = seen.setdefault((code, id(story.say.template)), len(seen))
        found.append((Example(story.text, code, str(number)), template))
    return found


def _one_of(rng: random.Random, shares: Mapping[str, float]) -> str:
    names = sorted(shares)
    return rng.choices(names, [shares[name] for name in names])[0]


def by_chance(texts: Drawn, rng: random.Random) -> set[int]:
    return set(rng.sample(range(len(texts)), int(len(texts) * HELD_OUT)))


def by_template(texts: Drawn, rng: random.Random) -> set[int]:
    """All texts of some templates: nothing that is asked was learned in the same words."""
    templates = sorted({template for _one, template in texts})
    out = set(rng.sample(templates, int(len(templates) * HELD_OUT)))
    return {place for place, (_one, template) in enumerate(texts) if template in out}


def accuracy(texts: Drawn, out: set[int]) -> dict[str, Any]:
    """Lexicon alone and blend, measured on the texts that were kept out."""
    items = [ServiceItem(code=item.code, name=item.name) for item in ITEMS]
    known = [one for place, (one, _t) in enumerate(texts) if place not in out]
    asked = [one for place, (one, _t) in enumerate(texts) if place in out]
    cut = int(len(known) * (1 - TUNING))
    model = tuned(fitted(known[:cut]), known[cut:], items)
    return {"lexicon": measured(asked, items, None), "blend": measured(asked, items, model)}


class Command(BaseCommand):
    help = (
        "Draws demo texts, learns from 70 % of them and proposes items for the rest: split at random, and by template, so that "
        "nothing asked was learned in the same words. Writes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--texts", type=int, default=3000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        texts = drawn(options["texts"], options["seed"])
        rng = random.Random(options["seed"])  # reproducible, not secret
        found = {split.__name__: accuracy(texts, split(texts, rng)) for split in (by_chance, by_template)}
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for split, one in found.items():
            for reader in ("lexicon", "blend"):
                row = one[reader]
                first, three = row["first"], row["three"]
                words = (
                    f"{split:12} {reader:8} n={first['n']}"
                    f"  first {first['right'] / first['n']:.3f} [{first['low']:.3f}, {first['high']:.3f}]"
                    f"  among three {three['right'] / three['n']:.3f} [{three['low']:.3f}, {three['high']:.3f}]"
                    f"  mean of items {row['macro']:.3f}"
                )
                self.stdout.write(words)
