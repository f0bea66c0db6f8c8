# ruff: noqa: S608 - the only things put into these statements are constants and whole numbers
"""Do the columns of the log still say what its payloads say?

The database itself compares all rows at once, which takes a million of them in about a second; whatever it cannot call
plainly right (a name with a quotation mark, say) is compared value by value afterwards.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from govern import database
from govern.audit.rules.entries import COLUMNS, Fault, differing_columns

KEYS_AT_ONCE = 500

_AT = {
    "sqlite": "substr(e.at, 1, 10) || 'T' || substr(e.at, 12) || 'Z'",
    "postgresql": """to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""",
}
# The beginning of the payload, put together from the columns as if nothing in them needed escaping. A backslash in a
# column could make an altered name look like an escaped one: it is turned into what no payload contains.
_UNLIKE = {
    "sqlite": """
        SELECT e.id FROM audit_entry e WHERE instr(e.payload, CAST(replace(printf(
            '{"action":"%s","at":"%.10sT%sZ","hat":"%s","name":"%s","object":["%s","%s"],"user":%d,"with":',
            e.action, e.at, substr(e.at, 12), e.hat, e.actor_name, e.object_kind, e.object_id, e.user_id
        ), '\\', char(1)) AS BLOB)) <> 1 ORDER BY e.id
    """,
    "postgresql": f"""
        SELECT e.id FROM audit_entry e WHERE position(convert_to(replace(
            '{{"action":"' || e.action || '","at":"' || {_AT["postgresql"]} || '","hat":"' || e.hat
            || '","name":"' || e.actor_name || '","object":["' || e.object_kind || '","' || e.object_id
            || '"],"user":' || e.user_id || ',"with":', '\\', chr(1)), 'UTF8') IN e.payload) <> 1 ORDER BY e.id
    """,
}
_VALUES = (
    "SELECT e.id, e.payload, e.action, {at}, e.hat, e.actor_name, e.object_kind, e.object_id, e.user_id "
    "FROM audit_entry e WHERE e.id IN ({ids}) ORDER BY e.id"
)


def list_unclear() -> list[int]:
    """Ids of the entries whose columns are not plainly those of the payload; in a reading transaction of its own."""
    with database.short_read() as connection:
        return list(connection.exec_driver_sql(_UNLIKE[connection.dialect.name]).scalars())


def list_altered(connection: Connection, entry_ids: Sequence[int]) -> Iterator[Fault]:
    """A fault for each of these entries that has a column which does not say what the payload says."""
    at = _AT[connection.dialect.name]
    for start in range(0, len(entry_ids), KEYS_AT_ONCE):
        ids = ",".join(str(int(entry_id)) for entry_id in entry_ids[start : start + KEYS_AT_ONCE])
        for entry_id, payload, *values in connection.exec_driver_sql(_VALUES.format(at=at, ids=ids)):
            wrong = differing_columns(payload, dict(zip(COLUMNS, values, strict=True)))
            if wrong:
                says = "says" if len(wrong) == 1 else "say"
                yield Fault(
                    f"Entry {entry_id} was altered: {', '.join(wrong)} no longer {says} what was recorded.", entry_id
                )
