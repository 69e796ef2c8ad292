//! Who may speak for a school: the register of keys, and tokens for those who prove who they are.

mod common;

use collector::{Answer, Collector, KeyAnswer, TokenAnswer};
use common::*;
use domain::Instant;
use keys::{KeyPair, assertion};
use wire::{AccessToken, ProblemKind};

fn seconds(now: Instant) -> i64 {
    now.micros().div_euclid(1_000_000)
}

fn audience() -> String {
    format!("{ADDRESS}/v1/token")
}

fn pair() -> KeyPair {
    KeyPair::generate().expect("a pair")
}

/// A collector that knows the school, and its token of admission.
fn admitted(place: &Place) -> (Collector, String) {
    let collector = place.open();
    let token = collector.admit(number(), "Kererū School", false, now()).expect("admitted");
    (collector, token)
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

fn put_key(collector: &Collector, pair: &KeyPair, token: Option<&str>) -> KeyAnswer {
    let key = pair.public();
    let authorization = token.map(bearer);
    let named = ("9901", key.kid());
    let put = collector.put_key(
        (named.0, &named.1),
        key.to_jwk().as_bytes(),
        authorization.as_deref(),
        false,
        now(),
    );
    put.expect("the database works")
}

fn end_key(collector: &Collector, kid: &str, token: &str) -> KeyAnswer {
    let ended = collector.end_key(("9901", kid), Some(&bearer(token)), false, now());
    ended.expect("the database works")
}

fn ask(collector: &Collector, assertion: &str, now: Instant) -> TokenAnswer {
    collector.token(wire::token_form(assertion).as_bytes(), ADDRESS, now).expect("the database works")
}

fn given(answer: TokenAnswer) -> AccessToken {
    match answer {
        TokenAnswer::Given(token) => token,
        TokenAnswer::Refused(refused) => panic!("{refused:?}"),
    }
}

/// The words of a refusal, which is one of the client.
fn refused(answer: TokenAnswer) -> String {
    assert_eq!(answer.status(), 401);
    match answer {
        TokenAnswer::Refused(refused) => {
            assert_eq!(refused.error, "invalid_client");
            refused.error_description
        }
        TokenAnswer::Given(token) => panic!("{token:?}"),
    }
}

fn access(collector: &Collector, pair: &KeyPair) -> String {
    let assertion = assertion::make(pair, "9901", &audience(), seconds(now())).expect("made");
    given(ask(collector, &assertion, now())).access_token
}

fn may_send(collector: &Collector, token: Option<&str>, now: Instant) -> bool {
    let authorization = token.map(bearer);
    let state = collector.state("9901", authorization.as_deref(), false, now).expect("the database works");
    match state {
        Answer::Problem(problem) => {
            assert!(problem.is(ProblemKind::Unauthorised), "{problem:?}");
            false
        }
        _ => true,
    }
}

fn is_problem(answer: &KeyAnswer, kind: ProblemKind) -> bool {
    matches!(answer, KeyAnswer::Problem(problem) if problem.is(kind))
}

#[test]
fn a_school_registers_its_key_and_sends_with_a_token_of_its_own() {
    for place in Place::on_each_engine() {
        let (collector, admission) = admitted(&place);
        assert!(may_send(&collector, Some(&admission), now()));
        let pair = pair();
        let first = put_key(&collector, &pair, Some(&admission));
        let KeyAnswer::Key(entry) = &first else { panic!("{first:?}") };
        assert_eq!((entry.kid.clone(), entry.x.clone()), (pair.public().kid(), pair.public().x()));
        // The answer may be lost: the same again has the same effect, though the token is spent.
        assert_eq!(put_key(&collector, &pair, Some(&admission)), first);
        assert!(!may_send(&collector, Some(&admission), now()), "it is spent");
        assert!(is_problem(&put_key(&collector, &self::pair(), Some(&admission)), ProblemKind::Unauthorised));
        let token = access(&collector, &pair);
        assert!(may_send(&collector, Some(&token), now()));
        assert!(!may_send(&collector, None, now()) && !may_send(&collector, Some("access-x"), now()));
        let sealed = batch(1, "", vec![day(1, 4)]);
        let (epoch, first_seq) = ("1", "1");
        let authorization = bearer(&token);
        let delivery = collector::Delivery {
            school: "9901",
            epoch,
            first_seq,
            digest: Some(&sealed.digest),
            authorization: Some(&authorization),
            bytes: &sealed.bytes,
        };
        let taken = collector.intake(&delivery, false, now()).expect("the database works");
        assert!(matches!(taken, Answer::Receipt(_)), "{taken:?}");
    }
}

#[test]
fn a_token_is_good_for_ten_minutes_for_one_school_and_kept_as_a_hash() {
    for place in Place::on_each_engine() {
        let (collector, admission) = admitted(&place);
        let pair = pair();
        put_key(&collector, &pair, Some(&admission));
        let made = assertion::make(&pair, "9901", &audience(), seconds(now())).expect("made");
        let token = given(ask(&collector, &made, now()));
        assert_eq!((token.token_type.as_str(), token.expires_in), ("Bearer", 600));
        let token = token.access_token;
        assert!(may_send(&collector, Some(&token), now().plus_seconds(599)));
        assert!(!may_send(&collector, Some(&token), now().plus_seconds(600)));
        let other = domain::SchoolNumber::parse("12").expect("a number");
        collector.admit(other, "Tūī School", false, now()).expect("admitted");
        let elsewhere =
            collector.state("12", Some(&bearer(&token)), false, now()).expect("the database works");
        assert!(matches!(elsewhere, Answer::Problem(problem) if problem.is(ProblemKind::Unauthorised)));
        drop(collector);
        let held = place.0.bytes();
        let holds = |text: &str| held.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(holds(&pair.public().kid()), "the search finds what is there");
        assert!(!holds(&token) && !holds(&token["access-".len()..]), "a token is kept as its hash");
        // Over tokens are swept when the next one is given.
        let collector = place.open();
        let later = now().plus_seconds(3_600);
        let made = assertion::make(&pair, "9901", &audience(), seconds(later)).expect("made");
        given(ask(&collector, &made, later));
        assert_eq!(count(&place, "access_token"), 1);
        assert_eq!(count(&place, "used_assertion"), 2, "remembered for a day");
        let much_later = later.plus_seconds(2 * 86_400);
        let made = assertion::make(&pair, "9901", &audience(), seconds(much_later)).expect("made");
        given(ask(&collector, &made, much_later));
        assert_eq!(count(&place, "used_assertion"), 1);
    }
}

/// The rows of a table.
fn count(place: &Place, table: &str) -> i64 {
    use database::{Database, Durability, Scope};
    let opened = match &place.0.database {
        None => {
            Database::open(&place.0.scratch.file(collector::FILE), &collector::SCHEMA, Durability::Rehearsal)
        }
        Some(database) => {
            let address = collector::ServerAddress::parse(database.url()).expect("an address");
            Database::connect(&address, &collector::SCHEMA, Durability::Rehearsal)
        }
    };
    let rows = opened.expect("a database").read(Scope::Host, |tx| {
        tx.query_one(&format!("select count(*) from {table}"), &[])?.expect("a row").take::<i64>(0)
    });
    rows.map_err(|error: database::DatabaseError| error).expect("counted")
}

#[test]
fn r36_an_assertion_that_proves_nothing_gets_no_token() {
    for place in Place::on_each_engine() {
        let (collector, admission) = admitted(&place);
        let (own, foreign, unregistered) = (pair(), pair(), pair());
        put_key(&collector, &own, Some(&admission));
        // Another school with a key of its own.
        let other = domain::SchoolNumber::parse("12").expect("a number");
        let token = collector.admit(other, "Tūī School", false, now()).expect("admitted");
        let key = foreign.public();
        let put = collector.put_key(
            ("12", &key.kid()),
            key.to_jwk().as_bytes(),
            Some(&bearer(&token)),
            false,
            now(),
        );
        assert!(matches!(put, Ok(KeyAnswer::Key(_))));
        let at = seconds(now());
        let made = |pair: &KeyPair, school: &str, audience: &str, at: i64| {
            assertion::make(pair, school, audience, at).expect("made")
        };
        let good = made(&own, "9901", &audience(), at);
        let (head, signature) = good.rsplit_once('.').expect("parts");
        let (_, claims) = head.split_once('.').expect("parts");
        // `{"alg":"none"}`, and `{"alg":"HS256","kid":…}` signed with the public key as the secret.
        let none = format!("eyJhbGciOiJub25lIn0.{claims}.");
        let shared = with_shared_secret(&own, claims);
        let other_kid = with_kid(&own, &foreign.public().kid(), claims);
        let tampered = format!("{head}.{}", signature.chars().rev().collect::<String>());
        let cases = [
            ("wrong audience", made(&own, "9901", "https://collect.example/v1", at), "aud must be"),
            ("the address alone", made(&own, "9901", ADDRESS, at), "aud must be"),
            ("another school's key", made(&foreign, "9901", &audience(), at), "not registered"),
            ("for another school", made(&own, "12", &audience(), at), "not registered"),
            ("unknown key", made(&unregistered, "9901", &audience(), at), "not registered"),
            ("unknown school", made(&own, "77", &audience(), at), "not been admitted"),
            ("no school", made(&own, "Kererū", &audience(), at), "the school's number"),
            ("another spelling", made(&own, "09901", &audience(), at), "the school's number"),
            ("expired", made(&own, "9901", &audience(), at - 361), "expired"),
            ("from the future", made(&own, "9901", &audience(), at + 61), "future"),
            ("alg none", none, "alg is not EdDSA"),
            ("alg HS256", shared, "alg is not EdDSA"),
            ("wrong kid", other_kid, "not registered"),
            ("tampered", tampered, ""),
            ("nothing", String::from("x"), "three parts"),
        ];
        for (case, assertion, words) in cases {
            let said = refused(ask(&collector, &assertion, now()));
            assert!(said.contains(words), "{case}: {said}");
        }
        given(ask(&collector, &good, now()));
        for later in [0, 1, 359] {
            let said = refused(ask(&collector, &good, now().plus_seconds(later)));
            assert!(said.contains("used before"), "{said}");
        }
        // A clock that is put forward and back again does not make it good again.
        let far = made(&own, "9901", &audience(), at + 7_200);
        given(ask(&collector, &far, now().plus_seconds(7_200)));
        assert!(refused(ask(&collector, &good, now())).contains("used before"));
        // Two at once: one token.
        let twice = made(&own, "9901", &audience(), at);
        let answers = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..4).map(|_| scope.spawn(|| ask(&collector, &twice, now()))).collect();
            asked.into_iter().map(|asked| asked.join().expect("answered")).collect::<Vec<_>>()
        });
        assert_eq!(answers.iter().filter(|answer| answer.status() == 200).count(), 1);
    }
}

fn base64url(bytes: &[u8]) -> String {
    // A key's own way of writing 32 bytes, for any bytes: through a signature's payload.
    let text = pair().sign("x", bytes);
    text.split('.').nth(1).expect("a payload").to_owned()
}

fn with_shared_secret(pair: &KeyPair, claims: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let header = base64url(format!(r#"{{"alg":"HS256","kid":"{}"}}"#, pair.public().kid()).as_bytes());
    let signed = format!("{header}.{claims}");
    // HMAC, RFC 2104, with the public key as its key.
    let pad = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(pair.public().bytes()).for_each(|(block, key)| *block ^= key);
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(&signed).finalize();
    let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
    format!("{signed}.{}", base64url(&outer))
}

/// Rightly signed by the pair, under another key's name.
fn with_kid(pair: &KeyPair, kid: &str, claims: &str) -> String {
    let own = pair.sign("JWT", b"{}");
    let header = base64url(format!(r#"{{"alg":"EdDSA","kid":"{kid}","typ":"JWT"}}"#).as_bytes());
    format!("{header}.{claims}.{}", own.rsplit('.').next().expect("a signature"))
}

#[test]
fn r36_a_key_is_changed_and_the_old_one_ends_with_its_tokens() {
    for place in Place::on_each_engine() {
        let (collector, admission) = admitted(&place);
        let (old, new) = (pair(), pair());
        put_key(&collector, &old, Some(&admission));
        let old_kid = old.public().kid();
        let token = access(&collector, &old);
        assert!(is_problem(&end_key(&collector, &old_kid, &token), ProblemKind::LastKey));
        assert!(matches!(put_key(&collector, &new, Some(&token)), KeyAnswer::Key(_)));
        assert!(may_send(&collector, Some(&token), now()), "both are good for a while");
        let newer = access(&collector, &new);
        for _ in 0..2 {
            assert_eq!(end_key(&collector, &old_kid, &newer), KeyAnswer::Ended, "twice is the same");
        }
        assert!(!may_send(&collector, Some(&token), now()), "its tokens end with it");
        assert!(may_send(&collector, Some(&newer), now()));
        let assertion = assertion::make(&old, "9901", &audience(), seconds(now())).expect("made");
        assert!(refused(ask(&collector, &assertion, now())).contains("has ended"));
        let again = put_key(&collector, &old, Some(&newer));
        assert!(is_problem(&again, ProblemKind::KeyInvalid), "a late request brings nothing back");
        let keys =
            collector.keys_of("9901", Some(&bearer(&newer)), false, now()).expect("the database works");
        let KeyAnswer::Keys(list) = keys else { panic!("{keys:?}") };
        let kids: Vec<&str> = list.keys.iter().map(|key| key.kid.as_str()).collect();
        assert_eq!(kids, [new.public().kid()]);
        assert!(list.keys[0].last_used_at.is_some());
        assert!(is_problem(&end_key(&collector, "unheard-of", &newer), ProblemKind::NotFound));
    }
}

#[test]
fn a_school_that_lost_its_key_is_admitted_again() {
    for place in Place::on_each_engine() {
        let (collector, admission) = admitted(&place);
        let (lost, new) = (pair(), pair());
        put_key(&collector, &lost, Some(&admission));
        let token = access(&collector, &lost);
        let second = collector.admit(number(), "Kererū School", false, now()).expect("admitted");
        assert!(!may_send(&collector, Some(&second), now()), "it has a key, which alone may send");
        assert!(may_send(&collector, Some(&token), now()));
        let third = collector.admit(number(), "Kererū School", true, now()).expect("admitted");
        assert!(!may_send(&collector, Some(&token), now()), "the stolen key has ended");
        assert!(!may_send(&collector, Some(&second), now()), "so has the token before");
        assert!(may_send(&collector, Some(&third), now()));
        assert!(matches!(put_key(&collector, &new, Some(&third)), KeyAnswer::Key(_)));
        assert!(may_send(&collector, Some(&access(&collector, &new)), now()));
    }
}

#[test]
fn a_key_is_registered_under_its_own_name_by_who_speaks_for_the_school() {
    for place in Place::on_each_engine() {
        let (collector, admission) = admitted(&place);
        let pair = pair();
        let (kid, jwk) = (pair.public().kid(), pair.public().to_jwk());
        let put = |school: &str, kid: &str, jwk: &str, token: Option<&str>| {
            let authorization = token.map(bearer);
            let put =
                collector.put_key((school, kid), jwk.as_bytes(), authorization.as_deref(), false, now());
            put.expect("the database works")
        };
        let with_private_half = jwk.replace("\"x\":", "\"d\":\"AAAA\",\"x\":");
        let admission = Some(admission.as_str());
        let cases = [
            (put("9901", "another", &jwk, admission), ProblemKind::KeyInvalid),
            (put("9901", &kid, "{}", admission), ProblemKind::KeyInvalid),
            (put("9901", &kid, &with_private_half, admission), ProblemKind::KeyInvalid),
            (put("9901", &kid, &jwk, None), ProblemKind::Unauthorised),
            (put("9901", &kid, "{}", Some("school-x")), ProblemKind::Unauthorised),
            (put("77", &kid, &jwk, admission), ProblemKind::SchoolUnknown),
            (put("x", &kid, &jwk, admission), ProblemKind::NotFound),
        ];
        for (answer, kind) in cases {
            assert!(is_problem(&answer, kind), "{answer:?} is not {kind:?}");
        }
        assert!(matches!(put("9901", &kid, &jwk, admission), KeyAnswer::Key(_)));
        let token = access(&collector, &pair);
        for _ in 1..8 {
            assert!(matches!(put_key(&collector, &self::pair(), Some(&token)), KeyAnswer::Key(_)));
        }
        assert!(is_problem(&put_key(&collector, &self::pair(), Some(&token)), ProblemKind::KeyInvalid));
    }
}

#[test]
fn a_rehearsal_takes_a_first_key_from_anybody_and_then_asks_for_it() {
    for place in Place::on_each_engine() {
        let collector = place.open();
        let (pair, thief) = (pair(), pair());
        let put = |pair: &KeyPair| {
            let key = pair.public();
            let put = collector.put_key(("9901", &key.kid()), key.to_jwk().as_bytes(), None, true, now());
            put.expect("the database works")
        };
        for _ in 0..2 {
            assert!(matches!(put(&pair), KeyAnswer::Key(_)), "twice is the same");
        }
        assert!(is_problem(&put(&thief), ProblemKind::Unauthorised));
        assert!(!may_send(&collector, None, now()));
        assert!(may_send(&collector, Some(&access(&collector, &pair)), now()));
    }
}

#[test]
fn the_collector_publishes_its_own_key_and_keeps_the_private_half_beside_its_database() {
    for place in Place::on_each_engine() {
        let file = place.0.scratch.file("of-a-server.key");
        let open = || match &place.0.database {
            None => place.open(),
            Some(_) => place.open().with_key_file(&file),
        };
        let (one, again) = (open().own_keys().expect("a key"), open().own_keys().expect("a key"));
        assert_eq!((one.keys.len(), &one), (1, &again));
        let pair = open().key_pair().expect("a key").expect("a file");
        assert_eq!(pair.public().kid(), one.keys[0].kid);
        if place.0.database.is_some() {
            assert_eq!(place.open().own_keys().expect("none").keys, []);
        }
    }
}
