//! Make a school: empty, with the Ministry's default descriptions and a single-use set-up link.

use crate::work::{Actor, Order, Work, begin};
use crate::{App, AppError, School, entropy};
use domain::{Instant, SchoolNumber, Zone};
use std::sync::Arc;
use store::description::DescriptionVersion;

/// What a new school is called and where it stands.
#[derive(Debug, Clone)]
pub struct NewSchool {
    /// The Ministry's number.
    pub number: SchoolNumber,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub zone: Zone,
    /// The region whose anniversary day it keeps; none is assumed.
    pub region: Option<String>,
}

impl App {
    /// Makes a school. Answers it with the secret part of its set-up link, which works once, for
    /// an hour, and is kept nowhere.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the school exists, has no name, or the region is unknown.
    pub fn make_school(&self, new: &NewSchool, now: Instant) -> Result<(School, String), AppError> {
        let name = new.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(AppError::invalid("name", "give the school a name of at most 200 characters"));
        }
        let region = match new.region.as_deref() {
            None => None,
            Some(region) => Some(reference::region(region).ok_or_else(|| {
                let regions = reference::regions().join(", ");
                AppError::invalid("region", format!("{region:?} is not a region: use one of {regions}"))
            })?),
        };
        let token = self.entropy.token();
        let hash = entropy::digest(token.as_bytes());
        let (number, zone) = (new.number, new.zone);
        self.store.write(number, move |tx| {
            if store::school::get(tx, number)?.is_some() {
                return Err(AppError::invalid(
                    "school_number",
                    format!("school {number} is in this database already"),
                ));
            }
            store::school::insert(tx, number, &name, zone, region, now)?;
            let ends_at = now.plus_seconds(crate::people::LINK_SECONDS);
            store::sign_in::insert_link(tx, number, &hash, None, now, ends_at)?;
            let order = Order::new("make_school", &Actor::Operator, now);
            add_default_descriptions(&mut begin(tx, number, order)?)
        })?;
        let school = School { store: Arc::clone(&self.store), entropy: Arc::clone(&self.entropy), number };
        Ok((school, token))
    }
}

fn add_default_descriptions(work: &mut Work<'_, '_>) -> Result<(), AppError> {
    let act = work.act()?;
    for (id, default) in (1..).zip(reference::default_descriptions()) {
        let version = DescriptionVersion {
            id,
            act,
            recorded_at: work.now,
            kind: default.kind,
            wording: default.wording.clone(),
            retired: false,
        };
        store::description::insert(work.tx, work.school.number, &version)?;
    }
    Ok(())
}
