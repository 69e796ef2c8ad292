//! Set people: staff, their roles and groups, and single-use links to choose a password.

use crate::work::{Actor, Order, Work};
use crate::{AppError, School, entropy};
use domain::{Instant, Permission, Role, StaffId, StaffScope};
use store::people::StaffVersion;

/// How long a sign-in link works, in seconds.
pub(crate) const LINK_SECONDS: i64 = 60 * 60;

/// A staff member as entered.
#[derive(Debug, Clone)]
pub struct StaffEntry {
    /// The school's own id.
    pub id: StaffId,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Groups and years of their own.
    pub groups: Vec<String>,
}

impl School {
    /// Adds or changes a staff member. Losing every role, or getting other ones, ends their
    /// sessions.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] without a name, for an
    /// address that somebody else has, or when nobody would be SMS administrator any more.
    pub fn set_staff(&self, actor: &Actor, now: Instant, entry: StaffEntry) -> Result<(), AppError> {
        let order = Order::new("set_staff", actor, now).about(entry.id.to_string());
        self.act(order, move |work| {
            work.require(Permission::EditPeople, "edit people")?;
            save(work, vec![entry]).map(drop)
        })
    }

    /// Makes a link with which a staff member chooses a password: it works once, for an hour.
    /// Answers the secret part of the link, which is kept nowhere.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::NotFound`] for an unknown person.
    pub fn make_link(&self, actor: &Actor, now: Instant, staff: StaffId) -> Result<String, AppError> {
        let token = self.entropy.token();
        let hash = entropy::digest(token.as_bytes());
        let order = Order::new("make_link", actor, now).about(staff.to_string());
        self.act(order, move |work| {
            work.require(Permission::EditPeople, "edit people")?;
            let known = store::people::staff_member(work.tx, work.school.number, &staff)?;
            let known =
                known.ok_or_else(|| AppError::not_found(format!("there is no staff member {staff}")))?;
            if known.email.is_empty() {
                return Err(AppError::invalid(
                    "email",
                    "give this person an e-mail address first: it is the name at sign-in",
                ));
            }
            work.act()?;
            let ends_at = now.plus_seconds(LINK_SECONDS);
            Ok(store::sign_in::insert_link(work.tx, work.school.number, &hash, Some(&staff), now, ends_at)?)
        })?;
        Ok(token)
    }

    /// Switches a person's sign-in off and ends their sessions at once, or on again.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for oneself.
    pub fn disable_sign_in(
        &self,
        actor: &Actor,
        now: Instant,
        staff: StaffId,
        disabled: bool,
    ) -> Result<(), AppError> {
        let order = Order::new("disable_sign_in", actor, now).about(format!("{staff} {disabled}"));
        self.act(order, move |work| {
            work.require(Permission::EditPeople, "edit people")?;
            if work.who.as_ref().is_some_and(|own| own.id == staff) {
                return Err(AppError::invalid("staff", "you cannot switch off your own sign-in"));
            }
            work.act()?;
            Ok(store::sign_in::disable(work.tx, work.school.number, &staff, disabled)?)
        })
    }
}

/// Writes what changes; answers how many did.
pub(crate) fn save(work: &mut Work<'_, '_>, entries: Vec<StaffEntry>) -> Result<usize, AppError> {
    let number = work.school.number;
    let has_admin = |staff: &[StaffVersion]| staff.iter().any(|one| one.scope.has(Role::SmsAdmin));
    let had_admin = has_admin(&store::people::staff(work.tx, number)?);
    let mut changed = 0;
    for entry in entries {
        let name = entry.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(AppError::invalid("name", "give a name of at most 200 characters"));
        }
        if entry.id.as_str().starts_with(crate::api::BY) {
            let problem =
                format!("ids that begin with {:?} are those of programs: choose another", crate::api::BY);
            return Err(AppError::invalid("id", problem));
        }
        let email = entry.email.trim().to_lowercase();
        let shape =
            email.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
        if !email.is_empty() && (!shape || email.chars().any(char::is_whitespace)) {
            return Err(AppError::invalid("email", format!("{email:?} is not an e-mail address")));
        }
        let mut roles = entry.roles;
        roles.sort();
        roles.dedup();
        let scope = StaffScope { roles, groups: entry.groups, ..StaffScope::default() };
        let staff = StaffVersion { id: entry.id, name, email, scope };
        let everyone = store::people::staff(work.tx, number)?;
        let standing = everyone.iter().find(|other| other.id == staff.id);
        if standing == Some(&staff) {
            continue;
        }
        if !staff.email.is_empty()
            && everyone.iter().any(|other| other.id != staff.id && other.email == staff.email)
        {
            return Err(AppError::invalid(
                "email",
                format!("{} is another person's address already", staff.email),
            ));
        }
        let act = work.act()?;
        store::people::insert_staff(work.tx, number, act, work.now, &staff)?;
        if standing.is_some_and(|standing| standing.scope != staff.scope) {
            store::sign_in::end_sessions(work.tx, number, &staff.id)?;
        }
        changed += 1;
    }
    // Asked at the end, so that one file may hand the role over.
    if had_admin && !has_admin(&store::people::staff(work.tx, number)?) {
        return Err(AppError::invalid(
            "roles",
            "somebody must be SMS administrator: give the role to another first",
        ));
    }
    Ok(changed)
}
