//! OneRoster packages of either version: what comes out, what is tolerated, what is refused.

use domain::{Date, Nsn, Role, SchoolNumber, Zone};
use interop::oneroster::{
    Here, KnownUser, Options, Package, Roster, Standing, StandingStaff, StandingStudent, StudentIdFrom, csv,
    roster,
};
use jiff::civil::date;
use proptest::prelude::*;
use std::io::{Cursor, Write};
use std::path::Path;

const TODAY: Date = date(2026, 5, 4);

fn package(folder: &str) -> Package {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut package = Package::default();
    for entry in std::fs::read_dir(&folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        package.put(name, std::fs::read(&path).expect("a file")).expect("each file once");
    }
    package
}

fn of(files: &[(&str, &str)]) -> Package {
    let mut package = Package::default();
    for (name, text) in files {
        package.put(name, text.as_bytes().to_vec()).expect("each file once");
    }
    package
}

fn read_with(package: &Package, standing: &Standing, options: &Options) -> Roster {
    let (tables, findings) = csv::read(package, Zone::Auckland);
    let school = SchoolNumber::parse("189").expect("a number");
    let here = Here { school, today: TODAY, first_day: date(2026, 4, 20), standing };
    roster(&tables, findings, options, &here)
}

fn read(package: &Package) -> Roster {
    read_with(package, &Standing::default(), &Options::default())
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn problems(roster: &Roster) -> Vec<String> {
    roster.findings.problems.iter().map(ToString::to_string).collect()
}

fn assert_told(roster: &Roster, words: &[&str]) {
    let notices = roster.findings.notices();
    for word in words {
        assert!(notices.iter().any(|notice| notice.contains(word)), "{word:?} is not in {notices:#?}");
    }
}

/// What stands after a roster was imported.
fn after(roster: &Roster) -> Standing {
    let mut standing = roster.known.clone();
    for row in &roster.students {
        let student = standing.students.entry(row.student_id.as_str().to_owned()).or_default();
        *student = StandingStudent {
            nsn: row.nsn.clone(),
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            preferred_name: row.preferred_name.clone(),
            year_level: row.year_level.clone(),
            group: row.group.clone(),
            spells: vec![(row.start_date, row.end_date)],
        };
    }
    for row in &roster.staff {
        let (name, email) = (row.name.clone(), row.email.clone());
        let staff = StandingStaff { name, email, roles: row.roles.clone(), groups: row.groups.clone() };
        standing.staff.insert(row.staff_id.as_str().to_owned(), staff);
    }
    standing
}

#[test]
fn a_bulk_package_of_1_1_is_the_whole_roll_of_one_school() {
    let roster = read(&package("oneroster/bulk-1.1"));
    assert_eq!(problems(&roster), [""; 0]);
    assert_eq!(
        text(&roster.students_csv),
        "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
        7001,0123456789,Aroha,Tamihana,,9,9KO,2026-02-02,\n\
        7002,0123456788,Wiremu,Parata,,10,10MA,2026-01-28,\n\
        7003,,Sione,Faleafa,,9,,2026-01-28,\n"
    );
    assert_eq!(
        text(&roster.staff_csv),
        "staff_id,name,email,role,groups\n\
        HNG,Hēmi Ngata,h.ngata@kura.example,teacher,9KO\n\
        PSM,Pat Smith,p.smith@kura.example,teacher,\n"
    );
    assert!(roster.is_whole);
    let counts = roster.counts;
    assert_eq!((counts.students, counts.staff, counts.elsewhere, counts.others), (3, 2, 1, 1));
    assert_told(&roster, &["users of other schools"]);
}

#[test]
fn the_same_package_again_says_the_same_whatever_the_day() {
    let bulk = package("oneroster/bulk-1.1");
    let first = read(&bulk);
    let again = read_with(&bulk, &after(&first), &Options::default());
    assert_eq!((&first.students_csv, &first.staff_csv), (&again.students_csv, &again.staff_csv));
    assert_eq!(again.counts.leaving, 0);
}

#[test]
fn a_delta_of_1_2_changes_those_it_names_and_leaves_what_it_does_not_say() {
    let standing = after(&read(&package("oneroster/bulk-1.1")));
    let roster = read_with(&package("oneroster/delta-1.2"), &standing, &Options::default());
    assert_eq!(problems(&roster), [""; 0]);
    assert_eq!(
        text(&roster.students_csv),
        "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
        7002,0123456788,Wiremu,Parata,,10,10MA,2026-01-28,2026-05-01\n\
        7007,0123456787,Tamati,Rewi,Tama,11,11RA,2026-05-04,\n\
        7001,0123456789,Aroha,Tamihana,,9,10MA,2026-02-02,\n"
    );
    assert!(text(&roster.staff_csv).ends_with("HNG,Hēmi Ngata,h.ngata@kura.example,teacher,9KO;10MA\n"));
    assert!(!roster.is_whole);
    assert_eq!(roster.counts.leaving, 1);
    // Without what earlier packages said, those whom it only mentions are passed over.
    let alone = read(&package("oneroster/delta-1.2"));
    assert_eq!((alone.students.len(), alone.staff.len(), alone.counts.leaving), (1, 0, 0));
}

#[test]
fn no_password_and_no_caregiver_is_kept() {
    for folder in ["oneroster/bulk-1.1", "oneroster/delta-1.2"] {
        let (tables, findings) = csv::read(&package(folder), Zone::Auckland);
        let roster = read(&package(folder));
        let all = format!("{tables:?} {findings:?} {roster:?}");
        for secret in ["CANARY", "021 555", "Rose"] {
            assert!(!all.contains(secret), "{secret} in {folder}");
        }
    }
    assert!(!format!("{:?}", read(&package("oneroster/bulk-1.1")).staff_csv).contains("whanau.example"));
}

#[test]
fn what_vendors_write_otherwise_is_read_and_told() {
    let roster = read(&package("oneroster/quirks"));
    assert_eq!(problems(&roster), [""; 0]);
    assert!(
        text(&roster.students_csv).ends_with("\n7002,,Renée,Dale,,10,9KO,2026-02-02,\n"),
        "{}",
        text(&roster.students_csv)
    );
    assert!(text(&roster.staff_csv).ends_with("\nHNG,Hemi Ngata,,teacher,\n"));
    assert!(roster.is_whole);
    assert_told(
        &roster,
        &[
            "MANIFEST.CSV: this is UTF-16",
            "users.csv: this is Windows-1252",
            "\"sourcedID\" is read as sourcedId",
            "\"dateLastModifed\" is read as dateLastModified",
            "\"EnabledUser\" is read as enabledUser",
            "\"First Name\" is read as givenName",
            "\"grade\" is read as grades",
            "none of OneRoster's and were passed over: \"house\"",
            "another order",
            "is read as tobedeleted",
            "status \"ACTIVE\" is read as active",
            "classType \"Scheduled\" is read as scheduled",
            "role \"techer\" is read as teacher",
            "no e-mail address",
            "beginDate is no ISO date",
        ],
    );
}

const HEADER: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,\
middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n";

fn users(rows: &str) -> String {
    format!("{HEADER}{rows}")
}

#[test]
fn each_problem_says_file_line_and_column_and_the_other_rows_are_read() {
    let rows = users(
        "u-1,,,,o-2,student,,,Ana,Adams,,7001,,,,,,\n,,,,o-2,student,,,Ben,Bell,,7002,,,,,,\n\
        u-3,perhaps,,,o-2,student,,,Cy,Cole,,7003,,,,,,\nu-4,,,,o-2,wizard,,,Di,Dow,,7004,,,,,,\n\
        u-5,,,,o-2,student,,,,,,7005,,,,,,\nu-1,,,,o-2,student,,,Ana,Adams,,7001,,,,,,\nu-7,,,,o-2\n\
        u-8,,,,o-2,student,,,Eli,Ede,,7001,,,,,,\nu-9,,,,o-2,student,,,Flo,Fox,,=7009,,,,,,\n",
    );
    let roster = read(&of(&[("users.csv", &rows)]));
    let told = problems(&roster);
    let begins =
        |words: &str| assert!(told.iter().any(|problem| problem.starts_with(words)), "{words} in {told:#?}");
    begins("users.csv:3: sourcedId: nothing is here: ");
    begins("users.csv:4: status: \"perhaps\" is not known: ");
    begins("users.csv:5: role: \"wizard\" is no role that is known: ");
    begins("users.csv:6: familyName: the student has no name: ");
    begins("users.csv:7: sourcedId: this user stands twice: ");
    begins("users.csv:8: row: 5 cells where the header has 18: ");
    begins("users.csv:9: identifier: the user on line 2 has the same id: ");
    begins("users.csv:10: identifier: '=' cannot stand there in an id: ");
    assert_eq!(told.len(), 8);
    assert_eq!(roster.students.len(), 1);
    assert!(!roster.is_whole, "a row that cannot be read might be anybody's");
    let words = told.concat();
    assert!(!words.contains("Bell") && !words.contains("Fox"), "no name is repeated");
}

#[test]
fn a_school_that_cannot_be_told_is_asked_for() {
    let orgs = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n\
        a,,,North,school,1,\nb,,,South,school,2,\n";
    let rows = users("u-1,,,,a,student,,,Ana,Adams,,7001,,,,,,\nu-2,,,,b,student,,,Ben,Bell,,7002,,,,,,\n");
    let both = of(&[("orgs.csv", orgs), ("users.csv", &rows)]);
    let told = problems(&read(&both));
    assert!(told[0].starts_with("package:1: file: 2 orgs, and none has the number 189: "), "{told:?}");
    assert!(told[0].contains("--org") && told[0].contains("\"North\" (school, \"a\")"));
    for org in ["b", "2", "south"] {
        let options = Options { org: Some(org.to_owned()), ..Options::default() };
        let roster = read_with(&both, &Standing::default(), &options);
        assert_eq!((roster.students.len(), roster.counts.elsewhere), (1, 1), "{org}");
        assert_eq!(roster.students[0].student_id.as_str(), "7002");
    }
    let wrong = Options { org: Some("east".to_owned()), ..Options::default() };
    assert!(
        problems(&read_with(&both, &Standing::default(), &wrong))[0].contains("there is no org \"east\"")
    );
    let without = of(&[("users.csv", &rows)]);
    assert!(problems(&read(&without))[0].contains("people belong to 2 orgs"));
}

const ORGS: &str = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n";

#[test]
fn the_only_school_is_ours_unless_it_bears_the_number_of_another() {
    let rows = users("u-1,,,,a,student,,,Ana,Adams,,7001,,,,,,\n");
    let with = |org: &str| of(&[("orgs.csv", &format!("{ORGS}{org}\n")), ("users.csv", &rows)]);
    for ours in
        ["a,,,North,school,0189,", "a,,,North,school,,", "a,,,North,school,N-1,", "a,,,Science,department,,"]
    {
        let roster = read(&with(ours));
        assert_eq!((problems(&roster), roster.students.len()), (Vec::new(), 1), "{ours}");
    }
    for theirs in ["a,,,North,school,0190,", "a,,,North,department,190,"] {
        let roster = read(&with(theirs));
        let told = problems(&roster);
        assert_eq!((told.len(), roster.students.len(), roster.is_whole), (1, 0, false), "{theirs}");
        assert!(told[0].contains("and this one 189") && told[0].contains("--org"), "{told:?}");
        let options = Options { org: Some("a".to_owned()), ..Options::default() };
        let roster = read_with(&with(theirs), &Standing::default(), &options);
        assert_eq!((problems(&roster), roster.students.len()), (Vec::new(), 1), "{theirs}");
    }
}

#[test]
fn changes_of_another_school_alone_are_not_taken_for_those_of_the_school_that_is_known() {
    let manifest = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\nfile.orgs,delta\nfile.users,delta\n";
    let rows = users(
        "u-1,active,2026-05-03,,a,student,,,Ana,Adams,,7001,,,,,,\n\
        u-2,active,2026-05-03,,b,student,,,Ben,Bell,,7002,,,,,,\n\
        u-3,active,2026-05-03,,c,student,,,Cy,Cole,,7003,,,,,,\n",
    );
    let changed = |orgs: &str, known: Option<&str>| {
        let orgs = format!("{ORGS}{orgs}");
        let files = [("manifest.csv", manifest), ("orgs.csv", orgs.as_str()), ("users.csv", rows.as_str())];
        let standing = Standing { org: known.map(str::to_owned), ..Standing::default() };
        let roster = read_with(&of(&files), &standing, &Options::default());
        let ids = roster.students.iter().map(|row| row.student_id.as_str().to_owned()).collect::<Vec<_>>();
        (ids, problems(&roster).len(), roster.known.org)
    };
    let (north, both) =
        ("b,active,2026-05-03,North,school,,\n", "c,active,2026-05-03,Science,department,,a\n");
    let ours = |ids: &[&str]| (ids.iter().map(|id| (*id).to_owned()).collect(), 0, Some("a".to_owned()));
    assert_eq!(changed(north, Some("a")), ours(&["7001"]));
    assert_eq!(changed(&format!("{north}{both}"), Some("a")), ours(&["7001", "7003"]));
    // Of nobody known it is the only one.
    assert_eq!(changed(north, None), (vec!["7002".to_owned()], 0, Some("b".to_owned())));
}

#[test]
fn a_department_that_changes_do_not_name_is_still_the_schools_until_it_is_told_otherwise() {
    let changes = |files: &str| {
        format!("propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n{files}file.users,delta\n")
    };
    let whole = of(&[
        (
            "orgs.csv",
            &format!("{ORGS}a,,,North,school,0189,\nart,,,Art,department,,a\nink,,,Ink,department,,art\n"),
        ),
        ("users.csv", &users("u-1,,,,art,student,,,Ana,Adams,,7001,,,,,,\n")),
    ]);
    let mut standing = read(&whole).known;
    assert_eq!(standing.departments.keys().collect::<Vec<_>>(), ["art", "ink"]);
    let rows = users(
        "u-1,active,2026-05-03,,art,student,,,Anna,Adams,,7001,,,,,,\n\
        u-2,active,2026-05-03,,ink,student,,,Ben,Bell,,7002,,,,,,\n\
        u-3,active,2026-05-03,,gym,student,,,Cy,Cole,,7003,,,,,,\n",
    );
    let mut read_next = |orgs: Option<&str>| {
        let manifest = changes(if orgs.is_some() { "file.orgs,delta\n" } else { "" });
        let orgs = orgs.map(|orgs| format!("{ORGS}{orgs}"));
        let mut files = vec![("manifest.csv", manifest.as_str()), ("users.csv", rows.as_str())];
        files.extend(orgs.as_deref().map(|orgs| ("orgs.csv", orgs)));
        let roster = read_with(&of(&files), &standing, &Options::default());
        assert_eq!(problems(&roster), Vec::<String>::new());
        standing = roster.known;
        roster.students.iter().map(|row| row.student_id.as_str().to_owned()).collect::<Vec<_>>()
    };
    // Nothing is said of orgs; then of one that is new; then that one is no more.
    assert_eq!(read_next(None), ["7001", "7002"]);
    assert_eq!(read_next(Some("gym,active,2026-05-03,Gym,department,,a\n")), ["7001", "7002", "7003"]);
    assert_eq!(read_next(Some("art,tobedeleted,2026-05-03,Art,department,,a\n")), ["7003"]);
    assert_eq!(read_next(None), ["7003"]);
}

#[test]
fn one_broken_letter_costs_its_row_and_no_other_name() {
    let rows =
        users("u-1,,,,o,student,,,Mārama,Tūī,,7001,,,,,,\nu-2,,,,o,student,,,Ren?e,Dale,,7002,,,,,,\n");
    let bytes = rows.into_bytes().into_iter().map(|byte| if byte == b'?' { 0xe9 } else { byte }).collect();
    let mut package = Package::default();
    package.put("users.csv", bytes).expect("once");
    let roster = read(&package);
    let told = problems(&roster);
    assert!(told.len() == 1 && told[0].contains("users.csv:3: ") && told[0].contains("lost"), "{told:?}");
    assert_eq!(roster.students.len(), 1);
    assert!(text(&roster.students_csv).contains(",Mārama,Tūī,"), "{}", text(&roster.students_csv));
    assert!(!roster.findings.notices().iter().any(|notice| notice.contains("1252")));
}

#[test]
fn r06_a_national_student_number_is_never_an_id() {
    let rows = users("u-1,,,,o,student,ana,{LocalId:77},Ana,Adams,,0123456789,,,,,,\n");
    let package = of(&[("users.csv", &rows)]);
    let id = |roster: &Roster| roster.students[0].student_id.as_str().to_owned();
    let plain = read(&package);
    assert_told(&plain, &["looks like the National Student Number"]);
    let options = Options { identifier_is_nsn: true, ..Options::default() };
    let told = read_with(&package, &Standing::default(), &options);
    assert_eq!(id(&told), "77");
    assert_eq!(told.students[0].nsn.as_ref().map(Nsn::reveal), Some("0123456789"));
    let twice = users("u-1,,,,o,student,ana,{NSN:0123456789},Ana,Adams,,0123456789,,,,,,\n");
    assert_eq!(id(&read(&of(&[("users.csv", &twice)]))), "u-1");
    for (rule, expected) in [(StudentIdFrom::SourcedId, "u-1"), (StudentIdFrom::Username, "ana")] {
        let options = Options { student_id: rule, ..Options::default() };
        assert_eq!(id(&read_with(&package, &Standing::default(), &options)), expected);
    }
}

#[test]
fn staff_never_get_more_power_than_a_teacher_and_keep_what_a_person_gave_them() {
    let rows = users(
        "u-5,,,,o,administrator,,,Hemi,Ngata,,HNG,h@kura.example,,,,,\nu-6,,,,o,principal,,,Pat,Smith,,PSM,p@kura.example,,,,,\n\
        u-8,,,,o,student,,,Ana,Adams,,7001,,,,,,\n",
    );
    let staff = |email: &str, roles: Vec<Role>| StandingStaff {
        name: "As entered".to_owned(),
        email: email.to_owned(),
        roles,
        groups: vec!["Year 9".to_owned()],
    };
    let mut standing = Standing::default();
    standing
        .staff
        .insert("p.smith".to_owned(), staff("p@kura.example", vec![Role::Principal, Role::SmsAdmin]));
    let roster = read_with(&of(&[("users.csv", &rows)]), &standing, &Options::default());
    assert_eq!(
        text(&roster.staff_csv),
        "staff_id,name,email,role,groups\nHNG,Hemi Ngata,h@kura.example,teacher,\n\
        p.smith,Pat Smith,p@kura.example,principal;sms_admin,Year 9\n"
    );
}

#[test]
fn a_whole_roster_without_a_student_of_this_school_is_refused() {
    let rows = users("u-5,,,,o,teacher,,,Hemi,Ngata,,HNG,,,,,,\n");
    let roster = read(&of(&[("users.csv", &rows)]));
    assert!(problems(&roster)[0].contains("no student of this school"));
    let delta = users("u-5,active,2026-05-01,,o,teacher,,,Hemi,Ngata,,HNG,,,,,,\n");
    let roster = read(&of(&[("users.csv", &delta)]));
    assert_eq!(problems(&roster), [""; 0]);
    assert!(!roster.is_whole);
}

#[test]
fn at_the_end_of_a_year_nobody_leaves_because_all_homerooms_are_over() {
    let classes = "sourcedId,status,dateLastModified,title,classType\nc,,,9KO,homeroom\n";
    let rows = users("u-1,,,,o,student,,,Ana,Adams,,7001,,,,,,\nu-2,,,,o,student,,,Ben,Bell,,7002,,,,,,\n");
    let enrolled = |end: &str| {
        format!(
            "sourcedId,status,dateLastModified,classSourcedId,userSourcedId,role,beginDate,endDate\n\
            e-1,,,c,u-1,student,2026-02-02,2026-05-01\ne-2,,,c,u-2,student,2026-02-02,{end}\n"
        )
    };
    let ends = |end: &str| {
        let files = [("classes.csv", classes), ("users.csv", &rows), ("enrollments.csv", &enrolled(end))];
        let standing = after(&read(&of(&[("users.csv", &rows)])));
        let roster = read_with(&of(&files), &standing, &Options::default());
        roster.students.iter().map(|row| row.end_date).collect::<Vec<_>>()
    };
    assert_eq!(ends(""), [Some(date(2026, 5, 1)), None]);
    assert_eq!(ends("2026-05-01"), [None, None]);
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("whole").into_inner()
}

#[test]
fn a_zip_is_read_from_its_root_or_a_folder_in_it() {
    let rows = users("u-1,,,,o,student,,,Ana,Adams,,7001,,,,,,\n");
    for name in ["users.csv", "export/USERS.CSV", "2026/may/Users.csv"] {
        let bytes =
            zipped(&[(name, rows.as_bytes()), ("read me.txt", b"hello"), ("__MACOSX/._users.csv", b"x")]);
        assert!(Package::recognises(&bytes));
        let package = Package::unzip(&bytes).expect("a package");
        assert_eq!(package.others(), ["read me.txt"]);
        assert_eq!(read(&package).students.len(), 1, "{name}");
    }
    assert!(!Package::recognises(&zipped(&[("xl/workbook.xml", b"<workbook/>")])));
    assert!(!Package::recognises(rows.as_bytes()));
}

#[test]
fn r33_a_zip_that_hides_something_is_refused() {
    let refused = |bytes: &[u8]| Package::unzip(bytes).expect_err("refused").to_string();
    assert!(refused(b"sourcedId,status\n").contains("no zip"));
    assert!(refused(&zipped(&[("../users.csv", b"x")])).contains("leads elsewhere"));
    assert!(refused(&zipped(&[("/etc/users.csv", b"x")])).contains("leads elsewhere"));
    assert!(refused(&zipped(&[("a/users.csv", b"x"), ("b/users.csv", b"x")])).contains("both users.csv"));
    let bomb = vec![b'a'; 8 * 1024 * 1024];
    assert!(refused(&zipped(&[("users.csv", &bomb)])).contains("packed too tightly"));
    assert!(refused(&zipped(&[("other.bin", &bomb)])).contains("packed too tightly"));
    let names: Vec<String> = (0..101).map(|number| format!("{number}.csv")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    assert!(refused(&zipped(&many)).contains("more than 100 entries"));
    assert!(Package::unzip(&zipped(&many[..100])).is_ok());
    // Two of the very same name, of which the later would be read alone.
    let mut twice = zipped(&[("users.csv", b"first"), ("users.cst", b"later")]);
    while let Some(at) = twice.windows(9).position(|name| name == b"users.cst") {
        twice[at + 8] = b'v';
    }
    assert!(refused(&twice).contains("two files of one name"));
    // An entry that says it is encrypted, and one that says it is smaller than it is.
    let mut locked = zipped(&[("users.csv", b"x")]);
    let at = locked.windows(4).position(|four| four == b"PK\x01\x02").expect("a directory");
    locked[at + 8] |= 1;
    assert!(refused(&locked).contains("encrypted"));
    let mut lying = zipped(&[("users.csv", &[b'a'; 5_000])]);
    let at = lying.windows(4).position(|four| four == b"PK\x01\x02").expect("a directory");
    lying[at + 24..at + 28].copy_from_slice(&10_u32.to_le_bytes());
    assert!(refused(&lying).contains("users.csv"));
}

/// Everything that was ever found worth keeping, and the files of the other tests.
fn corpus() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/oneroster");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).expect("a file")).collect()
}

fn try_all(bytes: &[u8]) {
    if let Ok(package) = Package::unzip(bytes) {
        read(&package);
    }
    for name in [
        "users.csv",
        "roles.csv",
        "enrollments.csv",
        "classes.csv",
        "orgs.csv",
        "academicSessions.csv",
        "manifest.csv",
    ] {
        let mut package = package("oneroster/bulk-1.1");
        let mut replaced = Package::default();
        for (_, other) in package.clone().files().filter(|(_, other)| *other != name) {
            let file = interop::oneroster::File::of(other).expect("known");
            let (_, content) = package.file(file).expect("there");
            replaced.put(other, content.to_vec()).expect("once");
        }
        replaced.put(name, bytes.to_vec()).expect("once");
        package = replaced;
        let mut standing = Standing::default();
        standing.users.insert("u-1".to_owned(), KnownUser { id: "7001".to_owned(), is_student: true });
        read_with(&package, &standing, &Options::default());
    }
    let mut pages = interop::oneroster::json::Pages::default();
    for file in interop::oneroster::File::ALL {
        let _ = pages.add(file, bytes, Zone::Chatham);
    }
    let _ = pages.finish();
}

#[test]
fn r47_the_corpus_is_read_without_a_panic() {
    let corpus = corpus();
    assert!(corpus.len() >= 10);
    corpus.iter().for_each(|bytes| try_all(bytes));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn r47_a_file_with_any_damage_is_read_without_a_panic(
        which in 0_usize..64, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let corpus = corpus();
        let mut bytes = corpus[which % corpus.len()].clone();
        for (at, byte) in changes {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        try_all(&bytes);
    }
}
