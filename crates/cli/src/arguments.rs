//! What can be typed. The help texts teach; the names stay as the contract has them.

mod api;
mod codes;
mod conform;
mod counted;
mod exchanging;
mod importing;
mod kamar;
mod mailing;
mod ministry;
mod plan;
mod serving;
pub(crate) use api::{Api, ApiWhat, ClientVerb};
pub(crate) use codes::{Codes, CodesVerb, NewCodes};
pub(crate) use conform::{Conform, ConformReceiver, ConformSender, ConformSide, WhichScenarios};
pub(crate) use counted::{Counted, Explain, Export, ExportWhat, Report, ReportWhat};
pub(crate) use exchanging::{Collect, Key, KeyWhat, Share, Take};
pub(crate) use importing::Import;
pub(crate) use kamar::{Kamar, KamarWhat};
pub(crate) use mailing::{DemoMail, Mail, MailOptions, MailVerb};
pub(crate) use ministry::{Admit, MinistryPerson, PersonVerb};
pub(crate) use plan::{PlanOptions, PlanVerb};
pub(crate) use serving::{Demo, HostName, Init, Serve};

use crate::place::Place;
use crate::values::{instant, threshold};
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::{Instant, SchoolNumber, StaffId, StudentId, TermId};
use std::path::PathBuf;

/// The Stepped Attendance Response, on board.
///
/// Starboard counts absence in half-days, shows who reached 5, 10 or 15 days in a term, records
/// what the school did, and shares that with the Ministry of Education, without its notes.
#[derive(Parser)]
#[command(name = "starboard", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "Try it:  starboard demo\nA school of your own:  starboard init --help\n\nExit codes: 0 done; \
    1 failed while working, nothing half-done; 2 wrong usage; 3 the input has problems."
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Args)]
pub(crate) struct Common {
    /// Where the data is: a directory with an embedded database, made on first use
    #[arg(long, global = true, value_name = "DIR", env = "STARBOARD_DATA")]
    pub(crate) data: Option<PathBuf>,
    /// A database on a PostgreSQL server instead, such as postgres://role:password@host/database
    #[arg(long, global = true, value_name = "URL", env = "STARBOARD_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// A standby of that server, for exports and the operator's page
    #[arg(long, global = true, value_name = "URL", env = "STARBOARD_REPLICA", hide_env_values = true)]
    pub(crate) replica: Option<String>,
    /// The most connections to that server
    #[arg(long, global = true, value_name = "N", env = "STARBOARD_CONNECTIONS")]
    pub(crate) connections: Option<usize>,
    /// The file with the key to the secrets, made on first use; beside an embedded database unless it is named
    #[arg(long, global = true, value_name = "FILE", env = "STARBOARD_SECRETS_KEY")]
    pub(crate) secrets_key: Option<PathBuf>,
    /// Which school, where the database holds several
    #[arg(long, global = true, value_name = "N", value_parser = SchoolNumber::parse)]
    pub(crate) school: Option<SchoolNumber>,
    /// Act as if it were this time, such as 2026-05-04T15:10:00+12:00 (for tests and rehearsals)
    #[arg(long, global = true, value_name = "TIME", value_parser = instant)]
    pub(crate) now: Option<Instant>,
    /// Print results as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a believable school with a Ministry beside it, and serve both
    Demo(Demo),
    /// Make an empty school and print a single-use link to set it up
    Init(Init),
    /// Serve the school's pages and send what is due; many schools, each under a name of its own
    Serve(Serve),
    /// Give a school the host name under which a server of many schools is asked for it
    HostName(HostName),
    /// Import terms, calendar, students, staff, marks, a timetable or contacts from a CSV file, or a OneRoster package
    Import(Import),
    /// Show the attendance codes over time, or load a new list of them
    Codes(Codes),
    /// Check, draft, show and publish the school's plan, and print plans to begin with
    Plan(PlanOptions),
    /// Print how absence is counted, with worked examples (Markdown)
    HowWeCount,
    /// Record one response for one student
    Respond(Respond),
    /// List and edit the school's descriptions
    Describe(Describe),
    /// Which programs of other vendors have access to the school
    Api(Api),
    /// Export half-days, tallies, crossings or responses of a term as CSV
    Export(Export),
    /// Explain why a student's tally is what it is
    Explain(Explain),
    /// Print a term's report as CSV
    Report(Report),
    /// Send to the Ministry: daily from 18:00, or once now
    Share(Share),
    /// Try the ways by which e-mail and texts leave, or list what was sent to staff
    Mail(Mail),
    /// Run the Ministry's side: take in batches and show what came
    Collect(Collect),
    /// Print what the collector holds, latest versions, as CSV, or write it as Parquet
    Collected(Collected),
    /// The school's key for the Ministry: make one, or enter the token it was admitted with
    Key(Key),
    /// The door for KAMAR Directory Services: its user name and password, and how it stands
    Kamar(Kamar),
    /// Take signed files of schools without a line, and write the signed answers
    Take(Take),
    /// Admit a school to the collector and print its token once
    Admit(Admit),
    /// Judge anyone's receiver or sender of the exchange, scenario by scenario
    Conform(Conform),
    /// Say who may see the Ministry's pages, and print links to sign in with
    MinistryPerson(MinistryPerson),
    /// Prepare a PostgreSQL database for this release, as the role that owns it
    Migrate(Migrate),
    /// Copy a school to another database, and compare the two
    Copy(Copy),
    /// Remove a school whose copy elsewhere holds the same
    Remove(Remove),
    /// Make every derived row anew from what was entered
    Rebuild(Rebuild),
    /// Copy the whole database to a new file
    Backup(Backup),
    /// Put a backup in the place of the database
    Restore(Restore),
    /// After a server's database was restored from a backup: tell the Ministry anew what holds
    Restored,
    /// Look whether all is well
    Doctor,
    /// Print the manual page (roff)
    Manual,
    /// Print completions for a shell
    Completions(Completions),
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FileKind {
    /// term, first_day, last_day
    Terms,
    /// date, am, pm, reason
    Calendar,
    /// student_id, nsn, given_name, family_name, preferred_name, year_level, group, start_date, end_date, and optionally house
    Students,
    /// staff_id, name, email, role, groups
    Staff,
    /// student_id, date, half (or period, start, minutes), code, optionally recorded_at, recorded_by
    Marks,
    /// group, weekday, period, start, minutes, and optionally from_date
    Timetable,
    /// student_id, contact_id, name, relationship, phone, email, address, and optionally prefers, language, gets_letters, last_confirmed, do_not_contact, why
    Contacts,
    /// A OneRoster 1.1 or 1.2 package: a zip, or the folder of its CSV files
    Oneroster,
}

#[derive(Args)]
pub(crate) struct Respond {
    /// The student's id
    #[arg(long, value_parser = StudentId::parse)]
    pub(crate) student: StudentId,
    /// The level it answers: 5, 10 or 15; left out for a response to none
    #[arg(long, value_parser = threshold)]
    pub(crate) threshold: Option<domain::Threshold>,
    /// The term; the one that holds --done-at when left out
    #[arg(long, value_parser = TermId::parse)]
    pub(crate) term: Option<TermId>,
    /// The Activity Response Type, such as "Sent written communication"
    #[arg(long = "type", value_parser = domain::ResponseType::parse)]
    pub(crate) kind: domain::ResponseType,
    /// One of the school's descriptions under that type
    #[arg(long, default_value = "")]
    pub(crate) description: String,
    /// When it was done, such as 2026-05-04T15:10:00+12:00
    #[arg(long, value_parser = instant)]
    pub(crate) done_at: Instant,
    /// The staff member who records it
    #[arg(long, value_parser = StaffId::parse)]
    pub(crate) by: StaffId,
    /// A private note, kept in the school
    #[arg(long, default_value = "")]
    pub(crate) note: String,
    /// The same key twice records once
    #[arg(long, default_value = "")]
    pub(crate) key: String,
    /// Yes, this is meant (for Initiated prosecution)
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Args)]
pub(crate) struct Describe {
    #[command(subcommand)]
    pub(crate) verb: DescribeVerb,
}

#[derive(Subcommand)]
pub(crate) enum DescribeVerb {
    /// List the descriptions
    List,
    /// Add one under a type
    Add {
        /// The Activity Response Type
        #[arg(long = "type", value_parser = domain::ResponseType::parse)]
        kind: domain::ResponseType,
        /// The wording; the Ministry sees it
        #[arg(long)]
        text: String,
        #[command(flatten)]
        editor: Editor,
    },
    /// Give one another wording; responses keep the wording they were recorded with
    Reword {
        #[command(flatten)]
        which: Which,
        /// The new wording
        #[arg(long)]
        to: String,
        #[command(flatten)]
        editor: Editor,
    },
    /// No longer offer one
    Retire {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        editor: Editor,
    },
    /// Offer a retired one again
    Restore {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        editor: Editor,
    },
}

/// Which description is meant: by its number, or by type and wording.
#[derive(Args)]
pub(crate) struct Which {
    /// Its number in `describe list`
    #[arg(long, required_unless_present = "text")]
    pub(crate) id: Option<i64>,
    /// The type it stands under
    #[arg(long = "type", value_parser = domain::ResponseType::parse)]
    pub(crate) kind: Option<domain::ResponseType>,
    /// Its present wording
    #[arg(long, conflicts_with = "id")]
    pub(crate) text: Option<String>,
}

/// Who edits the descriptions.
#[derive(Args)]
pub(crate) struct Editor {
    /// A staff member with SMS admin rights
    #[arg(long, value_parser = StaffId::parse)]
    pub(crate) by: StaffId,
    /// Yes, a word that is also somebody's name is meant
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum CollectedWhat {
    /// Half-days
    Attendance,
    /// Closed half-days
    Closures,
    /// Crossings
    Crossings,
    /// Responses
    Responses,
    /// All of these and the days, as Parquet files for analysis (needs the feature `parquet`)
    Parquet,
}

#[derive(Args)]
pub(crate) struct Collected {
    /// What to print, or `parquet` to write files
    pub(crate) what: CollectedWhat,
    #[command(flatten)]
    pub(crate) files: CollectedFiles,
}

/// Options of `collected parquet`.
#[derive(Args)]
pub(crate) struct CollectedFiles {
    /// The directory of the Parquet files, made where there is none
    #[arg(long, value_name = "DIR", required_if_eq("what", "parquet"))]
    pub(crate) to: Option<PathBuf>,
    /// Write this term alone, such as 2026-T2; may be given again
    #[arg(long, value_parser = TermId::parse, requires = "to")]
    pub(crate) term: Vec<TermId>,
    /// Write the National Student Numbers too, which analysis does without
    #[arg(long, requires = "to")]
    pub(crate) with_nsn: bool,
}

#[derive(Args)]
pub(crate) struct Migrate {
    /// The role that Starboard will connect as; it owns nothing
    #[arg(long, value_name = "ROLE")]
    pub(crate) app_role: String,
    /// Prepare it for the Ministry's collector instead of for schools
    #[arg(long)]
    pub(crate) collector: bool,
}

#[derive(Args)]
pub(crate) struct Copy {
    /// Where the school is: a directory, or postgres://role:password@host/database
    #[arg(long, value_name = "PLACE")]
    pub(crate) from: Place,
    /// Where it is to be: a directory (made on first use), or a prepared PostgreSQL database
    #[arg(long, value_name = "PLACE")]
    pub(crate) to: Place,
    /// Copy nothing, only compare the two; exit with 1 if they differ
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Args)]
pub(crate) struct Remove {
    /// Where its copy is; it must be the same to the last byte
    #[arg(long, value_name = "PLACE")]
    pub(crate) copied_to: Place,
}

#[derive(Args)]
pub(crate) struct Rebuild {
    /// Only report differences; exit with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Args)]
pub(crate) struct Backup {
    /// The new file
    pub(crate) file: PathBuf,
}

#[derive(Args)]
pub(crate) struct Restore {
    /// The backup
    pub(crate) file: PathBuf,
}

#[derive(Args)]
pub(crate) struct Completions {
    /// For which shell
    pub(crate) shell: clap_complete::Shell,
}
