"""The shape of the corpus: a scenario is one thing that happens, with its words from first report to result.

A block of corpus text holds one template a line. A line may begin with ``[tag tag]``: the first tag of what is
said names the matter, and of places, results, notes and comments only those with that tag, or with none, follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from linsheng.simulate.phrasing import Template, compile_template, words

KINDS: tuple[str, ...] = ("repair", "complaint", "suggestion", "enquiry", "praise", "help")
"""报修, 投诉, 建议, 咨询, 表扬, 求助."""

WAITS: tuple[str, ...] = ("reporter", "third_party", "parts")
"""What a waiting case waits for: 反映人, 第三方, 配件."""

Texts = tuple[Template, ...]

_PLACE_SLOTS = frozenset({"spot", "home", "building", "floor", "upper", "lift", "corner", "gate", "bin", "zone", "fire_lane"})
_PROBLEMS = frozenset({"repair", "complaint"})


@dataclass(frozen=True, slots=True)
class Line:
    """One template of a block and the matters it belongs to; none means all."""

    tags: frozenset[str]
    template: Template


Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Say:
    """One way to report a matter, with what fits it: where it is, what it causes, what came of it."""

    topic: str
    template: Template
    names_place: bool
    spots: Texts
    effects: Texts
    done: Texts


@dataclass(frozen=True, slots=True)
class Scenario:
    """Things that happen at an item in the same way and are worked on in the same way.

    ``work`` says what the reporter is after: ``fix`` (mend it), ``order`` (see to it), ``answer`` (tell me).
    """

    topic: str
    kinds: frozenset[str]
    urgencies: frozenset[str]
    work: str
    says: tuple[Say, ...]
    slots: Mapping[str, Texts]
    done: Lines
    spots: Lines
    effects: Lines


@dataclass(frozen=True, slots=True)
class ItemTexts:
    """All words of one service item."""

    code: str
    scenarios: tuple[Scenario, ...]
    notes: Lines
    waits: Mapping[str, Lines]
    declines: Lines
    refers: Lines
    good: Lines
    bad: Lines
    by_key: Mapping[tuple[str, str], tuple[Scenario, ...]] = field(repr=False)

    def topics(self) -> frozenset[str]:
        """Return every matter that can be reported, and the headings of the scenarios."""
        said = {say.topic for scenario in self.scenarios for say in scenario.says}
        return frozenset(said | {scenario.topic for scenario in self.scenarios})

    def kinds(self) -> tuple[str, ...]:
        """Return the kinds that make sense for this item, in the fixed order."""
        return tuple(kind for kind in KINDS if any(kind in scenario.kinds for scenario in self.scenarios))

    def urgencies(self, kind: str) -> frozenset[str]:
        """Return the urgencies that have scenarios of their own for a kind."""
        return frozenset(urgency for (of_kind, urgency) in self.by_key if of_kind == kind)


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario before its item gives what the scenario leaves open."""

    topic: str
    kinds: frozenset[str]
    urgencies: frozenset[str]
    work: str
    says: str
    done: str
    spots: str
    effects: str
    slots: Mapping[str, str]


def scenario(
    topic: str,
    kinds: str,
    says: str,
    done: str,
    *,
    urgency: str = "normal urgent",
    work: str = "",
    spots: str = "",
    effects: str = "",
    slots: Mapping[str, str] | None = None,
) -> Draft:
    """Describe one scenario; texts are blocks of one template a line, lists are divided by white space."""
    return Draft(topic, frozenset(kinds.split()), frozenset(urgency.split()), work, says, done, spots, effects, slots or {})


def tagged_lines(text: str) -> Lines:
    """Compile a block whose lines may begin with tags in square brackets."""
    found = []
    for raw in text.splitlines():
        line = raw.strip()
        if line:
            tags, line = _tags(line)
            found.append(Line(frozenset(tags), compile_template(line)))
    return tuple(found)


def _tags(line: str) -> tuple[list[str], str]:
    if not line.startswith("["):
        return [], line
    tags, rest = line[1:].split("]", 1)
    return tags.split(), rest.strip()


def matching(options: Lines, topic: str) -> Texts:
    """Return the templates that belong to a matter or to all; none if there is none."""
    return tuple(line.template for line in options if not line.tags or topic in line.tags)


def fitting(options: Lines, topic: str) -> Texts:
    """Return the templates that belong to a matter or to all; every template if there is none."""
    return matching(options, topic) or tuple(line.template for line in options)


def _say(line: str, topic: str, done: Lines, spots: Lines, effects: Lines) -> Say:
    tags, text = _tags(line)
    own = tags[0] if tags else topic
    template = compile_template(text)
    named = bool(template.slots() & _PLACE_SLOTS)
    return Say(own, template, named, fitting(spots, own), matching(effects, own), fitting(done, own))


def _finish(draft: Draft, work: str, spots: str, effects: str, slots: Mapping[str, str]) -> Scenario:
    felt = draft.effects or (effects if draft.kinds & _PROBLEMS and "emergency" not in draft.urgencies else "")
    done, where, why = tagged_lines(draft.done), tagged_lines(draft.spots or spots), tagged_lines(felt)
    raw = [line.strip() for line in draft.says.splitlines() if line.strip()]
    return Scenario(
        topic=draft.topic,
        kinds=draft.kinds,
        urgencies=draft.urgencies,
        work=draft.work or work,
        says=tuple(_say(line, draft.topic, done, where, why) for line in raw),
        slots={name: words(text) for name, text in {**slots, **draft.slots}.items()},
        done=done,
        spots=where,
        effects=why,
    )


def _index(scenarios: tuple[Scenario, ...]) -> dict[tuple[str, str], tuple[Scenario, ...]]:
    found: dict[tuple[str, str], tuple[Scenario, ...]] = {}
    for one in scenarios:
        for kind in one.kinds:
            for urgency in one.urgencies:
                found[kind, urgency] = (*found.get((kind, urgency), ()), one)
    return found


def item(
    code: str,
    *drafts: Draft,
    work: str,
    spots: str,
    effects: str = "",
    slots: Mapping[str, str] | None = None,
    notes: str = "",
    waits: Mapping[str, str] | None = None,
    declines: str = "",
    refers: str = "",
    good: str = "",
    bad: str = "",
) -> ItemTexts:
    """Assemble an item: what it gives for all its scenarios, and the scenarios themselves."""
    scenarios = tuple(_finish(draft, work, spots, effects, slots or {}) for draft in drafts)
    return ItemTexts(
        code=code,
        scenarios=scenarios,
        notes=tagged_lines(notes),
        waits={wait: tagged_lines(text) for wait, text in (waits or {}).items()},
        declines=tagged_lines(declines),
        refers=tagged_lines(refers),
        good=tagged_lines(good),
        bad=tagged_lines(bad),
        by_key=_index(scenarios),
    )
