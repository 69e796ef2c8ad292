//! How a command ends: exit codes, and errors in words.

use app::AppError;
use std::fmt;
use std::process::ExitCode;

/// Exit code 3: the input has problems.
pub(crate) const INPUT: u8 = 3;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Failed while working; nothing was half-done.
    Work(String),
    /// The command was used wrongly.
    Usage(String),
    /// The input has problems.
    Input(String),
    /// Whoever read the output has seen enough, as `head` does.
    Unread,
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Work(_) => ExitCode::FAILURE,
            Self::Usage(_) => ExitCode::from(2),
            Self::Input(_) => ExitCode::from(INPUT),
            Self::Unread => ExitCode::SUCCESS,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Work(words) | Self::Usage(words) | Self::Input(words) => out.write_str(words),
            Self::Unread => Ok(()),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(fields) => {
                let lines: Vec<String> = fields
                    .iter()
                    .map(|field| format!("--{}: {}", option(field.name), field.problem))
                    .collect();
                Self::Input(lines.join("\n"))
            }
            AppError::NotFound(words) => Self::Input(words),
            AppError::Confirm(words) => Self::Input(format!("{words} (say --yes if it is meant)")),
            AppError::KeyReused => {
                Self::Input("--key: this key was used for something else: use a new one".to_owned())
            }
            other => Self::Work(other.to_string()),
        }
    }
}

/// The option of a command that a field of an act comes from.
fn option(field: &str) -> String {
    match field {
        "wording" => "text".to_owned(),
        other => other.replace('_', "-"),
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::Unread;
        }
        Self::Work(error.to_string())
    }
}
