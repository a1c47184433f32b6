"""Wrong wall clocks for services: one process each, in that process, without any help of the system."""
