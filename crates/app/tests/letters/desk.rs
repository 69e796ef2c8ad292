//! An office that writes home: a school with absence, contacts and a letterhead, and a queue that the
//! tests answer in the place of a mail server.

use app::contacts::SaveContact;
use app::letters::{LetterLine, RunChoice, RunDraft, SaveLetterhead, SendLetters, Ways};
use app::{AppError, Target};
use domain::{Channel, Instant, Language, Threshold};
use store::mail::{MessageAnswer, MessageRow, MessageState};
use testkit::{TestSchool, instant, student_id};

pub const FRIDAY: &str = "2026-05-08T15:10:00+12:00";
pub const MONDAY: &str = "2026-05-11T09:30:00+12:00";
pub const TUESDAY: &str = "2026-05-12T09:30:00+12:00";

/// The usual wording.
pub const NOTICE: &str = "sent-notification";

/// A school in which 101 of 9K and 201 of 10B were absent for a week, with a contact each who reads
/// e-mail, and a letterhead.
pub struct Desk {
    pub school: TestSchool,
    pub ways: Ways,
}

impl Desk {
    pub fn on_each_engine() -> impl Iterator<Item = Self> {
        TestSchool::on_each_engine().map(Self::with)
    }

    pub fn new() -> Self {
        Self::with(TestSchool::new())
    }

    pub fn with(school: TestSchool) -> Self {
        for student in ["101", "201"] {
            school.mark_days(instant(FRIDAY), student, ("2026-05", 4, 8), 'T');
        }
        let head = SaveLetterhead {
            address: "1 Mānuka Street\nŌtautahi 8011".to_owned(),
            phone: "03 555 0142".to_owned(),
            email: "office@kura.example".to_owned(),
            ..SaveLetterhead::default()
        };
        school.school.save_letterhead(&school.staff("office"), instant(FRIDAY), head).expect("saved");
        let ways = Ways { email_from: Some("starboard@kura.example".to_owned()), texts_a_day: 3 };
        let desk = Self { school, ways };
        desk.contact("101", "Mere Ngāwera", Channel::Email);
        desk.contact("201", "Hone Harakeke", Channel::Email);
        desk
    }

    /// Adds a contact with everything, who prefers a channel; answers its id.
    pub fn contact(&self, student: &str, name: &str, channel: Channel) -> String {
        self.contact_in(student, name, channel, Language::English)
    }

    pub fn contact_in(&self, student: &str, name: &str, channel: Channel, language: Language) -> String {
        let first = name.split(' ').next().unwrap_or("x").to_lowercase();
        let save = SaveContact {
            student_id: student_id(student),
            contact_id: String::new(),
            seen: 0,
            place: 0,
            name: name.to_owned(),
            relationship: "mother".to_owned(),
            phone: "021 555 0101".to_owned(),
            email: format!("{first}@home.example"),
            address: "2 Kōwhai Road\nŌtautahi 8011".to_owned(),
            channel,
            language,
            is_written_to: true,
            key: String::new(),
        };
        let office = self.school.staff("office");
        self.school.school.save_contact(&office, instant(FRIDAY), save).expect("a contact")
    }

    /// The version of the usual wording that stands.
    pub fn version(&self) -> i64 {
        let view = self.school.school.letter_templates(&self.school.staff("office"), instant(MONDAY));
        let found = view.expect("templates").templates.into_iter().find(|one| one.name == NOTICE);
        found.expect("the usual one").version
    }

    pub fn target(student: &str) -> Target {
        let threshold = Some(Threshold::FIVE);
        Target { student_id: student_id(student), term: None, threshold, step: None }
    }

    /// A run of a wording about some students.
    pub fn choice(template: &str, students: &[&str]) -> RunChoice {
        RunChoice {
            template: template.to_owned(),
            targets: students.iter().map(|student| Self::target(student)).collect(),
            ..RunChoice::default()
        }
    }

    pub fn draft(&self, by: &str, choice: &RunChoice) -> Result<RunDraft, AppError> {
        self.school.school.draft_letters(&self.school.staff(by), instant(MONDAY), choice.clone(), &self.ways)
    }

    pub fn send(
        &self,
        by: &str,
        choice: RunChoice,
        seen: Vec<String>,
        key: &str,
    ) -> Result<String, AppError> {
        let request = SendLetters { choice, seen, key: key.to_owned() };
        self.school.school.send_letters(&self.school.staff(by), instant(MONDAY), request, &self.ways)
    }

    /// Drafts and confirms all of a run, as the office.
    pub fn send_all(&self, choice: RunChoice) -> String {
        let draft = self.draft("office", &choice).expect("a draft");
        let seen = draft.letters.iter().map(|letter| letter.seen.clone()).collect();
        self.send("office", choice, seen, "").expect("a run")
    }

    /// The messages of a run, as the office sees them.
    pub fn lines(&self, run: &str) -> Vec<LetterLine> {
        let office = self.school.staff("office");
        self.school.school.letter_run(&office, instant(TUESDAY), run).expect("the run").letters
    }

    /// What waits in the queue.
    pub fn queue(&self) -> Vec<MessageRow> {
        let number = self.school.school.number();
        let of_home =
            "select message_id from message where school = $1 and kind = 'home' order by message_id";
        let rows = self.school.app.store().read(number, |tx| {
            let mut found = Vec::new();
            for mut row in tx.query(of_home, &[number.number().into()])? {
                let id: String = row.take(0)?;
                found.extend(store::mail::get(tx, number, &id)?);
            }
            Ok::<_, store::StoreError>(found)
        });
        rows.expect("rows").into_iter().filter(|row| !row.state.is_final()).collect()
    }

    /// Answers every message that waits as a server would, and takes the answers in.
    pub fn answer(&self, now: &str, of: impl Fn(&MessageRow) -> MessageState) {
        let number = self.school.school.number();
        for row in self.queue() {
            let state = of(&row);
            let (at, id) = (instant(now), row.id.clone());
            let answer = MessageAnswer {
                state,
                unsure: 0,
                next_attempt_at: at,
                at,
                answer: format!("the server said: {}", state.text()),
                is_excused: false,
            };
            let told = self.school.app.store().write(number, move |tx| {
                store::mail::claim(tx, number, &id, 0, at.plus_seconds(60))?;
                store::mail::answered(tx, number, &id, row.attempts + 1, &answer)?;
                Ok::<_, AppError>(())
            });
            told.expect("told");
        }
        self.take_in(instant(now));
    }

    pub fn take_in(&self, now: Instant) -> usize {
        self.school.school.take_in_answers(now).expect("taken in")
    }

    /// Who is on Today with a task, by student.
    pub fn waiting(&self) -> Vec<String> {
        let today = self.school.school.today(&self.school.staff("office"), instant(TUESDAY)).expect("today");
        today.lines.iter().map(|line| line.student.id.to_string()).collect()
    }

    /// The responses as exported: student, level, type, Description, version, state.
    pub fn responses(&self) -> Vec<String> {
        let rows = self.school.export(instant(TUESDAY), app::ExportKind::Responses);
        let short = |row: &String| {
            let cells: Vec<&str> = row.split(',').collect();
            format!("{} {} {}: {} by {} v{}", cells[1], cells[3], cells[4], cells[5], cells[9], cells[10])
        };
        rows.iter().map(short).collect()
    }
}
