"""Microsoft.ResourceGraph: a few shapes of query over accounts and subscriptions."""
