"""What makes any client reach an emulator: environment variables, and the files that they name."""
