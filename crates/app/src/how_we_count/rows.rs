//! What the worked examples of "How we count" are made of, and what a person worked out beside each.
//!
//! `examples` works them out with `domain`; a test there holds that the two agree. Rows of one section
//! stand together.

/// What an example is made of.
pub(super) enum Given {
    /// A term in letters, and after each correction.
    Term(&'static [&'static str]),
    /// Present half-days and absent ones alone: the percentage.
    Percent(&'static str),
    /// A day of periods, each a code with its minutes, the morning before the bar.
    Day(&'static str),
    /// A term in which a list is loaded that makes late an unjustified absence from Thursday on.
    LateList(&'static str),
}

/// An example before it is worked out: its section, title, what is given and what is expected.
pub(super) type Row = (&'static str, &'static str, Given, &'static [&'static str]);

use Given::{Day, LateList, Percent, Term as Letters};

pub(super) const ROWS: &[Row] = &[
    (
        "half-days",
        "Ten half-days are five days",
        Letters(&["MM MM MM MM MM"]),
        &["5.0 days absent (10 half-days), band yellow. 5 days reached on Friday 24 July, afternoon."],
    ),
    (
        "half-days",
        "Nine half-days are not five days",
        Letters(&["MM MM MM MM MP"]),
        &["4.5 days absent (9 half-days), band green."],
    ),
    (
        "half-days",
        "Single half-days add up",
        Letters(&["MP PM MP PM MP"]),
        &["2.5 days absent (5 half-days), band green."],
    ),
    (
        "codes",
        "Justified, unjustified and unknown absence count alike",
        Letters(&["MM TT ?? GE JU"]),
        &[
            "5.0 days absent (10 half-days), 1.0 of them unknown, band yellow. 5 days reached on Friday 24 July, afternoon.",
        ],
    ),
    (
        "codes",
        "Late, a trip and an appointment outside are present",
        Letters(&["LP QQ DP PP PP"]),
        &["0.0 days absent (0 half-days), band green."],
    ),
    (
        "not-counted",
        "A half-day without a mark is neither present nor absent",
        Letters(&["MM .. MM P. PP"]),
        &["2.0 days absent (4 half-days), 3 half-days without a mark, band green."],
    ),
    (
        "not-counted",
        "A day of which only the morning is open",
        Letters(&["MM MM MM MM M- MM"]),
        &["5.5 days absent (11 half-days), band yellow. 5 days reached on Monday 27 July, morning."],
    ),
    (
        "not-counted",
        "A holiday entered beforehand does not count yet",
        Letters(&["MM MM MM MP | GG"]),
        &["3.5 days absent (7 half-days), band green."],
    ),
    (
        "not-counted",
        "A student who arrives in the second week",
        Letters(&["__ __ __ __ __  MM PP"]),
        &["1.0 days absent (2 half-days), band green."],
    ),
    (
        "not-counted",
        "A student who leaves and returns in the same term",
        Letters(&["MM MM MM __ __  MM MM"]),
        &["5.0 days absent (10 half-days), band yellow. 5 days reached on Tuesday 28 July, afternoon."],
    ),
    (
        "levels",
        "Three weeks away reach all three levels",
        Letters(&["MM MM MM MM MM  MM MM MM MM MM  MM MM MM MM MM"]),
        &[
            "15.0 days absent (30 half-days), band red. 5 days reached on Friday 24 July, afternoon. 10 days reached on Friday 31 July, afternoon. 15 days reached on Friday 7 August, afternoon.",
        ],
    ),
    (
        "percentage",
        "Exactly 90 % is not above 90 %",
        Percent("MM PP PP PP PP  PP PP PP PP PP"),
        &["Present on 18 of 20 marked half-days: 90.0 %, irregular. Band green."],
    ),
    (
        "percentage",
        "Half-days without a mark are left out",
        Percent("MP P. .. PP"),
        &["Present on 4 of 5 marked half-days: 80.0 %, moderate. Band green."],
    ),
    (
        "corrections",
        "A correction withdraws a level and another restores it",
        Letters(&["MM MM MM MM M?", "MM MM MM MM MD", "MM MM MM MM MM"]),
        &[
            "5.0 days absent (10 half-days), 0.5 of them unknown, band yellow. 5 days reached on Friday 24 July, afternoon.",
            "4.5 days absent (9 half-days), band green. 5 days withdrawn.",
            "5.0 days absent (10 half-days), band yellow. 5 days restored on Friday 24 July, afternoon.",
        ],
    ),
    (
        "corrections",
        "A correction moves a level",
        Letters(&["MM MM MM MM MM  MP", "PM MM MM MM MM  MP"]),
        &[
            "5.5 days absent (11 half-days), band yellow. 5 days reached on Friday 24 July, afternoon.",
            "5.0 days absent (10 half-days), band yellow. 5 days moved to Monday 27 July, morning.",
        ],
    ),
    (
        "corrections",
        "A closure entered afterwards",
        Letters(&["MM MM MM MM MM", "MM MM MM MM --"]),
        &[
            "5.0 days absent (10 half-days), band yellow. 5 days reached on Friday 24 July, afternoon.",
            "4.0 days absent (8 half-days), band green. 5 days withdrawn.",
        ],
    ),
    (
        "corrections",
        "A leaving date entered afterwards",
        Letters(&["MM MM MM MM MM", "MM MM MM MM __"]),
        &[
            "5.0 days absent (10 half-days), band yellow. 5 days reached on Friday 24 July, afternoon.",
            "4.0 days absent (8 half-days), band green. 5 days withdrawn.",
        ],
    ),
    (
        "periods",
        "Four hours of presence are a whole day",
        Day("P60 P60 | P60 P60"),
        &["Morning: present (P). Afternoon: present (P)."],
    ),
    (
        "periods",
        "Four hours make both halves present, a missed period or not",
        Day("P30 T60 | P120 P90"),
        &["Morning: present (P). Afternoon: present (P)."],
    ),
    (
        "periods",
        "Two hours over the day make one half-day, when equal the morning",
        Day("P60 T60 | P60 M60"),
        &["Morning: present (P). Afternoon: justified absence (M)."],
    ),
    (
        "periods",
        "The half with more presence comes first",
        Day("P50 T60 | P70 M60"),
        &["Morning: unjustified absence (T). Afternoon: present (P)."],
    ),
    (
        "periods",
        "One minute less than two hours",
        Day("P60 T60 | P59 M60"),
        &["Morning: unjustified absence (T). Afternoon: justified absence (M)."],
    ),
    (
        "periods",
        "More than half of the absent minutes must be justified",
        Day("M31 T30 | M30 T30"),
        &["Morning: justified absence (M). Afternoon: unjustified absence (T)."],
    ),
    (
        "periods",
        "An unknown period among the unjustified",
        Day("T60 ?30 | P60"),
        &["Morning: unjustified absence (?). Afternoon: present (P)."],
    ),
    (
        "periods",
        "A morning without any mark is a missing roll",
        Day(" | P60 P60"),
        &["Morning: no mark. Afternoon: present (P)."],
    ),
    (
        "periods",
        "A half-day's own mark where no period is marked",
        Day("M | P60 T60"),
        &["Morning: justified absence (M). Afternoon: unjustified absence (T)."],
    ),
    (
        "periods",
        "An afternoon that is closed gives no minutes to the morning",
        Day("P60 T60 | - P120"),
        &["Morning: unjustified absence (T). Afternoon: closed."],
    ),
    (
        "lists",
        "A school's list makes late an unjustified absence from Thursday 23 July on",
        LateList("LL LL LL LL LL"),
        &["2.0 days absent (4 half-days), band green."],
    ),
];
