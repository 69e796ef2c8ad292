//! E-mail in the background, beside the pages: the morning's digests are made, and what waits is sent.

use crate::arguments::MailOptions;
use crate::outcome::Failure;
use crate::sending::words;
use crate::serve::Clock;
use crate::share::read_token;
use crate::turns::{self, Running};
use ::mail::{Post, Server};
use app::letters::Ways;
use app::{App, Hosted, Letterhead};
use domain::SchoolNumber;
use std::time::Duration;

/// Schools whose e-mail is sent at the same time: a server may take long to answer.
const AT_A_TIME: usize = 4;

/// How often a school is looked at.
const LOOK: Duration = Duration::from_secs(30);

impl MailOptions {
    /// The server that is named; nothing when none is.
    pub(crate) fn server(&self) -> Result<Option<Server>, Failure> {
        let Some(address) = self.smtp.as_deref() else { return Ok(None) };
        let Some(from) = self.mail_from.as_deref() else {
            let words = "--mail-from: say from which address e-mail goes, such as starboard@school.example";
            return Err(Failure::Usage(words.to_owned()));
        };
        let password = read_token(self.smtp_password_file.as_deref())?;
        let server = Server::new(address, password, from);
        server.map(Some).map_err(|error| Failure::Usage(format!("--smtp: {error}")))
    }

    /// How the pages begin in a browser, if somebody said.
    fn origin(&self) -> Result<Option<String>, Failure> {
        let Some(url) = self.public_url.as_deref() else { return Ok(None) };
        let url = url.trim_end_matches('/');
        let is_origin = url.split_once("://").is_some_and(|(_, host)| !host.contains(['/', '?', '#', '@']));
        if !app::is_safe_address(url) || !is_origin {
            let words =
                "--public-url: write it as https://kura.example, without a path (http only on this machine)";
            return Err(Failure::Usage(words.to_owned()));
        }
        Ok(Some(url.to_owned()))
    }
}

/// What is made and sent, and for whom.
pub(crate) struct Mailing {
    pub(crate) app: App,
    /// This school alone; every school of the directory when none is named.
    pub(crate) only: Option<SchoolNumber>,
    pub(crate) clock: Clock,
    server: Server,
    origin: Option<String>,
}

impl Mailing {
    /// What the options ask for; nothing without a server. `usual_origin` is how the pages begin
    /// where the options do not say.
    pub(crate) fn new(
        options: &MailOptions,
        app: &App,
        only: Option<SchoolNumber>,
        clock: &Clock,
        usual_origin: Option<String>,
    ) -> Result<Option<Self>, Failure> {
        let (server, origin) = (options.server()?, options.origin()?.or(usual_origin));
        let (app, clock) = (app.clone(), Clock::clone(clock));
        Ok(server.map(|server| Self { app, only, clock, server, origin }))
    }

    /// By which ways messages leave.
    pub(crate) fn ways(&self) -> Ways {
        Ways { email_from: Some(self.server.from_address()), texts_a_day: 0 }
    }

    /// Makes and sends in the background until it is stopped.
    pub(crate) fn start(self) -> Result<Running<Hosted>, Failure> {
        let (app, only) = (self.app.clone(), self.only);
        let schools = move || {
            let mut directory = app.directory().map_err(words)?;
            directory.retain(|hosted| only.is_none_or(|only| hosted.school.number() == only));
            Ok(directory.into_iter().map(|hosted| (hosted.school.number(), hosted)).collect())
        };
        let count = if only.is_some() { 1 } else { AT_A_TIME };
        Ok(turns::start("e-mail", count, LOOK, schools, move |hosted, goes_on| self.round(hosted, goes_on))?)
    }

    fn round(&self, hosted: &Hosted, goes_on: &dyn Fn() -> bool) -> Result<(), String> {
        let (school, now) = (&hosted.school, (self.clock)());
        let own = hosted.host_name.as_ref().map(|name| format!("https://{name}"));
        let letterhead =
            Letterhead { from: self.server.from_address(), origin: own.or_else(|| self.origin.clone()) };
        let prepared = school.prepare_digests(now, &letterhead);
        // What waits goes out even when no more could be made.
        let post = Post::new(self.app.store(), school.number(), self.server.clone());
        let report = post.send(now, goes_on).map_err(|error| error.to_string())?;
        prepared.map_err(words)?;
        // What became of messages home is recorded as soon as it is known.
        while school.take_in_answers(now).map_err(words)? > 0 && goes_on() {}
        report.problem.map_or(Ok(()), Err)
    }
}
