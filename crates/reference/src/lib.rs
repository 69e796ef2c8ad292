//! The Ministry's lists as domain values, read from reference/ at build time.
