//! A student's contacts as they stand: the last version of each, and which of its numbers and
//! addresses may be used.
//!
//! The first number that a contact gets may be used at once. Another one in its place waits until
//! somebody looked at it, also where the contact was removed and entered anew; so does one that a call found wrong, and one that is also that of somebody
//! who must not be contacted about the student.

use super::Standing;
use crate::{AppError, entropy};
use domain::{Instant, SchoolNumber, StaffId, StudentId};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::contact::{ContactField, ContactVersion, LookRow};
use store::mark::BY_HAND;

/// How a number or address of a contact has come to stand.
#[derive(Clone, Default)]
pub(crate) struct Course {
    /// What stands.
    pub(crate) current: String,
    /// The value that may be used, which may be another than what stands.
    pub(crate) trusted: Option<String>,
    /// Whether there ever was one to use: only then is another one a change.
    had_one: bool,
    /// Who entered what stands or doubted it; nobody when the operator did.
    pub(crate) by: Option<StaffId>,
    /// When.
    pub(crate) since: Option<Instant>,
    /// Whether a call found it wrong.
    pub(crate) is_doubted: bool,
    /// The act of that call, unless another found it wrong too.
    doubt: Option<i64>,
    /// Whether it is also that of somebody who must not be contacted.
    pub(crate) is_anothers: bool,
    /// The act of the last look that found what stands right.
    looked: Option<i64>,
    /// The act that brought what stands.
    act: i64,
}

impl Course {
    fn version(&mut self, field: ContactField, version: &ContactVersion) {
        let value = version.field(field);
        if canonical(field, value) == canonical(field, &self.current) {
            value.clone_into(&mut self.current);
            if self.trusted.is_some() && !self.waits_by_change(field) {
                self.trusted = Some(value.to_owned());
            }
            return;
        }
        value.clone_into(&mut self.current);
        self.act = version.act;
        self.by.clone_from(&version.staff_id);
        self.since = Some(version.recorded_at);
        self.looked = None;
        (self.is_doubted, self.doubt) = (false, None);
        if !value.is_empty() && !self.had_one {
            self.trusted = Some(value.to_owned());
            self.had_one = true;
        }
    }

    fn look(&mut self, field: ContactField, look: &LookRow) {
        let is_current = look.digest == digest(field, &self.current);
        if look.is_right && is_current {
            self.trusted = Some(self.current.clone());
            self.looked = Some(look.act);
            (self.is_doubted, self.doubt) = (false, None);
        } else if !look.is_right {
            // Whoever changed it stays the one who may not look at it, whoever else doubts it.
            if is_current && !self.waits_by_change(field) {
                self.by = Some(look.staff_id.clone());
                self.since = Some(look.recorded_at);
            }
            let was_used = self.trusted.as_ref().is_some_and(|value| digest(field, value) == look.digest);
            self.doubt = was_used.then_some(look.act);
            if was_used {
                self.trusted = None;
                self.is_doubted = true;
            }
        }
    }

    /// Whether the call of an act is all that keeps this from being used.
    pub(crate) fn is_doubted_by(&self, act: i64) -> bool {
        self.doubt == Some(act) && !self.is_anothers
    }

    fn waits_by_change(&self, field: ContactField) -> bool {
        let key = |value: &str| canonical(field, value);
        self.trusted.as_ref().is_none_or(|trusted| key(trusted) != key(&self.current))
    }

    /// What stood before and may be used again, where that is something else.
    pub(crate) fn before(&self, field: ContactField) -> Option<&str> {
        self.trusted.as_deref().filter(|_| self.waits_by_change(field))
    }

    /// Whether what stands waits for a second look.
    pub(crate) fn waits(&self, field: ContactField) -> bool {
        !self.current.is_empty() && (self.is_anothers || self.waits_by_change(field))
    }
}

/// A contact as it stands.
#[derive(Clone)]
pub(crate) struct Known {
    /// Its last version.
    pub(crate) version: ContactVersion,
    /// What each file's source said last.
    pub(crate) said: BTreeMap<String, ContactVersion>,
    courses: BTreeMap<ContactField, Course>,
    /// The act that brought them.
    first: i64,
    /// The names that they have had, as they are compared.
    names: BTreeSet<String>,
    /// Those of them that tell who they may be: all since a person named them last, and all of
    /// somebody who must not be contacted.
    may_be: BTreeSet<String>,
    /// The act that said that they must not be contacted.
    blocked_by: Option<i64>,
    /// Every version that stood, in order, and what files said beside; without those that were undone.
    versions: Vec<ContactVersion>,
    /// How the fields stood before a version that was undone later.
    before: BTreeMap<i64, BTreeMap<ContactField, Course>>,
    /// The acts that were taken back so far.
    taken_back: BTreeSet<i64>,
    /// Whether they have the name of somebody who must not be contacted about the student.
    pub(crate) is_namesake: bool,
}

impl Known {
    /// Whether they must not be contacted: that was said of them, or of somebody with their name, who
    /// may be the same person, brought a second time.
    pub(crate) fn is_blocked(&self) -> bool {
        self.version.is_blocked || self.is_namesake
    }

    /// Whether they are no contact any more.
    pub(crate) fn is_removed(&self) -> bool {
        self.version.is_removed
    }

    /// How one of the fields has come to stand.
    pub(crate) fn course(&self, field: ContactField) -> &Course {
        &self.courses[&field]
    }

    /// Whether one of the fields may be used.
    pub(crate) fn standing(&self, field: ContactField) -> Standing {
        let course = self.course(field);
        if course.current.is_empty() {
            Standing::Missing
        } else if course.waits(field) {
            Standing::Waits
        } else {
            Standing::Usable(course.current.clone())
        }
    }

    /// Somebody who was not there before this version. Who was there under the same name may be the same
    /// person, entered anew: what may be used of theirs is what it was.
    fn new(version: ContactVersion, earlier: &[Known]) -> Self {
        let name = plain_name(&version.name);
        let is_same = |known: &&Known| known.first < version.act && known.names.contains(&name);
        let is_there = |known: &&Known| is_same(known) && !known.is_gone();
        let mut courses = BTreeMap::from(ContactField::ALL.map(|field| (field, Course::default())));
        for (field, course) in &mut courses {
            // Whoever an undone import brought is nobody to go back to; but where a call had found the
            // number wrong, another one waits for a look.
            course.had_one = earlier.iter().filter(is_same).any(|known| known.course(*field).is_doubted);
            let mut same = earlier.iter().filter(is_there).filter(|known| known.course(*field).had_one);
            if let Some(same) = same.next_back() {
                course.had_one = true;
                // The number of somebody who must not be contacted is nobody's to go back to.
                let trusted = same.course(*field).trusted.clone();
                course.trusted = trusted.filter(|_| !same.version.is_blocked);
            }
        }
        Self {
            first: version.act,
            version,
            said: BTreeMap::new(),
            courses,
            names: BTreeSet::new(),
            may_be: BTreeSet::new(),
            blocked_by: None,
            versions: Vec::new(),
            before: BTreeMap::new(),
            taken_back: BTreeSet::new(),
            is_namesake: false,
        }
    }

    fn add(&mut self, version: ContactVersion) {
        self.versions.push(version.clone());
        hear(&mut self.said, &version);
        if version.is_said {
            return;
        }
        if version.undone_by.is_some() && !version.is_blocked {
            self.before.insert(version.act, self.courses.clone());
        }
        for (field, course) in &mut self.courses {
            course.version(*field, &version);
        }
        let name = plain_name(&version.name);
        let is_named_by_hand = version.source == BY_HAND && name != plain_name(&self.version.name);
        if is_named_by_hand && !version.is_blocked {
            self.may_be.clear();
        }
        self.may_be.insert(name.clone());
        self.names.insert(name);
        if !version.is_blocked {
            self.blocked_by = None;
        } else if self.blocked_by.is_none() {
            self.blocked_by = Some(version.act);
        }
        self.version = version;
    }

    /// Takes back what an act brought, when it was undone: a number that still stood is what it was before,
    /// and one that came since stays as it is, waiting or doubted. The names that it brought are kept for
    /// telling who may be the same. That somebody must not be contacted is not taken back: a person lifts it.
    fn take_back(&mut self, act: i64) {
        let count = self.versions.len();
        self.versions.retain(|version| version.act != act || (version.is_blocked && !version.is_said));
        if self.versions.len() == count {
            return;
        }
        self.said.clear();
        for version in self.versions.iter().filter(|version| version.undone_by.is_none()) {
            hear(&mut self.said, version);
        }
        if let Some(stands) = self.versions.iter().rev().find(|version| !version.is_said) {
            self.version = stands.clone();
        }
        self.taken_back.insert(act);
        for (field, course) in &mut self.courses {
            let stands = canonical(*field, self.version.field(*field));
            // Somebody who changed something else since left this as it was: it stands by them. Else it is
            // what it was before, and before that where that was taken back too.
            while stands != canonical(*field, &course.current) && self.taken_back.contains(&course.act) {
                let Some(before) = self.before.get(&course.act).and_then(|before| before.get(field)) else {
                    break;
                };
                *course = before.clone();
            }
        }
    }

    /// Whether nothing is left of them but what was undone.
    fn is_gone(&self) -> bool {
        self.versions.iter().all(|version| version.is_said)
    }

    fn look(&mut self, look: &LookRow) {
        if let Some(course) = self.courses.get_mut(&look.field) {
            course.look(look.field, look);
        }
    }
}

/// The contacts of some students, each student's in order; those who were removed or must not be
/// contacted are among them.
pub(crate) fn load(
    tx: &mut Tx<'_>,
    school: SchoolNumber,
    students: &[StudentId],
) -> Result<BTreeMap<StudentId, Vec<Known>>, AppError> {
    let versions = store::contact::of_students(tx, school, students)?;
    let mut events: Vec<(i64, Event)> = versions
        .iter()
        .filter_map(|version| Some((version.undone_by?, Event::Undone(version.act))))
        .collect();
    events.dedup();
    let looks = store::contact::looks(tx, school, students)?;
    events.extend(looks.into_iter().map(|look| (look.act, Event::Look(Box::new(look)))));
    events.sort_by_key(|(act, _)| *act);
    let mut events = events.into_iter().peekable();
    let mut all: BTreeMap<StudentId, Vec<Known>> = BTreeMap::new();
    // In the order in which it came: what a new contact is compared with is what stood then.
    for version in versions {
        while let Some((_, event)) = events.next_if(|(act, _)| *act < version.act) {
            take(&mut all, event);
        }
        let own = all.entry(version.student_id.clone()).or_default();
        match own.iter_mut().find(|known| known.version.id == version.id) {
            Some(known) => known.add(version),
            None => {
                let mut known = Known::new(version.clone(), own);
                known.add(version);
                own.push(known);
            }
        }
    }
    events.for_each(|(_, event)| take(&mut all, event));
    for own in all.values_mut() {
        own.retain(|known| !known.is_gone());
        own.sort_by(|a, b| {
            let key = |known: &Known| (known.version.place, known.version.name.clone());
            key(a).cmp(&key(b)).then_with(|| a.version.id.cmp(&b.version.id))
        });
        hold_back_what_is_anothers(own);
    }
    Ok(all)
}

/// Notes what a source says. In an act that brought both, what the file said came before what stands.
fn hear(said: &mut BTreeMap<String, ContactVersion>, version: &ContactVersion) {
    let is_heard = said.get(&version.source).is_some_and(|said| said.act == version.act);
    if version.is_said || !is_heard {
        said.insert(version.source.clone(), version.clone());
    }
}

/// What happens to contacts between their versions.
#[derive(PartialEq)]
enum Event {
    /// Somebody looked at a value again.
    Look(Box<LookRow>),
    /// The import of an act was undone.
    Undone(i64),
}

fn take(all: &mut BTreeMap<StudentId, Vec<Known>>, event: Event) {
    match event {
        Event::Look(look) => take_look(all, &look),
        Event::Undone(act) => all.values_mut().flatten().for_each(|known| known.take_back(act)),
    }
}

fn take_look(all: &mut BTreeMap<StudentId, Vec<Known>>, look: &LookRow) {
    let own = all.get_mut(&look.student_id).into_iter().flatten();
    own.filter(|known| known.version.id == look.contact_id).for_each(|known| known.look(look));
}

/// A file that brings somebody who must not be contacted a second time opens no way to them: who has
/// their name is not contacted either, and a number or address of theirs waits for a look. Another name
/// in a file does not tell them apart: a person does.
fn hold_back_what_is_anothers(own: &mut [Known]) {
    let mut held: BTreeMap<(ContactField, String), i64> = BTreeMap::new();
    for known in own.iter() {
        let Some(act) = known.blocked_by else { continue };
        for field in ContactField::ALL {
            let value = canonical(field, known.version.field(field));
            if !value.is_empty() {
                let since = held.entry((field, value)).or_insert(act);
                *since = act.max(*since);
            }
        }
    }
    let blocked = own.iter().filter(|known| known.version.is_blocked);
    let names: BTreeSet<String> = blocked.flat_map(|known| known.may_be.iter().cloned()).collect();
    for known in own.iter_mut().filter(|known| !known.version.is_blocked) {
        known.is_namesake = !known.may_be.is_disjoint(&names);
        for (field, course) in &mut known.courses {
            let since = held.get(&(*field, canonical(*field, &course.current)));
            course.is_anothers = since.is_some_and(|act| course.looked.is_none_or(|looked| looked < *act));
        }
    }
}

/// A name as it is compared.
pub(crate) fn plain_name(name: &str) -> String {
    store::people::search_text(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value as it is compared: the same number written otherwise is no change.
pub(crate) fn canonical(field: ContactField, value: &str) -> String {
    match field {
        ContactField::Phone => super::check::dialled(value),
        ContactField::Email => value.trim().to_lowercase(),
        ContactField::Address => {
            let plain = value.to_lowercase().replace([',', ';'], " ");
            plain.split_whitespace().collect::<Vec<_>>().join(" ")
        }
    }
}

/// The digest by which a look knows the value that was looked at.
pub(crate) fn digest(field: ContactField, value: &str) -> String {
    entropy::digest(canonical(field, value).as_bytes())
}
