"""The ground truth: three insert-only tables in SQLite. Instants are stored as Unix time, used as monotonic."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from crestline.desk.conversation import Conversation, Event, Script, Sender
from crestline.errors import UsageError

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, run TEXT NOT NULL, row INTEGER NOT NULL,
  customer INTEGER NOT NULL, contact TEXT NOT NULL, vip INTEGER NOT NULL, script TEXT NOT NULL,
  sender TEXT NOT NULL DEFAULT '[]');
CREATE INDEX IF NOT EXISTS conversations_of_run ON conversations (run, id);
CREATE TABLE IF NOT EXISTS events (
  conversation INTEGER NOT NULL REFERENCES conversations (id), n INTEGER NOT NULL, at REAL NOT NULL,
  kind TEXT NOT NULL, text TEXT NOT NULL, who INTEGER, request INTEGER,
  PRIMARY KEY (conversation, n)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS notes (
  n INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
"""

INSERT_ONLY = """
CREATE TRIGGER IF NOT EXISTS {table}_keep_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END;
"""


PRAGMAS = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=2000; PRAGMA wal_autocheckpoint=0;
"""

CHECKPOINT_EVERY_S = 2.0


class Note(NamedTuple):
    """Something that concerns no single conversation: a login, a rehearsal, a fault."""

    at: float
    kind: str
    body: dict[str, Any]


class Log:
    """The open database. ``offset`` is what to add to monotonic time to get Unix time."""

    def __init__(self, path: Path, offset: float) -> None:
        self._path = path
        self._offset = offset
        self._db = sqlite3.connect(path, isolation_level=None)
        _prepare(self._db)
        self._db.execute("PRAGMA busy_timeout=0")  # a locked database is waited for elsewhere, not in here
        for table in ("conversations", "events", "notes"):
            for verb in ("UPDATE", "DELETE"):
                self._db.executescript(INSERT_ONLY.format(table=table, verb=verb))

    def write(self, opened: list[Conversation], events: list[tuple[int, Event]], notes: list[Note]) -> None:
        """Write the rows of one step in one transaction."""
        run = self._db.execute
        run("BEGIN IMMEDIATE")
        try:
            for c in opened:
                row = (c.id, c.key, c.run, c.row, c.customer, c.contact, c.vip, json.dumps(c.script))
                run("INSERT INTO conversations VALUES (?,?,?,?,?,?,?,?,?)", (*row, json.dumps(c.sender)))
            for of, e in events:
                values = (of, e.n, e.at + self._offset, e.kind, e.text, e.who, e.request)
                run("INSERT INTO events VALUES (?,?,?,?,?,?,?)", values)
            for note in notes:
                body = (note.at + self._offset, note.kind, json.dumps(note.body))
                run("INSERT INTO notes (at, kind, body) VALUES (?,?,?)", body)
        except BaseException:
            run("ROLLBACK")
            raise
        run("COMMIT")

    def conversations(self, run: str | None = None, after: int = 0, limit: int = -1) -> Iterator[Conversation]:
        """Conversations folded from their events, by id; of one run when it is given."""
        where = "id > ? AND (? IS NULL OR run = ?) ORDER BY id LIMIT ?"
        for row in self._db.execute(f"SELECT * FROM conversations WHERE {where}", (after, run, run, limit)):  # noqa: S608
            key, of_run, number, customer, contact, vip, *told = row[1:]
            script, sender = Script(*json.loads(told[0])), Sender(*json.loads(told[1]))
            made = Conversation(row[0], key, of_run, number, customer, contact, bool(vip), script, sender)
            for event in self._db.execute(
                "SELECT n, at - ?, kind, text, who, request FROM events WHERE conversation = ? ORDER BY n",
                (self._offset, made.id),
            ):
                made.fold(Event(*event))
            yield made

    def notes(self) -> list[Note]:
        """All notes in the order in which they were written."""
        rows = self._db.execute("SELECT at - ?, kind, body FROM notes ORDER BY n", (self._offset,))
        return [Note(at, kind, json.loads(body)) for at, kind, body in rows]

    def keep_short(self) -> None:
        """Fold the write-ahead log into the database now and then, in a thread: its fsync takes many milliseconds."""
        threading.Thread(target=_checkpoint, args=(self._path,), daemon=True).start()

    def close(self) -> None:
        """Close the database; the write-ahead log is folded in."""
        self._db.close()


def check_database(path: Path) -> None:
    """Raise ``UsageError`` where no log can be kept in this file."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as db:
            _prepare(db)
    except sqlite3.Error as error:
        msg = f"--db {path}: cannot be opened as a desk's log ({error}); name a new file in an existing folder"
        raise UsageError(msg) from error


def _prepare(db: sqlite3.Connection) -> None:
    """Make the tables; a log of an earlier desk gets the column that it did not have."""
    db.executescript(PRAGMAS + SCHEMA)
    if not any(column[1] == "sender" for column in db.execute("PRAGMA table_info(conversations)")):
        db.execute("ALTER TABLE conversations ADD COLUMN sender TEXT NOT NULL DEFAULT '[]'")


def _checkpoint(path: Path) -> None:
    while True:
        time.sleep(CHECKPOINT_EVERY_S)
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("PRAGMA wal_checkpoint(PASSIVE)")
