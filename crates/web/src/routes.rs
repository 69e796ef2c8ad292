//! Every route: method, path, who may, what it takes, and the handler. Read this page to know
//! what can be asked of a school.
//!
//! The router is built from this table and nothing else, and the guard checks each request
//! against its row before the handler runs. What is not here is answered with 404; a row cannot
//! be written without saying who may.

mod programs;

use crate::server::Shared;
use crate::{
    api_clients, assets, board, calendar, calls, candidates, codes, contacts, cover, descriptions,
    differences, exports, forecast, health, help, how_we_count, imports, kamar, left, letters, mail,
    ministry_keys, missing_rolls, monitoring, movement, my_day, oneroster, particulars, people, plan,
    practice, practice_school, privacy, reasons, referral, respond, review, roll, school, set_up, sharing,
    sign_in, stand_out, student, students, terms, today, webhooks,
};
use axum::handler::Handler;
use axum::routing::{self, MethodRouter};
use domain::Permission as P;
use domain::{ApiScope, Permission, StaffScope};

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever holds all of these for at least somebody. Which students they reach is checked
    /// below, by the act or the view.
    May(&'static [Permission]),
    /// A program whose token has all of these scopes; with none, any program of the school.
    Client(&'static [ApiScope]),
    /// KAMAR, by the user name and the password that the school gave it: no person, and no session.
    Kamar,
}

impl Access {
    /// Whether a signed-in person may ask.
    #[must_use]
    pub fn admits(self, scope: &StaffScope) -> bool {
        match self {
            Self::Public | Self::SignedIn => true,
            Self::May(permissions) => permissions.iter().all(|&permission| scope.may(permission)),
            Self::Client(_) | Self::Kamar => false,
        }
    }
}

/// What a request carries in its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Nothing that is read.
    Nothing,
    /// A form.
    Form,
    /// A form with a file.
    File,
    /// What a program sends, which the handler reads itself: JSON, or the form that asks for a token.
    Message,
    /// Many rows that a program sends, which the handler reads itself.
    Rows,
    /// What another system pushes, in a form of its own.
    Push,
}

impl Takes {
    /// The most bytes that are read.
    #[must_use]
    pub fn limit(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Form | Self::Message => 1024 * 1024,
            Self::File | Self::Rows | Self::Push => 64 * 1024 * 1024,
        }
    }

    /// Whether it is large: only a few are in memory at once.
    #[must_use]
    pub fn is_large(self) -> bool {
        matches!(self, Self::File | Self::Rows | Self::Push)
    }
}

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A school: the one whose name was asked for.
    School,
    /// The server itself: answered under any name, before any school is known, and also while too
    /// much else is asked for.
    Server,
}

/// One row of the table.
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path, with its parts in braces.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    /// What it takes.
    pub takes: Takes,
    /// What it is about.
    pub of: Of,
    pub(crate) service: MethodRouter<Shared>,
}

fn get<H: Handler<T, Shared>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route {
        method: "GET",
        path,
        access,
        takes: Takes::Nothing,
        of: Of::School,
        service: routing::get(handler),
    }
}

fn get_of_server<H: Handler<T, Shared>, T: 'static>(path: &'static str, handler: H) -> Route {
    Route { of: Of::Server, ..get(path, Access::Public, handler) }
}

fn post<H: Handler<T, Shared>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route {
        method: "POST",
        path,
        access,
        takes: Takes::Form,
        of: Of::School,
        service: routing::post(handler),
    }
}

fn post_file<H: Handler<T, Shared>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route {
        method: "POST",
        path,
        access,
        takes: Takes::File,
        of: Of::School,
        service: routing::post(handler),
    }
}

fn post_push<H: Handler<T, Shared>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route {
        method: "POST",
        path,
        access,
        takes: Takes::Push,
        of: Of::School,
        service: routing::post(handler),
    }
}

/// All of them.
#[must_use]
#[rustfmt::skip]
pub fn table() -> Vec<Route> {
    use Access::{Kamar, May, Public, SignedIn};
    let mut table = vec![
        // In and out.
        get("/sign-in", Public, sign_in::show),
        post("/sign-in", Public, sign_in::sign_in),
        post("/sign-out", SignedIn, sign_in::sign_out),
        get("/set-up/{token}", Public, set_up::show),
        post("/set-up/{token}", Public, set_up::choose),
        get("/privacy", Public, privacy::show),
        get("/how-we-count", SignedIn, how_we_count::show),
        get("/help", SignedIn, help::show),
        get("/practice", SignedIn, practice_school::show),
        post("/practice/enter", SignedIn, practice_school::begin),
        post("/practice/leave", SignedIn, practice_school::leave),

        // Other systems that push.
        post_push("/kamar", Kamar, kamar::push),
        post_push("/kamar/", Kamar, kamar::push),

        // The server.
        get_of_server("/assets/{*path}", assets::asset),
        get_of_server("/health", health::show),

        // Students.
        get("/", SignedIn, today::home),
        get("/today", SignedIn, today::show),
        get("/my-day", May(&[P::SeeStudents]), my_day::show),
        get("/movement", May(&[P::SeeStudents]), movement::show),
        get("/roll", May(&[P::MarkRoll]), roll::list),
        get("/roll/{group}", May(&[P::MarkRoll]), roll::show),
        post("/roll/{group}", May(&[P::MarkRoll]), roll::save),
        get("/students", May(&[P::SeeStudents]), students::show),
        get("/students/{id}", May(&[P::SeeStudents]), student::show),
        get("/students/{id}/count", May(&[P::SeeStudents]), student::count),
        get("/students/{id}/notes", May(&[P::SeeStudents]), student::notes),
        post("/students/{id}/mark", May(&[P::CorrectMarkToday]), student::mark),
        post("/students/{id}/reason", May(&[P::CorrectMarkToday]), student::reason),
        post("/students/{id}/task", May(&[P::Respond]), student::give),
        post("/students/{id}/hold", May(&[P::Hold]), student::hold),
        post("/students/{id}/hold/end", May(&[P::Hold]), student::end_hold),
        post("/students/{id}/flag", May(&[P::Hold]), student::flag),
        post("/students/{id}/nsn", May(&[P::RevealNsn]), student::nsn),
        get("/students/{id}/particulars", May(&[P::SeeStudents, P::Import]), particulars::show),
        post("/students/{id}/particulars", May(&[P::SeeStudents, P::Import]), particulars::save),
        get("/respond/candidates", May(&[P::Respond]), candidates::show),
        post("/respond/candidates/dismiss", May(&[P::Respond]), candidates::dismiss),
        get("/respond", May(&[P::Respond]), respond::form),
        post("/respond", May(&[P::Respond]), respond::record),
        get("/responses/{id}", May(&[P::SeeStudents]), respond::show),
        post("/responses/{id}/revise", May(&[P::Respond]), respond::revise),
        post("/responses/{id}/withdraw", May(&[P::Respond]), respond::withdraw),
        post("/responses/{id}/undo", May(&[P::Respond]), respond::undo),

        // How whānau are reached.
        get("/students/{id}/contacts", May(&[P::SeeContacts]), contacts::show),
        post("/students/{id}/contacts", May(&[P::EditContacts]), contacts::save),
        get("/students/{id}/contacts/edit", May(&[P::EditContacts]), contacts::form),
        post("/students/{id}/contacts/confirm", May(&[P::EditContacts]), contacts::confirm),
        post("/students/{id}/contacts/look", May(&[P::EditContacts]), contacts::look),
        post("/students/{id}/contacts/remove", May(&[P::EditContacts]), contacts::remove),
        post("/students/{id}/contacts/block", May(&[P::SeeBlocked, P::EditContacts]), contacts::block),
        get("/letters/contacts", May(&[P::EditContacts]), contacts::waiting),

        // Words to whānau.
        get("/letters", May(&[P::WriteHome]), letters::show),
        post("/letters", May(&[P::WriteHome]), letters::confirm),
        get("/letters/new", May(&[P::WriteHome]), letters::draft),
        get("/letters/wrong", May(&[P::WriteHome]), letters::wrong),
        get("/letters/logo.png", May(&[P::WriteHome]), letters::logo),
        get("/letters/templates", May(&[P::WriteHome]), letters::templates),
        post("/letters/templates", May(&[P::EditLetters]), letters::begin_template),
        get("/letters/templates/{name}", May(&[P::WriteHome]), letters::template),
        post("/letters/templates/{name}", May(&[P::EditLetters]), letters::save_template),
        post("/letters/templates/{name}/approve", May(&[P::EditLetters]), letters::approve),
        get("/letters/letterhead", May(&[P::EditLetters]), letters::letterhead),
        post_file("/letters/letterhead", May(&[P::EditLetters]), letters::save_letterhead),
        get("/letters/runs/{id}", May(&[P::WriteHome]), letters::run),
        get("/letters/runs/{id}/print", May(&[P::WriteHome]), letters::print),
        get("/letters/runs/{id}/letters.pdf", May(&[P::WriteHome]), letters::pdf),
        post("/letters/runs/{id}/posted", May(&[P::WriteHome]), letters::post),
        get("/letters/of/{id}", May(&[P::WriteHome]), letters::letter),
        post("/letters/of/{id}/came-back", May(&[P::WriteHome]), letters::came_back),
        post("/letters/of/{id}/drop", May(&[P::WriteHome]), letters::drop_one),
        post("/letters/of/{id}/settled", May(&[P::WriteHome]), letters::settle),

        // Calls, referrals, and what left about a child.
        get("/calls/new", May(&[P::WriteHome]), calls::show),
        post("/calls", May(&[P::WriteHome]), calls::record),
        post("/calls/undo", May(&[P::WriteHome, P::Respond]), calls::undo),
        get("/students/{id}/referral", May(&[P::Refer]), referral::form),
        post("/students/{id}/referral", May(&[P::Refer]), referral::make),
        get("/referrals/{id}", May(&[P::Refer]), referral::show),
        post("/referrals/{id}/print", May(&[P::Refer]), referral::print),
        post("/referrals/{id}/pack.csv", May(&[P::Refer]), referral::file),
        get("/students/{id}/left", May(&[P::SeeContacts]), left::show),

        // Review: lists that are looked at once a day or once a week.
        get("/review", SignedIn, review::show),
        get("/forecast", May(&[P::SeeStudents]), forecast::show),
        get("/missing-rolls", May(&[P::SeeStudents]), missing_rolls::show),
        get("/stand-out", May(&[P::SeeStudents]), stand_out::show),
        get("/reasons", May(&[P::SeeStudents]), reasons::list),
        get("/reasons/{id}", May(&[P::SeeStudents, P::CorrectMarkToday]), reasons::form),
        post("/reasons/{id}", May(&[P::SeeStudents, P::CorrectMarkToday]), reasons::save),
        get("/terms", SignedIn, terms::show),
        get("/review/term", May(&[P::SeeStudents]), monitoring::show),
        get("/review/board", May(&[P::SeeBoardReport]), board::show),
        get("/review/board.csv", May(&[P::SeeBoardReport]), board::file),

        // The plan: what it says, who does what in it, and how it is kept to.
        get("/attendance-plan", Public, plan::published::show),
        get("/plan", SignedIn, plan::show),
        get("/plan/edit", May(&[P::EditPlan]), plan::edit),
        post("/plan/publish", May(&[P::EditPlan]), plan::publish),
        get("/plan/words", May(&[P::EditPlan]), plan::wording::show),
        post("/plan/words", May(&[P::EditPlan]), plan::wording::save),
        get("/plan/step", May(&[P::EditPlan]), plan::step::show),
        post("/plan/step", May(&[P::EditPlan]), plan::step::save),
        get("/plan/text", May(&[P::EditPlan]), plan::text::show),
        post("/plan/text", May(&[P::EditPlan]), plan::text::save),
        get("/plan/start", May(&[P::EditPlan]), plan::start::show),
        post("/plan/start", May(&[P::EditPlan]), plan::start::begin),
        get("/plan/people", May(&[P::EditCover]), cover::show),
        post("/plan/people", May(&[P::EditCover]), cover::save),
        post("/plan/people/end", May(&[P::EditCover]), cover::end),
        get("/plan/practice", May(&[P::EditCover, P::SeeStudents]), practice::show),

        // Sharing.
        get("/sharing", May(&[P::SeeSharing]), sharing::show),
        post("/sharing", May(&[P::EditSharing]), sharing::save),
        post("/sharing/send", May(&[P::SeeSharing]), sharing::send),
        post("/sharing/again", May(&[P::SeeSharing]), sharing::again),
        get("/sharing/keys", May(&[P::SeeSharing]), ministry_keys::show),
        post("/sharing/keys", May(&[P::EditSharing]), ministry_keys::make),
        post("/sharing/keys/admission", May(&[P::EditSharing]), ministry_keys::admission),
        post("/sharing/keys/{kid}/end", May(&[P::EditSharing]), ministry_keys::end),
        // The records of a batch name students, so seeing sharing alone is not enough.
        get("/sharing/{epoch}/{first}", May(&[P::SeeSharing, P::SeeStudents]), sharing::batch),

        // School.
        get("/school", SignedIn, school::show),
        post("/school/settings", May(&[P::EditPeople]), school::save),
        get("/descriptions", SignedIn, descriptions::show),
        post("/descriptions", May(&[P::EditDescriptions]), descriptions::add),
        post("/descriptions/{id}/reword", May(&[P::EditDescriptions]), descriptions::reword),
        post("/descriptions/{id}/retire", May(&[P::EditDescriptions]), descriptions::retire),
        post("/descriptions/{id}/restore", May(&[P::EditDescriptions]), descriptions::restore),
        get("/school/people", May(&[P::EditPeople]), people::list),
        post("/school/people", May(&[P::EditPeople]), people::save),
        get("/school/people/new", May(&[P::EditPeople]), people::new),
        get("/school/people/of/{id}", May(&[P::EditPeople]), people::edit),
        post("/school/people/of/{id}/link", May(&[P::EditPeople]), people::link),
        post("/school/people/of/{id}/sign-in", May(&[P::EditPeople]), people::switch),
        get("/school/mail", SignedIn, mail::show),
        post("/school/mail", May(&[P::EditPeople]), mail::save),
        post("/school/mail/mine", SignedIn, mail::mine),
        get("/school/calendar", May(&[P::EditCalendar]), calendar::show),
        post("/school/calendar/terms", May(&[P::EditCalendar]), calendar::save_terms),
        post("/school/calendar/days", May(&[P::EditCalendar]), calendar::save_day),
        get("/school/exports", May(&[P::SeeExports]), exports::show),
        get("/school/codes", May(&[P::EditPeople]), codes::show),
        post("/school/codes", May(&[P::EditPeople]), codes::load),
        get("/school/kamar", May(&[P::Import]), kamar::show),
        post("/school/kamar", May(&[P::EditPeople]), kamar::save),
        post("/school/kamar/password", May(&[P::EditPeople]), kamar::make_password),
        post("/school/kamar/password/end", May(&[P::EditPeople]), kamar::end_password),
        post("/school/kamar/slots", May(&[P::EditPeople]), kamar::save_slots),
        get("/school/kamar/differences", May(&[P::SeeStudents]), kamar::differences),
        get("/school/imports", May(&[P::Import]), imports::show),
        post_file("/school/imports", May(&[P::Import]), imports::bring),
        get("/school/imports/new/{id}", May(&[P::Import]), imports::columns),
        post("/school/imports/new/{id}", May(&[P::Import]), imports::name_columns),
        post("/school/imports/new/{id}/drop", May(&[P::Import]), imports::drop_file),
        get("/school/imports/{id}", May(&[P::Import]), imports::review),
        post("/school/imports/{id}", May(&[P::Import]), imports::commit),
        post("/school/imports/{id}/discard", May(&[P::Import]), imports::discard),
        post("/school/imports/{id}/undo", May(&[P::Import]), imports::undo),
        get("/school/imports/{id}/rejected.csv", May(&[P::Import]), imports::rejected),
        get("/school/conflicts", May(&[P::Import]), differences::show),
        post("/school/conflicts", May(&[P::Import]), differences::decide),
        post("/school/conflicts/rules", May(&[P::Import]), differences::rule),
        post("/school/notice", May(&[P::EditPeople]), school::save_notice),
        get("/school/oneroster", May(&[P::Import]), oneroster::show),
        post("/school/oneroster", May(&[P::EditPeople]), oneroster::save),
        post("/school/oneroster/fetch", May(&[P::Import]), oneroster::ask),
        get("/school/webhooks", May(&[P::SeeSharing]), webhooks::list),
        post("/school/webhooks", May(&[P::EditSharing]), webhooks::add),
        get("/school/webhooks/{id}", May(&[P::SeeSharing]), webhooks::show),
        post("/school/webhooks/{id}", May(&[P::EditSharing]), webhooks::save),
        post("/school/webhooks/{id}/secret", May(&[P::EditSharing]), webhooks::change_secret),
        post("/school/webhooks/{id}/switch", May(&[P::EditSharing]), webhooks::switch),
        post("/school/webhooks/{id}/test", May(&[P::EditSharing]), webhooks::test),
        post("/school/webhooks/{id}/again", May(&[P::EditSharing]), webhooks::again),
        post("/school/webhooks/{id}/end", May(&[P::EditSharing]), webhooks::end),
        get("/school/api", May(&[P::EditPeople]), api_clients::show),
        post("/school/api", May(&[P::EditPeople]), api_clients::make),
        post("/school/api/{id}/end", May(&[P::EditPeople]), api_clients::end),
    ];
    // Programs of other vendors, under `/api/v1`.
    table.extend(programs::table());
    table
}
