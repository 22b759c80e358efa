"""The figures that the product is held to, measured; see README.md."""
