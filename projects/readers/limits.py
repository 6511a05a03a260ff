"""How large an upload may be. All limits of the readers stand here; the help shows them."""

MEGABYTE = 1024 * 1024

UPLOAD_BYTES = 20 * MEGABYTE
"""A file as it is uploaded."""

UNPACKED_BYTES = 50 * MEGABYTE
"""All entries of an archive, or all parts of an office file, unpacked."""

OFFICE_IN_ARCHIVE_BYTES = 200 * MEGABYTE
"""All parts of all office files in one archive, unpacked: mostly styles, fonts and pictures that are never read."""

ENTRIES = 500
"""Files in an archive."""

OFFICE_PARTS = 5000
"""Parts of an office file: Nexis puts two or more pictures and links into each of its hundreds of articles."""

JSON_DEPTH = 64
"""Arrays and objects inside one another."""

RTF_DEPTH = 64
"""Groups inside one another."""

PDF_PAGES = 500

READ_SECONDS = 60
"""The longest that a file is worked on in a process of its own."""

READ_MEMORY_BYTES = 1536 * MEGABYTE
"""Addresses that this process may take; most of them are libraries and reserves that are never touched."""

EXTERNAL_ID_LENGTH = 200
TITLE_LENGTH = 300
FIELD_LENGTH = 2000
"""Outlet, author, date, url and language, in characters."""

TABLE_ROWS = 1_000_000
TABLE_CELLS = 4_000_000
"""Of a table of ratings, which is worked on in the request that brings it."""

ANNOTATED_ENTRIES = 5000
ANNOTATED_DOCUMENTS = 20_000
ANNOTATED_MARKS = 200_000
ANNOTATED_BY = 500
"""Of a file that was annotated in another tool."""
