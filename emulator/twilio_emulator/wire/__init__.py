"""How an operation is declared, found, decoded and answered."""
