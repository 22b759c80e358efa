"""What the product is measured against: the least that a Django view with the same database can do."""
