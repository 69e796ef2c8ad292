//! Remembers a school's facts. Decides nothing.
