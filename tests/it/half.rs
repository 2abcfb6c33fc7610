//! Our half of a handshake over TCP, for a foreign program on the other end.
