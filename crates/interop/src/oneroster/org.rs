//! Which of the package's orgs is this school.

use super::cell::Status;
use super::package::about_all;
use super::sheet::fold;
use super::tables::{Org, Tables};
use super::{File, Findings, Mode, Standing};
use crate::contract::Problem;
use crate::contract::cells::shown;
use domain::SchoolNumber;
use std::collections::{BTreeMap, BTreeSet};

/// The orgs whose people are this school's.
#[derive(Debug, Clone)]
pub(super) struct Ours {
    /// The school's own `sourcedId`; nothing when the package names no orgs.
    pub(super) school: Option<String>,
    /// The school and all below it; nothing when everybody is ours.
    accepted: Option<BTreeSet<String>>,
    /// Those below the school, each with the one that it stands below.
    pub(super) departments: BTreeMap<String, String>,
}

impl Ours {
    /// Whether an org is ours. One that is not named is.
    pub(super) fn holds(&self, org: &str) -> bool {
        org.is_empty() || self.accepted.as_ref().is_none_or(|accepted| accepted.contains(org))
    }

    /// Whether any of some orgs is ours.
    pub(super) fn holds_any<'o>(&self, orgs: impl IntoIterator<Item = &'o str>) -> bool {
        let mut orgs = orgs.into_iter().peekable();
        orgs.peek().is_none() || orgs.any(|org| self.holds(org))
    }
}

/// Finds the school: the one that was asked for, the one that is known from before, the one with our
/// number, or the only one. A package of changes is of the school that is known; in a whole one our
/// number comes first.
pub(super) fn choose(
    tables: &Tables,
    asked: Option<&str>,
    number: SchoolNumber,
    standing: &Standing,
    findings: &mut Findings,
) -> Result<Ours, Problem> {
    let known = standing.org.as_deref();
    let at = |school: &str| at(school, &edges(tables, standing));
    let name = tables.name(File::Orgs).to_owned();
    let orgs: Vec<&Org> = tables.orgs.iter().filter(|org| org.status == Status::Active).collect();
    let asked = asked.map(str::trim).filter(|asked| !asked.is_empty());
    // What did not change is not named: the school itself may not be.
    let unsaid = known.filter(|_| tables.mode(File::Orgs) == Mode::Delta);
    if orgs.is_empty() {
        return match unsaid.or(asked).or(known) {
            Some(school) => Ok(at(school)),
            None => without_orgs(tables, findings),
        };
    }
    if let Some(asked) = asked {
        let is_meant = |org: &&&Org| {
            org.id == asked
                || (!org.identifier.is_empty() && org.identifier == asked)
                || fold(&org.name) == fold(asked)
        };
        let found = orgs.iter().find(|org| org.id == asked).or_else(|| orgs.iter().find(is_meant));
        return match found.map(|found| found.id.as_str()).or(unsaid) {
            Some(school) => Ok(at(school)),
            None => Err(must_choose(&orgs, format!("there is no org {}", shown(asked)))),
        };
    }
    if let Some(known) = unsaid {
        return Ok(at(known));
    }
    let schools: Vec<&Org> = orgs.iter().copied().filter(|org| org.kind == "school").collect();
    let is_ours = |org: &&&Org| SchoolNumber::parse(&org.identifier) == Ok(number);
    let ours = schools.iter().find(is_ours).or_else(|| orgs.iter().find(is_ours));
    if let Some(ours) = ours.or_else(|| orgs.iter().find(|org| known == Some(org.id.as_str()))) {
        return Ok(at(&ours.id));
    }
    let only = match (schools.as_slice(), orgs.as_slice()) {
        ([only], _) | ([], [only]) => *only,
        _ => {
            let wrong = format!("{} orgs, and none has the number {number}", orgs.len());
            return Err(must_choose(&orgs, wrong));
        }
    };
    if SchoolNumber::parse(&only.identifier).is_ok() {
        // Nobody's people are to be taken for ours because theirs alone came.
        let theirs = shown(&only.identifier);
        let wrong = format!("the only school has the number {theirs}, and this one {number}");
        return Err(must_choose(&orgs, wrong));
    }
    if schools.is_empty() {
        let words = format!("the only org is of type {} and is taken as the school", shown(&only.kind));
        findings.tolerate(&name, 0, words);
    }
    Ok(at(&only.id))
}

/// Each org with the one that it stands below: those of the package and, unless it names all, those that
/// are known from before and that it says nothing of.
fn edges<'a>(tables: &'a Tables, standing: &'a Standing) -> Vec<(&'a str, &'a str)> {
    let own = tables.orgs.iter().filter(|org| org.status == Status::Active);
    let own = own.map(|org| (org.id.as_str(), org.parent.as_str()));
    let named: BTreeSet<&str> = tables.orgs.iter().map(|org| org.id.as_str()).collect();
    let is_told = |id: &str| tables.mode(File::Orgs) == Mode::Bulk || named.contains(id);
    let known = standing.departments.iter().filter(|(id, _)| !is_told(id));
    own.chain(known.map(|(id, parent)| (id.as_str(), parent.as_str()))).collect()
}

/// The people of a school and of all that stands below it.
fn at(school: &str, edges: &[(&str, &str)]) -> Ours {
    let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, parent) in edges {
        children.entry(parent).or_default().push(id);
    }
    let mut accepted = BTreeSet::from([school.to_owned()]);
    let mut departments = BTreeMap::new();
    let mut waiting = vec![school];
    while let Some(org) = waiting.pop() {
        for child in children.get(org).into_iter().flatten() {
            if accepted.insert((*child).to_owned()) {
                departments.insert((*child).to_owned(), org.to_owned());
                waiting.push(child);
            }
        }
    }
    Ours { school: Some(school.to_owned()), accepted: Some(accepted), departments }
}

/// The package has no orgs, and which is this school was never said: the only one that people belong to.
fn without_orgs(tables: &Tables, findings: &mut Findings) -> Result<Ours, Problem> {
    let of_users = tables.users.iter().flat_map(|user| &user.orgs);
    let of_roles = tables.roles.iter().map(|role| &role.org).filter(|org| !org.is_empty());
    let named: BTreeSet<&String> = of_users.chain(of_roles).collect();
    if named.len() > 1 {
        let most: Vec<String> = named.iter().take(10).map(|org| shown(org)).collect();
        let wrong =
            format!("there is no orgs.csv, and people belong to {} orgs: {}", named.len(), most.join(", "));
        return Err(about_all(wrong, "say which is this school: --org, or the org of the connection"));
    }
    findings.tolerate(super::PACKAGE, 0, "there is no orgs.csv: everybody is taken as this school's");
    let school = named.first().map(|org| (*org).clone());
    Ok(Ours { school, accepted: None, departments: BTreeMap::new() })
}

fn must_choose(orgs: &[&Org], wrong: String) -> Problem {
    let said = |org: &&Org| format!("{} ({}, {})", shown(&org.name), org.kind, shown(&org.id));
    let most: Vec<String> = orgs.iter().take(10).map(said).collect();
    let right = format!(
        "say which is this school: --org, or the org of the connection; there are {}",
        most.join(", ")
    );
    about_all(wrong, right)
}
