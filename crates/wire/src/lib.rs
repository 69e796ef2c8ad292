//! What schools and the Ministry say to each other.
