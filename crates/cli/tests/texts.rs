//! Texts and folders by the real program: what waits leaves by the way that is named and by no
//! other, a token is shown nowhere, and a demo keeps everything on the machine.

mod common;

use app::{App, AppError};
use common::Place;
use domain::{Channel, Instant};
use std::io::{BufRead, BufReader};
use std::process::Child;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use store::mail::{MessageState, NewMessage};
use testkit::text_provider::{Reply, TextProvider};

const NOON: &str = "2026-05-12T12:00:00+12:00";
const FROM: [&str; 2] = ["--mail-from", "starboard@kura.example"];

struct Serving(Child);

impl Serving {
    fn start(place: &Place, options: &[&str]) -> Self {
        Self(place.start(&[&["serve", "--listen", "127.0.0.1:0", "--now", NOON], options].concat()))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Puts a message home into the queue.
fn put(place: &Place, id: &'static str, channel: Channel) {
    let app = App::open(&place.data).expect("a database");
    let school = app.school(None).expect("a school");
    let is_text = channel == Channel::Text;
    let text = |text: &str, other: &str| if is_text { text.to_owned() } else { other.to_owned() };
    let message = NewMessage {
        id: id.to_owned(),
        kind: "home",
        channel,
        day: "2026-05-12".parse().expect("a date"),
        recipient: id.to_owned(),
        from_address: text("", "starboard@kura.example"),
        sender_name: text("", "Kura o te Awa"),
        reply_to: text("", "office@kura.example"),
        to_address: text("+64215550101", "whanau@home.example"),
        subject: text("", "Ngā rā o Māia"),
        body: format!("Kia ora {id}"),
        html: text("", "<p>Kia ora</p>"),
    };
    let (number, at) = (school.number(), Instant::parse(NOON).expect("a time"));
    let kept = app
        .store()
        .write(number, move |tx| Ok::<_, AppError>(store::mail::insert(tx, number, &message, at)?));
    assert!(kept.expect("kept"));
}

fn state(place: &Place, id: &str) -> (MessageState, String) {
    let app = App::open(&place.data).expect("a database");
    let number = app.school(None).expect("a school").number();
    let row = app.store().read(number, |tx| Ok::<_, AppError>(store::mail::get(tx, number, id)?));
    let row = row.expect("read").expect("a message");
    (row.state, row.answer.unwrap_or_default())
}

#[test]
fn r36_texts_leave_by_the_provider_that_is_named_and_its_token_stands_nowhere() {
    let place = Place::with_school();
    for (id, channel) in [("t1", Channel::Text), ("t2", Channel::Text), ("e1", Channel::Email)] {
        put(&place, id, channel);
    }
    let (came, arrived) = channel::<String>();
    let came = Mutex::new(came);
    let server = TextProvider::new(move |asked| {
        let _ = came.lock().expect("alone").send(asked.field("reference"));
        Reply::Echo
    });
    let token = place.file("token", "kahikatea\n");
    let url = server.url();
    let serving = Serving::start(&place, &["--texts", &url, "--texts-token-file", &token]);
    // The first is noted before the second goes.
    assert_eq!([arrived.recv().expect("a text"), arrived.recv().expect("a text")], ["t1", "t2"]);
    drop(serving);
    assert_eq!(server.asked()[0].header("authorization"), "Bearer kahikatea");
    assert_eq!(server.taken()[0].field("text"), "Kia ora t1");
    let (sent, answer) = state(&place, "t1");
    assert!(sent == MessageState::Sent && answer.contains("Bearer …"), "{answer}");
    assert_eq!(state(&place, "e1").0, MessageState::Waiting, "no server for e-mail was named");
    for entry in std::fs::read_dir(&place.data).expect("the data") {
        let path = entry.expect("an entry").path();
        let bytes = if path.is_file() { std::fs::read(&path).expect("a file") } else { Vec::new() };
        assert!(!bytes.windows(9).any(|window| window == b"kahikatea"), "{}", path.display());
    }
    let listed = place.plain(&["mail", "list", "--now", NOON]);
    assert_eq!(listed.out.lines().count(), 1, "messages home are none of this list's: {listed:?}");
}

#[test]
fn a_check_tries_each_way_that_is_named_and_sends_nothing() {
    let (place, server) = (Place::empty(), TextProvider::default());
    let folder = format!("folder:{}", place.path.join("out").display());
    let options = ["mail", "check", "--smtp", &folder, "--texts", &server.url(), "--texts-a-day", "40"];
    let good = place.plain(&[&options[..], &FROM].concat());
    assert_eq!(good.code, 0, "{good:?}");
    assert!(
        good.out.contains("takes e-mail from starboard@kura.example: messages can be written there"),
        "{good:?}"
    );
    assert!(good.out.contains("is for texts, at most 40 a day: reached, it answered 202"), "{good:?}");
    assert!(server.asked()[0].line.starts_with("OPTIONS") && server.asked()[0].body.is_empty());
    let json = place.plain(&[&options[..], &FROM, &["--json"]].concat());
    assert!(json.out.contains("\"texts\":\"http://"), "{json:?}");
    let down = place.plain(&["mail", "check", "--texts", &TextProvider::nowhere()]);
    assert!(down.code == 1 && down.err.contains("refused"), "{down:?}");
    // Named without a value it is the folder in the data directory.
    let own = place.plain(&["mail", "check", "--texts"]);
    assert!(own.code == 0 && own.out.contains("/data/texts is for texts"), "{own:?}");
}

#[test]
fn r36_what_cannot_be_meant_for_texts_is_said_and_no_token_with_it() {
    let place = Place::with_school();
    let spaced = place.file("spaced", "kahikatea and more");
    let cases: [(&[&str], &str); 6] = [
        (&["--texts", "http://texts.example"], "do not travel unprotected"),
        (&["--texts", "https://kahikatea@texts.example"], "leave what is secret out"),
        (&["--texts", "https://texts.example", "--texts-token-file", "/nowhere"], "/nowhere"),
        (&["--texts", "https://texts.example", "--texts-token-file", &spaced], "no token"),
        (&["--texts", "smtp://127.0.0.1"], "by https"),
        (&["--texts", "https://texts.example", "--texts-a-day", "0"], "--texts-a-day"),
    ];
    for (options, why) in cases {
        let refused = place.run(&[&["serve", "--listen", "127.0.0.1:0"][..], options].concat());
        assert_eq!(refused.code, 2, "{options:?}: {refused:?}");
        assert!(refused.err.contains(why), "{options:?}: {refused:?}");
        assert!(!refused.err.contains("kahikatea"), "{refused:?}");
    }
    let other = ["--database", "postgres://a:b@127.0.0.1/c"];
    let nowhere = place.file("unused", "");
    let data = ["mail", "check", "--texts", &format!("folder:{nowhere}")];
    let no_folder = place.plain(&data);
    assert!(no_folder.code == 1 && no_folder.err.contains("unused"), "{no_folder:?}");
    let no_directory = place.plain(&[&["mail", "check", "--texts"][..], &other].concat());
    assert!(no_directory.code == 2, "{no_directory:?}");
}

#[test]
fn a_demo_keeps_what_would_leave_as_files_and_says_so() {
    let place = Place::empty();
    let now = ["--now", "2026-05-12T07:30:00+12:00"];
    let mut child =
        place.start(&[&["demo", "--students", "60", "--listen", "127.0.0.1:0"][..], &now].concat());
    let lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
    let told: Vec<String> = lines.take_while(|line| !line.starts_with("password")).collect();
    let _ = child.kill();
    let _ = child.wait();
    for (name, folder) in [("mail ", "/data/mail"), ("texts ", "/data/texts")] {
        let line = told.iter().find(|line| line.starts_with(name)).expect(name);
        assert!(line.contains(folder) && line.contains("none leaves this machine"), "{told:?}");
    }
}
