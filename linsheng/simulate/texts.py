"""Writes what people would have written: from one seed the same reports, results, notes and comments each time.

A ``Story`` is drawn first (what happened, where, said in which voice); every further text about the case is
asked with that story, so that a broken lift button is answered by a new button panel on the same lift.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linsheng.simulate import letters, voices
from linsheng.simulate.corpus import CORPUS, ItemTexts, Scenario, comments, common, desk
from linsheng.simulate.corpus.shape import Lines, Say, Texts, matching
from linsheng.simulate.letters import Email
from linsheng.simulate.phrasing import Filling, pick
from linsheng.simulate.situation import Place, Situation
from linsheng.simulate.slots import DYNAMIC
from linsheng.simulate.voices import Report

SOMEWHERE = Place(community="示例小区", building="1栋", floor=8, room="801")
"""Used where a text is asked for without a story."""

_DEED_KINDS = frozenset({"repair", "complaint", "help"})
_MENDED = frozenset({"fix", "order"})


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to whom: the words drawn so far, shared by all texts of one case."""

    item_code: str
    kind: str
    urgency: str
    scenario: Scenario
    say: Say
    filling: Filling
    location: str
    report: Report

    @property
    def text(self) -> str:
        """What the reporter wrote."""
        return self.report.text

    @property
    def topic(self) -> str:
        """The matter in a few words, as a heading or a subject."""
        return self.say.topic

    @property
    def work(self) -> str:
        """What the reporter is after: fix, order, answer, ask, idea, praise or aid."""
        return voices.work_of(self.scenario, self.kind)

    @property
    def remedy(self) -> str:
        """What has to be done: fix, order or answer."""
        return self.scenario.work if self.kind in _DEED_KINDS else "answer"


def scenarios_for(texts: ItemTexts, kind: str, urgency: str) -> tuple[Scenario, ...]:
    """Return what can happen; the nearest urgency, then any kind, where the item has nothing of its own."""
    for wanted in (urgency, "urgent", "normal", "emergency"):
        found = texts.by_key.get((kind, wanted))
        if found:
            return found
    return texts.by_key["complaint", "normal"]


class TextMaker:
    """Draws stories and writes every text about them; all chance comes from ``rng``."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def story(
        self,
        item_code: str,
        kind: str,
        urgency: str,
        place: Place,
        *,
        at: datetime | None = None,
        staff: str = "",
        reporter: str = "",
    ) -> Story:
        """Draw what happened; ``at`` is local time (season and hour), ``staff`` is praised by name if given."""
        scenario = pick(self.rng, scenarios_for(CORPUS[item_code], kind, urgency))
        say = pick(self.rng, scenario.says)
        month, hour = (at.month, at.hour) if at else (None, None)
        situation = Situation(item_code, urgency, place, month, hour, staff, reporter)
        filling = Filling(self.rng, situation, (scenario.slots, DYNAMIC, common.WORDS), {"topic": say.topic})
        location = filling.known["spot"] = filling.one_of(say.spots)
        report = voices.compose(filling, scenario, say, kind)
        return Story(item_code, kind, urgency, scenario, say, filling, location, report)

    def report(self, item_code: str, kind: str, urgency: str, place: Place, *, at: datetime | None = None) -> str:
        """Return what a reporter wrote, when only the words are needed."""
        return self.story(item_code, kind, urgency, place, at=at).text

    def on_channel(self, story: Story, channel: str) -> str:
        """Return the report as it was entered for a channel (phone, desk, paper, forum, patrol; else unchanged)."""
        return letters.on_channel(story.filling, story.report, channel)

    def email(self, story: Story, name: str, phone: str = "") -> Email:
        """Return the report as a letter signed with a name."""
        return letters.email(story.filling, story.kind, story.text, name=name, phone=phone)

    def result(self, item_code: str, kind: str, story: Story | None = None) -> str:
        """Return what was done, in words for the reporter."""
        told = story or self.story(item_code, kind, "normal", SOMEWHERE)
        filling = told.filling
        plain = told.work == "praise" or told.urgency == "emergency"
        heads = desk.RESULT_HEADS if told.kind in _DEED_KINDS else desk.RESULT_HEADS_TALK
        head = "" if plain or filling.chance(0.7) else filling.one_of(heads)
        tails = desk.RESULT_TAILS.get(told.work, ())
        tail = filling.one_of(tails) if filling.chance(0.35) else ""
        return head + filling.one_of(told.say.done) + tail

    def contact(self, story: Story) -> str:
        """Return the log of the first contact with the reporter, in which they were reached."""
        key = "emergency" if story.urgency == "emergency" else story.work
        return story.filling.one_of(desk.CONTACTS[key])

    def unreached(self, story: Story) -> str:
        """Return the log of a contact in which the reporter was not reached."""
        return story.filling.one_of(desk.UNREACHED)

    def told(self, story: Story) -> str:
        """Return the log of telling the result to the reporter."""
        mended = story.work in _MENDED or story.urgency == "emergency"
        return story.filling.one_of(desk.TOLD if mended else desk.TOLD_TALK)

    def note(self, item_code: str, story: Story | None = None) -> str:
        """Return an internal note, which the reporter does not see."""
        quiet = desk.NOTES_QUIET.get(story.work, ()) if story and story.urgency != "emergency" else ()
        own = () if quiet else CORPUS[item_code].notes
        return self._of_item(own, quiet or desk.NOTES, item_code, story, 0.6)

    def waiting(self, item_code: str, wait_for: str, story: Story | None = None) -> str:
        """Return why a case waits for ``reporter``, ``third_party`` or ``parts``."""
        own = CORPUS[item_code].waits.get(wait_for, ())
        return self._of_item(own, desk.WAITS[wait_for], item_code, story, 0.7)

    def decline(self, item_code: str, kind: str, story: Story | None = None) -> str:
        """Return the reason for declining, in words for the reporter."""
        work = "idea" if kind == "suggestion" else (story.remedy if story else "answer")
        return self._of_item(CORPUS[item_code].declines, desk.DECLINES[work], item_code, story, 0.7)

    def refer(self, item_code: str, story: Story | None = None) -> str:
        """Return the reason for handing a case to somebody outside, in words for the reporter."""
        return self._of_item(CORPUS[item_code].refers, desk.REFERS, item_code, story, 0.8)

    def reopen(self, story: Story) -> str:
        """Return why the reporter is not content with the result."""
        return story.filling.one_of(desk.REOPENS[story.remedy])

    def withdraw(self, story: Story) -> str:
        """Return why the reporter takes the case back."""
        return story.filling.one_of(desk.WITHDRAWS)

    def urge(self, story: Story) -> str:
        """Return what the reporter says when urging."""
        return story.filling.one_of(desk.URGES)

    def supplement(self, story: Story) -> str:
        """Return what the reporter adds later."""
        return story.filling.one_of(desk.SUPPLEMENTS)

    def callback_note(self, outcome: str, story: Story) -> str:
        """Return the log of a callback: ``satisfied``, ``basically``, ``not`` or ``unreached``."""
        return story.filling.one_of(comments.CALLBACK_NOTES[outcome])

    def rating_reasons(self, stars: int) -> tuple[str, ...]:
        """Return the chips ticked for a rating: one or two for three stars or fewer, none above."""
        if stars > 3:
            return ()
        codes = list(comments.REASON_WEIGHTS)
        weights = list(comments.REASON_WEIGHTS.values())
        drawn = self.rng.choices(codes, weights, k=1 + (self.rng.random() < 0.3))
        return tuple(code for code in comments.RATING_REASONS if code in drawn)

    def rating_comment(self, stars: int, item_code: str, reasons: Sequence[str] = (), story: Story | None = None) -> str:
        """Return words that go with the stars and the ticked reasons."""
        filling = self._filling(item_code, story)
        said = [comments.BY_REASON[reason] for reason in reasons if filling.chance(0.7)]
        texts = CORPUS[item_code]
        own = matching(texts.good if stars >= 4 else texts.bad, filling.word("topic"))
        if own and filling.chance(0.35):
            said.append(own)
        elif not said or filling.chance(0.5):
            said.insert(0, comments.BY_STARS[stars])
        return "".join(voices.closed(filling.one_of(options)) for options in said)

    def _of_item(self, own: Lines, shared: Texts, item_code: str, story: Story | None, share: float) -> str:
        filling = self._filling(item_code, story)
        fit = matching(own, filling.word("topic"))
        return filling.one_of(fit if fit and filling.chance(share) else shared)

    def _filling(self, item_code: str, story: Story | None) -> Filling:
        return (story or self.story(item_code, "complaint", "normal", SOMEWHERE)).filling
