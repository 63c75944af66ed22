"""Microsoft.Capacity: reservations of provisioned throughput, which belong to the tenant."""
