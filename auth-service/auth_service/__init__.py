"""The auth service: accounts, signing in and out, and who somebody is."""
