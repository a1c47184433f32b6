"""The rooms that come with the product, one module per kind of house."""
