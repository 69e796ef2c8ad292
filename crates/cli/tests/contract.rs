//! The contract that scripts rely on, held against the real program: commands, header rows,
//! messages and exit codes.

mod common;

use common::{Answer, NOW, Place, marks};
use std::io::{BufRead, BufReader};
use std::process::Child;

fn respond(place: &Place, more: &[&str]) -> Answer {
    let base = ["respond", "--student", "s1", "--type", "Sent written communication", "--by", "teach"];
    place.run(&[&base, more].concat())
}

#[test]
fn each_export_has_the_header_row_of_the_contract() {
    let place = Place::with_school();
    let headers = [
        ("half-days", "student_id,date,half,class,code"),
        (
            "tallies",
            "student_id,term,open_half_days,present,justified,unjustified,unknown,unmarked,absent_half_days,\
             days_absent,band,attendance_percent",
        ),
        ("crossings", "student_id,term,threshold_days,state,reached_on,half,absent_half_days"),
        (
            "responses",
            "response_id,student_id,term,threshold_days,type,description,done_at,recorded_at,hours_to_record,\
             recorded_by,version,shared_state",
        ),
    ];
    for (what, header) in headers {
        let lines = place.export(what);
        assert!(lines[0].starts_with(header), "{what}: {}", lines[0]);
        let json = place.run(&["export", what, "--term", "2026-T2", "--json"]);
        let rows: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
        assert_eq!(rows.as_array().map(Vec::len), Some(lines.len() - 1), "{what}");
    }
    assert_eq!(place.export("tallies")[1], "s1,2026-T2,28,0,0,10,0,18,10,5.0,yellow,0.0");
    assert_eq!(place.export("crossings")[1..], ["s1,2026-T2,5,reached,2026-05-08,pm,10"]);
    let early = place.run(&["export", "crossings", "--term", "2026-T2", "--as-of", "2026-05-07", "--local"]);
    assert_eq!((early.code, early.out.lines().count()), (0, 1));
    let known = ["export", "tallies", "--term", "2026-T2", "--known-at", "2026-05-08T15:09:59+12:00"];
    assert_eq!(place.run(&known).code, 3, "the term was not known then");
}

#[test]
fn the_exit_code_says_what_went_wrong() {
    let place = Place::with_school();
    let code = |arguments: &[&str]| place.run(arguments).code;
    assert_eq!(code(&["export", "tallies", "--term", "2026-T2"]), 0);
    // 1: failed while working.
    assert_eq!(code(&["share", "--once", "--to", "http://127.0.0.1:9"]), 1);
    // 2: wrong usage.
    assert_eq!(code(&["export", "everything", "--term", "2026-T2"]), 2);
    assert_eq!(code(&["export", "tallies", "--term", "winter"]), 2);
    assert_eq!(code(&["import", "marks", "no-such-file.csv"]), 2);
    assert_eq!(code(&["share", "--once", "--to", "http://ministry.example"]), 2);
    assert_eq!(code(&["collect", "--listen", "0.0.0.0:0", "--admit-any"]), 2);
    assert_eq!(code(&["serve", "--listen", "0.0.0.0:0"]), 2);
    assert_eq!(code(&["frobnicate"]), 2);
    // 3: the input has problems.
    assert_eq!(place.import("marks", "student_id,date,half,code\nnobody,2026-05-04,am,P\n").code, 3);
    assert_eq!(code(&["export", "tallies", "--term", "2031-T1"]), 3);
    assert_eq!(code(&["explain", "--student", "nobody", "--term", "2026-T2"]), 3);
}

#[test]
fn a_bad_row_stores_nothing_unless_the_good_rows_are_asked_for() {
    let place = Place::with_school();
    let before = place.export("tallies");
    let text = "student_id,date,half,code\ns2,2026-05-04,am,M\ns2,2026-05-04,pm,?!\nnobody,2026-05-04,am,M\n";
    let refused = place.import("marks", text);
    assert_eq!(refused.code, 3);
    assert_eq!(place.export("tallies"), before);
    // file:line: column: what is wrong: what would be right.
    let file = place.path.join("marks.csv").display().to_string();
    let lines: Vec<&str> = refused.err.lines().filter(|line| line.starts_with(&file)).collect();
    assert_eq!(lines.len(), 2, "{refused:?}");
    assert!(lines[0].starts_with(&format!("{file}:3: code: ")), "{refused:?}");
    assert!(lines[1].starts_with(&format!("{file}:4: student_id: ")), "{refused:?}");

    // Where the bad rows cannot be written, the good ones are not stored.
    let rejected = format!("{file}.rejected.csv");
    std::fs::create_dir(&rejected).expect("a directory in the way");
    assert_eq!(place.run(&["import", "marks", &file, "--skip-bad-rows"]).code, 2);
    assert_eq!(place.export("tallies"), before);
    std::fs::remove_dir(&rejected).expect("out of the way");

    let skipped = place.run(&["import", "marks", &file, "--skip-bad-rows"]);
    assert_eq!(skipped.code, 3);
    assert!(place.export("tallies")[2].starts_with("s2,2026-T2,28,0,1,"), "the good row counts");
    let rejected = std::fs::read_to_string(format!("{file}.rejected.csv")).expect("the bad rows");
    assert_eq!(rejected.lines().count(), 3, "{rejected}");
    assert!(rejected.starts_with("student_id,date,half,code,reason"), "{rejected}");
}

#[test]
fn the_same_file_again_changes_nothing_and_no_file_passes_for_what_people_enter() {
    let place = Place::with_school();
    let again = place.import("marks", &marks("s1", 4..=8, 'T'));
    assert_eq!(again.code, 0);
    assert!(again.out.contains("nothing changed"), "{again:?}");
    let file = place.file("other.csv", &marks("s2", 4..=4, 'M'));
    assert_eq!(place.run(&["import", "marks", &file, "--source", "starboard"]).code, 3);
    assert_eq!(place.run(&["import", "marks", &file, "--source", "other"]).code, 0);
}

#[test]
fn contacts_come_in_as_a_file() {
    let place = Place::with_school();
    let head = "student_id,contact_id,name,relationship,phone,email,address";
    let refused = place.import("contacts", &format!("{head}\ns1,C1,Hana,Mother,ring me,,\n"));
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains(":2: phone: ") && !refused.err.contains("ring me"), "{refused:?}");
    let stored = place.import("contacts", &format!("{head}\ns1,C1,Hana,Mother,021 555 0101,,\n"));
    assert_eq!(stored.code, 0, "{stored:?}");
    assert!(stored.out.contains("1 rows, 1 changed"), "{stored:?}");
}

#[test]
fn a_response_is_recorded_once_for_a_key() {
    let place = Place::with_school();
    let done = ["--done-at", "2026-05-07T15:00:00+12:00"];
    let note = ["--note", "kānuka-7319"];
    let first = respond(&place, &[&["--threshold", "5", "--key", "k1"], &done[..], &note].concat());
    assert_eq!(first.code, 0, "{first:?}");
    let again = respond(&place, &[&["--threshold", "5", "--key", "k1"], &done[..], &note].concat());
    assert_eq!((again.code, &again.out), (0, &first.out));
    let other = respond(&place, &[&["--key", "k1"], &done[..]].concat());
    assert_eq!(other.code, 3, "the key was used for something else");
    let by_another = place.run(
        &[
            &["respond", "--student", "s1", "--type", "Sent written communication", "--by", "office"],
            &["--threshold", "5", "--key", "k1"][..],
            &done,
            &note,
        ]
        .concat(),
    );
    assert_eq!(by_another.code, 3, "another person's key is no repeat");
    // An empty key is none.
    for _ in 0..2 {
        assert_eq!(respond(&place, &[&["--key", ""], &done[..]].concat()).code, 0);
    }
    let lines = place.export("responses");
    assert_eq!(lines.len(), 4);
    assert!(!lines.concat().contains("kānuka"));
    assert!(
        lines.iter().any(|line| line.contains(",5,Sent written communication,,2026-05-07T15:00:00+12:00,"))
    );

    for wrong in [
        &["--threshold", "5", "--term", "2026-T3"][..],
        &["--threshold", "10"],
        &["--description", "not on the list"],
    ] {
        assert_eq!(respond(&place, &[wrong, &done].concat()).code, 3, "{wrong:?}");
    }
    assert_eq!(respond(&place, &["--done-at", "2026-05-08T15:11:00+12:00"]).code, 3, "still to come");
    assert_eq!(respond(&place, &[&["--threshold", "7"], &done[..]].concat()).code, 2);
    assert_eq!(place.export("responses").len(), 4);
}

#[test]
fn descriptions_are_edited_by_administrators_alone() {
    let place = Place::with_school();
    let describe = |arguments: &[&str]| place.run(&[&["describe"], arguments].concat());
    let listed = || describe(&["list"]).out;
    assert!(listed().starts_with("id,type,description,state\n"));
    let before = listed();
    let add = ["add", "--type", "Other", "--text", "Walking bus invitation", "--by"];
    for who in ["teach", "office"] {
        assert_eq!(describe(&[&add[..], &[who]].concat()).code, 1, "{who}");
    }
    assert_eq!(listed(), before);
    let added = describe(&[&add[..], &["admin"]].concat());
    assert_eq!(added.code, 0, "{added:?}");
    let id = added.out.trim();
    assert_eq!(describe(&["reword", "--id", id, "--to", "Walking school bus", "--by", "admin"]).code, 0);
    assert_eq!(describe(&["retire", "--id", id, "--by", "admin"]).code, 0);
    assert!(listed().contains(&format!("{id},Other,Walking school bus,retired")));
    let restore = ["restore", "--type", "Other", "--text", "Walking school bus", "--by"];
    assert_eq!(describe(&[&restore[..], &["teach"]].concat()).code, 1);
    assert_eq!(describe(&[&restore[..], &["admin"]].concat()).code, 0);
    assert!(listed().contains(&format!("{id},Other,Walking school bus,offered")));
    let named = ["add", "--type", "Other", "--text", "Van Hartwell walks", "--by", "admin"];
    assert_eq!(describe(&named).code, 3, "a name on the roll");
}

#[test]
fn a_tally_is_explained_and_every_derived_row_follows() {
    let place = Place::with_school();
    let explained = place.run(&["explain", "--student", "s1", "--term", "2026-T2"]);
    assert_eq!(explained.code, 0);
    for part in [
        "(s1), Term 2, 2026, up to ",
        "By all that is known now.",
        "2026-05-08 pm (Fri)  ",
        ", number 10. Reached 5 days.",
        "5 days: reached on Fri 8 May, pm",
    ] {
        assert!(explained.out.contains(part), "{part}: {}", explained.out);
    }
    let earlier = ["explain", "--student", "s1", "--term", "2026-T2", "--as-of", "2026-05-07", "--json"];
    let earlier: serde_json::Value = serde_json::from_str(&place.run(&earlier).out).expect("JSON");
    assert_eq!(earlier["tally"]["absent_half_days"], 8);
    assert_eq!(earlier["as_of"], serde_json::json!({ "date": "2026-05-07", "half": "pm" }));
    assert_eq!(earlier["crossings"], serde_json::json!([]));
    let now: serde_json::Value =
        serde_json::from_str(&place.run(&["explain", "--student", "s1", "--term", "2026-T2", "--json"]).out)
            .expect("JSON");
    let last = now["half_days"].as_array().and_then(|lines| lines.iter().find(|line| line["number"] == 10));
    let last = last.expect("the tenth");
    assert_eq!((&last["rule"], &last["threshold_days"]), (&"one_code".into(), &5.into()));
    let event = &now["crossings"][0]["events"][0];
    assert_eq!(
        (&event["kind"], &event["cause"], &event["by"]["kind"]),
        (&"reached".into(), &"mark".into(), &"file".into())
    );
    assert_eq!(
        (&event["change"]["marks"][0]["half"], &event["ministry"]["state"]),
        (&"pm".into(), &"waiting".into())
    );
    let known =
        ["explain", "--student", "s1", "--term", "2026-T2", "--known-at", "2026-05-08T15:09:59+12:00"];
    assert_eq!(place.run(&known).code, 3, "the term was not known then");
    let check = place.run(&["rebuild", "--check"]);
    assert_eq!((check.code, check.out.as_str()), (0, "0 differences\n"));
    assert_eq!(place.run(&["rebuild"]).code, 0);
    let doctor = place.run(&["doctor"]);
    assert_eq!(doctor.code, 0, "{doctor:?}");
    assert!(!doctor.out.contains("WRONG"));
}

#[test]
fn whoever_stops_reading_breaks_nothing() {
    let place = Place::with_school();
    for arguments in [
        &["rebuild", "--check"][..],
        &["doctor"],
        &["explain", "--student", "s1", "--term", "2026-T2"],
        &["export", "half-days", "--term", "2026-T2"],
    ] {
        let mut child = place.start(&[arguments, &["--now", NOW]].concat());
        drop(child.stdout.take());
        let status = child.wait().expect("an end");
        assert_eq!(status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn a_backup_is_restored_as_often_as_it_takes() {
    let place = Place::with_school();
    let file = place.path.join("backup.db").display().to_string();
    assert_eq!(place.run(&["backup", &file]).code, 0);
    assert_eq!(place.run(&["backup", &file]).code, 3, "a backup is never overwritten");
    let before = place.export("tallies");
    assert_eq!(place.import("marks", &marks("s2", 4..=8, 'M')).code, 0);
    assert_ne!(place.export("tallies"), before);
    // Twice at the same fixed time: neither of the databases that stood there is lost.
    for _ in 0..2 {
        let restored = place.run(&["restore", &file]);
        assert_eq!(restored.code, 0, "{restored:?}");
        assert_eq!(place.export("tallies"), before);
    }
    let kept = std::fs::read_dir(&place.data).expect("a directory").filter(|entry| {
        entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("before-restore-"))
    });
    assert_eq!(kept.count(), 2);
    let sent = place.run(&["share", "--dry-run"]).out;
    assert!(sent.contains("\"epoch\":3"), "each restoring begins an epoch that was never used");

    // A damaged database is when a backup is needed most.
    for name in ["starboard.db", "starboard.db-wal"] {
        std::fs::write(place.data.join(name), "no database").expect("damage");
    }
    let restored = place.run(&["restore", &file]);
    assert_eq!(restored.code, 0, "{restored:?}");
    assert_eq!(place.export("tallies"), before);
    assert_eq!(place.run(&["doctor"]).code, 0);

    let junk = place.file("junk.db", "no database");
    assert_eq!(place.run(&["restore", &junk]).code, 3);
    assert_eq!(place.export("tallies"), before);
}

/// A program that runs until the test ends.
struct Running(Child);

impl Running {
    /// Starts it and answers the address that it prints.
    fn start(place: &Place, arguments: &[&str]) -> (Self, String) {
        let mut child = place.start(arguments);
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("an address");
        (Self(child), line.trim().to_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn nothing_is_restored_over_a_database_that_is_in_use() {
    let place = Place::with_school();
    let file = place.path.join("backup.db").display().to_string();
    assert_eq!(place.run(&["backup", &file]).code, 0);
    let (serving, address) = Running::start(&place, &["serve", "--listen", "127.0.0.1:0", "--now", NOW]);
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    let refused = place.run(&["restore", &file]);
    assert_eq!(refused.code, 3, "{refused:?}");
    drop(serving);
    assert_eq!(place.run(&["restore", &file]).code, 0);
}

#[test]
fn what_is_shared_is_what_was_collected_and_no_note_is_in_it() {
    let (place, ministry) = (Place::with_school(), Place::empty());
    assert_eq!(
        place.import("calendar", "date,am,pm,reason\n2026-06-05,closed,closed,Teacher-only day\n").code,
        0
    );
    let note = ["--threshold", "5", "--done-at", NOW, "--note", "kānuka-7319"];
    assert_eq!(respond(&place, &note).code, 0);
    let dry = place.run(&["share", "--dry-run"]);
    assert_eq!(dry.code, 0);
    assert!(dry.out.contains("\"s1\"") && !dry.out.contains("7319"));
    assert_eq!(dry.out, place.run(&["share", "--dry-run"]).out, "a look keeps nothing");

    let (collecting, address) =
        Running::start(&ministry, &["collect", "--listen", "127.0.0.1:0", "--admit-any", "--now", NOW]);
    let send = || place.run(&["share", "--once", "--to", &address]);
    let sent = send();
    assert_eq!(sent.code, 0, "{sent:?}");
    assert!(sent.out.contains("in 1 batches"), "{sent:?}");
    assert!(send().out.starts_with("0 entries"), "once");
    let collected = |what: &str| {
        let answer = ministry.plain(&["collected", what]);
        assert_eq!(answer.code, 0, "{answer:?}");
        answer.out.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(collected("attendance").len(), 10);
    assert_eq!(collected("crossings").len(), 1);
    assert_eq!(collected("responses").len(), 1);
    let closures = collected("closures");
    assert!(
        closures.iter().any(|line| line.contains("2026-06-05") && line.contains("Teacher-only")),
        "{closures:?}"
    );
    assert!(place.export("responses")[1].contains(",received"));

    // The mark that caused the crossing is corrected afterwards.
    assert_eq!(place.import("marks", "student_id,date,half,code\ns1,2026-05-04,am,P\n").code, 0);
    assert_eq!(send().code, 0);
    assert!(collected("crossings")[0].contains("withdrawn"));
    assert_eq!(collected("responses").len(), 1, "what was done was done");
    drop(collecting);
    assert_eq!(send().code, 0, "nothing is owed, so nobody is asked");
}

#[test]
fn a_rehearsal_of_another_year_leaves_sending_free() {
    let (place, ministry) = (Place::with_school(), Place::empty());
    let (_collecting, address) =
        Running::start(&ministry, &["collect", "--listen", "127.0.0.1:0", "--admit-any", "--now", NOW]);
    // Sent in a rehearsal of next year, then of today.
    let later = ["share", "--once", "--to", &address, "--now", "2027-05-08T15:10:00+12:00"];
    assert_eq!(place.plain(&later).code, 0);
    let sent = place.run(&["share", "--once", "--to", &address]);
    assert_eq!(sent.code, 0, "{sent:?}");
}

#[test]
fn the_report_to_the_board_is_the_same_as_csv_and_as_json_and_hides_small_numbers() {
    let place = Place::with_school();
    assert_eq!(respond(&place, &["--threshold", "5", "--done-at", NOW, "--note", "Koro is ill"]).code, 0);
    let report = place.run(&["report", "board", "--term", "2026-T2"]);
    assert_eq!(report.code, 0, "{report:?}");
    let lines: Vec<&str> = report.out.lines().collect();
    assert_eq!(
        lines[..2],
        ["term,as_of,table,row,column,value", "2026-T2,2026-05-08 pm,students,all,count,hidden"]
    );
    assert!(lines.contains(&"2026-T2,2026-05-08 pm,levels,5,reached,hidden"), "{report:?}");
    assert!(lines.contains(&"2026-T2,2026-05-08 pm,levels,15,reached,0"), "{report:?}");
    assert!(!report.out.contains("Koro") && !report.out.contains("s1"), "{report:?}");
    let json = place.run(&["report", "board", "--term", "2026-T2", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(lines.len() - 1));
    assert_eq!(rows[0]["value"], "hidden");
    assert_eq!(place.run(&["report", "board", "--term", "2031-T1"]).code, 3);
    assert_eq!(place.run(&["report", "parents", "--term", "2026-T2"]).code, 2);
}

#[test]
fn a_one_roster_package_is_imported_from_a_folder_and_told_with_file_line_and_column() {
    let place = Place::with_school();
    let folder = place.path.join("roster");
    std::fs::create_dir(&folder).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
    let users = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,\
        middleName,identifier,email,sms,phone,agentSourcedIds,grades,password\n\
        u-1,,,true,o,student,,,Māia,Kōwhai,,s1,,,,,09,CANARY\nu-2,,,true,o,student,,,Van,Hartwell,,s2,,,,,09,\n\
        u-3,,,true,o,Student,,{NSN:0123456787},Mere,Rangi,,s3,,,,,10,\n";
    write("users.csv", users);
    let path = folder.display().to_string();
    let run = |more: &[&str]| place.run(&[&["import", "oneroster", path.as_str()], more].concat());
    let first = run(&[]);
    assert_eq!(first.code, 0, "{first:?}");
    assert!(
        first.out.contains("3 students, 0 members of staff") && first.err.contains("note: "),
        "{first:?}"
    );
    assert_eq!(place.export("tallies").len(), 4);
    let again = run(&[]);
    assert!(again.code == 0 && again.out.contains("nothing changed"), "{again:?}");
    write("users.csv", &format!("{users}u-4,,,true,o,wizard,,,Ana,Adams,,s4,,,,,10,CANARY\n"));
    let refused = run(&[]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("/users.csv:5: role: \"wizard\" is no role that is known: "), "{refused:?}");
    let skipped = run(&["--skip-bad-rows", "--json"]);
    assert_eq!(skipped.code, 3, "{skipped:?}");
    let answer: serde_json::Value = serde_json::from_str(&skipped.out).expect("JSON");
    assert_eq!(
        (answer["stored"].as_bool(), answer["problem_count"].as_u64()),
        (Some(true), Some(1)),
        "{answer}"
    );
    let rejected = std::fs::read_to_string(format!("{path}.rejected.csv")).expect("a file");
    assert!(rejected.starts_with("file,line,sourcedId,reason\nusers.csv,5,u-4,"), "{rejected}");
    assert!(!rejected.contains("CANARY"));
    // Two of three would leave: that is confirmed or not done.
    write("users.csv", &users.lines().take(2).map(|line| format!("{line}\n")).collect::<String>());
    let asked = run(&[]);
    assert!(asked.code == 3 && asked.err.contains("--yes"), "{asked:?}");
    assert_eq!(run(&["--yes"]).code, 0);
    assert_eq!(run(&["--org", "nowhere", "--again"]).code, 3);
    assert_eq!(run(&["--student-id", "birthday"]).code, 2);
    assert_eq!(place.run(&["import", "oneroster", "no-such-folder"]).code, 2);
}
