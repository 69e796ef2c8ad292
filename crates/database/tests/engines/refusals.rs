//! A server that is not fit is refused in words that say what would be right.

use crate::{Hosted, SCHEMA};
use database::{Database, DatabaseError, Durability, Schema, ServerAddress};
use testkit::postgres::Server;

fn address(url: &str) -> ServerAddress {
    ServerAddress::parse(url).expect("an address")
}

fn refused(url: &str) -> DatabaseError {
    Database::connect(&address(url), &SCHEMA, Durability::Full).err().expect("refused")
}

#[track_caller]
fn assert_says(error: &DatabaseError, words: &[&str]) {
    let said = error.to_string();
    assert!(words.iter().all(|word| said.contains(word)), "{said}");
}

#[test]
fn a_database_that_is_not_prepared_is_refused() {
    let Some(server) = Server::of_this_run() else { return };
    let test = server.database();
    let owner = address(test.owner_url());
    assert_says(&refused(test.url()), &["not prepared", "`starboard migrate`"]);
    let first = Schema { steps: &SCHEMA.steps[..1], ..SCHEMA };
    Database::prepare(&owner, &first, &test.application()).expect("prepared");
    assert_says(&refused(test.url()), &["needs step 2 \"notice\"", "`starboard migrate`"]);
    Database::prepare(&owner, &SCHEMA, &test.application()).expect("prepared");
    Database::prepare(&owner, &SCHEMA, &test.application()).expect("a second time changes nothing");
    Database::connect(&address(test.url()), &SCHEMA, Durability::Full).expect("connected");
    let later = Database::prepare(&owner, &first, &test.application()).expect_err("refused");
    assert_says(&later, &["step 2 \"notice\"", "later one"]);
}

#[test]
fn two_who_prepare_at_once_do_it_once() {
    let Some(server) = Server::of_this_run() else { return };
    let test = server.database();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let owner = address(test.owner_url());
                Database::prepare(&owner, &SCHEMA, &test.application()).expect("prepared");
            });
        }
    });
    Database::connect(&address(test.url()), &SCHEMA, Durability::Full).expect("connected");
}

#[test]
fn a_role_that_could_reach_around_row_security_is_refused() {
    let Some(hosted) = Hosted::new() else { return };
    let (server, application) = (hosted.test.server(), hosted.test.application());
    let mighty = ["could reach around row security", "--app-role"];
    assert_says(&refused(hosted.test.owner_url()), &mighty);
    let superuser = server.url("postgres", hosted.test.name());
    assert_says(&refused(&superuser), &mighty);
    let owner = hosted.test.owner();
    for (grant, revoke) in [
        (format!("alter role {application} bypassrls"), format!("alter role {application} nobypassrls")),
        (format!("alter role {application} superuser"), format!("alter role {application} nosuperuser")),
        // Who may become the owner may switch it off.
        (format!("grant {owner} to {application}"), format!("revoke {owner} from {application}")),
    ] {
        server.superuser().batch_execute(&grant).expect("a superuser may");
        assert_says(&refused(hosted.test.url()), &mighty);
        server.superuser().batch_execute(&revoke).expect("a superuser may");
        hosted.connect(|address| address);
    }
}

#[test]
fn upkeep_needs_the_role_that_owns_the_tables() {
    let Some(hosted) = Hosted::new() else { return };
    let as_owner = |url: &str| Database::connect_as_owner(&address(url), &SCHEMA);
    assert!(as_owner(hosted.test.owner_url()).is_ok());
    assert_says(&as_owner(hosted.test.url()).err().expect("refused"), &["the role that owns"]);
}

#[test]
fn a_role_that_is_none_is_not_prepared_for() {
    let Some(server) = Server::of_this_run() else { return };
    let test = server.database();
    let prepare = |role: &str| Database::prepare(&address(test.owner_url()), &SCHEMA, role);
    assert_says(&prepare("x\"; drop table counter; --").expect_err("refused"), &["is no role's name"]);
    assert_says(&prepare("").expect_err("refused"), &["is no role's name"]);
    assert_says(&prepare("nobody_of_this_name").expect_err("refused"), &["does not exist"]);
    assert_says(&refused(test.url()), &["not prepared"]);
    prepare(&test.application()).expect("prepared");
}

#[test]
fn a_server_that_does_not_answer_or_does_not_know_us_is_told_apart() {
    let Some(hosted) = Hosted::new() else { return };
    // Nobody listens on a port that was just given back.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let nobody = format!("postgres://app:secret@127.0.0.1:{port}/starboard");
    let away = refused(&nobody);
    assert!(matches!(away, DatabaseError::Away(_)), "{away:?}");
    assert_says(&away, &["cannot be reached", "refused"]);
    let stranger = hosted.test.server().url("nobody_of_this_name", hosted.test.name());
    let unknown = refused(&stranger);
    assert!(matches!(unknown, DatabaseError::Engine(_)), "{unknown:?}");
    assert_says(&unknown, &["authentication failed"]);
    // With the server beside it the one that does not answer does no harm.
    let both = hosted.test.url().replacen("127.0.0.1:", &format!("127.0.0.1:{port},127.0.0.1:"), 1);
    Database::connect(&address(&both), &SCHEMA, Durability::Full).expect("connected");
}

#[test]
fn a_standby_of_another_database_or_role_is_refused() {
    let Some(hosted) = Hosted::new() else { return };
    let beside = |url: &str| {
        let with = hosted.address().with_replica(address(url));
        Database::connect(&with, &SCHEMA, Durability::Full).map(drop)
    };
    beside(hosted.test.url()).expect("the same");
    for other in [hosted.test.owner_url(), &hosted.test.server().url(&hosted.test.application(), "postgres")]
    {
        assert_says(&beside(other).expect_err("refused"), &["the same role and database"]);
    }
}
