"""What only version 1 of the JavaScript SDK speaks: sessions, their commands, and its own reads."""
