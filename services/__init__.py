"""Thin modules over the Azure SDKs, one per Azure noun. Nothing of an SDK leaves this room."""
