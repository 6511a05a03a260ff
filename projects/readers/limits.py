"""How large an upload may be. All limits of the readers stand here; the help shows them."""

MEGABYTE = 1024 * 1024

UPLOAD_BYTES = 20 * MEGABYTE
"""A file as it is uploaded."""

JSON_DEPTH = 64
"""Arrays and objects inside one another."""

EXTERNAL_ID_LENGTH = 200
TITLE_LENGTH = 300
FIELD_LENGTH = 2000
"""Outlet, author, date, url and language, in characters."""
