//! What messages home say: the school's templates, who approved their te reo Māori, the letterhead.

use crate::contacts::is_email;
use crate::work::{Actor, Order, Work};
use crate::{AppError, School, entropy};
use domain::wording::names_somebody;
use domain::{Instant, Language, Permission, SchoolNumber, StaffId};
use letters::{Letterhead, Problem, Template};
use store::Tx;
use store::template::{ApprovalRow, LetterheadRow, TemplateRow};

/// The longest short name of a template, in characters.
const NAME_LENGTH: usize = 40;

/// The largest picture of a letterhead, in bytes.
const LOGO_BYTES: usize = 300_000;

/// The most pixels of that picture, across and down.
const LOGO_PIXELS: u32 = 2000;

/// The most lines of a postal address.
const ADDRESS_LINES: usize = 6;

/// A template as it stands.
#[derive(Debug, Clone)]
pub struct LetterTemplate {
    /// Its short name.
    pub name: String,
    /// Its file.
    pub text: String,
    /// What it says.
    pub template: Template,
    /// When the school saved it; nothing while it is the one to begin with.
    pub saved_at: Option<Instant>,
    /// The number of its version; 0 while it is the one to begin with.
    pub version: i64,
    /// Who approved exactly this wording in te reo Māori, and when.
    pub approved: Option<(StaffId, Instant)>,
}

impl LetterTemplate {
    /// The digest of its wording in te reo Māori, by which an approval knows it; nothing where there
    /// is none.
    #[must_use]
    pub fn reo_digest(&self) -> Option<String> {
        self.template.part(Language::Reo).map(|part| entropy::digest(part.as_bytes()))
    }

    /// Whether it may go out in a language.
    #[must_use]
    pub fn may_go_in(&self, language: Language) -> bool {
        match language {
            Language::English => true,
            Language::Reo => self.approved.is_some(),
        }
    }
}

/// What messages home say, and under which head.
#[derive(Debug, Clone)]
pub struct LettersView {
    /// Every template.
    pub templates: Vec<LetterTemplate>,
    /// The letterhead.
    pub letterhead: Letterhead,
}

/// A letterhead as a person enters it.
#[derive(Debug, Clone, Default)]
pub struct SaveLetterhead {
    /// Postal address, a line each.
    pub address: String,
    /// Phone number.
    pub phone: String,
    /// The address to which families write.
    pub email: String,
    /// Website.
    pub website: String,
    /// A picture, as PNG: nothing keeps the one there is, an empty one takes it away.
    pub logo: Option<Vec<u8>>,
}

impl School {
    /// The templates and the letterhead.
    ///
    /// # Errors
    /// [`AppError::Denied`] for somebody who neither sends nor edits letters.
    pub fn letter_templates(&self, actor: &Actor, now: Instant) -> Result<LettersView, AppError> {
        self.view(actor, now, |reading| {
            reading.require(Permission::WriteHome, "see what letters say")?;
            let number = reading.school.number;
            Ok(LettersView {
                templates: templates(reading.tx, number)?,
                letterhead: letterhead(reading.tx, number, &reading.school.name)?,
            })
        })
    }

    /// Saves a template. With problems nothing is saved, and they are answered: also when somebody else
    /// saved another since the version that was seen. One that stands so already is not saved again.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for a short name that cannot be.
    pub fn save_letter_template(
        &self,
        actor: &Actor,
        now: Instant,
        name: String,
        (text, seen_version): (String, i64),
    ) -> Result<Vec<Problem>, AppError> {
        self.act(Order::new("save_letter_template", actor, now).about(name.clone()), move |work| {
            work.require(Permission::EditLetters, "edit what letters say")?;
            check_name(&name)?;
            let number = work.school.number;
            let problems = problems(work, &text)?;
            if !problems.is_empty() {
                return Ok(problems);
            }
            let standing = templates(work.tx, number)?.into_iter().find(|one| one.name == name);
            if standing.as_ref().is_some_and(|one| one.version != seen_version && one.text != text) {
                return Ok(vec![Problem {
                    line: 1,
                    wrong: "somebody else saved this wording since you opened it".to_owned(),
                    right: "copy your text, open the wording again, and put both together".to_owned(),
                }]);
            }
            if standing.is_none_or(|one| one.text != text) {
                let row = TemplateRow { name, act: work.act()?, recorded_at: work.now, text };
                store::template::insert(work.tx, number, &row)?;
            }
            Ok(Vec::new())
        })
    }

    /// Begins a template of the school's own, as a copy of one that there is.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] for a short name that cannot be or
    /// is taken; [`AppError::NotFound`] without the one to copy.
    pub fn copy_letter_template(
        &self,
        actor: &Actor,
        now: Instant,
        name: String,
        from: &str,
    ) -> Result<(), AppError> {
        let from = from.to_owned();
        self.act(Order::new("save_letter_template", actor, now).about(name.clone()), move |work| {
            work.require(Permission::EditLetters, "edit what letters say")?;
            check_name(&name)?;
            let number = work.school.number;
            let standing = templates(work.tx, number)?;
            if standing.iter().any(|one| one.name == name) {
                return Err(AppError::invalid("name", "a wording has this name: choose another"));
            }
            let from = find(work.tx, number, &from)?;
            // Two of the same title could not be told apart in a list.
            let (title, other) = (&from.template.title, format!("{} ({name})", from.template.title));
            let text = from.text.replacen(title.as_str(), &other, 1);
            let row = TemplateRow { name, act: work.act()?, recorded_at: work.now, text };
            Ok(store::template::insert(work.tx, number, &row)?)
        })
    }

    /// Notes that somebody who is fluent approved the te reo Māori of a template, exactly as it
    /// stands.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] when the wording is no longer the
    /// one that was seen, or there is none.
    pub fn approve_letter(
        &self,
        actor: &Actor,
        now: Instant,
        name: String,
        seen: String,
    ) -> Result<(), AppError> {
        self.act(Order::new("approve_letter", actor, now).about(name.clone()), move |work| {
            work.require(Permission::EditLetters, "approve what letters say")?;
            let Some(staff_id) = work.who.as_ref().map(|who| who.id.clone()) else {
                return Err(AppError::invalid("by", "a person approves a wording: name one"));
            };
            let number = work.school.number;
            let template = find(work.tx, number, &name)?;
            if template.reo_digest().is_none_or(|digest| digest != seen) {
                let problem = "this is not the wording that you saw: read it again";
                return Err(AppError::invalid("seen", problem));
            }
            if template.approved.is_some() {
                return Ok(());
            }
            let act = work.act()?;
            let row = ApprovalRow { name, language: Language::Reo, at: work.now, digest: seen, staff_id };
            Ok(store::template::insert_approval(work.tx, number, act, &row)?)
        })
    }

    /// Saves the letterhead.
    ///
    /// # Errors
    /// [`AppError::Denied`] without the right; [`AppError::Invalid`] with the fields that cannot stand.
    pub fn save_letterhead(&self, actor: &Actor, now: Instant, head: SaveLetterhead) -> Result<(), AppError> {
        self.act(Order::new("save_letterhead", actor, now), move |work| {
            work.require(Permission::EditLetters, "edit the letterhead")?;
            check_letterhead(&head)?;
            let number = work.school.number;
            let standing = store::template::letterhead(work.tx, number)?;
            let trim = |text: &str| text.lines().map(str::trim).collect::<Vec<_>>().join("\n");
            let next = LetterheadRow {
                address: trim(&head.address).trim().to_owned(),
                phone: head.phone.trim().to_owned(),
                email: head.email.trim().to_owned(),
                website: head.website.trim().to_owned(),
                logo: head.logo.unwrap_or_else(|| standing.logo.clone()),
            };
            if next == standing {
                return Ok(());
            }
            let act = work.act()?;
            Ok(store::template::insert_letterhead(work.tx, number, (act, work.now), next)?)
        })
    }
}

/// Every template: those to begin with, each as the school saved it last, and the school's own.
pub(crate) fn templates(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<LetterTemplate>, AppError> {
    let mut saved = store::template::current(tx, school)?;
    let approvals = store::template::approvals(tx, school)?;
    let mut rows: Vec<(String, String, Option<Instant>, i64)> = Vec::new();
    for example in reference::letters() {
        let own = saved.iter().position(|row| row.name == example.name).map(|place| saved.remove(place));
        rows.push(match own {
            Some(row) => (row.name, row.text, Some(row.recorded_at), row.act),
            None => (example.name.to_owned(), example.text.to_owned(), None, 0),
        });
    }
    rows.extend(saved.into_iter().map(|row| (row.name, row.text, Some(row.recorded_at), row.act)));
    let read = |(name, text, saved_at, version): (String, String, Option<Instant>, i64)| {
        // Each was read before it was saved; one of a later release's language is left out.
        let template = Template::parse(&text).ok()?;
        let mut one = LetterTemplate { name, text, template, saved_at, version, approved: None };
        let digest = one.reo_digest();
        let approval =
            approvals.iter().rfind(|row| row.name == one.name && Some(&row.digest) == digest.as_ref());
        one.approved = approval.map(|row| (row.staff_id.clone(), row.at));
        Some(one)
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

/// One template.
pub(crate) fn find(tx: &mut Tx<'_>, school: SchoolNumber, name: &str) -> Result<LetterTemplate, AppError> {
    let found = templates(tx, school)?.into_iter().find(|one| one.name == name);
    found.ok_or_else(|| AppError::not_found(format!("there is no letter {name:?}: choose one of the list")))
}

/// The letterhead, as messages carry it.
pub(crate) fn letterhead(tx: &mut Tx<'_>, school: SchoolNumber, name: &str) -> Result<Letterhead, AppError> {
    let row = store::template::letterhead(tx, school)?;
    Ok(Letterhead {
        school: name.to_owned(),
        address: row.address.lines().map(str::to_owned).collect(),
        phone: row.phone,
        email: row.email,
        website: row.website,
        logo: row.logo,
    })
}

/// What is wrong with a template's text.
pub(super) fn problems(work: &mut Work<'_, '_>, text: &str) -> Result<Vec<Problem>, AppError> {
    let mut problems = Template::parse(text).err().unwrap_or_default();
    let roll = crate::describe::roll_names(work)?;
    for (line, _) in (1..).zip(text.lines()).filter(|(_, line)| names_somebody(line, &roll)) {
        problems.push(Problem {
            line,
            wrong: "the full name of a student stands there".to_owned(),
            right: "leave it out, or write {student}: every family gets these words".to_owned(),
        });
    }
    if let Ok(template) = Template::parse(text) {
        let wanted = &template.records;
        let offered = store::description::current(work.tx, work.school.number)?;
        let is_offered = wanted.description.is_empty()
            || offered
                .iter()
                .any(|one| one.kind == wanted.kind && one.wording == wanted.description && !one.retired);
        if !is_offered {
            let own = offered.iter().filter(|one| one.kind == wanted.kind && !one.retired);
            let own: Vec<&str> = own.map(|one| one.wording.as_str()).collect();
            problems.push(Problem {
                line: 1 + text.lines().position(|line| line.contains(&wanted.description)).unwrap_or(0),
                wrong: format!(
                    "{:?} is not among the school's descriptions of {}",
                    wanted.description, wanted.kind
                ),
                right: format!("use one of: {}", own.join("; ")),
            });
        }
    }
    problems.sort_by_key(|problem| problem.line);
    Ok(problems)
}

fn check_name(name: &str) -> Result<(), AppError> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > NAME_LENGTH || !name.chars().all(fits) {
        let problem = format!(
            "a short name has 1 to {NAME_LENGTH} small letters, digits and dashes, such as sent-notification"
        );
        return Err(AppError::invalid("name", problem));
    }
    Ok(())
}

/// Opens a picture to its end: one that is cut off would spoil every letter.
fn check_picture(bytes: &[u8]) -> Result<(), String> {
    let no_png = |_| "the picture cannot be opened as a PNG: save it as PNG again".to_owned();
    let limits = png::Limits { bytes: 64 * 1024 * 1024 };
    let decoder = png::Decoder::new_with_limits(std::io::Cursor::new(bytes), limits);
    let mut reader = decoder.read_info().map_err(no_png)?;
    let (width, height) = reader.info().size();
    if width > LOGO_PIXELS || height > LOGO_PIXELS {
        return Err(format!("the picture is {width} by {height} pixels: at most {LOGO_PIXELS} each way"));
    }
    while reader.next_row().map_err(no_png)?.is_some() {}
    Ok(())
}

fn check_letterhead(head: &SaveLetterhead) -> Result<(), AppError> {
    let mut wrong = Vec::new();
    let mut refuse = |name, problem: String| wrong.push(crate::Field { name, problem });
    if head.phone.trim().is_empty() && head.email.trim().is_empty() {
        refuse(
            "phone",
            "families must be able to answer: write a phone number or an e-mail address".to_owned(),
        );
    }
    if !head.email.trim().is_empty() && !is_email(head.email.trim()) {
        refuse("email", "write it as office@school.example".to_owned());
    }
    if head.address.lines().count() > ADDRESS_LINES {
        refuse("address", format!("at most {ADDRESS_LINES} lines fit beside the window"));
    }
    let long = |text: &str| text.lines().any(|line| line.chars().count() > 100);
    for (name, text) in [
        ("address", &head.address),
        ("phone", &head.phone),
        ("email", &head.email),
        ("website", &head.website),
    ] {
        if long(text) {
            refuse(name, "at most 100 characters a line".to_owned());
        }
    }
    match &head.logo {
        Some(logo) if logo.len() > LOGO_BYTES => {
            refuse("logo", format!("the picture is larger than {} KB: make it smaller", LOGO_BYTES / 1000));
        }
        Some(logo) if !logo.is_empty() => {
            if let Err(problem) = check_picture(logo) {
                refuse("logo", problem);
            }
        }
        _ => {}
    }
    if wrong.is_empty() { Ok(()) } else { Err(AppError::Invalid(wrong)) }
}
