//! Random terms over a bad line, and the proof that the checks would notice.

mod calendar;
mod plants;
mod repeats;
mod seeds;
