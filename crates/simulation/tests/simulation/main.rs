//! Random terms over a bad line, and the proof that the checks would notice.

mod plants;
mod seeds;
