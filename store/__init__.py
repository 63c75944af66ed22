"""What Azure does not remember: snapshots, rounds, hours, plans, the audit trail, people, units."""
