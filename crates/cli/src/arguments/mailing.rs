//! What can be typed about e-mail and texts.

use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// By which ways messages leave. Without a server for e-mail none is made or sent.
#[derive(Args)]
pub(crate) struct MailOptions {
    /// The server that takes e-mail: smtps://user@host, smtp+starttls://user@host:587, smtp://127.0.0.1:25; or
    /// folder:DIR, to keep each as a file
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
    /// The provider that takes texts: https://host/path; or folder:DIR, to keep each as a file for a gateway. Alone:
    /// the folder "texts" in the data directory
    #[arg(long, value_name = "URL", env = "STARBOARD_TEXTS", num_args = 0..=1, default_missing_value = "folder:")]
    pub(crate) texts: Option<String>,
    /// A file with the provider's token
    #[arg(long, value_name = "FILE", env = "STARBOARD_TEXTS_TOKEN_FILE")]
    pub(crate) texts_token_file: Option<PathBuf>,
    /// The most texts that a school sends a day
    #[arg(long, value_name = "N", env = "STARBOARD_TEXTS_A_DAY", default_value_t = TEXTS_A_DAY,
        value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) texts_a_day: u32,
}

/// The most texts that a school sends a day where nobody says.
///
/// Choice: decision 0033.
const TEXTS_A_DAY: u32 = 200;

/// The same for a demo, which heeds no environment: its people are made up, and so are their
/// addresses and numbers. Texts of a demo never leave the machine, since a made-up number may be
/// somebody's.
#[derive(Args)]
pub(crate) struct DemoMail {
    /// A server that takes e-mail; without one each is kept as a file, and none leaves this machine
    #[arg(long, value_name = "URL")]
    pub(crate) smtp: Option<String>,
    /// A file with its user's password
    #[arg(long, value_name = "FILE")]
    pub(crate) smtp_password_file: Option<PathBuf>,
    /// The address from which e-mail goes
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) mail_from: Option<String>,
}

/// The address from which e-mail of a demo goes into its folder.
const DEMO_FROM: &str = "starboard@kura.example";

impl DemoMail {
    /// The options of a demo whose data is in a directory.
    pub(crate) fn options(&self, directory: &Path) -> MailOptions {
        let folder = |name: &str| format!("folder:{}", directory.join(name).display());
        let is_kept = self.smtp.is_none();
        MailOptions {
            smtp: Some(self.smtp.clone().unwrap_or_else(|| folder("mail"))),
            smtp_password_file: self.smtp_password_file.clone(),
            mail_from: self.mail_from.clone().or_else(|| is_kept.then(|| DEMO_FROM.to_owned())),
            public_url: None,
            texts: Some(folder("texts")),
            texts_token_file: None,
            texts_a_day: TEXTS_A_DAY,
        }
    }
}

#[derive(Args)]
pub(crate) struct Mail {
    #[command(subcommand)]
    pub(crate) verb: MailVerb,
}

#[derive(Subcommand)]
pub(crate) enum MailVerb {
    /// Try the ways that are named, and say what they answered; nothing is sent
    Check(MailOptions),
    /// List the e-mail of the last days, without the texts
    List {
        /// How many days back
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(i64).range(0..=3_650))]
        days: i64,
    },
}
