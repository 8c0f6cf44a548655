"""The server: one port that speaks HTTP, HTTPS, WebSocket and CONNECT, and what answers there."""
