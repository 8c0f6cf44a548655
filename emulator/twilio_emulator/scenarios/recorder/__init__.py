"""What happened on an emulator, as a scenario that plays."""
