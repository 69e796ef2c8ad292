//! The school's pages over `app`: every route with its right on one page ([`routes`]).
//!
//! A request passes three rooms. The guard (`guard.rs`) looks its route up in the table, finds the
//! school by the name that was asked for (`hosts.rs`) and the session in it, checks the right, the origin and the form's token, and reads the form: nothing
//! reaches a handler that the table does not allow. The handler asks `app` for one view or one
//! act through [`Page`] and fills a template. The finish (`finish.rs`) gives every answer its
//! headers and turns a [`WebError`] into a page, or into a problem document for a program.
//!
//! No rule lives here: who may see which student, what may be shared and what a half-day amounts
//! to is decided below. A `GET` changes nothing but what is known about its reader: that a family's
//! particulars were looked at, or a list taken away (`listing.rs`). Every change is a `POST` with the
//! session's token. All pages work without script and name no other origin.

mod api;
mod api_clients;
mod assets;
mod calendar;
mod calls;
mod codes;
mod contacts;
mod cover;
mod descriptions;
mod differences;
mod error;
mod finish;
mod form;
mod guard;
mod headers;
mod health;
mod help;
mod hosts;
mod how_we_count;
mod imports;
mod kamar;
mod mail;
mod oneroster;
mod operator;
mod origins;
mod page;
mod particulars;
mod people;
mod plan;
mod practice;
mod practice_school;
mod privacy;
pub mod routes;
mod school;
mod server;
mod set_up;
mod sharing;
mod sign_in;
mod this_machine;
mod webhooks;
mod when;
// The pages about students.
mod asked;
mod board;
mod candidates;
mod exports;
mod forecast;
mod left;
mod letters;
mod links;
mod listing;
mod lists;
mod ministry_keys;
mod missing_rolls;
mod monitoring;
mod movement;
mod my_day;
mod reasons;
mod referral;
mod respond;
mod review;
mod roll;
mod stand_out;
mod student;
mod students;
mod terms;
mod today;
pub mod told;
mod words_of;

pub use api::document as api_document;
pub use error::WebError;
pub use form::{Fields, Form, Upload};
pub use operator::operator;
pub use page::Page;
pub use server::{Arrived, MakePractice, Settings, router, router_of_many, serve};
