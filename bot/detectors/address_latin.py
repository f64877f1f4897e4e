"""Addresses in Latin letters: of Thailand as it is romanised, and of the countries of guests.

'45/8 Soi Ari 4, Phahonyothin Rd, Bangkok 10400', 'Flat 3, 118 Elm Lane, Leeds LS5 3BN'. A row of
parts with commas or blanks between them; one of them must be a street or a moo with its number, or
a building with the number of a door in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.detectors.waking import bit_of

# A text without one of these, in lower case, has none.
WORDS = (
    *("street", " st,", " st.", "road", " rd", "avenue", " ave", "lane", "drive", "close", "court"),
    *("terrace", "boulevard", "garden", "grove", "square", "soi ", "moo ", "mu ", "tower", "condo"),
    *("apartment", "residence", "villa", "hotel", "house", "heights", "straße", "strasse", "str."),
    *(" rue ", "flat ", "ban "),
)
_BIT = bit_of(WORDS)
_GAP = r"(?:,[ ]?|[ ](?:-[ ])?)"
_CAPITAL = r"[A-ZÀ-Þ][a-zß-ÿ'’]{1,20}"
_HOUSE = r"[0-9]{1,5}[A-Za-z]?(?:[/-][0-9]{1,4}){0,2}"
_STREETS = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Close|Court|Crescent|Way|Terrace|Boulevard"
    r"|Blvd|Gardens?|Grove|Square|Row)\b\.?"
)
_STREET = rf"(?:{_CAPITAL} ){{1,3}}{_STREETS}"
_NUMBER = r"[0-9]{1,3}(?:/[0-9]{1,3})?"
_SOI = rf"(?:Soi|Trok|Alley) (?:{_CAPITAL}(?: {_CAPITAL})?(?: {_NUMBER})?|{_NUMBER})"
_MOO = r"(?:Moo|Mu|M\.) ?[0-9]{1,2}"
_UNIT = (
    r"(?i:flat|apt\.?|apartment|unit|suite|villa|bungalow|plot|room|rm\.?|tower|building|bldg\.?|block|floor|fl\.?)"
    r" ?(?:[A-Z]?[0-9]{1,5}(?:/[0-9]{1,4})?[A-Z]?|[A-Z])(?![A-Za-z0-9])"
)
_BUILDING = (
    rf"(?:{_CAPITAL} ){{1,4}}"
    r"(?:Residences?|Tower|Park|Condo|Condominium|Mansion|Apartments?|Place|Villas?|Resort|Hotel"
    r"|Hostel|House|Guesthouse|Court|Ville|Heights|Suites?)"
    rf"(?: (?:(?:{_CAPITAL} )?[0-9]{{1,2}}|[A-Z]))?\b"
    # Builders' names lead as often: 'Baan Siri Rama 9'.
    rf"|(?:Baan|The|Life|Ideo|Lumpini|Supalai|Aspire|Noble|Plum|Condo)(?: {_CAPITAL}){{1,3}}"
    r"(?: [0-9]{1,2}(?![0-9/]))?"
)
# 'baan hat sai noi, moo 2', 'Moo 5 Ban Nong Khai': a village is found by its moo, without a house.
_VILLAGE = (
    rf"(?:(?:[Nn]o\.? ?)?(?:{_HOUSE},? )?"
    r"[Bb]aa?n(?: (?!baan)[A-Za-z][a-z]{1,12}){1,3},? (?:[Mm](?:oo|u) ?|M\. ?)[0-9]{1,2}(?![0-9])"
    rf"|{_MOO},? (?:Ban|Baan)(?: {_CAPITAL}){{1,3}}(?=,? (?:T\.|Tambon)))"
)
# A house in its street, as the English, the Germans and the French write it.
_DOOR = (
    rf"(?:{_HOUSE},? (?:{_MOO}|{_SOI}|{_STREET})"
    rf"|[A-ZÀ-Þ][a-zß-ÿ]{{2,20}}(?:straße|strasse|str\.|weg|gasse|platz) [0-9]{{1,4}}[a-z]?"
    rf"|[0-9]{{1,4}},? (?:rue|via|calle) (?:d[eiu]s? )?(?:la |l')?{_CAPITAL}"
    rf"|{_VILLAGE}|{_BUILDING}{_GAP}{_UNIT}"
    rf"|(?i:villa|bungalow|plot|flat|unit) ?[A-Z]?[0-9]{{1,4}}[A-Z]?,? (?:{_SOI}|{_MOO}|{_STREET}))"
)
_POSTCODE = r"(?:[1-9][0-9]{4}|[A-Z]{1,2}[0-9]{1,2}[A-Z]? ?[0-9][A-Z]{2})(?![A-Za-z0-9])"
_DISTRICT = (
    r"(?:T\.|A\.|(?:Tambon|Amphoe|Amphur|Khwaeng|Khet|District|Mueang|Muang)(?![a-z])) ?"
    rf"{_CAPITAL}(?: {_CAPITAL})?"
)
# A town stands before its postcode, before a comma, last, or where the sentence goes on.
_TOWN = rf"{_CAPITAL}(?: {_CAPITAL}){{0,2}}(?=,|[ ]{_POSTCODE}|[ ]?(?:\n|[(.;]|$)|[ ][a-zก-๙])"
_PART = rf"(?:{_DISTRICT}|{_SOI}|{_MOO}|{_STREET}|{_UNIT}|{_POSTCODE}(?: {_TOWN})?|{_TOWN})"
_ADDRESS = re.compile(
    rf"(?<![A-Za-z0-9/.,])(?:{_UNIT}{_GAP})?(?:(?:{_BUILDING}|{_UNIT}){_GAP}){{0,1}}(?:{_UNIT}{_GAP}){{0,3}}{_DOOR}"
    rf"(?:{_GAP}(?:{_DOOR}|{_PART})){{0,7}}"
)


def find(text: str, heard: int) -> Iterator[tuple[int, int]]:
    """Where such addresses stand, in a text that was listened to."""
    if not heard & _BIT:
        return
    for match in _ADDRESS.finditer(text):
        yield match.span()
