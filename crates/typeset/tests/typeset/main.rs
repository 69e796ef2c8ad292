//! Letters as pages of a PDF, read by a program that is not ours.

mod hostile;
mod logo;
mod made_up;
mod poppler;
mod reading;
mod sheets;
