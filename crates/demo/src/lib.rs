//! A believable school, made up from a seed.
