"""Microsoft.Insights: platform metrics by ARM and by the regional batch endpoint."""
