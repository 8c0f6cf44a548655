"""What coding agents have: the control API as tools of the Model Context Protocol."""
