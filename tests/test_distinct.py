"""Work done once for each different text gives every row what work on the row alone would."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iop_analysis.raw.distinct import each
from iop_analysis.releases import schema
from iop_analysis.sources import _codes


@given(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=12))
def test_each_row_gets_what_the_work_makes_of_its_own_text(rows):
    asked = []

    def work(text):
        asked.append(text)
        return text[::-1] or None

    column = pd.Series(rows, index=range(5, 5 + len(rows)), dtype="object")
    made = each(column, work)
    assert made.index.tolist() == column.index.tolist()
    assert made.fillna("-").tolist() == [(row or "")[::-1] or "-" for row in rows]
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("parts", [0, 1, 3])
def test_a_column_put_together_from_several_tables_is_read_as_one(parts):
    part = pd.DataFrame({"facility_id": ["a", None], "city": [" Salida ", ""], "codes": ["MD  PI", None]}, dtype="str")
    table = pd.concat([part.iloc[:0], *[part] * parts], ignore_index=True)
    assert each(table["city"], str.strip).tolist() == ["Salida", ""] * parts
    carried = {word: here.tolist() for word, here in _codes.flags(_codes.words(table["codes"])).items()}
    assert carried == ({word: [True, False] * parts for word in ("MD", "PI")} if parts else {})
    assert schema.conform(table)["city"].fillna("-").tolist() == ["Salida", "-"] * parts
