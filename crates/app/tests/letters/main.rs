//! Words to whānau: runs, what becomes of each message, what is no longer right, what no message may
//! ever say.

mod corrections;
mod desk;
mod left;
mod runs;
mod secrets;
mod stopping;
mod wordings;
