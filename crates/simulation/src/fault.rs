//! What can go wrong on the line, and how often.

use crate::random::Random;

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It arrives and its answer comes back.
    None,
    /// It never arrives.
    LostRequest,
    /// It arrives, and its answer never comes back.
    LostAnswer,
    /// The sender gives up; it arrives hours later, perhaps after others that were sent after it.
    Delay,
    /// It is answered, and arrives once more days later.
    Repeat,
    /// It arrives twice at once.
    Twice,
    /// "Try later" before it was taken, perhaps with a time to wait.
    TryLater,
    /// "Try later", though it was taken.
    TryLaterThoughTaken,
    /// The answer breaks off.
    CutAnswer,
    /// A page of an error with the status of success.
    ErrorPage,
    /// A redirect, as of a page to sign in to a network.
    Redirect,
    /// A receipt of another school.
    WrongSchool,
    /// A receipt for other bytes.
    OtherBytes,
    /// The request breaks off, and arrives so.
    CutRequest,
    /// Something on the way finds the batch too large.
    TooLarge,
    /// The sender's program is killed before the request leaves.
    SenderKilledBefore,
    /// The sender's program is killed before it notes the answer.
    SenderKilledAfter,
    /// The collector's program is killed before it takes the batch.
    CollectorKilledBefore,
    /// The collector's program is killed after it took the batch, before it answers.
    CollectorKilledAfter,
}

impl Fault {
    /// Every fault, with its weight among those that are drawn when something goes wrong.
    pub const WEIGHTS: [(Self, u64); 18] = [
        (Self::LostRequest, 8),
        (Self::LostAnswer, 12),
        (Self::Delay, 10),
        (Self::Repeat, 8),
        (Self::Twice, 4),
        (Self::TryLater, 8),
        (Self::TryLaterThoughTaken, 4),
        (Self::CutAnswer, 5),
        (Self::ErrorPage, 4),
        (Self::Redirect, 3),
        (Self::WrongSchool, 3),
        (Self::OtherBytes, 3),
        (Self::CutRequest, 3),
        (Self::TooLarge, 2),
        (Self::SenderKilledBefore, 4),
        (Self::SenderKilledAfter, 6),
        (Self::CollectorKilledBefore, 3),
        (Self::CollectorKilledAfter, 4),
    ];

    /// Draws what happens, where so many of a thousand requests meet a fault.
    pub fn draw(random: &mut Random, per_mille: u64) -> Self {
        if random.chance(per_mille) { random.weighted(&Self::WEIGHTS, Self::None) } else { Self::None }
    }

    /// Its name in a trace.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "line: fine",
            Self::LostRequest => "line: request lost",
            Self::LostAnswer => "line: answer lost",
            Self::Delay => "line: request delayed",
            Self::Repeat => "line: request repeated",
            Self::Twice => "line: request twice at once",
            Self::TryLater => "line: try later",
            Self::TryLaterThoughTaken => "line: try later, though taken",
            Self::CutAnswer => "line: answer cut",
            Self::ErrorPage => "line: error page",
            Self::Redirect => "line: redirect",
            Self::WrongSchool => "line: wrong school",
            Self::OtherBytes => "line: receipt for other bytes",
            Self::CutRequest => "line: request cut",
            Self::TooLarge => "line: too large",
            Self::SenderKilledBefore => "sender killed before delivery",
            Self::SenderKilledAfter => "sender killed after delivery",
            Self::CollectorKilledBefore => "collector killed before its commit",
            Self::CollectorKilledAfter => "collector killed after its commit",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;
    use crate::random::Random;
    use std::collections::BTreeSet;

    #[test]
    fn every_fault_is_drawn() {
        let mut random = Random::new(1, "faults");
        let drawn: BTreeSet<Fault> = (0..5_000).map(|_| Fault::draw(&mut random, 900)).collect();
        assert_eq!(drawn.len(), Fault::WEIGHTS.len() + 1);
    }
}
