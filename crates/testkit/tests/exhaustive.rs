//! Everything there is of what is small: every pattern of two days, every small day of periods.

use domain::period::{PeriodMark, count_day, shown_code};
use domain::{Class, Code, Date, Half, TermId, Zone};
use testkit::model::{Act, Mark, Model, amount_of_periods};
use testkit::random::{Moment, PlainSchool};

const MONDAY: Date = Date::constant(2026, 7, 20);
const TUESDAY: Date = Date::constant(2026, 7, 21);

#[test]
fn every_pattern_of_two_days_counts_as_the_contract_says() {
    let made = Moment { date: Date::constant(2026, 7, 1), time: (9, 0) };
    let now = Moment { date: TUESDAY, time: (15, 0) };
    let mut model = Model::new(None, made.slot());
    let mut school = PlainSchool::new(Zone::Auckland, None, made);
    let term = TermId::new(2026, 3).expect("a term");
    for act in
        [Act::Terms(vec![(term, MONDAY, TUESDAY)]), Act::Students(vec![("s1".to_owned(), MONDAY, None)])]
    {
        model.apply(now.slot(), &act);
        school.follow(&model, now, &act);
    }
    let mut letters: Vec<Option<char>> = reference::codes().on(MONDAY).map(|row| Some(row.letter)).collect();
    letters.push(None);
    assert_eq!(letters.len(), 16);
    let slots = [MONDAY, TUESDAY].into_iter().flat_map(|date| Half::BOTH.map(|half| (date, half)));
    let slots: Vec<(Date, Half)> = slots.collect();
    for pattern in 0..16_usize.pow(4) {
        let row = |(place, &slot): (u32, &(Date, Half))| {
            let letter = letters[pattern / 16_usize.pow(place) % 16];
            Mark { student: "s1".to_owned(), slot, lesson: None, letter }
        };
        let rows = (0..).zip(&slots).map(row).collect();
        let act = Act::Marks { source: "sms".to_owned(), rows, skip_bad_rows: false };
        let (mut model, mut school) = (model.clone(), school.clone());
        assert_eq!(model.apply(now.slot(), &act), [0; 0]);
        school.follow(&model, now, &act);
        school.compare(&model, now).expect("the model agrees");
    }
}

/// A period: minutes, letter, class.
type Lesson = (u32, char, char);

/// No period, any one, any two, of these minutes around the rule's limits.
fn halves() -> Vec<Vec<Lesson>> {
    let minutes = [1, 59, 60, 61, 119, 120, 121, 240];
    let codes = [('P', 'P'), ('M', 'J'), ('T', 'U'), ('?', 'U')];
    let lessons: Vec<Lesson> =
        minutes.iter().flat_map(|&minutes| codes.map(|(letter, class)| (minutes, letter, class))).collect();
    let mut halves = vec![Vec::new()];
    for (place, &first) in lessons.iter().enumerate() {
        halves.push(vec![first]);
        halves.extend(lessons[place..].iter().map(|&second| vec![first, second]));
    }
    halves
}

#[test]
fn every_small_day_of_periods_counts_as_the_contract_says() {
    let halves = halves();
    assert_eq!(halves.len(), 1 + 32 + 32 * 33 / 2);
    let marks = |half: Half, lessons: &[Lesson]| -> Vec<PeriodMark> {
        let mark = |&(minutes, letter, class): &Lesson| {
            let class = Class::parse(&class.to_string()).expect("a class");
            PeriodMark { half, minutes, code: Code { letter, class } }
        };
        lessons.iter().map(mark).collect()
    };
    for am in &halves {
        for pm in &halves {
            let day = [marks(Half::Am, am), marks(Half::Pm, pm)].concat();
            let found = count_day(&day).map(|half| {
                let letter = half?.letter;
                let class = reference::codes().class(letter, MONDAY)?;
                Some((shown_code(letter), class.letter()))
            });
            let expected = [(Half::Am, am, pm), (Half::Pm, pm, am)]
                .map(|(half, own, other)| (!own.is_empty()).then(|| amount_of_periods(half, own, other)));
            assert_eq!(found, expected, "{am:?} | {pm:?}");
        }
    }
}
