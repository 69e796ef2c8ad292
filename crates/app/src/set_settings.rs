//! Set what a school decides about itself: the go-live date, what a roll shows, sharing.

use crate::work::{Actor, Order};
use crate::{AppError, School};
use domain::{Date, Instant, Permission};

/// The longest name of a version of the privacy notice, in characters.
const LONGEST_NOTICE: usize = 40;

impl School {
    /// Sets the first day with Starboard (crossings before it owe no task) and whether the roll
    /// page may show reason codes.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right.
    pub fn set_settings(
        &self,
        actor: &Actor,
        now: Instant,
        go_live: Option<Date>,
        roll_shows_reasons: bool,
    ) -> Result<(), AppError> {
        self.act(Order::new("set_settings", actor, now), move |work| {
            work.require(Permission::EditPeople, "change the school's settings")?;
            work.act()?;
            Ok(store::school::set_settings(work.tx, work.school.number, go_live, roll_shows_reasons)?)
        })
    }

    /// Says which version of the school's privacy notice people are given from now on. What comes in from
    /// then on bears it.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for what is no name of a version.
    pub fn set_notice(&self, actor: &Actor, now: Instant, notice: &str) -> Result<(), AppError> {
        let notice = notice.trim().to_owned();
        self.act(Order::new("set_notice", actor, now).about(notice.clone()), move |work| {
            work.require(Permission::EditPeople, "change the school's settings")?;
            let is_name = (1..=LONGEST_NOTICE).contains(&notice.chars().count())
                && !notice.chars().any(char::is_control);
            if !is_name {
                let problem = format!("name the version in 1 to {LONGEST_NOTICE} characters, such as 2026-1");
                return Err(AppError::invalid("notice", problem));
            }
            if notice == work.school.notice {
                return Ok(());
            }
            work.act()?;
            Ok(store::school::set_notice(work.tx, work.school.number, &notice)?)
        })
    }

    /// Switches each stream of sharing on or off and says where to. What was passed over while a
    /// stream was off is queued again by the sender, each fact in its latest version.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for an address that is
    /// neither https nor this machine.
    pub fn set_sharing(
        &self,
        actor: &Actor,
        now: Instant,
        attendance: bool,
        responses: bool,
        to: String,
    ) -> Result<(), AppError> {
        let order = Order::new("set_sharing", actor, now)
            .about(format!("attendance {attendance}, responses {responses}"));
        self.act(order, move |work| {
            work.require(Permission::EditSharing, "change sharing")?;
            let to = to.trim();
            if (attendance || responses) && !is_safe_address(to) {
                let problem = "give the Ministry's address: https://… (http only on this machine)";
                return Err(AppError::invalid("to", problem));
            }
            work.act()?;
            let to = (!to.is_empty()).then_some(to);
            Ok(store::school::set_sharing(work.tx, work.school.number, attendance, responses, to)?)
        })
    }
}

/// Whether an address may be sent to: TLS, or plain HTTP on this machine.
#[must_use]
pub fn is_safe_address(address: &str) -> bool {
    let Some(plain) = address.strip_prefix("http://") else {
        return address.len() > 8 && address.starts_with("https://");
    };
    let host = plain.split('/').next().unwrap_or_default();
    let name = if host.starts_with('[') {
        host.split(']').next().map(|name| &name[1..])
    } else {
        host.split(':').next()
    };
    matches!(name, Some("127.0.0.1" | "localhost" | "::1"))
}

#[cfg(test)]
mod tests {
    use super::is_safe_address;

    #[test]
    fn only_tls_or_this_machine_may_be_sent_to() {
        for safe in ["https://example.nz", "http://127.0.0.1:4101", "http://localhost:1/x", "http://[::1]:9"]
        {
            assert!(is_safe_address(safe), "{safe}");
        }
        for unsafe_address in ["", "http://example.nz", "ftp://x", "https://", "http://127.0.0.1.example.nz"]
        {
            assert!(!is_safe_address(unsafe_address), "{unsafe_address}");
        }
    }
}
