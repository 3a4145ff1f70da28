"""Every column of the tables of control charts must have a heading, and unlike rows must be told apart."""

from __future__ import annotations

from smq.charts import spc_tables
from tests.smq.spc_cases import described


def test_every_column_of_a_table_has_a_heading() -> None:
    found = described()
    labels = spc_tables.labels(found)
    for name, table in found.tables.items():
        assert set(labels[name]) == set(table.columns)
        assert set(spc_tables.formats(found)[name]) <= set(table.columns)
        assert spc_tables.captions(found)[name]
        assert name in spc_tables.notes(found)


def test_limits_have_their_unit_and_shares_their_sign() -> None:
    labels = spc_tables.labels(described())
    assert labels["overview_table"]["lower"] == "Lower limit, %"
    assert labels["period_table"]["gap_concern"] == "Against England: concern, %"


def test_the_table_by_period_says_which_rows_can_be_compared_and_that_none_is_an_effect() -> None:
    notes = " ".join(spc_tables.notes(described())["period_table"])
    assert "cannot be compared" in notes
    assert "no measure of what special measures did" in notes
