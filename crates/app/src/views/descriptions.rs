//! The school's descriptions under the ten fixed types.

use crate::{Actor, AppError, School};
use domain::{Instant, ResponseType};
use std::collections::HashMap;
use store::ALWAYS;
use store::description::DescriptionVersion;

/// One description.
#[derive(Debug, Clone)]
pub struct DescriptionLine {
    /// As it stands.
    pub current: DescriptionVersion,
    /// Earlier wordings, oldest first.
    pub earlier: Vec<String>,
    /// How often its present wording was recorded this term.
    pub used: usize,
}

/// A type and its descriptions.
#[derive(Debug, Clone)]
pub struct TypeSection {
    /// Which.
    pub kind: ResponseType,
    /// When the guidance would use it.
    pub when: Vec<String>,
    /// Offered ones first, in order of their number.
    pub lines: Vec<DescriptionLine>,
}

impl School {
    /// Every type with its descriptions, retired ones too. Everybody who signs in may look.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn descriptions(&self, actor: &Actor, now: Instant) -> Result<Vec<TypeSection>, AppError> {
        self.view(actor, now, |reading| {
            let number = reading.school.number;
            let mut lines: HashMap<i64, DescriptionLine> = HashMap::new();
            for version in store::description::versions(reading.tx, number)? {
                match lines.get_mut(&version.id) {
                    None => {
                        lines.insert(
                            version.id,
                            DescriptionLine { current: version, earlier: Vec::new(), used: 0 },
                        );
                    }
                    Some(line) => {
                        let before = std::mem::replace(&mut line.current, version);
                        if before.wording != line.current.wording {
                            line.earlier.push(before.wording);
                        }
                    }
                }
            }
            let term = reading.calendar.term_at_or_before(reading.current.date).map(|term| term.id);
            if let Some(term) = term {
                for response in
                    store::response::latest(store::response::of_term(reading.tx, number, term, ALWAYS)?)
                {
                    let same = |line: &&mut DescriptionLine| {
                        line.current.kind == response.kind && line.current.wording == response.description
                    };
                    lines.values_mut().filter(same).for_each(|line| line.used += 1);
                }
            }
            let section = |kind: ResponseType| {
                let mut own: Vec<DescriptionLine> =
                    lines.values().filter(|line| line.current.kind == kind).cloned().collect();
                own.sort_by_key(|line| (line.current.retired, line.current.id));
                let guide = reference::type_guides().iter().find(|guide| guide.kind == kind);
                TypeSection {
                    kind,
                    when: guide.map_or_else(Vec::new, |guide| guide.example_uses.clone()),
                    lines: own,
                }
            };
            Ok(ResponseType::ALL.into_iter().map(section).collect())
        })
    }
}
