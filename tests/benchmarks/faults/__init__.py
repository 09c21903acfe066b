"""Every kind of fault, live and simulated."""
