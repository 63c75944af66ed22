"""Nouns, columns, sums, rules, roles, the protocol of change. No Azure, no Streamlit, no SQL."""
