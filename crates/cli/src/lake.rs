//! `starboard collected parquet`: what the Ministry holds as Parquet files, where the program was
//! built for it (`--features parquet`).

use crate::arguments::{CollectedFiles, Common};
use crate::outcome::Failure;
use std::process::ExitCode;

#[cfg(not(feature = "parquet"))]
pub(crate) fn run(_: &Common, _: &CollectedFiles) -> Result<ExitCode, Failure> {
    let words = "this program was built without Parquet: build it with\n  \
        cargo build --release --features parquet";
    Err(Failure::Usage(words.to_owned()))
}

#[cfg(feature = "parquet")]
pub(crate) fn run(common: &Common, options: &CollectedFiles) -> Result<ExitCode, Failure> {
    use crate::output::{say, working};
    let directory = options.to.clone().unwrap_or_default();
    let collector = crate::collect::open(common)?;
    let bar = working("writing");
    let mut request = ::lake::Request {
        directory: &directory,
        terms: &options.term,
        with_nsn: options.with_nsn,
        clock: &|| common.now(),
        step: &mut |step| {
            if let ::lake::Step::School(number) = step {
                bar.set_message(format!("school {number}"));
            }
            std::ops::ControlFlow::Continue(())
        },
    };
    let written = ::lake::write(&collector, &mut request);
    bar.finish_and_clear();
    let ::lake::Summary { files, rows, bytes, removed } = written.map_err(failure)?;
    if common.json {
        let told = serde_json::json!({ "files": files, "rows": rows, "bytes": bytes, "removed": removed });
        say(&told.to_string())?;
    } else {
        say(&format!("{files} files, {rows} rows, {bytes} bytes; {removed} removed"))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(feature = "parquet")]
fn failure(error: ::lake::LakeError) -> Failure {
    match error {
        ::lake::LakeError::Unlike(_) => Failure::Usage(error.to_string()),
        other => Failure::Work(other.to_string()),
    }
}
