//! What the Help page is made of: the codes in use, when each response type is used, who
//! administers.

use crate::{Actor, AppError, School};
use domain::{CodeList, Instant, ResponseType, Role};

/// What Help shows.
#[derive(Debug, Clone)]
pub struct HelpView {
    /// The attendance codes over time.
    pub codes: CodeList,
    /// When the guidance would use each response type.
    pub uses: Vec<(ResponseType, Vec<String>)>,
    /// The names of those who administer.
    pub administrators: Vec<String>,
}

impl School {
    /// What the Help page is made of.
    ///
    /// # Errors
    /// [`AppError::NotFound`] for somebody who is not at the school.
    pub fn help(&self, actor: &Actor, now: Instant) -> Result<HelpView, AppError> {
        self.view(actor, now, |reading| {
            let staff = store::people::staff(reading.tx, reading.school.number)?;
            let mut administrators: Vec<String> = staff
                .into_iter()
                .filter(|staff| staff.scope.has(Role::SmsAdmin))
                .map(|staff| staff.name)
                .collect();
            administrators.sort();
            let uses = |kind: ResponseType| {
                let guide = reference::type_guides().iter().find(|guide| guide.kind == kind);
                (kind, guide.map_or_else(Vec::new, |guide| guide.example_uses.clone()))
            };
            Ok(HelpView {
                codes: reading.codes.clone().into_owned(),
                uses: ResponseType::ALL.map(uses).to_vec(),
                administrators,
            })
        })
    }
}
