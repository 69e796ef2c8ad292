//! A message that a person stops, before each step of sending it and after; and the way of an
//! e-mail into a folder.

use super::*;
use store::mail::Stop;
use testkit::Scratch;

fn stop(queue: &Queue, id: &'static str) -> Stop {
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
        assert_eq!(stop(&queue, "id-ana"), Stop::Stopped);
        assert_eq!(stop(&queue, "id-ana"), Stop::Gone, "it has ended");
        assert_eq!(stop(&queue, "id-nobody"), Stop::Gone, "it is none");
        queue.drain(&server.url());
        assert_eq!((queue.states(), addressees(&server.taken())), (vec!["stopped", "sent"], vec!["rua"]));
        assert_eq!(stop(&queue, "id-rua"), Stop::Gone, "what is sent is sent");
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
            let report = queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round");
            let stopped = outcome.1.recv().expect("asked");
            let may_be = !matches!(step, Step::Data | Step::End);
            assert_eq!(stopped, if may_be { Stop::Stopped } else { Stop::Gone }, "{step:?}");
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
fn a_message_that_is_stopped_while_it_is_handed_over_is_not_tried_again_whatever_the_answer() {
    let later = Answer::Say("451 4.3.0 later");
    for engine in engines() {
        for step in [Step::Data, Step::End] {
            for (answer, state, arrived) in [
                (later, "stopped", false),
                (Answer::Say("421 4.3.2 closing"), "stopped", false),
                (Answer::HangUp, "stopped", step == Step::End),
                (Answer::Say("554 5.7.1 not wanted"), "refused", false),
                (Answer::Usual, "sent", false),
            ] {
                let queue = std::sync::Arc::new(Queue::new(engine, &["ana"]));
                let (at_once, asked) = (std::sync::Arc::clone(&queue), std::sync::Mutex::new(false));
                let server = MailServer::new(move |at, _| {
                    let mut asked = asked.lock().expect("alone");
                    if at != step || *asked {
                        return Answer::Usual;
                    }
                    *asked = true;
                    assert_eq!(stop(&at_once, "id-ana"), Stop::Gone);
                    answer
                });
                queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round");
                let what = format!("{step:?} {answer:?}");
                assert_eq!(queue.states(), [state], "{what}");
                let taken = server.taken().len();
                queue.drain(&server.url());
                assert_eq!((queue.states(), server.taken().len()), (vec![state], taken), "{what}");
                let row = &queue.rows()["ana"];
                assert_eq!(row.unsure > 0, arrived, "{what}");
                assert_eq!(row.stop_asked.as_deref(), Some("stopped by Ana Example"));
            }
        }
    }
}

#[test]
fn a_message_that_is_stopped_while_it_is_handed_over_is_not_tried_again_when_its_sender_dies() {
    for engine in engines() {
        for steps in [3, 4] {
            let (queue, server) = (Queue::new(engine, &["ana", "rua"]), MailServer::default());
            die_after(&queue.post(&server.url()), steps, instant(NOON));
            assert_eq!((stop(&queue, "id-ana"), stop(&queue, "id-ana")), (Stop::Gone, Stop::Gone));
            assert_eq!(queue.states(), ["handed over", "waiting"]);
            queue.drain(&server.url());
            assert_eq!(queue.states(), ["stopped", "sent"], "after {steps} steps");
            let copies = addressees(&server.taken()).iter().filter(|to| **to == "ana").count();
            assert_eq!((copies, queue.rows()["ana"].unsure), (steps - 3, 1), "nobody knows which");
        }
    }
}

#[test]
fn a_message_that_may_have_arrived_can_be_stopped_and_is_not_tried_again() {
    for engine in engines() {
        let queue = Queue::new(engine, &["ana"]);
        let server = MailServer::new(|step, _| match step {
            Step::End => Answer::TakeAndHangUp,
            _ => Answer::Usual,
        });
        queue.post(&server.url()).send(&|| instant(NOON), &|| true).expect("a round");
        assert_eq!(queue.states(), ["waiting"]);
        assert_eq!(stop(&queue, "id-ana"), Stop::MayHaveArrived);
        queue.post(&server.url()).send(&|| instant("2026-05-05T18:00:00+12:00"), &|| true).expect("a round");
        assert_eq!((queue.states(), server.taken().len()), (vec!["stopped"], 1));
    }
}

#[test]
fn a_server_that_is_down_leaves_a_stopped_message_stopped() {
    let queue = Queue::new(Engine::Sqlite, &["ana", "rua"]);
    let post = queue.post(&MailServer::nowhere());
    let Next::Send(row) = post.claim(instant(NOON)).expect("claimed") else { panic!("a message waits") };
    assert_eq!(stop(&queue, "id-ana"), Stop::Stopped);
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
