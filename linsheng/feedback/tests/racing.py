"""Many at once: threads with their own connections, on PostgreSQL or on an SQLite file (a database in memory cannot be shared)."""

import sqlite3
from contextlib import contextmanager
from threading import Barrier, Thread

from django.db import connection


@contextmanager
def shareable(folder):
    """The test's database in a form that threads can share, with everything that the migrations made."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    memory, name = connection.connection, connection.settings_dict["NAME"]
    file = sqlite3.connect(folder / "racing.sqlite3")
    memory.backup(file)
    file.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(folder / "racing.sqlite3")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"], connection.connection = name, memory


def race(*attempts):
    """Let all attempts begin at the same moment; what each returned or raised, in their order."""
    start, outcomes = Barrier(len(attempts)), [None] * len(attempts)

    def run(place, attempt):
        try:
            connection.ensure_connection()
            start.wait(timeout=60)
            outcomes[place] = attempt()
        except Exception as error:  # noqa: BLE001  # the outcome of a race is what is tested, whatever it is
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=110)
    return outcomes
