//! What is said of an event: JSON that follows from its row and from nothing else, so that it is the
//! same to the last byte however often it is sent.
//!
//! Identities and facts alone. There is no field for a name, an NSN, a note or a reason, and the row has
//! none to fill it with.

use domain::{SchoolNumber, Zone};
use serde::Serialize;
use store::webhook::{EventAbout, EventRow};

#[derive(Serialize)]
struct Body<'e> {
    id: &'e str,
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    school_number: i64,
    data: Data<'e>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Data<'e> {
    Test {},
    Crossing {
        student_id: &'e str,
        term: String,
        threshold: i64,
        state: &'static str,
        change: &'static str,
        event: i64,
        reached_on: String,
        half: &'static str,
    },
    Response {
        response_id: &'e str,
        version: i64,
        state: &'static str,
        student_id: &'e str,
        term: String,
        threshold: Option<i64>,
        #[serde(rename = "type")]
        kind: &'static str,
        description: Option<&'e str>,
        done_at: String,
    },
}

/// The body of an event.
///
/// # Panics
/// Never: it holds only texts and numbers.
#[must_use]
pub fn body(school: SchoolNumber, zone: Zone, event: &EventRow) -> Vec<u8> {
    let data = match &event.about {
        EventAbout::Nothing => Data::Test {},
        EventAbout::Crossing(of) => Data::Crossing {
            student_id: of.student_id.as_str(),
            term: of.term.to_string(),
            threshold: of.threshold.days(),
            state: of.change.state().text(),
            change: of.change.text(),
            event: of.event,
            reached_on: of.reached.date.to_string(),
            half: of.reached.half.text(),
        },
        EventAbout::Response(of) => Data::Response {
            response_id: &of.response_id,
            version: of.version,
            state: if of.withdrawn { "withdrawn" } else { "recorded" },
            student_id: of.student_id.as_str(),
            term: of.term.to_string(),
            threshold: of.threshold.map(domain::Threshold::days),
            kind: of.kind.slug(),
            description: Some(of.description.as_str()).filter(|text| !text.is_empty()),
            done_at: zone.text(of.done_at),
        },
    };
    let body = Body {
        id: &event.id,
        kind: event.kind.text(),
        timestamp: zone.text(event.at),
        school_number: school.number(),
        data,
    };
    serde_json::to_vec(&body).expect("texts and numbers")
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{EventKind, ResponseType, Threshold, WebhookEvent};
    use store::webhook::{OfCrossing, OfResponse};

    fn said(kind: WebhookEvent, about: EventAbout) -> String {
        let at = testkit::instant("2026-05-04T15:10:00+12:00");
        let id = "019df0a1-0000-7000-8000-000000000001".to_owned();
        let school = SchoolNumber::parse("189").expect("a number");
        let row = EventRow { id, act: 7, at, kind, about };
        String::from_utf8(body(school, Zone::Auckland, &row)).expect("UTF-8")
    }

    fn head(kind: &str) -> String {
        format!(
            r#"{{"id":"019df0a1-0000-7000-8000-000000000001","type":"{kind}","timestamp":"2026-05-04T15:10:00+12:00","school_number":189,"data":"#
        )
    }

    const GUIDE: &str = include_str!("../../../docs/api/webhooks.md");

    #[test]
    fn a_body_says_what_the_guide_to_it_says() {
        let crossing = OfCrossing {
            student_id: testkit::student_id("S1"),
            term: testkit::term_id("2026-T2"),
            threshold: Threshold::MINISTRY[0],
            change: EventKind::Withdrawn,
            event: 2,
            reached: testkit::half_day("2026-05-04 am"),
        };
        let response = OfResponse {
            response_id: "r1".to_owned(),
            version: 2,
            withdrawn: true,
            student_id: testkit::student_id("S1"),
            term: testkit::term_id("2026-T2"),
            threshold: Some(Threshold::MINISTRY[0]),
            kind: ResponseType::ConversationWithWhanau,
            description: "Hui with whānau".to_owned(),
            done_at: testkit::instant("2026-05-04T09:00:00+12:00"),
        };
        let slug = response.kind.slug();
        let taken_back = said(WebhookEvent::CrossingWithdrawn, EventAbout::Crossing(crossing));
        assert_eq!(
            taken_back,
            head("crossing.withdrawn")
                + r#"{"student_id":"S1","term":"2026-T2","threshold":5,"state":"withdrawn","change":"withdrawn","event":2,"reached_on":"2026-05-04","half":"am"}}"#
        );
        let without = OfResponse { threshold: None, description: String::new(), ..response.clone() };
        let rest = |threshold: &str, description: &str| {
            format!(
                r#"{{"response_id":"r1","version":2,"state":"withdrawn","student_id":"S1","term":"2026-T2","threshold":{threshold},"type":"{slug}","description":{description},"done_at":"2026-05-04T09:00:00+12:00"}}}}"#
            )
        };
        let whole = said(WebhookEvent::ResponseChanged, EventAbout::Response(response));
        assert_eq!(whole, head("response.changed") + &rest("5", r#""Hui with whānau""#));
        assert!(GUIDE.contains(&format!("\n{taken_back}\n")) && GUIDE.contains(&format!("\n{whole}\n")));
        assert_eq!(
            said(WebhookEvent::ResponseChanged, EventAbout::Response(without)),
            head("response.changed") + &rest("null", "null")
        );
        assert_eq!(said(WebhookEvent::Test, EventAbout::Nothing), head("webhook.test") + "{}}");
        for event in WebhookEvent::OFFERED.into_iter().chain([WebhookEvent::Test]) {
            assert!(GUIDE.contains(&format!("| `{}` |", event.text())), "{event:?}");
        }
    }
}
