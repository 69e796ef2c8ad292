//! Who may do what: roles, permissions, and how far each permission reaches.
//!
//! One table, [`Role::reach`]; everything that checks a right asks it. A person may hold several
//! roles and then has the widest reach of them.

use crate::ApiScope;
use std::fmt;

/// A role that a staff member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Kaiako.
    Teacher,
    /// Looks after a year or several groups.
    Dean,
    /// Office and attendance staff.
    Office,
    /// Senior leader.
    Leader,
    /// Tumuaki.
    Principal,
    /// Administers descriptions, people and connections. Sees no student.
    SmsAdmin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Teacher, Self::Dean, Self::Office, Self::Leader, Self::Principal, Self::SmsAdmin];

    /// The role's word in files: `teacher` … `sms_admin`.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Teacher => "teacher",
            Self::Dean => "dean",
            Self::Office => "office",
            Self::Leader => "leader",
            Self::Principal => "principal",
            Self::SmsAdmin => "sms_admin",
        }
    }

    /// Reads a role's word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.text() == text)
    }

    /// How far a permission reaches for this role.
    ///
    /// Source: the product's table of people and roles (docs/guide/roles.md).
    #[must_use]
    pub fn reach(self, permission: Permission) -> Reach {
        use Permission as P;
        use Reach::{All, Nothing, Own};
        match (self, permission) {
            (
                Self::Teacher,
                P::MarkRoll | P::CorrectMarkToday | P::SeeStudents | P::Respond | P::ReadNotes,
            ) => Own,
            (Self::Teacher | Self::Dean, P::SeeContacts | P::WriteHome) => Own,
            (Self::Dean, P::MarkRoll | P::CorrectMarkToday | P::CorrectMark | P::SeeStudents) => Own,
            (Self::Dean, P::Respond | P::ReadNotes) => Own,
            (
                Self::Office,
                P::MarkRoll | P::CorrectMarkToday | P::CorrectMark | P::SeeStudents | P::Respond,
            ) => All,
            (Self::Dean, P::Hold | P::Refer) => Own,
            (Self::Office, P::SeeContacts | P::SeeBlocked | P::EditContacts) => All,
            (Self::Office, P::WriteHome | P::EditLetters) => All,
            (Self::Office, P::EditCalendar | P::Import | P::RevealNsn | P::SeeSharing) => All,
            (Self::Office, P::Hold | P::EditCover) => All,
            (Self::Office | Self::SmsAdmin, P::SeeBoardReport) => All,
            (Self::Leader | Self::Principal, P::EditDescriptions | P::EditPeople | P::EditCalendar) => {
                Nothing
            }
            (Self::Leader | Self::Principal, P::Import | P::EditSharing | P::RevealNsn) => Nothing,
            (Self::Leader | Self::Principal, _) => All,
            (Self::SmsAdmin, P::EditDescriptions | P::EditPeople | P::EditCalendar | P::Import) => All,
            (Self::SmsAdmin, P::EditSharing | P::SeeSharing | P::SeeCounts | P::SeeExports) => All,
            _ => Nothing,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.text())
    }
}

/// Something that a person may or may not do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Take the roll of a group.
    MarkRoll,
    /// Change a mark of today, set a reason.
    CorrectMarkToday,
    /// Change a mark of any day, set a reason.
    CorrectMark,
    /// See tallies, crossings and responses of students.
    SeeStudents,
    /// See how many students are in each band, without any name.
    SeeCounts,
    /// See the board's report: counts of the whole school, small ones hidden.
    SeeBoardReport,
    /// Record, revise and withdraw a response.
    Respond,
    /// Record *Initiated prosecution*.
    Prosecute,
    /// Read all notes on students in reach. (Office staff read those they wrote themselves.)
    ReadNotes,
    /// Hold a student's steps for a known absence, and set flags of the plan.
    Hold,
    /// Say who holds a duty of the plan or stands in for a role.
    EditCover,
    /// Edit and publish the school's plan.
    EditPlan,
    /// See how whānau are reached. (Those who must not be contacted only with [`Self::SeeBlocked`].)
    SeeContacts,
    /// See who must not be contacted, and why.
    SeeBlocked,
    /// Edit contacts, and look a second time at what was changed.
    EditContacts,
    /// Send whānau letters, e-mail and texts, and record calls.
    WriteHome,
    /// Edit what letters, e-mail and texts say, and the letterhead.
    EditLetters,
    /// Make the pack of a referral.
    Refer,
    /// See a full NSN.
    RevealNsn,
    /// Edit the school's descriptions.
    EditDescriptions,
    /// Edit terms, closures and openings.
    EditCalendar,
    /// Edit staff, roles and sign-ins.
    EditPeople,
    /// Import students and marks.
    Import,
    /// See what was shared with the Ministry.
    SeeSharing,
    /// Switch sharing on or off.
    EditSharing,
    /// See which lists were taken away as files, and by whom.
    SeeExports,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 26] = [
        Self::MarkRoll,
        Self::CorrectMarkToday,
        Self::CorrectMark,
        Self::SeeStudents,
        Self::SeeCounts,
        Self::SeeBoardReport,
        Self::Respond,
        Self::Prosecute,
        Self::ReadNotes,
        Self::Hold,
        Self::EditCover,
        Self::EditPlan,
        Self::SeeContacts,
        Self::SeeBlocked,
        Self::EditContacts,
        Self::WriteHome,
        Self::EditLetters,
        Self::Refer,
        Self::RevealNsn,
        Self::EditDescriptions,
        Self::EditCalendar,
        Self::EditPeople,
        Self::Import,
        Self::SeeSharing,
        Self::EditSharing,
        Self::SeeExports,
    ];
}

/// How far a permission reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Not at all.
    Nothing,
    /// Students of the person's own groups or years.
    Own,
    /// The whole school.
    All,
}

/// One person's roles and the groups and years that are their own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaffScope {
    /// The roles held.
    pub roles: Vec<Role>,
    /// Form or whānau classes, and also years, written `Year 10`, and houses, written `House Kea`.
    pub groups: Vec<String>,
    /// What is given apart from any role, for the whole school: to a program, by its scopes. No person
    /// holds any.
    pub granted: Vec<Permission>,
}

/// Where a student belongs: what makes them somebody's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Belonging<'a> {
    /// Form or whānau class.
    pub group: &'a str,
    /// Year level, `9` or `09`.
    pub year_level: &'a str,
    /// House; empty where there is none.
    pub house: &'a str,
}

impl Belonging<'_> {
    /// How close a group, a year written `Year 10` or a house written `House Kea` is to the student:
    /// 3 for their group, 2 for their house, 1 for their year; nothing for another.
    #[must_use]
    pub fn closeness(&self, own: &str) -> Option<u8> {
        let is = |prefix: &str, wanted: &str| {
            own.strip_prefix(prefix).is_some_and(|own| !own.is_empty() && own == wanted)
        };
        if !self.group.is_empty() && own == self.group {
            Some(3)
        } else if is("House ", self.house) {
            Some(2)
        } else if is("Year ", self.year_level.trim_start_matches('0')) {
            Some(1)
        } else {
            None
        }
    }
}

impl StaffScope {
    /// What a program may do: what its scopes say, and nothing else.
    #[must_use]
    pub fn of_program(scopes: &[ApiScope]) -> Self {
        let granted = scopes.iter().flat_map(|scope| scope.permissions()).copied().collect();
        Self { granted, ..Self::default() }
    }

    /// The widest reach that the person's roles give.
    #[must_use]
    pub fn reach(&self, permission: Permission) -> Reach {
        if self.granted.contains(&permission) {
            return Reach::All;
        }
        self.roles.iter().map(|role| role.reach(permission)).max().unwrap_or(Reach::Nothing)
    }

    /// Whether the permission reaches anybody at all.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.reach(permission) > Reach::Nothing
    }

    /// Whether the permission reaches a student who belongs there.
    #[must_use]
    pub fn may_for(&self, permission: Permission, student: Belonging<'_>) -> bool {
        match self.reach(permission) {
            Reach::Nothing => false,
            Reach::Own => self.owns(student),
            Reach::All => true,
        }
    }

    /// Whether a student who belongs there is this person's own.
    #[must_use]
    pub fn owns(&self, student: Belonging<'_>) -> bool {
        self.groups.iter().any(|own| student.closeness(own).is_some())
    }

    /// Whether the person holds a role.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(roles: &[Role], groups: &[&str]) -> StaffScope {
        let groups = groups.iter().map(|&group| group.to_owned()).collect();
        StaffScope { roles: roles.to_vec(), groups, ..StaffScope::default() }
    }

    #[test]
    fn r25_an_sms_administrator_sees_no_student_and_no_note() {
        let admin = scope(&[Role::SmsAdmin], &[]);
        for denied in
            [Permission::SeeStudents, Permission::ReadNotes, Permission::Respond, Permission::MarkRoll]
        {
            assert!(!admin.may(denied), "{denied:?}");
        }
        assert!(admin.may(Permission::EditDescriptions));
    }

    #[test]
    fn only_sms_administrators_edit_descriptions_and_people() {
        for role in Role::ALL {
            let expected = role == Role::SmsAdmin;
            assert_eq!(scope(&[role], &[]).may(Permission::EditDescriptions), expected, "{role}");
            assert_eq!(scope(&[role], &[]).may(Permission::EditPeople), expected, "{role}");
        }
    }

    #[test]
    fn only_leaders_and_the_principal_may_prosecute() {
        for role in Role::ALL {
            let expected = matches!(role, Role::Leader | Role::Principal);
            assert_eq!(scope(&[role], &["G1"]).may(Permission::Prosecute), expected, "{role}");
        }
    }

    fn of<'a>(group: &'a str, year_level: &'a str) -> Belonging<'a> {
        Belonging { group, year_level, house: "Kea" }
    }

    #[test]
    fn a_house_is_somebodys_own_and_closer_than_a_year() {
        let kea = scope(&[Role::Dean], &["House Kea"]);
        assert!(kea.may_for(Permission::Respond, of("10RI", "10")));
        let tui = Belonging { house: "Tūī", ..of("10RI", "10") };
        assert!(!kea.may_for(Permission::Respond, tui));
        assert!(!kea.may_for(Permission::Respond, Belonging { house: "", ..tui }));
        let closest = |own: &[&str]| own.iter().filter_map(|own| of("10RI", "10").closeness(own)).max();
        assert_eq!(closest(&["Year 10", "House Kea"]), Some(2));
        assert_eq!(closest(&["Year 10", "10RI"]), Some(3));
        assert_eq!(closest(&["Year 1", "House ", "Year "]), None);
    }

    #[test]
    fn a_teacher_reaches_own_groups_and_a_dean_also_own_years() {
        let teacher = scope(&[Role::Teacher], &["9KA"]);
        assert!(teacher.may_for(Permission::Respond, of("9KA", "9")));
        assert!(!teacher.may_for(Permission::Respond, of("9RI", "9")));
        assert!(!teacher.may_for(Permission::Respond, of("", "")));
        let dean = scope(&[Role::Dean], &["Year 9"]);
        assert!(dean.may_for(Permission::Respond, of("9RI", "09")));
        assert!(!dean.may_for(Permission::Respond, of("10RI", "10")));
    }

    #[test]
    fn r25_a_program_may_do_what_its_scopes_say_and_nothing_else() {
        let program = StaffScope::of_program(&[ApiScope::ResponsesWrite, ApiScope::StudentsRead]);
        for permission in Permission::ALL {
            assert_eq!(program.may(permission), permission == Permission::Respond, "{permission:?}");
        }
        assert!(program.may_for(Permission::Respond, of("9KA", "9")));
        assert!(!program.owns(of("9KA", "9")) && program.roles.is_empty());
    }

    #[test]
    fn several_roles_give_the_widest_reach() {
        let both = scope(&[Role::Teacher, Role::Leader], &["9KA"]);
        assert_eq!(both.reach(Permission::ReadNotes), Reach::All);
        assert_eq!(scope(&[], &[]).reach(Permission::MarkRoll), Reach::Nothing);
    }

    #[test]
    fn the_table_of_roles_is_the_one_in_the_guide() {
        use Permission as P;
        // Teacher, dean, office, leader, principal, administrator: own groups, all, or nothing.
        let table = [
            (P::MarkRoll, "ooaaa-"),
            (P::CorrectMarkToday, "ooaaa-"),
            (P::CorrectMark, "-oaaa-"),
            (P::SeeStudents, "ooaaa-"),
            (P::Respond, "ooaaa-"),
            (P::ReadNotes, "oo-aa-"),
            (P::Prosecute, "---aa-"),
            (P::Hold, "-oaaa-"),
            (P::EditCover, "--aaa-"),
            (P::EditPlan, "---aa-"),
            (P::SeeContacts, "ooaaa-"),
            (P::SeeBlocked, "--aaa-"),
            (P::EditContacts, "--aaa-"),
            (P::WriteHome, "ooaaa-"),
            (P::EditLetters, "--aaa-"),
            (P::Refer, "-o-aa-"),
            (P::EditDescriptions, "-----a"),
            (P::EditPeople, "-----a"),
            (P::EditCalendar, "--a--a"),
            (P::Import, "--a--a"),
            (P::EditSharing, "-----a"),
            (P::SeeSharing, "--aaaa"),
            (P::SeeCounts, "---aaa"),
            (P::SeeBoardReport, "--aaaa"),
            (P::RevealNsn, "--a---"),
            (P::SeeExports, "---aaa"),
        ];
        for (permission, reaches) in table {
            let found = Role::ALL.map(|role| match role.reach(permission) {
                Reach::Nothing => '-',
                Reach::Own => 'o',
                Reach::All => 'a',
            });
            assert_eq!(String::from_iter(found), reaches, "{permission:?}");
        }
    }

    #[test]
    fn roles_are_read_as_they_are_written() {
        let words = ["teacher", "dean", "office", "leader", "principal", "sms_admin"];
        for (role, word) in Role::ALL.into_iter().zip(words) {
            assert_eq!((role.to_string().as_str(), Role::parse(word)), (word, Some(role)));
        }
        assert_eq!(Role::parse("student"), None);
        let dean = scope(&[Role::Dean], &[]);
        assert!(dean.has(Role::Dean) && !dean.has(Role::Teacher));
    }
}
