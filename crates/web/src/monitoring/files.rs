//! The tables of a term's review as files. Who is to be mended is on the lists that the review leads to.

use crate::listing::{Listing, Rows};
use crate::words_of::{self, Said};
use app::views::{TermReview, WAITING_DAYS};

/// One of the review's tables.
pub(super) fn of(said: Said, review: &TermReview, part: &str) -> Option<Listing> {
    let words = said.words;
    let levels = &review.levels;
    Some(match part {
        "levels" => Rows::of(words, "review-term-levels", &levels.lines)
            .level("level_days", |line| Some(line.level))
            .number("reached", |line| line.reached)
            .number("in_time", |line| line.in_time)
            .number("later", |line| line.later)
            .number("open", |line| line.open)
            .number("overdue", |line| line.past_due)
            .number("not_owed", |line| line.not_owed)
            .whole("median_school_days", |line| line.waiting.map(|spread| spread.median))
            .whole("ninetieth_school_days", |line| line.waiting.map(|spread| spread.ninetieth))
            .done(),
        "owners" => open(Rows::of(words, "review-term-owners", owners(said, review)), "owner"),
        "groups" => open(Rows::of(words, "review-term-groups", groups(review)), "group"),
        "waits" => Rows::of(words, "review-term-waits", WAITING_DAYS.iter().zip(&levels.waiting_days))
            .number("from_school_days", |((first, _), _)| *first as usize)
            .whole("to_school_days", |((_, last), _)| last.map(i64::from))
            .number("first_responses", |(_, count)| **count)
            .done(),
        "types" => types(said, review),
        "followed" => Rows::of(words, "review-term-followed", &review.followed)
            .level("level_days", |line| Some(line.level))
            .text("type", |line| line.kind.map_or_else(String::new, |kind| kind.name().to_owned()))
            .whole("students", |line| line.followed.map(|all| count(all.students)))
            .tenths("absent_before_percent", |line| line.followed.map(|all| all.before_tenths))
            .tenths("absent_after_percent", |line| line.followed.map(|all| all.after_tenths))
            .whole("absent_less", |line| line.followed.map(|all| count(all.lower)))
            .done(),
        _ => return None,
    })
}

fn count(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Whose the open ones are, and how many of each level.
type Open = (String, [usize; 3]);

fn owners(said: Said, review: &TermReview) -> Vec<Open> {
    let line = |(owner, counts): (&_, &[usize; 3])| (words_of::owner(said.words, owner), *counts);
    review.levels.open_by_owner.iter().map(line).collect()
}

fn groups(review: &TermReview) -> Vec<Open> {
    review.levels.open_by_group.iter().map(|(group, counts)| (group.clone(), *counts)).collect()
}

fn open(rows: Rows<Open>, name: &'static str) -> Listing {
    rows.text(name, |(name, _)| name.clone())
        .number("open_at_5", |(_, counts)| counts[0])
        .number("open_at_10", |(_, counts)| counts[1])
        .number("open_at_15", |(_, counts)| counts[2])
        .done()
}

fn types(said: Said, review: &TermReview) -> Listing {
    let of_type = |used: &'_ app::views::TypeUse| {
        let parts = used.descriptions.iter();
        parts.map(|part| (used.kind, part.wording.clone(), part.counts)).collect::<Vec<_>>()
    };
    let lines: Vec<_> = review.used.types.iter().flat_map(of_type).collect();
    Rows::of(said.words, "review-term-types", lines)
        .text("type", |(kind, ..)| kind.name().to_owned())
        .text("description", |(_, wording, _)| wording.clone())
        .number("at_5", |(.., counts)| counts[0])
        .number("at_10", |(.., counts)| counts[1])
        .number("at_15", |(.., counts)| counts[2])
        .number("at_no_level", |(.., counts)| counts[3])
        .done()
}
