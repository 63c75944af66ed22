"""Metric alert rules of a subscription."""
