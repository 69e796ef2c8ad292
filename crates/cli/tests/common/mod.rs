//! The real program, run in a directory that goes when the test ends.

#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A Friday afternoon in the third week of the term.
pub const NOW: &str = "2026-05-08T15:10:00+12:00";

pub const TERMS: &str = "term,first_day,last_day\n2026-T2,2026-04-20,2026-07-03\n";

pub const STUDENTS: &str = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
    s1,0123456789,Māia,Kōwhai,,9,9K,2026-01-27,\ns2,,Van,Hartwell,,9,9K,2026-01-27,\n";

pub const STAFF: &str = "staff_id,name,email,role,groups\nteach,Tama Teacher,tama@kura.example,teacher,9K\n\
    office,Ana Office,ana@kura.example,office,\nadmin,Ada Admin,ada@kura.example,sms_admin,\n";

/// What a command answered.
#[derive(Debug)]
pub struct Answer {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// A directory with a school in it, and the program to work on it.
pub struct Place {
    pub path: PathBuf,
    pub data: PathBuf,
}

impl Place {
    /// An empty directory.
    pub fn empty() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("starboard-cli-{}-{count}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a scratch directory");
        let data = path.join("data");
        Self { path, data }
    }

    /// A school with a term, two students, staff and one week of absence of the first student.
    pub fn with_school() -> Self {
        let place = Self::empty();
        let init = [
            "init",
            "--school-number",
            "189",
            "--name",
            "Kura o te Awa",
            "--zone",
            "Pacific/Auckland",
            "--now",
            "2026-04-15T09:00:00+12:00",
        ];
        let made = place.plain(&init);
        assert_eq!(made.code, 0, "{made:?}");
        assert!(made.out.contains("/set-up/"), "{made:?}");
        for (kind, text) in [("terms", TERMS), ("students", STUDENTS), ("staff", STAFF)] {
            let imported = place.import(kind, text);
            assert_eq!(imported.code, 0, "{imported:?}");
        }
        let imported = place.import("marks", &marks("s1", 4..=8, 'T'));
        assert_eq!(imported.code, 0, "{imported:?}");
        place
    }

    /// Writes a file and answers its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path.join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    }

    /// Imports a text as a file.
    pub fn import(&self, kind: &str, text: &str) -> Answer {
        let file = self.file(&format!("{kind}.csv"), text);
        self.run(&["import", kind, &file])
    }

    /// Runs a command at [`NOW`].
    pub fn run(&self, arguments: &[&str]) -> Answer {
        self.plain(&[arguments, &["--now", NOW]].concat())
    }

    /// Runs a command.
    pub fn plain(&self, arguments: &[&str]) -> Answer {
        answer(&self.command(arguments).output().expect("the program runs"))
    }

    /// Begins a command whose output nobody waits for.
    pub fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts")
    }

    /// The program with these arguments, in the school's directory.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starboard"));
        command.args(arguments).env("STARBOARD_DATA", &self.data).env_remove("STARBOARD_DATABASE");
        command
            .env_remove("STARBOARD_TOKEN_FILE")
            .env_remove("STARBOARD_TOKEN_DIRECTORY")
            .env_remove("STARBOARD_SMTP")
            .env_remove("STARBOARD_SMTP_PASSWORD_FILE")
            .env_remove("STARBOARD_MAIL_FROM")
            .env_remove("STARBOARD_PUBLIC_URL")
            .env_remove("STARBOARD_TEXTS")
            .env_remove("STARBOARD_TEXTS_TOKEN_FILE")
            .env_remove("STARBOARD_TEXTS_A_DAY")
            .stdin(Stdio::null());
        command
    }

    /// The lines of an export, header first.
    pub fn export(&self, what: &str) -> Vec<String> {
        let exported = self.run(&["export", what, "--term", "2026-T2"]);
        assert_eq!(exported.code, 0, "{exported:?}");
        exported.out.lines().map(str::to_owned).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

pub fn answer(output: &Output) -> Answer {
    Answer {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout.clone()).expect("UTF-8"),
        err: String::from_utf8(output.stderr.clone()).expect("UTF-8"),
    }
}

/// Whole days of May marked with one code.
pub fn marks(student: &str, days: std::ops::RangeInclusive<u32>, code: char) -> String {
    let rows =
        days.flat_map(|day| ["am", "pm"].map(|half| format!("{student},2026-05-{day:02},{half},{code}\n")));
    format!("student_id,date,half,code\n{}", rows.collect::<String>())
}

/// Copies the files of a directory.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
    }
}
