//! E-mail and texts in the background, beside the pages: the morning's digests are made, and what
//! waits is sent, each channel by itself.

use crate::arguments::{Common, MailOptions};
use crate::outcome::Failure;
use crate::sending::words;
use crate::serve::Clock;
use crate::share::read_token;
use crate::turns::{self, GoesOn, Running};
use ::mail::{Post, Way};
use app::letters::Ways;
use app::{App, Hosted, Letterhead};
use domain::SchoolNumber;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Schools whose e-mail is sent at the same time, or whose texts are: the other end may take long
/// to answer.
const AT_A_TIME: usize = 4;

/// How often a school is looked at.
const LOOK: Duration = Duration::from_secs(30);

/// What is named as a folder without saying which: the one in the data directory.
const OWN_FOLDER: &str = "folder:";

impl MailOptions {
    /// The way of e-mail that is named, and from which address it goes; nothing when none is.
    pub(crate) fn mail(&self) -> Result<Option<(Way, String)>, Failure> {
        let Some(address) = self.smtp.as_deref() else { return Ok(None) };
        let Some(from) = self.mail_from.clone() else {
            let words = "--mail-from: say from which address e-mail goes, such as starboard@school.example";
            return Err(Failure::Usage(words.to_owned()));
        };
        let password = read_token(self.smtp_password_file.as_deref())?;
        let way = Way::mail(address, password, &from)
            .map_err(|error| Failure::Usage(format!("--smtp: {error}")))?;
        Ok(Some((way, from)))
    }

    /// The way of texts that is named; nothing when none is.
    pub(crate) fn texts(&self, common: &Common) -> Result<Option<Way>, Failure> {
        let Some(address) = self.texts.as_deref() else { return Ok(None) };
        let token = read_token(self.texts_token_file.as_deref())?;
        let own = if address == OWN_FOLDER {
            let directory = common.directory().map_err(|_| {
                let words = "--texts: there is no data directory: name the folder, such as folder:/srv/texts";
                Failure::Usage(words.to_owned())
            })?;
            Some(format!("{OWN_FOLDER}{}", directory.join("texts").display()))
        } else {
            None
        };
        let way = Way::texts(own.as_deref().unwrap_or(address), token, self.texts_a_day);
        way.map(Some).map_err(|error| Failure::Usage(format!("--texts: {error}")))
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
    app: App,
    /// This school alone; every school of the directory when none is named.
    only: Option<SchoolNumber>,
    clock: Clock,
    /// The way of e-mail, and from which address it goes.
    mail: Option<(Way, String)>,
    texts: Option<Way>,
    origin: Option<String>,
}

/// The work under way, of each channel.
pub(crate) struct Mailings(Vec<Running<Hosted>>);

impl Mailings {
    /// Ends it, once the messages that are being sent have left.
    pub(crate) fn stop(self) {
        self.0.into_iter().for_each(Running::stop);
    }
}

impl Mailing {
    /// What the options ask for. `usual_origin` is how the pages begin where the options do not say.
    pub(crate) fn new(
        (common, options): (&Common, &MailOptions),
        app: &App,
        only: Option<SchoolNumber>,
        clock: &Clock,
        usual_origin: Option<String>,
    ) -> Result<Self, Failure> {
        let origin = options.origin()?.or(usual_origin);
        let (mail, texts) = (options.mail()?, options.texts(common)?);
        Ok(Self { app: app.clone(), only, clock: Clock::clone(clock), mail, texts, origin })
    }

    /// By which ways messages leave.
    pub(crate) fn ways(&self) -> Ways {
        Ways {
            email_from: self.mail.as_ref().map(|(_, from)| from.clone()),
            texts_a_day: self.texts.as_ref().and_then(Way::most_a_day).unwrap_or(0),
        }
    }

    /// The folders that take what would leave otherwise, with what they hold.
    pub(crate) fn folders(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let mail = self.mail.as_ref().map(|(way, _)| ("mail", way));
        let texts = self.texts.as_ref().map(|way| ("texts", way));
        mail.into_iter().chain(texts).filter_map(|(name, way)| way.folder().map(|path| (name, path)))
    }

    /// Makes and sends in the background until it is stopped. A channel that nothing is named for
    /// rests: its messages wait.
    pub(crate) fn start(self) -> Result<Mailings, Failure> {
        let mut running = Vec::new();
        let this = Arc::new(self);
        if let Some((way, from)) = this.mail.clone() {
            let own = Arc::clone(&this);
            let work =
                move |hosted: &Hosted, goes_on: &GoesOn| own.mail_round(hosted, (&way, &from), &**goes_on);
            running.push(this.turns("e-mail", work)?);
        }
        if let Some(way) = this.texts.clone() {
            let own = Arc::clone(&this);
            let work = move |hosted: &Hosted, goes_on: &GoesOn| own.send(hosted, &way, &**goes_on);
            running.push(this.turns("texts", work)?);
        }
        Ok(Mailings(running))
    }

    fn turns(
        &self,
        matter: &'static str,
        work: impl Fn(&Hosted, &GoesOn) -> Result<(), String> + Send + Sync + 'static,
    ) -> Result<Running<Hosted>, Failure> {
        let (app, only) = (self.app.clone(), self.only);
        let schools = move || {
            let mut directory = app.directory().map_err(words)?;
            directory.retain(|hosted| only.is_none_or(|only| hosted.school.number() == only));
            Ok(directory.into_iter().map(|hosted| (hosted.school.number(), hosted)).collect())
        };
        let count = if only.is_some() { 1 } else { AT_A_TIME };
        Ok(turns::start(matter, count, LOOK, schools, work)?)
    }

    fn mail_round(
        &self,
        hosted: &Hosted,
        (way, from): (&Way, &str),
        goes_on: &dyn Fn() -> bool,
    ) -> Result<(), String> {
        let own = hosted.host_name.as_ref().map(|name| format!("https://{name}"));
        let letterhead = Letterhead { from: from.to_owned(), origin: own.or_else(|| self.origin.clone()) };
        let prepared = hosted.school.prepare_digests((self.clock)(), &letterhead);
        // What waits goes out even when no more could be made.
        let sent = self.send(hosted, way, goes_on);
        prepared.map_err(words)?;
        sent
    }

    /// Sends what waits for a way.
    fn send(&self, hosted: &Hosted, way: &Way, goes_on: &dyn Fn() -> bool) -> Result<(), String> {
        let school = &hosted.school;
        let post = Post::new(self.app.store(), school.number(), way.clone());
        let report = post.send(&*self.clock, goes_on).map_err(|error| error.to_string())?;
        // What became of messages home is recorded as soon as it is known.
        while school.take_in_answers((self.clock)()).map_err(words)? > 0 && goes_on() {}
        report.problem.map_or(Ok(()), Err)
    }
}
