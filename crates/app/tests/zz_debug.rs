use domain::*;
use testkit::random::*;
#[test]
fn debug() {
    let f = |days, from, d, absent, seed| Step {
        days,
        time: 0,
        kind: Kind::Fill { from, days: d, absent, seed },
    };
    let usual = vec![(-20i8, 0u8)];
    let case = Case {
        zone: Zone::Auckland,
        has_region: false,
        starts: 65,
        terms: vec![(21, 1)],
        students: vec![usual; 5],
        steps: vec![f(36, 0, 10, 8, 2379916423), f(1, 0, 15, 5, 3939939007), f(0, 0, 10, 0, 0)],
    };
    let mut pair = Pair::new(&case);
    for step in &case.steps {
        pair.step(step).unwrap();
        println!(
            "{:?} {:#?}",
            pair.moment,
            pair.model.crossings(TermId::parse("2026-T1").unwrap(), pair.moment.slot())
        );
        let n = pair.school.school.number();
        for e in pair.school.app.store().read(|tx| store::derived::events(tx, n)).unwrap() {
            println!("{e:?}");
        }
    }
}
