//! A school moves between an embedded file and a server, and nothing differs.

use app::{Actor, App, AppError, ServerAddress, TakeRoll};
use store::{StoreError, tables::Comparison};
use testkit::postgres::{Server, TestDatabase};
use testkit::random::{Pair, case};
use testkit::{Scratch, TestSchool, cases, half_day, instant, staff_id};

/// A prepared database of the run's server, as application and as owner.
struct Host {
    app: App,
    owner: App,
    _database: TestDatabase,
}

impl Host {
    /// None when the run has no server.
    fn of_this_run() -> Option<Self> {
        let database = Server::of_this_run()?.database();
        let address = |url: &str| ServerAddress::parse(url).expect("an address");
        App::prepare(&address(database.owner_url()), &database.application()).expect("prepared");
        let app = App::connect(&address(database.url())).expect("connected");
        let owner = App::connect_as_owner(&address(database.owner_url())).expect("connected");
        Some(Self { app, owner, _database: database })
    }
}

fn is_whole(compared: &[Comparison]) -> bool {
    compared.len() == store::tables::TABLES.len() && compared.iter().all(|table| table.is_same)
}

/// Copies to `other` and back into a fresh directory, and looks that the school works in both.
fn there_and_back(school: &TestSchool, other: &App) {
    let number = school.school.number();
    let compared = school.app.copy_school(other, number).expect("copied");
    assert!(is_whole(&compared), "{compared:#?}");
    let moved = other.school(Some(number)).expect("it is there");
    assert_eq!(moved.check_derived().expect("a check"), []);
    let scratch = Scratch::new();
    let back = App::open(scratch.path()).expect("a directory");
    assert!(is_whole(&other.copy_school(&back, number).expect("copied back")));
    assert!(is_whole(&school.app.compare_school(&back, number).expect("compared")));
    // What is there is not written over.
    assert!(matches!(school.app.copy_school(other, number), Err(AppError::Invalid(_))));
    // The next act is done there, and the two are no longer the same.
    let now = instant("2026-04-20T09:00:00+12:00");
    let (group, half_day) = ("9K".to_owned(), half_day("2026-04-20 am"));
    let roll = TakeRoll { group, half_day, period: None, entries: Vec::new(), key: "a roll".to_owned() };
    moved.take_roll(&Actor::Staff(staff_id("teacher")), now, roll).expect("a roll is taken");
    let compared = school.app.compare_school(other, number).expect("compared");
    assert!(!is_whole(&compared));
    let refused = other.remove_school(&school.app, number);
    assert!(matches!(refused, Err(AppError::Store(StoreError::Differs(..)))), "{refused:?}");
    assert!(other.school(Some(number)).is_ok());
}

#[test]
fn a_school_moves_to_another_directory_and_back() {
    let scratch = Scratch::new();
    there_and_back(&TestSchool::new(), &App::open(scratch.path()).expect("a directory"));
}

#[test]
fn a_school_moves_to_a_server_and_back() {
    let Some(host) = Host::of_this_run() else { return };
    there_and_back(&TestSchool::new(), &host.app);
}

#[test]
fn any_school_with_its_history_is_the_same_on_a_server() {
    let Some(host) = Host::of_this_run() else { return };
    let mut runner = proptest::test_runner::TestRunner::new(cases(8, 500));
    let outcome = runner.run(&case(10), |case| {
        let mut pair = Pair::new(&case);
        case.steps.iter().try_for_each(|step| pair.step(step)).expect("every step is taken");
        let number = pair.school.school.number();
        let compared = pair.school.app.copy_school(&host.app, number).expect("copied");
        assert!(is_whole(&compared));
        assert_eq!(host.app.school(Some(number)).expect("there").check_derived().expect("a check"), []);
        host.owner.remove_school(&pair.school.app, number).expect("removed");
        Ok(())
    });
    outcome.expect("every case");
}

#[test]
fn a_school_is_removed_only_where_its_copy_is_the_same() {
    let Some(host) = Host::of_this_run() else { return };
    let school = TestSchool::new();
    let number = school.school.number();
    school.app.copy_school(&host.app, number).expect("copied");
    // The application may not remove history, whatever it is asked.
    assert!(matches!(host.app.remove_school(&school.app, number), Err(AppError::Store(_))));
    assert!(host.app.remove_school(&host.app, number).is_err());
    assert!(is_whole(&host.app.compare_school(&school.app, number).expect("compared")));
    host.owner.remove_school(&school.app, number).expect("removed");
    assert!(matches!(host.app.school(Some(number)), Err(AppError::NotFound(_))));
    // And it can come again.
    assert!(is_whole(&school.app.copy_school(&host.app, number).expect("copied again")));
}
