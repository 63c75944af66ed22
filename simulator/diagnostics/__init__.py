"""Diagnostic settings of accounts: where their logs go, if anywhere."""
