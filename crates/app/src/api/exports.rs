//! The contract's exports, as programs take them: the same rows as at the command line.

use crate::{Actor, AppError, ExportKind, ExportOptions, School};
use domain::{ApiScope, Instant};

impl School {
    /// Hands over an export row by row, in the contract's order. That a program took it is in the audit.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the scope; [`AppError::Invalid`] for a term that is not in the
    /// calendar.
    pub fn api_export(
        &self,
        actor: &Actor,
        now: Instant,
        kind: ExportKind,
        options: ExportOptions,
        take: &mut dyn FnMut(&[&str]),
    ) -> Result<(), AppError> {
        actor.require_scope(ApiScope::ExportsRead)?;
        self.export_for(actor, now, (kind, options), take)
    }
}
