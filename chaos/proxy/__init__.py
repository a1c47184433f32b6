"""Small TCP proxies between a service and its servers, which can lose, delay and cut what passes."""
