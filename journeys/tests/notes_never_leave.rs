//! Notes and reasons stay in the school: by comparison of whole payloads, and by markers that
//! are searched for in every byte that is sent, exported, logged or kept by the Ministry.

mod common;

use app::views::TraceRequest;
use app::{Actor, ExportKind, ImportKind, Letterhead, ReviseResponse};
use collector::Export;
use common::{Engine, World, half_day, leader, office, student};
use domain::{Half, ResponseType};
use keys::KeyPair;
use mail::{Post, Server};
use outbox::{Credentials, Folder, Sender, Signer, Streams};
use std::path::Path;
use testkit::leaks::leaks;
use testkit::mail_server::{MailServer, TakenMail};

/// A school's few days with these private texts.
fn live(world: &mut World, note: &str, second_note: &str, reason: &str) -> String {
    world.when_days_are_marked("s1", "2026-07-27", 10, 'M');
    world.when_a_reason_is_recorded("s1", half_day("2026-07-27", Half::Am), reason);
    let id = world.when_a_response_is_recorded("s1", 5, ResponseType::ConversationWithWhanau, note);
    world.later(60);
    let revision = ReviseResponse {
        id: id.clone(),
        seen_version: 1,
        kind: ResponseType::SentWrittenCommunication,
        description: "Sent notification to whānau".to_owned(),
        done_at: world.now.plus_seconds(-300),
        note: second_note.to_owned(),
        confirmed: false,
    };
    world.school.revise_response(&office(), world.now, revision).expect("revised");
    world.when_a_response_is_recorded("s1", 10, ResponseType::Other, note);
    world.when_it_is_sent(&[]);
    id
}

#[test]
fn r01_the_payload_is_the_same_byte_for_byte_whatever_the_notes_say() {
    let texts = ["", "short", "a much longer note, with \"quotes\", commas\nand lines: whānau 🌱"];
    let each = testkit::engines().flat_map(|engine| texts.map(|text| (engine, text)));
    let payloads: Vec<Vec<Vec<u8>>> = each
        .map(|(engine, text)| {
            let mut world = World::seeded(engine, 11);
            live(&mut world, text, text, &format!("reason {text}"));
            std::mem::take(&mut *world.wire.sent.lock().expect("lock"))
        })
        .collect();
    assert!(!payloads[0].is_empty());
    assert!(payloads.iter().all(|payload| *payload == payloads[0]));
}

/// One step of a school's life whose private texts are `private`, drawn from a number.
fn step(world: &mut World, drawn: u64, private: &str) {
    let student = ["s1", "s2", "s3"][(drawn % 3) as usize];
    let days = 1 + (drawn / 3 % 3) as u32;
    let first = ["2026-07-20", "2026-07-27", "2026-08-03"][(drawn / 9 % 3) as usize];
    match drawn / 27 % 5 {
        0 | 1 => world.when_days_are_marked(student, first, days, ['M', '?', 'T', 'P'][(drawn / 135 % 4) as usize]),
        2 => world.when_a_reason_is_recorded(student, half_day(first, Half::Pm), &format!("because {private}")),
        3 => world.import(
            ImportKind::Contacts,
            &format!(
                "student_id,contact_id,name,relationship,phone,email,address\n\
                 {student},c{drawn},Whaea {private},aunt,021 555 0{:03},{private}@whanau.example,1 {private} Road\n",
                private.len()
            ),
        ),
        _ => {
            let kinds = [ResponseType::Other, ResponseType::SentWrittenCommunication];
            let note = format!("note {private}");
            let kind = kinds[(drawn / 135 % 2) as usize];
            if world.exported(ExportKind::Crossings).iter().any(|line| line.starts_with(&format!("{student},"))) {
                world.when_a_response_is_recorded(student, 5, kind, &note);
            }
        }
    }
    world.later(60);
}

#[test]
fn r01_of_random_states_the_bytes_that_would_leave_are_the_same_whatever_is_private() {
    let (schools, steps) = if testkit::is_long() { (500, 20) } else { (10, 20) };
    let mut different = false;
    for seed in 0..schools {
        let [mut one, mut other] = [World::seeded(Engine::Sqlite, seed), World::seeded(Engine::Sqlite, seed)];
        let mut drawn = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut last = Vec::new();
        for _ in 0..steps {
            drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            step(&mut one, drawn >> 20, "A");
            step(&mut other, drawn >> 20, "KARAREA");
            let [ours, theirs] = [&one, &other].map(|world| {
                let calendar = world.school.calendar().expect("a calendar");
                let (store, number) = (world.app.store(), world.school.number());
                outbox::preview(&store, number, calendar, world.now, Streams::BOTH).expect("a preview")
            });
            assert!(ours == theirs, "seed {seed}: what would leave hangs on something private");
            different |= ours != last;
            last = ours;
        }
    }
    assert!(different, "the states do differ from one another");
}

#[test]
fn r02_markers_in_notes_and_reasons_are_found_nowhere_outside() {
    let markers = ["ZXNOTEQQQ", "ZXAGAINQQ", "ZXREASONQ"];
    for mut world in World::given_a_school_on_each_engine() {
        let id = live(&mut world, markers[0], markers[1], markers[2]);

        let mut channels: Vec<(String, Vec<u8>)> = Vec::new();
        let sent = world.wire.sent.lock().expect("lock").clone();
        channels.extend(sent.into_iter().map(|bytes| ("sent".to_owned(), bytes)));
        for what in Export::ALL {
            channels
                .push((format!("collected {}", what.text()), world.collected(what).join("\n").into_bytes()));
        }
        for kind in ExportKind::ALL {
            channels.push((format!("export {}", kind.text()), world.exported(kind).join("\n").into_bytes()));
        }
        let term = domain::TermId::parse(common::TERM).expect("a term");
        let asked = TraceRequest { student: student("s1"), term, as_of: None, known_at: None };
        let trace = world.school.trace(&Actor::Operator, world.now, &asked).expect("a trace");
        channels.push(("explain".to_owned(), format!("{trace:?}").into_bytes()));
        channels.extend(mailed(&world).into_iter().map(|bytes| ("e-mail".to_owned(), bytes)));
        channels.push(("the Ministry's database".to_owned(), world.at_ministry.bytes()));
        // What an error says of a response whose note holds the marker.
        let again = world.school.withdraw_response(&leader(), world.now, id, 99, markers[0].to_owned());
        channels.push(("error".to_owned(), format!("{again:?}").into_bytes()));
        let views = format!(
            "{:?}{:?}",
            world.school.today(&office(), world.now).expect("Today"),
            world.school.sharing(&leader(), world.now).expect("Sharing"),
        );
        channels.push(("views".to_owned(), views.into_bytes()));

        channels.push((
            "the sender's state".to_owned(),
            format!("{:?}", world.school.sender_state()).into_bytes(),
        ));
        channels.push(("digests".to_owned(), digests(&world)));
        channels.extend(parquet(&world).into_iter().map(|bytes| ("Parquet".to_owned(), bytes)));
        channels.extend(filed(&mut world).into_iter().map(|bytes| ("signed files".to_owned(), bytes)));

        for (channel, bytes) in &channels {
            assert_eq!(leaks(&markers, channel, bytes), Vec::<String>::new());
        }
        assert!(channels.len() >= 15, "enough channels were looked at: {}", channels.len());

        // The search can find: the marker is where it belongs.
        let notes = world.school.notes(&leader(), world.now, &student("s1")).expect("notes");
        assert!(notes.iter().any(|note| note.text.contains(markers[0])));
        let own = world.at_school.bytes();
        assert!(own.windows(markers[0].len()).any(|window| window == markers[0].as_bytes()));
    }
}

/// What the Ministry answers about the term, in short.
fn digests(world: &World) -> Vec<u8> {
    let query = "term=2026-T3&firstDay=2026-07-20&lastDay=2026-09-25";
    let collector = world.wire.collector.lock().expect("lock");
    collector.digests("189", query, None, true, world.now).expect("digests").to_json()
}

/// Every file below a directory.
fn files(directory: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).expect("a directory").filter_map(Result::ok) {
        match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            true => found.extend(files(&entry.path())),
            false => found.push(std::fs::read(entry.path()).expect("a file")),
        }
    }
    found
}

/// What analysts at the Ministry get, with everything that there is to get.
fn parquet(world: &World) -> Vec<Vec<u8>> {
    let (place, now) = (testkit::Scratch::new(), world.now);
    let collector = world.wire.collector.lock().expect("lock");
    let mut request = lake::Request {
        directory: place.path(),
        terms: &[],
        with_nsn: true,
        clock: &|| now,
        step: &mut |_| std::ops::ControlFlow::Continue(()),
    };
    assert!(lake::write(&collector, &mut request).expect("written").rows > 0);
    files(place.path())
}

/// What a school without a line carries to the Ministry: everything anew, in signed files.
fn filed(world: &mut World) -> Vec<Vec<u8>> {
    let place = testkit::Scratch::new();
    world.when_the_term_is_restated();
    let pair = || KeyPair::generate().expect("a pair");
    let number = world.school.number();
    let signer = Credentials::Key(Box::new(Signer::new(pair(), number)));
    let folder = Folder::new(place.path(), number, signer, pair().public()).expect("a folder");
    let sender = Sender::new(world.app.store(), number, Box::new(folder));
    let calendar = world.school.calendar().expect("the calendar");
    let report = sender.send(&calendar, Streams::BOTH, world.now, true).expect("handed over");
    assert!(report.posted > 0);
    files(place.path())
}

/// The next school morning's e-mail to everybody, as the mail server and as its readers see it.
fn mailed(world: &World) -> Vec<Vec<u8>> {
    let server = MailServer::default();
    let now = testkit::instant("2026-08-10T07:30:00+12:00");
    let staff = ["office", "leader"].map(testkit::staff_id);
    world.school.set_password_for_rehearsal(now, &staff, testkit::KEY).expect("passwords");
    let letterhead = Letterhead { from: "starboard@school.example".to_owned(), origin: None };
    assert_eq!(world.school.prepare_digests(now, &letterhead).expect("prepared"), 2);
    let known = Server::new(&server.url(), None, &letterhead.from).expect("a server");
    let post = Post::new(world.app.store(), world.school.number(), known.into());
    assert_eq!(post.send(&|| now, &|| true).expect("sent").sent, 2);
    let both = |mail: &TakenMail| [mail.lines.join("\n").into_bytes(), mail.text().into_bytes()];
    server.taken().iter().flat_map(both).collect()
}

#[test]
fn r03_a_note_prints_as_a_mask() {
    let note = store_note();
    assert!(!note.contains("private words"));
}

fn store_note() -> String {
    let mut world = World::given_a_school(testkit::Engine::Sqlite);
    world.when_days_are_marked("s1", "2026-07-27", 5, 'M');
    world.when_a_response_is_recorded("s1", 5, ResponseType::Other, "private words");
    let view = world.school.student(&leader(), world.now, &student("s1"), None).expect("the student");
    format!("{:?}", view.responses)
}
