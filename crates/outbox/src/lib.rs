//! School side of the exchange: seal, send, take the receipt, retry.
