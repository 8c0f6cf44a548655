"""What can be said in a scenario, one module for each sort; `products.py` lists them."""
