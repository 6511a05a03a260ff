"""What no browser sends: texts, names of files, bytes."""

from django.db import connection

STRINGS = [
    "",
    " \t\n",
    "\0",
    "a\0b",
    "\ufffe\u202e\u2028",
    "😀" * 300,
    "x" * 200_000,
    "9" * 30,
    "9" * 5000,
    "-1",
    "0",
    "1.5",
    "²",
    "٣",
    "1e400",
    "NaN",
    "'\"><script>%s{{x}}{% x %}",
    "../../etc/passwd",
    "null",
    '{"a": 1}',
    '"\\ud800"',
    '"\\u0000"',
    '{"\\u0000": "\\ud800"}',
]
if connection.vendor == "postgresql":
    # Every value meets SQLite; here only those that the two databases take differently, for time is short.
    STRINGS = [value for value in STRINGS if "\0" in value or "\\u" in value or value.isdigit() or "😀" in value]
DEEP = "[" * 20_000
FIRST_DAY, LAST_DAY = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
SHORT = [value for value in STRINGS if len(value) < 6000]
WORST = ["9" * 30, "\0"] if connection.vendor == "postgresql" else ["9" * 30, "-1"]
NAMES = ["\0.txt", "a\0b.csv", "x" * 2000 + ".txt", "😀.txt", ".txt", "a/b\\c.txt", "%00.json"]
# Bytes of half a character, as no form would send them.
HALVES = "%ED%A0%80"

TABLE = {
    "text": "unit,A,B\n1,2,2\n2,1,2\n",
    "layout": "wide",
    "header": "1",
    "roles_of": "wide 1",
    "role": "annotator",
    "missing": "9",
    "per_question": "2",
    "variable": "ratings",
    "level": "ordinal",
    "order": "1, 2",
    "merge": "1, 2; 3",
    "encoding": "",
    "format": "csv",
    "table": "",
}
"""What the form of the calculator sends."""
