"""The activity log of Microsoft.Insights: every write, who did it, and what became of it."""
