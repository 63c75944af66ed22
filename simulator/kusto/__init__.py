"""The part of the Kusto query language that queries about logs need; all else is refused."""
