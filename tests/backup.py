"""A back-up beside the store it was taken of, which went on.   backup.py BACKUP STORE ACKNOWLEDGED THREAD
All rows up to the newest of each table must be those of the store, and what changes there with time must be
of the same moment as the messages. Prints the newest message; exit 1, with a comment each, where it is not so."""
import re
import sqlite3
import sys

BACKUP, STORE, ACKNOWLEDGED, THREAD = sys.argv[1:]
# What a row that stays may have got later: columns, or the whole row. The search is looked over by "bbs check".
LATER = {"thread": {"last", "last_at", "posts"}, "member": {"visit", "last_visit", "floor"}, "member_key": {"used"},
         "mark": "all", "session": "all", "meta": "all", "job": "all"}
# What only grows, by which column, and the table that tells how far it had grown.
GROWS = {"item": ("id", "item"), "text": ("item", "item"), "journal": ("id", "journal"), "outbox": ("id", "outbox")}

faults = []


def compare(backup):
    for (table,) in backup.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%'"
                                   " AND name NOT LIKE 'sqlite%'").fetchall():
        if LATER.get(table) == "all":
            continue
        columns = [row[1] for row in backup.execute(f"PRAGMA table_info({table})") if row[1] not in LATER.get(table, ())]
        key, grown = GROWS.get(table, ("0", "item"))
        rows = [f"SELECT {', '.join(columns)} FROM {side}.{table} WHERE {key} <="
                f" (SELECT coalesce(max(id), 0) FROM main.{grown})" for side in ("main", "store")]
        for here, there in (rows, rows[::-1]):
            different = backup.execute(f"{here} EXCEPT {there}").fetchall()
            if different:
                faults.append(f"{table}: {len(different)} rows differ: {different[:2]}")


def one_moment(backup):
    """The messages acknowledged before, and no gap in what each caller sent; counts and marks as they were."""
    there = dict(backup.execute("SELECT item, body FROM text WHERE item <> ?", [THREAD]))
    for line in open(ACKNOWLEDGED):
        item, text = line.rstrip("\n").split(" ", 1)
        if there.get(int(item)) != text:
            faults.append(f"acknowledged, and not there: {line}")
    sent = {}
    for item in sorted(there):
        caller = re.fullmatch(r"caller (\d+), message (\d+)", there[item])
        if caller:
            sent.setdefault(caller[1], []).append(int(caller[2]))
    if not sent or any(numbers != list(range(1, len(numbers) + 1)) for numbers in sent.values()):
        faults.append(f"a caller's messages are not in their order, or one is missing: {sent}")
    counted, last = backup.execute("SELECT count(*), max(id) FROM item WHERE thread = ?", [THREAD]).fetchone()
    if backup.execute("SELECT posts, last FROM thread WHERE item = ?", [THREAD]).fetchone() != (counted, last):
        faults.append("the discussion counts other messages than it has")
    if backup.execute("SELECT max(last) FROM mark WHERE thread = ?", [THREAD]).fetchone()[0] > last:
        faults.append("somebody has read what is not there yet")
    return last


backup = sqlite3.connect(f"file:{BACKUP}?mode=ro", uri=True)
backup.execute("ATTACH ? AS store", [f"file:{STORE}?mode=ro"])
compare(backup)
print(one_moment(backup))
for words in faults:
    print("#", words, file=sys.stderr)
sys.exit(bool(faults))
