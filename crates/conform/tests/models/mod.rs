//! A receiver and a sender in memory, each with a switch for one mistake at a time.
#![allow(dead_code)]

pub mod receiver;
pub mod sender;
