//! The school's pages asked as a browser asks, over a small school in a directory of its own.

mod api;
mod contacts;
mod differences;
mod files;
mod forms;
mod headers;
mod hosting;
mod imports;
mod kamar;
mod letters;
mod lists;
mod mail;
mod monitoring;
mod operator;
mod overload;
mod pages;
mod plan;
mod reaching;
mod rights;
mod school;
mod sign_in;
mod webhooks;
