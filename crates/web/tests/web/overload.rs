//! When too many ask at once, and whether the server says that it is well.

use crate::school::{Answer, Ask, Site, send, urlencoded};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use domain::{ResponseType, Role};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use tokio::sync::Notify;

/// The requests that a server works on at once.
const PLACES: usize = 256;

/// Holds bodies back until it is opened, and counts those that are being waited for.
#[derive(Default)]
struct Gate {
    waiting: AtomicUsize,
    came: Notify,
    is_open: AtomicBool,
    wakers: Mutex<Vec<Waker>>,
}

impl Gate {
    async fn until_waiting(&self, count: usize) {
        while self.waiting.load(Ordering::SeqCst) < count {
            self.came.notified().await;
        }
    }

    fn open(&self) {
        self.is_open.store(true, Ordering::SeqCst);
        self.wakers.lock().expect("the wakers").drain(..).for_each(Waker::wake);
    }
}

/// A form that arrives when its gate opens.
struct Held {
    gate: Arc<Gate>,
    text: Option<Bytes>,
    is_counted: bool,
}

impl http_body::Body for Held {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Self::Error>>> {
        if !self.gate.is_open.load(Ordering::SeqCst) {
            self.gate.wakers.lock().expect("the wakers").push(context.waker().clone());
            if !std::mem::replace(&mut self.is_counted, true) {
                self.gate.waiting.fetch_add(1, Ordering::SeqCst);
                self.gate.came.notify_one();
            }
            return Poll::Pending;
        }
        Poll::Ready(self.text.take().map(|text| Ok(http_body::Frame::data(text))))
    }
}

#[tokio::test]
async fn beyond_what_it_can_do_a_server_says_so_at_once_and_loses_nothing_that_it_took() {
    let site = Site::new();
    let admin = site.person(Role::SmsAdmin);
    let gate = Arc::new(Gate::default());
    let mut under_way = Vec::new();
    for number in 0..PLACES {
        let wording = format!("Breakfast club {number}");
        // A type has room for some of them only.
        let kind = ResponseType::ALL[number % ResponseType::ALL.len()].slug();
        let text = urlencoded(&[("csrf", &admin.csrf), ("type", kind), ("wording", &wording)]);
        let held = Held { gate: Arc::clone(&gate), text: Some(Bytes::from(text)), is_counted: false };
        let request = Request::builder().method("POST").uri("/descriptions").header("host", site.host);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("cookie", format!("__Host-starboard={}", admin.token));
        let request = request.body(Body::new(held)).expect("a request");
        let router = site.router.clone();
        under_way.push(tokio::spawn(async move { send(&router, request).await }));
    }
    gate.until_waiting(PLACES).await;

    let page = site.get("/today", Some(&admin)).await;
    check_refused(&page);
    assert!(page.body.contains("<h1>Very many people are asking at once</h1>"), "{}", page.body);
    let form = site.post("/descriptions", Some(&admin), &[("type", "other"), ("wording", "Too late")]).await;
    check_refused(&form);
    let ask = Ask { headers: vec![("accept", "application/json")], ..Ask::default() };
    let problem = site.ask("GET", "/today", &[], ask).await;
    check_refused(&problem);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    for exempt in ["/health", "/assets/starboard.css"] {
        assert_eq!(site.get(exempt, None).await.status, StatusCode::OK, "{exempt}");
    }

    gate.open();
    for request in under_way {
        assert_eq!(request.await.expect("an answer").status, StatusCode::SEE_OTHER);
    }
    let kept = site.get("/descriptions", Some(&admin)).await;
    assert_eq!(kept.status, StatusCode::OK, "there is room again");
    for number in 0..PLACES {
        assert!(kept.body.contains(&format!("Breakfast club {number}")), "{number}");
    }
    assert!(!kept.body.contains("Too late"));
}

fn check_refused(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
}

#[tokio::test]
async fn the_server_says_whether_its_memory_answers_and_nothing_else() {
    let (kura, _awa) = Site::pair();
    let well = kura.get("/health", None).await;
    assert_eq!((well.status, well.body.as_str()), (StatusCode::OK, "ok\n"));
    assert_eq!(well.header("cache-control"), "no-store");

    let broken = kura.app.store().write(kura.school.number(), |tx| {
        tx.execute("drop table hosted_school", &[])?;
        Ok::<_, app::AppError>(())
    });
    broken.expect("a memory that is broken on purpose");
    for router in [
        web::router(kura.school.clone(), kura.settings()),
        web::router_of_many(kura.app.clone(), kura.settings()),
    ] {
        let request = Request::builder().uri("/health").body(Body::empty()).expect("a request");
        let ill = send(&router, request).await;
        check_refused(&ill);
        for told in ["hosted_school", "Example College", "no such table"] {
            assert!(!ill.body.contains(told), "{told}");
        }
    }
}
