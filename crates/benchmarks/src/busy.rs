//! A school with much to do: one term of marks, half-days or periods, a plan, and as many tasks open
//! as are wanted. Everybody is made up.

use crate::failure::Failure;
use crate::history::{
    Chance, Habit, History, LAST_YEAR, NOW, PASSWORD, TERM, home, import, marks, now, number, staff, student,
    students, teacher, teachers, terms,
};
use crate::size::Size;
use app::views::TodayLine;
use app::{Actor, App, ImportKind, NewSchool, RecordResponse, School, Target};
use domain::{Half, HalfDay, Instant, ResponseType, StaffId, TermId, Zone};
use std::fmt::Write;
use std::path::Path;

/// How a busy school marks and by which plan it works.
pub struct Kind {
    /// The plan, one of those to begin with.
    pub plan: &'static str,
    /// Whether it marks five periods a day.
    pub by_period: bool,
}

/// Staff beside the teachers: a dean of each year, the office, a leader.
const OTHERS: &str = "D-9,Dean 9,dean9@school.example,dean,Year 9\nD-10,Dean 10,dean10@school.example,dean,Year 10\n\
    D-11,Dean 11,dean11@school.example,dean,Year 11\nD-12,Dean 12,dean12@school.example,dean,Year 12\n\
    D-13,Dean 13,dean13@school.example,dean,Year 13\nO-1,Office,office@school.example,office,\n\
    L-1,Leader,leader@school.example,leader,\n";

/// Periods of a day: name, start, half.
const PERIODS: [(&str, &str, Half); 5] = [
    ("1", "09:00", Half::Am),
    ("2", "10:00", Half::Am),
    ("3", "11:00", Half::Am),
    ("4", "13:00", Half::Pm),
    ("5", "14:00", Half::Pm),
];

/// The school, made once, with so many tasks open.
pub fn busy(size: &Size, kind: &Kind, open: usize) -> Result<History, Failure> {
    let directory = home().join(format!("busy-{}-{}-{open}", size.students, kind.plan));
    if !directory.join("complete").is_file() {
        let _ = std::fs::remove_dir_all(&directory);
        println!("making a term of {} students under {}, once ...", size.students, kind.plan);
        make(size, kind, open, &directory)?;
        std::fs::write(directory.join("complete"), "")?;
    }
    Ok(History { directory })
}

fn make(size: &Size, kind: &Kind, open: usize, directory: &Path) -> Result<(), Failure> {
    let one_term = Size { terms: 1, ..Size::FULL };
    let app = App::open_for_rehearsal(directory, 1)?;
    let start = Instant::parse(&format!("{LAST_YEAR}-01-20T09:00:00+13:00")).map_err(Failure::new)?;
    let name = "Busy Bay".to_owned();
    let new = NewSchool { number: number()?, name, zone: Zone::Auckland, region: None, host_name: None };
    let (school, _) = app.make_school(&new, start)?;
    import(&school, start, ImportKind::Terms, terms(&one_term, LAST_YEAR))?;
    import(&school, start, ImportKind::Students, students(size, LAST_YEAR))?;
    import(&school, start, ImportKind::Staff, staff(size) + OTHERS)?;
    let mut ids: Vec<String> = (0..teachers(size)).map(teacher).collect();
    ids.extend(["D-9", "O-1", "L-1"].map(str::to_owned));
    let ids: Result<Vec<StaffId>, _> = ids.iter().map(|id| StaffId::parse(id)).collect();
    school.set_password_for_rehearsal(start, &ids?, PASSWORD)?;
    let principal = Actor::Staff(StaffId::parse(&teacher(0))?);
    let example = reference::plans().iter().find(|example| example.name == kind.plan);
    let example = example.ok_or_else(|| Failure::new("there is no such plan"))?;
    let draft = school.draft_plan(&principal, start, example.text.to_owned())?;
    school.publish_plan(&principal, start, draft.version)?;
    let until = now()?;
    let calendar = school.calendar()?;
    let term = calendar.terms().last().and_then(|term| calendar.term_calendar(term.id));
    let term = term.ok_or_else(|| Failure::new("there is no term"))?;
    let today = Zone::Auckland.date(until);
    let half_days: Vec<HalfDay> = term.open.iter().filter(|day| day.date < today).copied().collect();
    let file = match kind.by_period {
        true => periods(size, &half_days),
        false => marks(size, &half_days, &mut Chance::new(1)),
    };
    import(&school, until, ImportKind::Marks, file)?;
    school.advance(until)?;
    answer(&school, &principal, open)
}

/// A mark for each student in each period; one in three hundred is missed for itself.
fn periods(size: &Size, half_days: &[HalfDay]) -> String {
    let mut chance = Chance::new(1);
    let mut text = "student_id,date,period,start,minutes,code\n".to_owned();
    for index in 0..size.students {
        let (id, habit) = (student(index), Habit::of(index));
        for half_day in half_days {
            let letter = habit.letter(&mut chance);
            for (name, start, _) in PERIODS.iter().filter(|(.., half)| *half == half_day.half) {
                let letter = if chance.next().is_multiple_of(300) { 'T' } else { letter };
                let _ = writeln!(text, "{id},{},{name},{start},60,{letter}", half_day.date);
            }
        }
    }
    text
}

/// Records responses until so many tasks are open, those reached last.
fn answer(school: &School, principal: &Actor, open: usize) -> Result<(), Failure> {
    let now = Instant::parse(NOW).map_err(Failure::new)?;
    loop {
        let today = school.today(principal, now)?;
        let too_many = today.lines.len().saturating_sub(open);
        println!("{} tasks are open", today.lines.len());
        if too_many == 0 {
            return Ok(());
        }
        let mut lines: Vec<&TodayLine> = today.lines.iter().collect();
        lines.sort_by_key(|line| (line.task.reached, line.student.id.clone()));
        for lines in lines[..too_many].chunks(200) {
            record(school, principal, now, lines)?;
        }
    }
}

fn record(school: &School, principal: &Actor, now: Instant, lines: &[&TodayLine]) -> Result<(), Failure> {
    let mut of_kind: std::collections::BTreeMap<(ResponseType, String), Vec<Target>> = Default::default();
    for line in lines {
        let any = domain::plan::Wanted::any_of(ResponseType::ConversationWithWhanau);
        let wanted = line.task.suggestions.first().cloned().unwrap_or(any);
        of_kind.entry((wanted.kind, wanted.description)).or_default().push(Target {
            student_id: line.student.id.clone(),
            term: Some(TermId::parse(TERM).map_err(Failure::new)?),
            threshold: line.task.level,
            step: Some(line.task.key.clone()),
        });
    }
    for ((kind, description), targets) in of_kind {
        let response = RecordResponse {
            targets,
            also: Vec::new(),
            kind,
            description,
            done_at: now.plus_seconds(-60),
            note: String::new(),
            confirmed: false,
            key: String::new(),
        };
        school.record_response(principal, now, response)?;
    }
    Ok(())
}
