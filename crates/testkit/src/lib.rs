//! Helps tests: a slow model of counting, a test school, a test Ministry.
