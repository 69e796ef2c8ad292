//! A message that a person stops, before each step of sending it and after; and the way of an
//! e-mail into a folder.

use super::*;
use testkit::Scratch;

fn stop(queue: &Queue, id: &'static str) -> bool {
    let (number, at) = (queue.number, instant(NOON));
    let stopped = queue.school.app.store().write(number, move |tx| {
        Ok::<_, MailError>(store::mail::stop(tx, number, id, at, "stopped by Ana Example")?)
    });
    stopped.expect("asked")
}

#[test]
fn a_message_that_waits_is_stopped_once_and_never_sent() {
    for engine in engines() {
        let (queue, server) = (Queue::new(engine, &["ana", "rua"]), MailServer::default());
        assert!(stop(&queue, "id-ana"));
        assert!(!stop(&queue, "id-ana") && !stop(&queue, "id-nobody"), "it has ended, or is none");
        queue.drain(&server.url());
        assert_eq!((queue.states(), addressees(&server.taken())), (vec!["stopped", "sent"], vec!["rua"]));
        assert!(!stop(&queue, "id-rua"), "what is sent is sent");
        let row = &queue.rows()["ana"];
        assert_eq!(row.answer.as_deref(), Some("stopped by Ana Example"));
        assert_eq!(row.answered_at, Some(instant(NOON)));
        assert!(row.state.is_final());
    }
}

#[test]
fn a_message_is_stopped_at_every_step_before_it_is_handed_over_and_at_none_after() {
    for engine in engines() {
        for step in Step::OF_A_MESSAGE {
            let queue = std::sync::Arc::new(Queue::new(engine, &["ana", "rua"]));
            let (at_once, outcome) = (std::sync::Arc::clone(&queue), channel());
            let told = std::sync::Mutex::new(Some(outcome.0));
            // The server stops for a moment, at that step, and meanwhile a person stops the first.
            let server = MailServer::new(move |at, _| {
                if at == step
                    && let Some(told) = told.lock().expect("alone").take()
                {
                    told.send(stop(&at_once, "id-ana")).expect("a test that waits");
                }
                Answer::Usual
            });
            let report = queue.post(&server.url()).send(instant(NOON), &|| true).expect("a round");
            let is_stopped = outcome.1.recv().expect("asked");
            let may_be = !matches!(step, Step::Data | Step::End);
            assert_eq!(is_stopped, may_be, "{step:?}");
            let (first, sent) = if may_be { ("stopped", vec!["rua"]) } else { ("sent", vec!["ana", "rua"]) };
            assert_eq!(
                (queue.states(), addressees(&server.taken())),
                (vec![first, "sent"], sent),
                "{step:?}"
            );
            assert_eq!((report.sent, report.failed), (server.taken().len(), 0));
        }
    }
}

#[test]
fn a_message_that_may_have_arrived_can_be_stopped_and_is_not_tried_again() {
    let queue = Queue::new(Engine::Sqlite, &["ana"]);
    let server = MailServer::new(|step, _| match step {
        Step::End => Answer::TakeAndHangUp,
        _ => Answer::Usual,
    });
    queue.post(&server.url()).send(instant(NOON), &|| true).expect("a round");
    assert_eq!(queue.states(), ["waiting"]);
    assert!(stop(&queue, "id-ana"));
    queue.post(&server.url()).send(instant("2026-05-05T18:00:00+12:00"), &|| true).expect("a round");
    assert_eq!((queue.states(), server.taken().len()), (vec!["stopped"], 1));
}

#[test]
fn a_server_that_is_down_leaves_a_stopped_message_stopped() {
    let queue = Queue::new(Engine::Sqlite, &["ana", "rua"]);
    let post = queue.post(&MailServer::nowhere());
    let Next::Send(row) = post.claim(instant(NOON)).expect("claimed") else { panic!("a message waits") };
    assert!(stop(&queue, "id-ana"));
    let down = Verdict::Down("refused".to_owned());
    post.note(&row, &down, instant(NOON)).expect("noted");
    assert_eq!(queue.states(), ["stopped", "waiting"]);
    assert_eq!(queue.rows()["rua"].attempts, 1, "the other one hears the same");
}

#[test]
fn a_folder_takes_each_e_mail_as_one_file_whoever_dies() {
    for engine in engines() {
        for steps in 0..=3 {
            let (queue, scratch) = (Queue::new(engine, &["ana", "no body", "rua"]), Scratch::new());
            let path = scratch.file("mail");
            let address = format!("folder:{}", path.display());
            let way = Way::mail(&address, None, "starboard@school.example").expect("a folder");
            assert_eq!(way.to_string(), address);
            texts::die_after(&queue.by(way.clone()), steps, instant(NOON));
            queue.drain_by(&queue.by(way));
            assert_eq!(queue.states(), ["sent", "refused", "sent"], "after {steps} steps");
            let entries = std::fs::read_dir(&path).expect("a folder");
            let mut names: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
            names.sort();
            assert_eq!(names, ["id-ana.eml", "id-rua.eml"]);
            let text = std::fs::read_to_string(path.join("id-ana.eml")).expect("a file");
            let lines = text.split("\r\n").map(str::to_owned).collect();
            let mail = TakenMail { from: String::new(), to: String::new(), lines };
            assert_eq!(mail.header("To"), "ana@school.example");
            assert_eq!(mail.text().trim_end(), queue.rows()["ana"].body);
            assert!(text.ends_with("\r\n"));
        }
    }
}
