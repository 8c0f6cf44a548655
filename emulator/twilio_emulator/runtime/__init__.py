"""What keeps worlds going: the gate, the accounts, time, the state file, uploads, errands."""
