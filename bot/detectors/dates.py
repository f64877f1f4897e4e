"""Full dates as people write them: both eras, digits, names of months, said in words."""

from __future__ import annotations

import re

_MONTHS = r"""(?:
    มกรา(?:คม)?|กุมภา(?:พันธ์)?|มีนา(?:คม)?|เมษา(?:ยน)?|พฤษภา(?:คม)?|มิถุนา(?:ยน)?|กรกฎา(?:คม)?
      |กรกฏา(?:คม)?|สิงหา(?:คม)?|กันยา(?:ยน)?
    |ตุลา(?:คม)?|พฤศจิกา(?:ยน)?|ธันวา(?:คม)?
    |ม\.?\s?ค\.?|ก\.?\s?พ\.?|มี\.?\s?ค\.?|เม\.?\s?ย\.?|พ\.?\s?ค\.?|มิ\.?\s?ย\.?|ก\.?\s?ค\.?
      |ส\.?\s?ค\.?|ก\.?\s?ย\.?|ต\.?\s?ค\.?|พ\.?\s?ย\.?|ธ\.?\s?ค\.?
    |jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"""
_ONE_TO_NINE = r"(?:เอ็ด|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)"
_YEAR_SAID = rf"สองพัน(?:{_ONE_TO_NINE}ร้อย)?(?:(?:ยี่|{_ONE_TO_NINE})?สิบ)?{_ONE_TO_NINE}?"
_YEAR = (
    r"(?:(?:พุทธ|คริสต์)ศักราช\s?|พ\.?ศ\.?\s?|ค\.?ศ\.?\s?|ปี\s?)?"
    r"(?P<year>(?:19|20|24|25)[0-9]{2}|[0-9]{2})(?![0-9])"
)
DATE = re.compile(
    rf"""(?<![0-9])(?:
      (?P<iso>(?:19|20|24|25)[0-9]{{2}}[-/.](?:0?[1-9]|1[0-2])[-/.](?:3[01]|[12][0-9]
        |0?[1-9])(?![0-9]))
    | (?P<packed>(?:19|20|24|25)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9]))
    | (?P<packed_back>(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20|24|25)[0-9]{{2}}(?![0-9]))
    | (?:(?:สาม|ยี่)?สิบ(?:เอ็ด|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า)?|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด
      |เก้า)\s{{0,2}}(?:เดือน)?\s?{_MONTHS}[\s\-/.,]{{0,3}}(?:ปี\s?)?(?:พ\.?ศ\.?\s?)?(?:(?:19|20|24
      |25)[0-9]{{2}}(?![0-9])|{_YEAR_SAID})
    | (?:3[01]|[12][0-9]|0?[1-9])(?:[\s\-/.,]|เดือน|th|st|nd|rd
      |of){{0,6}}(?:{_MONTHS}[\s\-/.,]{{0,3}}|(?<=[\-/. ])(?:1[0-2]
      |0?[1-9])\s{{0,2}}[\-/. ]\s{{0,2}}){_YEAR}
    | (?:3[01]|[12][0-9]|0?[1-9])[\-/. ](?:I{{1,3}}|IV|VI{{0,3}}|IX|XI{{0,2}})[\-/. ](?:19|20|24
      |25)?[0-9]{{2}}(?![0-9])
    | (?:19|20|24|25)[0-9]{{2}}\s?เดือน\s?(?:ที่\s?)?(?:1[0-2]|0?[1-9]|{_MONTHS})\s?วันที่\s?
      (?:3[01]|[12][0-9]|0?[1-9])(?![0-9])
    | (?:19|20|24|25)[0-9]{{2}}\s?วันที่\s?(?:3[01]|[12][0-9]|0?[1-9])\s?เดือน\s?(?:ที่\s?)?
      (?:1[0-2]|0?[1-9]|{_MONTHS})(?![0-9])
    | (?:19|20)[0-9]{{2}}年[0-9]{{1,2}}月[0-9]{{1,2}}日
    | (?P<any_month>(?:3[01]|[12][0-9]|0?[1-9])\.?\s?[^\W\d]{{3,12}}\.?,?\s?(?:19|20|24
      |25)[0-9]{{2}}(?![0-9]))
    | (?:1[0-2]|0?[1-9])[/\-.](?:3[01]|[12][0-9])[/\-.](?:19|20|24|25)[0-9]{{2}}(?![0-9])
    | {_MONTHS}\s{{0,2}}[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s{{0,2}}(?:19|20|24|25)[0-9]{{2}}(?![0-9])
    )""",
    re.VERBOSE | re.IGNORECASE,
)
YEAR_IN_FULL = re.compile(r"(?:19|20|24|25)[0-9]{2}")
# A date this far back, right beside a name or a number of a patient, is a date of birth.
_LONG_AGO_BUDDHIST, _LONG_AGO = 2556, 2013
# A year in short, of those below, behind the letters of its month.
YEAR_IN_SHORT = re.compile(r"[.ก-๙A-Za-z] ?(?:3[1-9]|4[0-9]|5[0-6])(?![0-9])")
# 2531 to 2556, and no 1931 to 1956 of somebody who comes today for the first time.
_LONG_AGO_IN_SHORT = frozenset(map(str, range(31, 57)))
_MONTH = re.compile(_MONTHS, re.VERBOSE | re.IGNORECASE)
# What a system puts where it knows nothing lies before anybody's birth: 1/1/1900, 30/12/1899.
_FIRST_BUDDHIST, _NOBODY_IS_SO_OLD_BUDDHIST, _NOBODY_IS_SO_OLD = 2400, 2448, 1905


# 'YYYYMMDD', 'DDMMYYYY' and, with six digits, the same with two of the year.
_DAY_, _MONTH_, _YEAR_ = (
    "(?:0[1-9]|[12][0-9]|3[01])",
    "(?:0[1-9]|1[0-2])",
    "(?:19|20|24|25)[0-9]{2}",
)
_PACKED_DAY = re.compile(
    rf"{_YEAR_}{_MONTH_}{_DAY_}|{_DAY_}{_MONTH_}{_YEAR_}|[0-9]{{2}}{_MONTH_}{_DAY_}|{_DAY_}{_MONTH_}[0-9]{{2}}"
)


def is_packed_day(written: str) -> bool:
    """'20250812', '12082568', '250812': as cameras and scanners count."""
    return _PACKED_DAY.fullmatch(written) is not None


def is_long_ago(date: re.Match[str]) -> bool:
    years = YEAR_IN_FULL.findall(date[0])
    return any(int(y) < (_LONG_AGO_BUDDHIST if y[:2] in ("24", "25") else _LONG_AGO) for y in years)


def is_short_and_long_ago(date: re.Match[str]) -> bool:
    """'30 ก.ย. 40': a month by name, and a year that no visit of these days has in either era."""
    return date["year"] in _LONG_AGO_IN_SHORT and _MONTH.search(date[0]) is not None


def is_nobodys(date: re.Match[str]) -> bool:
    years = (int(year) for year in YEAR_IN_FULL.findall(date[0]))
    return any(
        year < _NOBODY_IS_SO_OLD or _FIRST_BUDDHIST < year < _NOBODY_IS_SO_OLD_BUDDHIST
        for year in years
    )
