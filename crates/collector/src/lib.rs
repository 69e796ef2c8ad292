//! Ministry side of the exchange: receive, check, store once, answer.
