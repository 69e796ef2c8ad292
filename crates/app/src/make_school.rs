//! Make a school: empty, with the Ministry's default descriptions and a single-use set-up link.

use crate::host::{host_name_of, require_free};
use crate::work::{Actor, Order, Work, begin};
use crate::{App, AppError, School, entropy};
use domain::{Instant, SchoolNumber, Zone};
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
    /// The name under which a server of many schools is asked for it.
    pub host_name: Option<String>,
}

impl App {
    /// Makes a school. Answers it with the secret part of its set-up link, which works once, for
    /// an hour, and is kept nowhere.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the school exists, has no name, the region is unknown, or the
    /// host name is none or another school's.
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
        let host_name = new.host_name.as_deref().map(host_name_of).transpose()?;
        let token = self.entropy.token();
        let hash = entropy::digest(token.as_bytes());
        let (number, zone) = (new.number, new.zone);
        let randomness = std::sync::Arc::clone(&self.entropy);
        self.store.write(number, move |tx| {
            if store::school::get(tx, number)?.is_some() {
                return Err(AppError::invalid(
                    "school_number",
                    format!("school {number} is in this database already"),
                ));
            }
            if let Some(host_name) = &host_name {
                require_free(tx, number, host_name)?;
            }
            store::school::insert(tx, number, &name, zone, region, now)?;
            store::host::insert(tx, number, host_name.as_deref(), now)?;
            let ends_at = now.plus_seconds(crate::people::LINK_SECONDS);
            store::sign_in::insert_link(tx, number, &hash, None, now, ends_at)?;
            let order = Order::new("make_school", &Actor::Operator, now);
            add_default_descriptions(&mut begin(tx, number, order, randomness)?)
        })?;
        Ok((self.school_numbered(number), token))
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
