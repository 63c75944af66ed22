"""Subscriptions, their locations and tenants: routes, handlers, state, faults."""
