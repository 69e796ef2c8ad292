//! Notes and reasons stay in the school: by comparison of whole payloads, and by markers that
//! are searched for in every byte that is sent, exported, logged or kept by the Ministry.

mod common;

use app::views::TraceRequest;
use app::{Actor, ExportKind, Letterhead, ReviseResponse};
use collector::Export;
use common::{World, half_day, leader, office, student};
use domain::{Half, ResponseType};
use mail::{Post, Server};
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

#[test]
fn r02_markers_in_notes_and_reasons_are_found_nowhere_outside() {
    let markers = ["ZXNOTEQ", "ZXAGAINQ", "ZXREASONQ"];
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

        for (channel, bytes) in &channels {
            for marker in markers {
                for (encoding, encoded) in encodings(marker) {
                    let found = bytes.windows(encoded.len()).any(|window| window == encoded);
                    assert!(!found, "{marker} leaked as {encoding} into {channel}");
                }
            }
        }
        assert!(channels.len() >= 11, "enough channels were looked at: {}", channels.len());

        // The search can find: the marker is where it belongs.
        let notes = world.school.notes(&leader(), world.now, &student("s1")).expect("notes");
        assert!(notes.iter().any(|note| note.text.contains(markers[0])));
        let own = world.at_school.bytes();
        assert!(own.windows(markers[0].len()).any(|window| window == markers[0].as_bytes()));
    }
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

/// A marker as it might look after encoding.
fn encodings(marker: &str) -> Vec<(&'static str, Vec<u8>)> {
    let hex: String = marker.bytes().map(|byte| format!("{byte:02x}")).collect();
    let utf16: Vec<u8> = marker.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut all = vec![
        ("raw", marker.as_bytes().to_vec()),
        ("lower case", marker.to_lowercase().into_bytes()),
        ("hex", hex.clone().into_bytes()),
        ("HEX", hex.to_uppercase().into_bytes()),
        ("UTF-16", utf16),
    ];
    // Base64 of a text depends on where in three bytes it stands; the middle is the same.
    for shift in 0..3 {
        let padded = format!("{}{marker}", "x".repeat(shift));
        let encoded = base64(padded.as_bytes());
        all.push(("base64", encoded[4..encoded.len() - 4].to_vec()));
    }
    all
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = Vec::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for place in (0..4).rev() {
            out.push(ALPHABET[(word >> (6 * place) & 63) as usize]);
        }
    }
    out
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
