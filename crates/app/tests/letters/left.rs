//! What left about a child: every message, pack, share and file, and that each look is logged.

use crate::desk::{Desk, MONDAY, NOTICE, TUESDAY};
use app::contacts::BlockContact;
use app::letters::LetterState;
use app::referral::{LeftView, MakeReferral};
use app::{AppError, ExportKind, ExportOptions};
use domain::Channel;
use store::exchange::SealedBatch;
use store::mail::MessageState;
use testkit::{instant, student_id, term_id};

fn left(desk: &Desk, who: &str, student: &str) -> Result<LeftView, AppError> {
    desk.school.school.left_about(&desk.school.staff(who), instant(TUESDAY), &student_id(student))
}

fn export(desk: &Desk, kind: ExportKind, now: &str) {
    let options = ExportOptions { term: term_id("2026-T2"), as_of: None, known_at: None, local: false };
    assert!(!desk.school.export_with(instant(now), kind, options).is_empty());
}

fn count(desk: &Desk, sql: &str) -> i64 {
    let number = desk.school.school.number();
    let rows = desk
        .school
        .app
        .store()
        .read(number, |tx| Ok::<_, store::StoreError>(tx.query(sql, &[number.number().into()])?));
    rows.expect("a count")[0].take(0).expect("a number")
}

fn refer(desk: &Desk, student: &str) -> String {
    let request = MakeReferral {
        student_id: student_id(student),
        receiver: "Te Ara".to_owned(),
        purpose: "Talk".to_owned(),
        why: "so".to_owned(),
        notes: Vec::new(),
        key: String::new(),
    };
    desk.school.school.make_referral(&desk.school.staff("leader"), instant(MONDAY), request).expect("made")
}

#[test]
fn r07_every_message_pack_share_and_file_about_a_child_is_told_and_nobody_elses() {
    for desk in Desk::on_each_engine() {
        assert!(left(&desk, "teacher", "103").expect("a view").letters.is_empty());
        desk.contact("101", "Tama Ngāwera", Channel::Letter);
        desk.send_all(Desk::choice(NOTICE, &["101", "201"]));
        desk.answer(MONDAY, |_| MessageState::Sent);
        let pack = refer(&desk, "101");
        refer(&desk, "201");
        export(&desk, ExportKind::Responses, MONDAY);
        let number = desk.school.school.number();
        let seal = |range: (i64, i64)| {
            let at = instant(MONDAY);
            let write = move |tx: &mut store::Tx<'_>| {
                let batch = SealedBatch { epoch: 1, range, at, digest: "d", bytes: b"b" };
                store::exchange::insert(tx, number, &batch)
            };
            desk.school.app.store().write(number, write).expect("sealed");
        };
        // The entries of 101: ten half-days and a crossing, then the same of 201, then the responses.
        seal((1, 11));
        seal((12, 22));
        let view = left(&desk, "leader", "101").expect("a view");
        let mut sent: Vec<(&str, LetterState)> = view
            .letters
            .iter()
            .map(|letter| (letter.line.row.contact_name.as_str(), letter.line.state))
            .collect();
        sent.sort_unstable();
        assert_eq!(sent, [("Mere Ngāwera", LetterState::Sent), ("Tama Ngāwera", LetterState::ToPost)]);
        assert!(view.letters.iter().all(|letter| !letter.title.is_empty() && !letter.is_hidden));
        assert_eq!(view.referrals.iter().map(|(row, _)| row.id.as_str()).collect::<Vec<_>>(), [pack]);
        let shared: Vec<(i64, &str, usize)> =
            view.shared.iter().map(|part| (part.batch.1, part.kind.as_str(), part.count)).collect();
        assert_eq!(shared, [(1, "attendance", 10), (1, "crossing", 1)]);
        assert_eq!(view.exports.len(), 1);
        assert_eq!(view.exports[0].1, "responses 2026-T2");
        let other = left(&desk, "leader", "201").expect("a view");
        assert_eq!(other.shared.iter().map(|part| part.batch.1).collect::<Vec<_>>(), [12, 12]);
        // What came after the last batch waits, and has not left.
        seal((23, 24));
        let view = left(&desk, "leader", "101").expect("a view");
        assert_eq!(view.shared.last().map(|part| (part.kind.as_str(), part.count)), Some(("response", 1)));
    }
}

#[test]
fn r09_who_must_not_be_contacted_is_named_to_the_office_and_leaders_alone() {
    for desk in Desk::on_each_engine() {
        desk.send_all(Desk::choice(NOTICE, &["101"]));
        let (office, now) = (desk.school.staff("office"), instant(MONDAY));
        let line = desk
            .school
            .school
            .contacts(&office, now, student_id("101"))
            .expect("contacts")
            .contacts
            .remove(0);
        let seen = |who: &str| left(&desk, who, "101").expect("a view").letters.remove(0);
        assert_eq!(seen("teacher").line.row.contact_name, "Mere Ngāwera");
        let block = BlockContact {
            contact_id: line.id,
            seen: line.seen,
            is_blocked: true,
            why: "order".to_owned(),
            confirmed: false,
        };
        desk.school.school.block_contact(&office, now, block).expect("blocked");
        for who in ["teacher", "dean"] {
            let hidden = seen(who);
            let row = hidden.line.row;
            assert!(hidden.is_hidden, "{who}");
            assert_eq!([row.contact_name, row.sent_to, row.words], ["", "", ""], "{who}");
        }
        for who in ["office", "leader"] {
            let shown = seen(who);
            assert!(!shown.is_hidden && shown.line.row.contact_name == "Mere Ngāwera", "{who}");
        }
    }
}

#[test]
fn r28_each_look_is_logged_and_a_student_out_of_reach_is_not_there() {
    for desk in Desk::on_each_engine() {
        let acts =
            "select count(*) from act where school = $1 and kind = 'see_what_left' and subject = '101'";
        let reads = "select count(*) from contact_read where school = $1 and student_id = '101'";
        let before = (count(&desk, acts), count(&desk, reads));
        left(&desk, "teacher", "101").expect("a view");
        assert_eq!((count(&desk, acts), count(&desk, reads)), (before.0 + 1, before.1 + 1));
        for (who, student) in [("teacher", "201"), ("admin", "101"), ("teacher", "999")] {
            assert!(matches!(left(&desk, who, student), Err(AppError::NotFound(_))), "{who} {student}");
        }
        assert_eq!((count(&desk, acts), count(&desk, reads)), (before.0 + 1, before.1 + 1));
    }
}

#[test]
fn r07_an_export_is_written_down_and_changes_nothing_else() {
    for desk in Desk::on_each_engine() {
        let outbox = "select count(*) from outbox where school = $1";
        let exports = "select count(*) from act where school = $1 and kind = 'export'";
        let before = (desk.school.everything(instant(MONDAY)), count(&desk, outbox));
        let written = count(&desk, exports);
        // Asked for as of long after: no half-day is settled for it, and what was known stays known.
        export(&desk, ExportKind::Tallies, "2026-07-02T16:00:00+12:00");
        assert_eq!(count(&desk, outbox), before.1);
        let options = ExportOptions {
            term: term_id("2026-T2"),
            as_of: None,
            known_at: Some(instant("2026-05-01T09:00:00+12:00")),
            local: false,
        };
        let then = desk.school.export_with(instant(MONDAY), ExportKind::Crossings, options);
        assert!(then.is_empty(), "nothing was known then");
        assert_eq!(count(&desk, exports), written + 2);
        assert_eq!(desk.school.everything(instant(MONDAY)), before.0);
        // A term that is not there leaves no trace: nothing left.
        let unknown = ExportOptions { term: term_id("2031-T1"), known_at: None, ..options };
        let refused = desk.school.school.export(instant(MONDAY), ExportKind::Tallies, unknown, &mut |_| {});
        assert!(matches!(refused, Err(AppError::Invalid(_))));
        let all = count(&desk, exports);
        assert_eq!(all, written + 2 + 4);
    }
}
