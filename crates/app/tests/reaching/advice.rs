//! When a referral is advised, and when not: each ground by itself.

use crate::{FRIDAY, absent_for_a_week, did, publish, target};
use app::SetHold;
use app::calls::{CallOutcome, RecordCall};
use app::referral::{Advice, Ground};
use domain::{Date, ResponseType, Threshold};
use testkit::{TestSchool, instant, staff_id, student_id};

/// The Monday after two weeks of absence, and the one after that.
const SOON: &str = "2026-05-18T09:30:00+12:00";
const LATER: &str = "2026-05-25T09:30:00+12:00";

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn advised(school: &TestSchool, now: &str) -> (Advice, Vec<Ground>) {
    let view = school.school.referral(&school.staff("dean"), instant(now), &student_id("101"));
    let view = view.expect("a view");
    (view.advice, view.grounds)
}

/// A school in which 101 was absent for two weeks and everything that its plan asks was done.
fn all_done(letter: char) -> impl Iterator<Item = TestSchool> {
    TestSchool::on_each_engine().inspect(move |school| {
        let friday = instant("2026-05-15T15:10:00+12:00");
        school.mark_days(friday, "101", ("2026-05", 4, 8), letter);
        school.mark_days(friday, "101", ("2026-05", 11, 15), letter);
        did(school, friday, ResponseType::ConversationWithWhanau, Threshold::FIVE);
        did(school, friday, ResponseType::DevelopedIndividualSupportPlan, Threshold::TEN);
    })
}

#[test]
fn a_referral_is_advised_once_what_the_plan_asks_was_done_and_had_time_to_work() {
    for school in all_done('T') {
        let friday = date("2026-05-15");
        assert_eq!(advised(&school, SOON), (Advice::Wait, vec![Ground::JustDone(friday)]));
        assert_eq!(advised(&school, LATER), (Advice::Refer, vec![Ground::AllDone]));
    }
}

#[test]
fn little_absence_no_conversation_and_open_steps_each_say_wait() {
    for school in absent_for_a_week() {
        let grounds = [Ground::Early, Ground::NoConversation, Ground::StepsOpen(1)];
        assert_eq!(advised(&school, FRIDAY), (Advice::Wait, grounds.to_vec()));
        // An attempt that reached nobody is no conversation and completes no step.
        did(&school, instant(FRIDAY), ResponseType::UnsuccessfulContactAttempt, Threshold::FIVE);
        assert_eq!(advised(&school, LATER), (Advice::Wait, grounds.to_vec()));
        did(&school, instant(FRIDAY), ResponseType::ConversationWithWhanau, Threshold::FIVE);
        assert_eq!(advised(&school, LATER), (Advice::Wait, vec![Ground::Early]));
    }
}

#[test]
fn illness_and_a_hold_say_do_not_refer_whatever_was_done() {
    for school in all_done('M') {
        assert_eq!(advised(&school, LATER), (Advice::DoNotRefer, vec![Ground::MostlyMedical]));
    }
    for school in all_done('T') {
        let hold = SetHold {
            id: 0,
            student_id: student_id("101"),
            kind: "bereavement".to_owned(),
            why: "canary-why".to_owned(),
            first_day: date("2026-05-18"),
            last_day: date("2026-05-29"),
            reviewer: staff_id("dean"),
        };
        school.school.set_hold(&school.staff("dean"), instant(SOON), hold).expect("held");
        let until = Ground::Held(date("2026-05-29"));
        assert_eq!(advised(&school, LATER), (Advice::DoNotRefer, vec![until]));
        // Once it is over, the advice is as before.
        assert_eq!(advised(&school, "2026-06-02T09:30:00+12:00").0, Advice::Refer);
    }
}

#[test]
fn whoever_left_is_not_referred_and_whoever_was_referred_or_prosecuted_is_not_referred_again() {
    for school in all_done('T') {
        let monday = instant(SOON);
        did(&school, monday, ResponseType::ReferredToExternalAgencies, Threshold::TEN);
        let referred = Ground::Referred(date("2026-05-18"));
        assert_eq!(advised(&school, LATER), (Advice::Wait, vec![referred]));
        did(&school, monday, ResponseType::InitiatedProsecution, Threshold::TEN);
        let (advice, grounds) = advised(&school, "2026-06-02T09:30:00+12:00");
        assert_eq!(advice, Advice::DoNotRefer);
        assert_eq!(grounds, [Ground::Prosecuted(date("2026-05-18")), referred]);
    }
    for school in all_done('T') {
        let leaves = "student_id,nsn,given_name,family_name,preferred_name,year_level,group,start_date,end_date\n\
            101,0123456701,Aroha,Ngāwera,,9,9K,2026-01-27,2026-05-22\n";
        let report = school.import(instant(SOON), app::ImportKind::Students, leaves);
        assert!(report.stored, "{:?}", report.problems);
        assert_eq!(advised(&school, "2026-05-22T09:30:00+12:00").0, Advice::Refer);
        assert_eq!(advised(&school, LATER), (Advice::DoNotRefer, vec![Ground::Left]));
    }
}

#[test]
fn a_plan_that_asks_for_a_referral_only_after_its_earlier_steps_says_wait_until_then() {
    for school in absent_for_a_week() {
        publish(&school);
        let done = |outcome, step| {
            let call = RecordCall {
                target: target("101", Some(step)),
                contact_id: String::new(),
                outcome,
                note: String::new(),
                key: String::new(),
            };
            school.school.record_call(&school.staff("dean"), instant(FRIDAY), call).expect("recorded")
        };
        done(CallOutcome::Spoke, "five/ring");
        let waits = [Ground::Early, Ground::StepsOpen(1), Ground::PlanWaits(None)];
        assert_eq!(advised(&school, SOON), (Advice::Wait, waits.to_vec()));
        done(CallOutcome::Hui, "five/hui");
        // Now the plan itself asks for the referral: it is not early, and that step is no open one.
        assert_eq!(advised(&school, SOON), (Advice::Refer, vec![Ground::AllDone]));
    }
}
