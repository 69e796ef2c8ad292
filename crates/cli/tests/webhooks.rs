//! Webhooks by the real program: what waits is told by `serve`, and this machine only where that was
//! said.

mod common;

use app::{Actor, App, NewWebhook};
use common::Place;
use domain::{Instant, WebhookEvent};
use std::process::Child;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use testkit::text_provider::{Reply, TextProvider};

const NOON: &str = "2026-05-12T12:00:00+12:00";

struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn serve_tells_what_waits_and_keeps_what_became_of_it() {
    let place = Place::with_school();
    let (came, arrived) = channel::<String>();
    let came = Mutex::new(came);
    let receiver = TextProvider::new(move |asked| {
        let _ = came.lock().expect("alone").send(asked.body.clone());
        Reply::Usual
    });
    let now = Instant::parse(NOON).expect("a time");
    let app = App::open(&place.data).expect("a database").with_webhooks_to_this_machine();
    let school = app.school(None).expect("a school");
    let new = NewWebhook { address: receiver.url(), events: WebhookEvent::OFFERED.to_vec(), owner: None };
    let made = school.add_webhook(&Actor::Operator, now, new).expect("made");
    school.test_webhook(&Actor::Operator, now, &made.id).expect("queued");
    drop((school, app));
    let options = ["serve", "--listen", "127.0.0.1:0", "--now", NOON, "--webhooks-to-this-machine"];
    let serving = Serving(place.start(&options));
    let body = arrived.recv().expect("an event");
    assert!(body.contains(r#""type":"webhook.test""#), "{body}");
    drop(serving);
    let school = App::open(&place.data).expect("a database").school(None).expect("a school");
    let view = school.webhook(&Actor::Operator, now, &made.id).expect("a view");
    assert_eq!((view.deliveries.len(), view.deliveries[0].delivery.tries), (1, 1));
    assert_eq!(receiver.asked().len(), 1);
    // Its page cannot be told to send to this machine where nobody allowed it.
    let new = NewWebhook { address: receiver.url(), events: WebhookEvent::OFFERED.to_vec(), owner: None };
    assert!(school.add_webhook(&Actor::Operator, now, new).is_err());
}
