//! `starboard key`: the school's key for the Ministry, where nobody sits at a page.

use crate::arguments::{Common, Key, KeyWhat};
use crate::outcome::Failure;
use crate::share::read_token;
use app::Actor;
use std::process::ExitCode;

pub(crate) fn run(common: &Common, options: &Key) -> Result<ExitCode, Failure> {
    let school = common.app()?.school(common.school)?;
    match &options.what {
        KeyWhat::Make => {
            println!("{}", school.make_key(&Actor::Operator, common.now())?);
            eprintln!(
                "The next sending registers it with the Ministry; until then what stood before is used."
            );
        }
        KeyWhat::Admission { token_file } => {
            let token = read_token(Some(token_file))?.unwrap_or_default();
            school.enter_admission_token(&Actor::Operator, common.now(), &token)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
