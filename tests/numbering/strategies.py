"""What the tests of this folder share: one context, and strategies for patterns, serials and intervals."""

from datetime import date

from hypothesis import strategies as st

from seriatim.numbering import Context, Pattern
from seriatim.numbering.alphabets import DIGITS

BASES = sorted(DIGITS)
ALGORITHMS = ["luhn", "damm", "verhoeff", "mod37-2", "mod11-2"]
RESETS = ["never", "yearly", "monthly", "daily", "location"]

HERE = Context(item="PUMP", location="WH1", day=date(2026, 11, 21))


def first(text, count=1, context=HERE):
    """The first numbers of a pattern."""
    return Pattern.parse(text).format_run(1, count, context)


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
any_days = st.dates(date(1, 1, 1), date(9999, 12, 31))
codes = st.text("ABCXYZ0123456789", min_size=1, max_size=6)
contexts = st.builds(Context, item=codes, location=codes, day=days)

_literals = st.text("ABCSN-./0123456789 {}é", min_size=1, max_size=6).map(
    lambda text: text.replace("{", "{{").replace("}", "}}")
)
_fields = st.sampled_from(
    ["{item}", "{location}", "{yyyy}", "{yy}", "{mm}", "{dd}", "{doy}", "{isoyear}", "{ww}"]
)


@st.composite
def sequence_fields(draw, widths=st.integers(1, 6)):
    """The text of any `{seq:…}`."""
    return f"{{seq:{draw(widths)}:{draw(st.sampled_from(BASES))}:{draw(st.sampled_from(RESETS))}}}"


@st.composite
def pattern_texts(draw, widths=st.integers(1, 6)):
    """Well-formed pattern texts with one counter, safe or not."""
    pieces = draw(st.lists(st.one_of(_literals, _fields), max_size=6))
    pieces.insert(draw(st.integers(0, len(pieces))), draw(sequence_fields(widths)))
    if draw(st.booleans()):
        check = f"{{check:{draw(st.sampled_from(ALGORITHMS))}}}"
        pieces.insert(draw(st.integers(0, len(pieces))), check)
    return "".join(pieces)


def safe_patterns(**kwargs):
    """Patterns that `check` accepts."""
    return pattern_texts(**kwargs).map(Pattern.parse).filter(lambda pattern: not pattern.problems())


printable = st.characters(min_codepoint=33, max_codepoint=126)
serials = st.one_of(
    st.text(printable, min_size=1, max_size=12),
    st.text('AB01-.+, ;"', min_size=1, max_size=12),
    st.from_regex(r"[A-C]{0,2}-?[0-9]{1,5}(-[A-C0-9]{1,2})?", fullmatch=True),
    st.text(min_size=1, max_size=12),
)
intervals = st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))
interval_lists = st.lists(intervals, max_size=8)
