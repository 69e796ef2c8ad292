//! A letter to whānau, from the office's desk over a real mail server to the response that the
//! Ministry holds; refused; put right after a correction. And that nothing private is in it.

mod common;

use app::contacts::SaveContact;
use app::letters::{CORRECTION, RunChoice, SaveLetterhead, SendLetters, Ways};
use app::{ExportKind, ImportKind, Target};
use collector::Export;
use common::{World, half_day, office, student};
use domain::{Channel, Half, Language, ResponseType, Threshold};
use mail::{Post, Server, Way};
use testkit::mail_server::{Answer, MailServer, Step};
use testkit::{Scratch, instant};

const NOTE: &str = "ZXNOTEQ";
const REASON: &str = "ZXREASONQ";

/// A school with a letterhead and a contact for two students who were absent for a week, with a note
/// and a reason kept about each.
fn given_families() -> impl Iterator<Item = World> {
    World::given_a_school_on_each_engine().map(|mut world| {
        for (id, name) in [("s1", "Hera"), ("s3", "Anaru")] {
            world.when_days_are_marked(id, "2026-07-27", 5, 'M');
            world.when_a_reason_is_recorded(id, half_day("2026-07-27", Half::Am), REASON);
            let save = SaveContact {
                student_id: student(id),
                contact_id: String::new(),
                seen: 0,
                place: 0,
                name: format!("{name} Whānau"),
                relationship: "Nan".to_owned(),
                phone: "021 555 0101".to_owned(),
                email: format!("{}@home.example", name.to_lowercase()),
                address: String::new(),
                channel: Channel::Email,
                language: Language::English,
                is_written_to: true,
                key: String::new(),
            };
            world.school.save_contact(&office(), world.now, save).expect("a contact");
        }
        let head = SaveLetterhead { phone: "09 555 0100".to_owned(), ..SaveLetterhead::default() };
        world.school.save_letterhead(&office(), world.now, head).expect("a letterhead");
        world
    })
}

fn ways() -> Ways {
    Ways { email_from: Some("starboard@kura.example".to_owned()), texts_a_day: 10 }
}

/// The office reads a run and confirms all of it.
fn when_it_is_confirmed(world: &World, choice: RunChoice) {
    let draft = world.school.draft_letters(&office(), world.now, choice.clone(), &ways()).expect("a draft");
    let seen = draft.letters.iter().map(|letter| letter.seen.clone()).collect();
    let request = SendLetters { choice, seen, key: "once".to_owned() };
    let first = world.school.send_letters(&office(), world.now, request.clone(), &ways()).expect("a run");
    assert_eq!(world.school.send_letters(&office(), world.now, request, &ways()).expect("again"), first);
}

fn about(ids: &[&str], by: Option<Channel>) -> RunChoice {
    let target = |id: &&str| Target {
        student_id: student(id),
        term: None,
        threshold: Some(Threshold::FIVE),
        step: None,
    };
    RunChoice {
        template: "sent-notification".to_owned(),
        targets: ids.iter().map(target).collect(),
        by,
        corrects: Vec::new(),
    }
}

fn when_mail_goes(world: &World, way: Way) {
    let post = Post::new(world.app.store(), world.school.number(), way);
    post.send(&|| world.now, &|| true).expect("a round");
    world.school.take_in_answers(world.now).expect("taken in");
}

fn to(server: &MailServer) -> Way {
    Server::new(&server.url(), None, "starboard@kura.example").expect("a server").into()
}

#[test]
fn an_e_mail_to_whanau_is_sent_once_and_the_ministry_knows_the_response_and_none_of_its_words() {
    for mut world in given_families() {
        let server = MailServer::new(|step, said| match (step, said) {
            (Step::Recipient, said) if said.contains("anaru") => Answer::Say("550 no such mailbox"),
            _ => Answer::Usual,
        });
        when_it_is_confirmed(&world, about(&["s1", "s3"], None));
        assert!(world.exported(ExportKind::Responses).is_empty(), "nothing is recorded before it went");
        when_mail_goes(&world, to(&server));
        when_mail_goes(&world, to(&server));

        let [mail] = &server.taken()[..] else { panic!("one e-mail, once") };
        assert_eq!(mail.to, "hera@home.example");
        for words in [mail.text(), mail.html()] {
            for said in
                ["Kia ora Hera Whānau", "Monday 27 July, all day", "Friday 31 July, all day", "09 555 0100"]
            {
                assert!(words.contains(said), "{said}: {words}");
            }
            for secret in [NOTE, REASON, "100200300", "Tūī", "Anaru"] {
                assert!(!words.contains(secret), "{secret}: {words}");
            }
        }
        assert!(mail.header("From").contains("starboard@kura.example"), "{}", mail.header("From"));

        let today = world.school.today(&office(), world.now).expect("Today");
        let waiting: Vec<&str> = today.lines.iter().map(|line| line.student.id.as_str()).collect();
        assert_eq!(waiting, ["s3"], "an unsuccessful attempt leaves the task open");
        world.when_it_is_sent(&[]);
        let known = world.collected(Export::Responses).join("\n");
        assert!(known.contains("Sent written communication,Sent notification to whānau"), "{known}");
        assert!(known.contains("Unsuccessful contact attempt"), "{known}");
        let sent = world.wire.sent.lock().expect("lock").concat();
        let sent = String::from_utf8_lossy(&sent).into_owned();
        for own in ["Hera", "home.example", "Kia ora", "no such mailbox"] {
            assert!(!sent.contains(own), "{own} left for the Ministry");
        }
    }
}

#[test]
fn a_correction_of_the_count_is_drafted_and_goes_to_whom_the_first_message_went() {
    for mut world in given_families() {
        let server = MailServer::default();
        when_it_is_confirmed(&world, about(&["s1"], None));
        when_mail_goes(&world, to(&server));
        world.when_it_is_sent(&[]);
        world.later(86_400 * 3);
        world.when_a_mark_is_corrected("s1", half_day("2026-07-28", Half::Pm), 'P');
        let wrong = world.school.wrong_letters(&office(), world.now).expect("a list");
        assert_eq!(wrong.len(), 1);
        let corrects = vec![wrong[0].line.row.id.clone()];
        let choice = RunChoice { template: CORRECTION.to_owned(), corrects, ..RunChoice::default() };
        let draft =
            world.school.draft_letters(&office(), world.now, choice.clone(), &ways()).expect("a draft");
        let seen = draft.letters.iter().map(|letter| letter.seen.clone()).collect();
        let request = SendLetters { choice, seen, key: String::new() };
        world.school.send_letters(&office(), world.now, request, &ways()).expect("a run");
        when_mail_goes(&world, to(&server));
        let taken = server.taken();
        assert_eq!(taken.len(), 2);
        assert_eq!(taken[1].to, taken[0].to);
        assert!(taken[1].text().contains("had been away for 5 days"), "{}", taken[1].text());
        assert!(taken[1].text().contains("Our records now say 4.5 days"), "{}", taken[1].text());
        assert!(world.school.wrong_letters(&office(), world.now).expect("a list").is_empty());
        // The response stays, and the Ministry hears that its level is withdrawn.
        world.when_it_is_sent(&[]);
        assert!(world.collected(Export::Crossings)[0].contains("withdrawn"));
        assert_eq!(world.collected(Export::Responses).len(), 1, "a correction answers no level");
    }
}

#[test]
fn r36_a_text_says_no_count_no_level_and_no_number_of_the_child() {
    for mut world in given_families() {
        let note = NOTE;
        world.when_a_response_is_recorded("s1", 5, ResponseType::Other, note);
        let folder = Scratch::new();
        let address = format!("folder:{}", folder.path().display());
        when_it_is_confirmed(&world, about(&["s1"], Some(Channel::Text)));
        when_mail_goes(&world, Way::texts(&address, None, 10).expect("a folder"));
        let files = std::fs::read_dir(folder.path()).expect("a folder");
        let texts: Vec<String> =
            files.map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("text")).collect();
        let [text] = &texts[..] else { panic!("one text: {texts:?}") };
        assert!(text.contains("+64215550101") && text.contains("Māia has been away lately"), "{text}");
        for secret in [NOTE, REASON, "100200300", "5 days", "10 half", "Orange", "Yellow"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
        let last = world.exported(ExportKind::Responses).pop().expect("a response");
        assert!(last.contains("Sent written communication"), "{last}");
    }
}

#[test]
fn r09_somebody_blocked_by_tonights_file_gets_nothing_that_was_confirmed_today() {
    for mut world in given_families() {
        let server = MailServer::default();
        when_it_is_confirmed(&world, about(&["s1", "s3"], None));
        let view = world.school.contacts(&office(), world.now, student("s1")).expect("contacts");
        let contact = &view.contacts[0];
        let block = app::contacts::BlockContact {
            contact_id: contact.id.clone(),
            seen: contact.seen,
            is_blocked: true,
            why: "protection order".to_owned(),
            confirmed: false,
        };
        world.school.block_contact(&office(), world.now, block).expect("blocked");
        when_mail_goes(&world, to(&server));
        let taken: Vec<String> = server.taken().into_iter().map(|mail| mail.to).collect();
        assert_eq!(taken, ["anaru@home.example"]);
        // A later file that does not know of it changes nothing.
        world.import(
            ImportKind::Contacts,
            "student_id,contact_id,name,relationship,phone,email,address,prefers,language,gets_letters,\
             last_confirmed,do_not_contact,why\n\
             s1,c1,Hera Whānau,Nan,021 555 0101,hera@home.example,,email,en,yes,,,\n",
        );
        let draft = world.school.draft_letters(
            &office(),
            instant("2026-08-08T09:00:00+12:00"),
            about(&["s1"], None),
            &ways(),
        );
        assert!(draft.expect("a draft").letters.is_empty());
    }
}
