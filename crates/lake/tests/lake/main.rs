//! Facts as files: what is in them, read back by Parquet's own reader, and what a run leaves.

mod columns;
mod cut_short;
mod facts;
mod school;
mod terms;
