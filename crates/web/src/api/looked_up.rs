//! What programs look up: the school itself, students, marks, the calendar, codes and types.

use super::ask::{Asked, half_of, slot};
use super::bearer::Caller;
use super::body;
use super::problem::{ApiError, Kind, Problem};
use app::api::{ApiCaller, MarksAsk, StudentRecord, StudentsAsk};
use app::views::MarkVersion;
use axum::extract::Path;
use axum::response::Response;
use domain::{ApiScope, CodeRow, Date, ResponseType, StudentId, Zone};

/// The longest stretch of the calendar, or of marks, that is asked for at once, in days.
const LONGEST: i32 = 400;

/// An answer to a program.
pub(super) type Answer = Result<Response, ApiError>;

/// A student's id out of an address; one that cannot be is not there.
pub(super) fn student_id(text: &str) -> Result<StudentId, Problem> {
    StudentId::parse(text).map_err(|_| Problem::new(Kind::NotFound, "there is no such student"))
}

pub(crate) async fn me(caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let settings = caller.run(|school, _, _| school.settings()).await?;
    let now = settings.zone.current_half_day(caller.now);
    let ApiCaller { client, name, ends_at } = caller.caller;
    asked.one(&body::Me {
        school_number: settings.number.to_string(),
        school_name: settings.name,
        zone: settings.zone.name().to_owned(),
        today: settings.zone.date(caller.now).to_string(),
        half: now.half.text().to_owned(),
        client_id: client.id,
        client_name: name,
        scopes: client.scopes.iter().map(|scope| scope.text().to_owned()).collect(),
        token_ends_at: settings.zone.text(ends_at),
    })
}

/// Whether `include=nsn` is asked for, by a program that may.
fn with_nsn(caller: &Caller, asked: &Asked) -> Result<bool, Problem> {
    let wanted = asked.read("include", "nsn, or leave it out", |text| (text == "nsn").then_some(()))?;
    if wanted.is_some() {
        caller.require(ApiScope::NsnRead)?;
    }
    Ok(wanted.is_some())
}

pub(crate) async fn students(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["group", "year_level", "enrolled_on", "include", "limit", "cursor"])?;
    let part = asked.part()?;
    let after = part.after::<1>()?.map(|[id]| StudentId::parse(&id)).transpose();
    let ask = StudentsAsk {
        group: asked.text("group"),
        year_level: asked.text("year_level"),
        enrolled_on: asked.date("enrolled_on")?,
        after: after.map_err(|_| super::ask::wrong_cursor())?,
        limit: part.limit,
        with_nsn: with_nsn(&caller, &asked)?,
    };
    let found = caller.run(move |school, actor, now| school.api_students(actor, now, &ask)).await?;
    asked.list(found, |last| vec![last.student.id.to_string()], student_body)
}

pub(crate) async fn student(caller: Caller, asked: Asked, Path(id): Path<String>) -> Answer {
    asked.only(&["include"])?;
    let (id, with_nsn) = (student_id(&id)?, with_nsn(&caller, &asked)?);
    let found = caller.run(move |school, actor, now| school.api_student(actor, now, &id, with_nsn)).await?;
    asked.one(&student_body(found))
}

fn student_body(record: StudentRecord) -> body::Student {
    let StudentRecord { student, spells } = record;
    let enrolment = |spell: &domain::Spell| body::Enrolment {
        first_day: spell.first_day.to_string(),
        last_day: spell.last_day.map(|day| day.to_string()),
    };
    body::Student {
        student_id: student.id.to_string(),
        given_name: student.given_name,
        family_name: student.family_name,
        preferred_name: student.preferred_name,
        year_level: student.year_level,
        group: student.group,
        house: student.house,
        nsn: student.nsn.map(|nsn| nsn.reveal().to_owned()),
        enrolments: spells.iter().map(enrolment).collect(),
    }
}

/// The dates that are asked for: `date`, `from` and `to`, or a term; never endlessly many.
pub(super) async fn dates(caller: &Caller, asked: &Asked) -> Result<(Date, Date), ApiError> {
    let (date, from, to) = (asked.date("date")?, asked.date("from")?, asked.date("to")?);
    let stretch = match (date, from, to, asked.term()?) {
        (Some(date), None, None, None) => (date, date),
        (None, Some(from), Some(to), None) => (from, to),
        (None, None, None, term) => {
            let terms = caller.run(|school, actor, now| school.api_terms(actor, now)).await?;
            let today = caller.run(|school, _, now| Ok(school.settings()?.zone.date(now))).await?;
            let found = match term {
                Some(id) => terms.into_iter().find(|term| term.id == id),
                None => terms.into_iter().rev().find(|term| term.first_day <= today),
            };
            let found =
                found.ok_or_else(|| Problem::new(Kind::NotFound, "there is no such term in the calendar"))?;
            (found.first_day, found.last_day)
        }
        _ => {
            let detail = "give date, or from and to, or term; without any it is the current term";
            return Err(Problem::parameter("date", detail).into());
        }
    };
    let days = domain::term::days_between(stretch.0, stretch.1);
    if !(0..=LONGEST).contains(&days) {
        let detail = format!("to is from `from` on, at most {LONGEST} days later");
        return Err(Problem::parameter("to", detail).into());
    }
    Ok(stretch)
}

pub(crate) async fn marks(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["date", "from", "to", "term", "student_id", "changed_since", "limit", "cursor"])?;
    let part = asked.part()?;
    let ask = MarksAsk {
        dates: dates(&caller, &asked).await?,
        since: asked.time("changed_since")?,
        student: asked.student()?,
        after: part.after::<3>()?.map(|[student, date, slot]| (student, date, slot)),
        limit: part.limit,
    };
    let zone = caller.zone;
    let found = caller.run(move |school, actor, now| school.api_marks(actor, now, &ask)).await?;
    let key = |last: &MarkVersion| {
        vec![last.student_id.to_string(), last.half_day.date.to_string(), last.slot().to_string()]
    };
    asked.list(found, key, |mark| mark_body(zone, mark))
}

/// A slot out of an address; one that cannot be is not there.
pub(super) fn place(
    (id, date, text): (String, String, String),
) -> Result<(StudentId, Date, domain::Slot), Problem> {
    let missing = || {
        Problem::new(
            Kind::NotFound,
            "a mark is at a student, a date as 2026-05-04, and am, pm or period NAME",
        )
    };
    let date = super::ask::date(&date).ok_or_else(missing)?;
    Ok((student_id(&id)?, date, slot(&text).ok_or_else(missing)?))
}

pub(crate) async fn mark(caller: Caller, asked: Asked, Path(at): Path<(String, String, String)>) -> Answer {
    asked.only(&[])?;
    let at = place(at)?;
    let zone = caller.zone;
    let found =
        caller.run(move |school, actor, now| school.api_mark(actor, now, (&at.0, at.1, &at.2))).await?;
    asked.version(found.version, &mark_body(zone, found.clone()))
}

pub(super) fn mark_body(zone: Zone, mark: MarkVersion) -> body::Mark {
    let slot = mark.slot();
    body::Mark {
        student_id: mark.student_id.to_string(),
        date: mark.half_day.date.to_string(),
        half: half_of(&slot).unwrap_or(mark.half_day.half).text().to_owned(),
        slot: slot.to_string(),
        start: mark.period.as_ref().map(domain::Period::start_text),
        minutes: mark.period.as_ref().map(|period| period.minutes),
        code: mark.letter.map(String::from),
        version: mark.version,
        recorded_at: zone.text(mark.recorded_at),
        recorded_by: mark.entered_by,
        source: mark.source,
    }
}

pub(crate) async fn codes(caller: Caller, asked: Asked) -> Answer {
    asked.only(&["date"])?;
    let date = asked.date("date")?;
    let codes = caller.run(move |school, actor, now| school.api_codes(actor, now, date)).await?;
    let code = |row: CodeRow| body::Code {
        code: row.letter.to_string(),
        name: row.name,
        class: row.class.letter().to_string(),
        first_day: row.from.map(|date| date.to_string()),
        last_day: row.to.map(|date| date.to_string()),
    };
    asked.whole(codes.into_iter().map(code).collect())
}

pub(crate) async fn response_types(_: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let one = |kind: ResponseType| body::TypeOfResponse {
        kind: kind.slug().to_owned(),
        name: kind.name().to_owned(),
        completes_task: kind.completes_task(),
        is_for_programs: !kind.is_restricted(),
    };
    asked.whole(ResponseType::ALL.map(one).into())
}
