"""What a test holds: an emulator, its phones and its clock, through the control API alone."""
