"""A real booking service fails at every named place, in every way; another instance, and retries, carry on."""
