"""What a test may want otherwise: the carrier profile, switches, faults."""
