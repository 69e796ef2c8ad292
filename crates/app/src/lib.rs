//! Acts: one file a verb, one transaction an act, one permission check an act.
