//! What can be typed about e-mail.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// The server that takes e-mail. Without one nothing is made or sent.
#[derive(Args)]
pub(crate) struct MailOptions {
    /// The server that takes e-mail: smtps://user@host, smtp+starttls://user@host:587, smtp://127.0.0.1:25
    #[arg(long, value_name = "URL", env = "STARBOARD_SMTP")]
    pub(crate) smtp: Option<String>,
    /// A file with that user's password
    #[arg(long, value_name = "FILE", env = "STARBOARD_SMTP_PASSWORD_FILE")]
    pub(crate) smtp_password_file: Option<PathBuf>,
    /// The address from which e-mail goes
    #[arg(long, value_name = "ADDRESS", env = "STARBOARD_MAIL_FROM")]
    pub(crate) mail_from: Option<String>,
    /// How the pages begin in a browser, for links in e-mail, where the school has no host name
    #[arg(long, value_name = "URL", env = "STARBOARD_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
}

/// The same for a demo, which heeds no environment: its people are made up, and so are their
/// addresses.
#[derive(Args)]
pub(crate) struct DemoMail {
    /// A server that takes e-mail, to see the morning's; without one none is made
    #[arg(long, value_name = "URL")]
    pub(crate) smtp: Option<String>,
    /// A file with its user's password
    #[arg(long, value_name = "FILE")]
    pub(crate) smtp_password_file: Option<PathBuf>,
    /// The address from which e-mail goes
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) mail_from: Option<String>,
}

impl From<&DemoMail> for MailOptions {
    fn from(demo: &DemoMail) -> Self {
        let (smtp, smtp_password_file) = (demo.smtp.clone(), demo.smtp_password_file.clone());
        Self { smtp, smtp_password_file, mail_from: demo.mail_from.clone(), public_url: None }
    }
}

#[derive(Args)]
pub(crate) struct Mail {
    #[command(subcommand)]
    pub(crate) verb: MailVerb,
}

#[derive(Subcommand)]
pub(crate) enum MailVerb {
    /// Connect to the server and sign in, and say what it answered; no e-mail is sent
    Check(MailOptions),
    /// List the e-mail of the last days, without the texts
    List {
        /// How many days back
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(i64).range(0..=3_650))]
        days: i64,
    },
}
