"""A moment of the past as somebody writes it."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from annotator.core.errors import InvalidError

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def read_moment(written: str, *, zone: tzinfo, now: datetime) -> datetime:
    """A moment in ISO 8601; without an offset it is meant in `zone`, and a day alone means its end.

    >>> noon = datetime(2026, 11, 1, 12, tzinfo=UTC)
    >>> read_moment("2026-11-01T11:30+01:00", zone=UTC, now=noon)
    datetime.datetime(2026, 11, 1, 10, 30, tzinfo=datetime.timezone.utc)
    >>> read_moment("2026-10-31", zone=UTC, now=noon)
    datetime.datetime(2026, 11, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        found = _read(written.strip(), zone)
        if not found >= EARLIEST:
            raise ValueError
    except (ValueError, OverflowError) as error:
        raise InvalidError(
            f"“{written.strip()[:40]}” is no moment that can be read. Write it as 2026-11-01T12:00, or 2026-11-01 for"
            " the end of that day; with Z or an offset such as +01:00 where another time zone is meant."
        ) from error
    if found > now:
        raise InvalidError(f"{found:%Y-%m-%d %H:%M %Z} lies in the future. Choose a moment that has passed.")
    return found.astimezone(UTC)


def _read(written: str, zone: tzinfo) -> datetime:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        found = datetime.fromisoformat(written)
        return found if found.tzinfo else found.replace(tzinfo=zone)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
