"""What every table has to have, now and later."""

from sqlalchemy import Column, Table, UniqueConstraint

from kisi.db.models import Base, NeedCount


def test_every_foreign_key_leads_an_index() -> None:
    """Else removing or joining reads the whole table once it has grown."""
    missing = [
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.foreign_keys and column not in leading_columns(table)
    ]
    assert missing == []


def test_every_index_of_several_columns_begins_with_the_municipality() -> None:
    """So that the tables can be divided by it, and one town never reads through another's rows."""
    other = [
        index.name
        for table in Base.metadata.sorted_tables
        for index in table.indexes
        if len(index.columns) > 1
        and "municipality_id" in table.columns
        and index.columns[0].name not in ("municipality_id", "account_id")
    ]
    assert other == []


def leading_columns(table: Table) -> list[Column[object]]:
    lists = [list(index.columns) for index in table.indexes]
    lists.append(list(table.primary_key.columns))
    lists += [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    return [columns[0] for columns in lists if columns]


def test_counts_are_kept_by_municipality_first() -> None:
    assert next(iter(NeedCount.__table__.primary_key.columns)).name == "municipality_id"
