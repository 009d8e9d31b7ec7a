"""Patterns of notes that hold numbers or hours and open no door: delays, notice, ages, who answers after hours."""

from __future__ import annotations

from iop_analysis.hours.words import LISTS, any_of

_NUMBER = rf"(?:\d+|{any_of(LISTS['numbers'])})"
_AMOUNT = rf"{_NUMBER}(?:\s?(?:-|to|or|a|o|y)\s?{_NUMBER})?"
_LASTING = (
    r"[\s-]?(?:full\s|business\s|working\s|work\s|calendar\s|week\s?)?"
    rf"(?:{any_of(LISTS['lasting'])})(?![a-z])"
)
# A few working days; 9-5 business days are hours.
FEW_DAYS = r"[1-7]\s?(?:-|to|a)\s?(?:[2-7]|1[0-5])\s(?:(?:business|working|calendar)\sdays|d[ií]as)"
# within 2 to 3 business days; cancel 24 hours
NOTICE = rf"(?:{any_of(LISTS['before_a_delay'])})\s(?:the\s)?(?:\w+\s)?{_AMOUNT}{_LASTING}"
# 24 hours ahead; a 48-hour cancellation policy
AHEAD = rf"{_AMOUNT}{_LASTING}'?\s(?:{any_of(LISTS['behind_a_delay'])})(?![a-z])|{FEW_DAYS}"
_OLDER = r"\s(?:and|&|or)\s(?:older|over|above|under|younger|up)(?![a-z])"
# 18 and older; 21+
OLDER = rf"\d{{1,2}}(?:\s(?:years|yrs)(?:\sold|\sof\sage)?)?{_OLDER}|(?:1[3-9]|[2-9]\d)\s?\+"
# ages 12 to 17; suite 4; ext 9-5
_SECOND = r"(?:\s?(?:-|to|and|&)\s?\d+(?![\d:]|\s?-\s?\d|\s?[ap]\.?m))?"
_NO_HOURS = r"(?!\s?[/x-]\s?7(?!\d)|\s?h(?:ou)?rs?)"  # a unit that is open 24/7
NUMBERED = rf"(?:{any_of(LISTS['numbered'])})\.?\s#?\d++{_NO_HOURS}{_SECOND}(?:\s?\+|{_OLDER})?|k-\d+"
# ages of people: adults 18-64
PEOPLE = rf"(?:{any_of(LISTS['people'])})\s(?:1[3-9]|[2-9]\d)\s?(?:-|to)\s?\d{{1,2}}(?!\d|:|\s?[ap]\.?m)"
# around 9-5, but not: about 2-3 weeks
GUESS = rf"(?:{any_of(LISTS['before_a_guess'])})\s(?=\d|noon)(?!{_AMOUNT}{_LASTING})"
# (phone 555-0100); fax: (555) 555-0100
TELEPHONE = r"(?:1\s?-\s?)?\(?\d{3}\)?\s?[-. ]?\s?\d{3}\s?[-. ]\s?\d{4}(?!\d)|\d{3}\s?-\s?\d{4}(?![\d:])"
CONTACT = rf"(?:{any_of(LISTS['before_a_number'])})\.?\s?:?\s?(?:at|us|us at|to)?\s?(?:{TELEPHONE})"
_ANSWERS = f"(?:{any_of(LISTS['by_telephone'])})"
_AFTER = r"after[- ]?hours?"
# after hours call 911; voicemail after hours
AFTER_HOURS = rf"{_AFTER},?\s{_ANSWERS}(?![a-z])"
ANSWERED = rf"{_ANSWERS}(?:\s(?:is|are|available|only|services|staff)){{0,4}}\s{_AFTER}(?![a-z])"
