"""Full text over cases: Chinese by bigrams, in SQLite's FTS5 or PostgreSQL's tsvector, with the same tokens.

Some tokens carry a mark that nobody can type (queries keep Han, Latin letters and digits only): personal ones, so that who may not
see personal data cannot find it by searching either; the community, the company and "is open", so that a search reads no more
entries than concern the reader, however many there are.
"""

from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from linsheng.core.text import RUNS, normalise, phone_digits, tokens
from linsheng.feedback.models import Case

PERSONAL, PLACE, COMPANY, OPEN_CASE = "ж", "ц", "ю", "щ1"
TABLE = "feedback_case_search"
# A search among ended cases gives the newest so many: nobody reads on, and it costs the same in any table.
MOST_FOUND = 1000
MOST_WORDS = 12


def last_characters(text: str) -> list[str]:
    """The last character of every Han run: with the bigrams it lets a single character be found wherever it stands."""
    return [run[-1] for run in RUNS.findall(normalise(text)) if run[0] > "z" and len(run) > 1]


def _personal(case: Case) -> list[str]:
    if case.confidential:
        return []
    names = [case.contact_name, case.resident.name if case.resident else ""]
    phones = [phone_digits(p) for p in (case.contact_phone, case.resident.phone if case.resident else "")]
    found = [token for name in names for token in [*tokens(name), *last_characters(name)]]
    found += [part for phone in phones if phone for part in (phone, phone[-4:])]
    if case.home is not None:
        found += [*tokens(case.home.number), case.home.number.lower().replace("-", "")]
    return [PERSONAL + token for token in found]


def tokens_of(case: Case, results: Iterable[str] = ()) -> list[str]:
    """Everything that the case can be found by, without repetitions; ``results`` are further texts: results, added words."""
    words = [case.number, case.text, case.location, str(case.item.name), *results]
    found = [token for text in words for token in [*tokens(text), *last_characters(text)]]
    # The whole number too, so that CH2611-0042 is one word.
    whole = case.number.lower().replace("-", "")
    marks = [f"{PLACE}{case.community_id}", f"{COMPANY}{case.community.organisation_id}", *([OPEN_CASE] if case.is_open else [])]
    return list(dict.fromkeys([*marks, *found, whole, *_personal(case)]))


def index_new(case: Case) -> None:
    """Put a case that has just come in into the index."""
    write_index([(case.pk, tokens_of(case))], fresh=True)


def index_case(case: Case) -> None:
    """Bring the case's entry up to date, with its results and the words added to it (two queries)."""
    results = case.resolutions.values_list("text", flat=True)
    added = case.events.filter(action="add").values_list("text", flat=True)
    write_index([(case.pk, tokens_of(case, [*results, *added]))])


def write_index(rows: Iterable[tuple[int, list[str]]], *, fresh: bool = False) -> None:
    """Write entries (case id, tokens) in bulk, replacing older ones; ``fresh``: there are none."""
    rows = list(rows)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            if not fresh:
                cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(pk,) for pk, _words in rows])  # noqa: S608  # a constant
            entries = [(pk, " ".join(words)) for pk, words in rows]
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, tokens) VALUES (%s, %s)", entries)  # noqa: S608  # a constant
        else:
            # One statement for all of them; no word holds the unit separator.
            insert = (
                f"INSERT INTO {TABLE} (case_id, tokens) SELECT id, array_to_tsvector(string_to_array(words, chr(31)))"  # noqa: S608  # a constant
                " FROM unnest(%s::bigint[], %s::text[]) AS entry(id, words)"
            )
            columns = [pk for pk, _words in rows], ["\x1f".join(words) for _pk, words in rows]
            cursor.execute(f"{insert} ON CONFLICT (case_id) DO UPDATE SET tokens = excluded.tokens", columns)


def _wanted(text: str) -> list[str]:
    """Query tokens: the same cutting as the index."""
    return list(dict.fromkeys(tokens(text)))[:MOST_WORDS]


def _term(token: str, *, personal: bool) -> str:
    """One word of the query, in the database's own language; a single Han character finds every word that begins with it."""
    forms = [token, PERSONAL + token] if personal else [token]
    prefix = len(token) == 1 and token > "z"  # noqa: S105  # a word, no password
    if connection.vendor == "sqlite":
        return "(" + " OR ".join(f'"{form}"{"*" if prefix else ""}' for form in forms) + ")"
    return "(" + " | ".join(f"'{form}'{':*' if prefix else ''}" for form in forms) + ")"


def _marked(marks: Iterable[str]) -> str:
    """Any one of some marks."""
    if connection.vendor == "sqlite":
        return "(" + " OR ".join(f'"{mark}"' for mark in marks) + ")"
    return "(" + " | ".join(f"'{mark}'" for mark in marks) + ")"


def matching(
    cases: QuerySet[Case],
    text: str,
    *,
    personal: bool,
    community: int | None = None,
    organisations: Collection[int] = (),
    open_only: bool = False,
) -> QuerySet[Case]:
    """The cases that hold every word of ``text``; nothing when it has no word at all.

    ``community``, ``organisations`` and ``open_only`` say what ``cases`` is restricted to anyway: the index then reads no more than
    that (one mark each: a choice among many communities costs more than it saves). Without ``open_only`` at most the newest
    ``MOST_FOUND`` are found.
    """
    wanted = _wanted(text)
    if not wanted:
        return cases.none()
    parts = [_term(token, personal=personal) for token in wanted]
    parts += [_marked([OPEN_CASE])] if open_only else []
    if community is not None:
        parts.append(_marked([f"{PLACE}{community}"]))
    elif organisations:
        parts.append(_marked(f"{COMPANY}{pk}" for pk in sorted(organisations)))
    if connection.vendor == "sqlite":
        select, query = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s ORDER BY rowid DESC", " AND ".join(parts)  # noqa: S608
    else:
        select, query = f"SELECT case_id FROM {TABLE} WHERE tokens @@ %s::tsquery ORDER BY case_id DESC", " & ".join(parts)  # noqa: S608
    limit = "" if open_only else f" LIMIT {MOST_FOUND}"
    return cases.filter(pk__in=RawSQL(select + limit, [query]))  # noqa: S611  # constants; what was typed is a parameter
