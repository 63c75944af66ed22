"""Microsoft.CostManagement: what the world's own usage costs, booked late and by account."""
