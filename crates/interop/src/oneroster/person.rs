//! Who somebody is: student or staff, by which id, with which number.

use super::cell::looks_like_nsn;
use super::options::{Options, StudentIdFrom};
use super::sheet::fold;
use super::tables::User;
use crate::contract::suggest::closest;

/// What somebody is at the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Student,
    Staff,
    /// Parents and the like, whom a roster does not need.
    Other,
}

/// The roles of 1.1 and 1.2, and other words that are met for them.
const ROLES: [(&str, Kind); 22] = [
    ("student", Kind::Student),
    ("learner", Kind::Student),
    ("pupil", Kind::Student),
    ("teacher", Kind::Staff),
    ("administrator", Kind::Staff),
    ("aide", Kind::Staff),
    ("proctor", Kind::Staff),
    ("principal", Kind::Staff),
    ("counselor", Kind::Staff),
    ("counsellor", Kind::Staff),
    ("districtadministrator", Kind::Staff),
    ("siteadministrator", Kind::Staff),
    ("systemadministrator", Kind::Staff),
    ("staff", Kind::Staff),
    ("instructor", Kind::Staff),
    ("parent", Kind::Other),
    ("guardian", Kind::Other),
    ("relative", Kind::Other),
    ("caregiver", Kind::Other),
    ("contact", Kind::Other),
    ("user", Kind::Other),
    ("guest", Kind::Other),
];

/// Reads a role; with the word that it was taken for where it is spelt otherwise.
pub(super) fn kind(role: &str) -> Option<(Kind, Option<&'static str>)> {
    let plain = fold(role);
    if let Some((_, kind)) = ROLES.iter().find(|(word, _)| *word == plain) {
        return Some((*kind, None));
    }
    let near = closest(&plain, ROLES.iter().map(|(word, _)| *word))?;
    ROLES.iter().find(|(word, _)| *word == near).map(|(word, kind)| (*kind, Some(*word)))
}

/// What an SMS calls its own id among the ids of other systems.
const LOCAL: [&str; 12] = [
    "local",
    "localid",
    "studentid",
    "studentnumber",
    "staffid",
    "schoolid",
    "sis",
    "sisid",
    "sms",
    "smsid",
    "id",
    "identifier",
];

/// The National Student Number, where the package has it.
pub(super) fn nsn<'u>(user: &'u User, options: &Options) -> Option<&'u str> {
    let of_kind =
        |(kind, _): &&(String, String)| matches!(fold(kind).as_str(), "nsn" | "nationalstudentnumber");
    let among = user.user_ids.iter().find(of_kind).map(|(_, id)| id.as_str());
    among.or_else(|| Some(user.identifier.as_str()).filter(|id| options.identifier_is_nsn && !id.is_empty()))
}

/// The id at the school, by the rule that was chosen. It is never the National Student Number.
///
/// Choice: the identifier, else the SMS's own id among others, else the `sourcedId` (decision 0046).
pub(super) fn local_id<'u>(user: &'u User, options: &Options) -> &'u str {
    let of_rule = match options.student_id {
        StudentIdFrom::SourcedId => Some(user.id.as_str()),
        StudentIdFrom::Username => Some(user.username.as_str()),
        StudentIdFrom::Identifier => {
            let is_nsn = options.identifier_is_nsn || nsn(user, options) == Some(user.identifier.as_str());
            Some(user.identifier.as_str()).filter(|_| !is_nsn)
        }
    };
    let local = || {
        let is_local = |(kind, _): &&(String, String)| LOCAL.contains(&fold(kind).as_str());
        user.user_ids.iter().find(is_local).map(|(_, id)| id.as_str())
    };
    let filled = of_rule.filter(|id| !id.is_empty());
    filled.or_else(local).unwrap_or(&user.id)
}

/// Whether the id at the school looks like a National Student Number, which it should not be.
pub(super) fn is_likely_nsn(id: &str) -> bool {
    looks_like_nsn(id)
}
