//! What must hold of the catalogue, as functions that answer a list of complaints.

use crate::rows::{Catalogue, NOT_TENANT, SCHOOL, Table};

/// The setting that says whose turn it is.
const SETTING: &str = "starboard.school";

/// Every complaint of every check.
pub fn complaints(catalogue: &Catalogue) -> Vec<String> {
    let checks = [belonging, row_security, functions, application, primary_keys, foreign_keys, collations];
    checks.iter().flat_map(|check| check(catalogue)).collect()
}

/// A row belongs to a school, unless its table is one of the host's.
fn belonging(catalogue: &Catalogue) -> Vec<String> {
    let mut found = Vec::new();
    for table in &catalogue.tables {
        if table.is_kept_copy {
            found.push(format!("{}: a materialised view is not guarded by row security", table.name));
        } else if !table.has_school() && !NOT_TENANT.contains(&table.name.as_str()) {
            found.push(format!("{}: no column says whose a row is", table.name));
        }
    }
    found
}

/// Row security is on, for the owner too, by one policy that reads the setting.
fn row_security(catalogue: &Catalogue) -> Vec<String> {
    catalogue.tenant_tables().flat_map(row_security_of).collect()
}

fn row_security_of(table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    let mut complain = |what: &str| found.push(format!("{}: {what}", table.name));
    if !table.has_row_security {
        complain("row security is off");
    }
    if !table.is_forced {
        complain("row security does not hold for the owner");
    }
    if table.may_be_truncated {
        complain("the application may truncate it, every school's rows at once");
    }
    match table.policies.as_slice() {
        [policy] => {
            if !policy.is_for_all {
                complain(&format!("the policy {} is not for every command and role", policy.name));
            }
            let reads = |text: &String| text.contains(SCHOOL) && text.contains(SETTING);
            if !reads(&policy.seen) || !reads(&policy.written) {
                complain(&format!("the policy {} does not compare the school", policy.name));
            }
        }
        policies => complain(&format!("{} policies, not one", policies.len())),
    }
    found
}

/// No function lends its maker's rights.
fn functions(catalogue: &Catalogue) -> Vec<String> {
    let lends = |name: &String| format!("{name}: security definer");
    catalogue.definer_functions.iter().map(lends).collect()
}

/// The program's role may use, and nothing more.
fn application(catalogue: &Catalogue) -> Vec<String> {
    let role = &catalogue.application;
    let powers = role.powers.iter().map(|power| format!("{}: may {power}", role.name));
    let memberships = role.memberships.iter().map(|other| format!("{}: a member of {other}", role.name));
    let owned = role.owns.iter().map(|thing| format!("{}: owns {thing}", role.name));
    powers.chain(memberships).chain(owned).collect()
}

/// The school is the first part of every key.
fn primary_keys(catalogue: &Catalogue) -> Vec<String> {
    let wrong = catalogue
        .tenant_tables()
        .filter(|table| table.primary_key.first().is_none_or(|column| column != SCHOOL));
    wrong
        .map(|table| {
            format!(
                "{}: the primary key ({}) does not begin with the school",
                table.name,
                table.primary_key.join(", ")
            )
        })
        .collect()
}

/// A row names rows of its own school alone.
fn foreign_keys(catalogue: &Catalogue) -> Vec<String> {
    let is_tenant = |name: &String| catalogue.tenant_tables().any(|table| table.name == *name);
    let mut found = Vec::new();
    for table in catalogue.tenant_tables() {
        for key in table.foreign_keys.iter().filter(|key| is_tenant(&key.to)) {
            let mut pairs = key.columns.iter().zip(&key.to_columns);
            if !pairs.any(|(own, other)| own == SCHOOL && other == SCHOOL) {
                found.push(format!("{}: {} names {} without the school", table.name, key.name, key.to));
            }
        }
    }
    found
}

/// Text is compared by its bytes whatever the server's language, as on SQLite.
fn collations(catalogue: &Catalogue) -> Vec<String> {
    let mut found = Vec::new();
    for table in &catalogue.tables {
        for column in &table.columns {
            if let Some(collation) = column.collation.as_ref().filter(|name| *name != "C") {
                found.push(format!("{}.{}: ordered as {collation}", table.name, column.name));
            }
        }
    }
    found
}
