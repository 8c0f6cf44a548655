"""Studio executions: taken down and shown as a hand-over; flows are not run."""
