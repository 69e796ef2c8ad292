//! Copy a school from one database to another, and remove it where its copy is proven the same.
//!
//! This is how a school moves between a file of its own and a host's server, either way, and how
//! a host hands a school its data: the copy in a directory is a whole Starboard database.

use crate::{App, AppError};
use domain::SchoolNumber;
use std::sync::Arc;
use store::tables::{self, Comparison};

impl App {
    /// Copies a school to a memory that does not hold it yet, reads both back and compares them.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the school is not here, [`AppError::Invalid`] when it is there
    /// or another school there has its host name; otherwise when it was used meanwhile or a
    /// database refuses. Nothing is there then.
    pub fn copy_school(&self, to: &Self, number: SchoolNumber) -> Result<Vec<Comparison>, AppError> {
        self.school(Some(number))?;
        let here = self.store.read_host(|tx| Ok::<_, AppError>(store::host::all(tx)?))?;
        let there = to.store.read_host(|tx| Ok::<_, AppError>(store::host::all(tx)?))?;
        let hosted = here.into_iter().find(|hosted| hosted.number == number);
        let hosted = hosted.ok_or_else(|| AppError::not_found(format!("school {number} is not here")))?;
        if there.iter().any(|other| other.number == number) {
            let problem = format!("school {number} is there already: compare the two with --check");
            return Err(AppError::invalid("to", problem));
        }
        let same_name = |other: &&store::host::HostedSchool| other.host_name == hosted.host_name;
        if let Some(other) = there.iter().filter(|_| hosted.host_name.is_some()).find(same_name) {
            let problem =
                format!("school {} has its host name there: change one of them first", other.number);
            return Err(AppError::invalid("to", problem));
        }
        Ok(tables::copy(&self.store, &to.store, &hosted)?)
    }

    /// Compares a school in two memories, table by table and byte by byte.
    ///
    /// # Errors
    /// When one of them does not hold it or a database refuses.
    pub fn compare_school(&self, other: &Self, number: SchoolNumber) -> Result<Vec<Comparison>, AppError> {
        self.school(Some(number))?;
        other.school(Some(number))?;
        Ok(tables::compare(&self.store, &other.store, number)?)
    }

    /// Removes a school from this memory, once `copy` is found to hold the same to the last byte.
    ///
    /// # Errors
    /// When one of them does not hold it, the two differ, or this memory's role may not remove
    /// history ([`App::connect_as_owner`]). Nothing is removed then.
    pub fn remove_school(&self, copy: &Self, number: SchoolNumber) -> Result<Vec<Comparison>, AppError> {
        if Arc::ptr_eq(&self.store, &copy.store) {
            return Err(AppError::invalid("copied_to", "the copy is another place than this one"));
        }
        self.school(Some(number))?;
        copy.school(Some(number))?;
        Ok(tables::remove(&self.store, &copy.store, number)?)
    }
}
