"""What a service's own logs say about it: arrivals, handle times, patience and recontacts, each with its interval."""
