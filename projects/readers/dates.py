"""Dates as newspaper databases write them, in the languages of their screens; with the month's name, never 3/5/2019."""

import datetime as dt
import re

_MONTHS = (
    "january jan januar janvier enero ene gennaio gen janeiro ocak января январь januari",
    "february feb februar février fevrier févr fév febrero febbraio fevereiro şubat февраля февраль februari",
    "march mar märz maerz mär mars marzo março mart марта март maart mrt",
    "april apr avril avr abril abr aprile nisan апреля апрель",
    "may mai mayo maggio mag maio mayıs мая май mei",
    "june jun juni juin junio giugno giu junho haziran июня июнь",
    "july jul juli juillet juil julio luglio lug julho temmuz июля июль",
    "august aug août aout agosto ago ağustos августа август augustus",
    "september sep sept septembre septiembre settembre set setembro eylül сентября сентябрь",
    "october oct oktober okt octobre octubre ottobre ott outubro out ekim октября октябрь",
    "november nov novembre noviembre novembro kasım ноября ноябрь",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre dezembro aralık декабря декабрь",
)
_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:er|º)?\.?\s+(?:de\s+)?([^\W\d_]{3,})\.?,?\s+(?:de\s+)?(\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,})\.?\s+(\d{1,2}),?\s+(\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SIGNS = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")


def iso_date(text: str) -> str:
    """Return the first date in a text as 2026-03-01, else an empty text.

    >>> iso_date("March 1, 2026 Sunday, Late Edition"), iso_date("dimanche 1 mars 2026, p. 3"), iso_date("3/1/2026")
    ('2026-03-01', '2026-03-01', '')
    """
    for day, name, year in _DAY_FIRST.findall(text):
        if made := _made(year, _NUMBERS.get(name.lower(), 0), day):
            return made
    for name, day, year in _MONTH_FIRST.findall(text):
        if made := _made(year, _NUMBERS.get(name.lower(), 0), day):
            return made
    found = _ISO.search(text) or _SIGNS.search(text)
    return _made(*found.groups()) if found else ""


def _made(year: str, month: int | str, day: str) -> str:
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
