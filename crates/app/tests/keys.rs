//! The school's key for the Ministry: who may make, change and end one, and what is kept of it.

use app::views::KeyState;
use app::{App, AppError, ServerAddress};
use testkit::{Scratch, TestSchool, instant};

const NOW: &str = "2026-05-11T09:30:00+12:00";
const TOKEN: &str = "school-CANARY-0123456789abcdef";

fn states(school: &TestSchool) -> Vec<KeyState> {
    let view = school.school.key_pairs(&school.staff("admin"), instant(NOW)).expect("a view");
    view.keys.iter().map(|key| key.state).collect()
}

/// The school on an engine, with a file for the key to its secrets that is not in the database.
fn schools() -> impl Iterator<Item = (TestSchool, Scratch)> {
    TestSchool::on_each_engine().map(|mut school| {
        let beside = Scratch::new();
        if school.database.is_some() {
            school.app = school.app.clone().with_secrets_key(&beside.file("secrets.key"));
            school.school = school.app.school(None).expect("a school");
        }
        (school, beside)
    })
}

#[test]
fn r36_only_who_edits_sharing_makes_changes_or_ends_a_key_and_each_act_is_in_the_history() {
    for (school, _beside) in schools() {
        let now = instant(NOW);
        for who in ["teacher", "dean", "office", "leader", "principal"] {
            let who = school.staff(who);
            assert!(matches!(school.school.make_key(&who, now), Err(AppError::Denied(_))));
            let token = school.school.enter_admission_token(&who, now, TOKEN);
            assert!(matches!(token, Err(AppError::Denied(_))));
            assert!(matches!(school.school.end_key(&who, now, "x"), Err(AppError::Denied(_))));
        }
        assert!(school.school.key_pairs(&school.staff("office"), now).is_ok());
        assert!(matches!(school.school.key_pairs(&school.staff("teacher"), now), Err(AppError::Denied(_))));
        let admin = school.staff("admin");
        school.school.enter_admission_token(&admin, now, TOKEN).expect("kept");
        let kid = school.school.make_key(&admin, now).expect("made");
        assert_eq!(states(&school), [KeyState::Waiting]);
        let second = school.school.make_key(&admin, now).expect_err("one waits");
        assert!(second.to_string().contains("waits to be registered"), "{second}");
        school.school.end_key(&admin, now, &kid).expect("ended");
        assert_eq!(states(&school), [KeyState::Ended]);
        assert!(matches!(school.school.end_key(&admin, now, &kid), Err(AppError::NotFound(_))));
        let number = school.school.number();
        let acts = school.app.store().read(number, |tx| {
            tx.query(
                "select kind, subject from act where school = $1 order by act",
                &[number.number().into()],
            )
        });
        let acts: Vec<(String, String)> = acts
            .map_err(|error: store::DatabaseError| error)
            .expect("the history")
            .into_iter()
            .map(|mut row| (row.take::<String>(0).expect("a kind"), row.take(1).expect("a subject")))
            .filter(|(kind, _)| kind.contains("key") || kind.contains("admission"))
            .collect();
        let expected = [("enter_admission_token", ""), ("make_key", kid.as_str()), ("end_key", kid.as_str())];
        assert_eq!(acts, expected.map(|(kind, subject)| (kind.to_owned(), subject.to_owned())));
    }
}

/// Ways in which a secret may stand in a file.
fn spelled(secret: &[u8]) -> Vec<Vec<u8>> {
    let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    // base64 of the secret at each of three offsets, without the letters that its neighbours change.
    let mut all = vec![secret.to_vec(), hex.clone().into_bytes(), hex.to_uppercase().into_bytes()];
    let alphabets = [
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
    ];
    for alphabet in alphabets {
        for offset in 0..3 {
            let mut shifted = vec![0; offset];
            shifted.extend(secret);
            let bits: Vec<bool> =
                shifted.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
            let letters: Vec<u8> = bits
                .chunks_exact(6)
                .map(|six| alphabet[six.iter().fold(0, |all, bit| all * 2 + usize::from(*bit))])
                .collect();
            all.push(letters[offset + 1..letters.len() - 1].to_vec());
        }
    }
    all
}

fn holds(bytes: &[u8], secret: &[u8]) -> bool {
    spelled(secret).iter().any(|spelling| bytes.windows(spelling.len()).any(|window| window == spelling))
}

/// What the database holds, without the key's own file.
fn database_bytes(school: &TestSchool) -> Vec<u8> {
    if let Some(database) = &school.database {
        return database.text().into_bytes();
    }
    let files = std::fs::read_dir(school.scratch.path()).expect("a directory");
    let files = files.map(|file| file.expect("a file").path());
    let files = files.filter(|file| !file.ends_with("secrets.key"));
    files.flat_map(|file| std::fs::read(file).expect("a file")).collect()
}

#[test]
fn r36_neither_the_database_nor_its_backup_holds_a_secret_in_any_spelling() {
    for (school, _beside) in schools() {
        let (now, admin) = (instant(NOW), school.staff("admin"));
        school.school.enter_admission_token(&admin, now, TOKEN).expect("kept");
        let kid = school.school.make_key(&admin, now).expect("made");
        let number = school.school.number();
        let pairs = school
            .app
            .store()
            .read(number, |tx| store::key_pair::all(tx, number))
            .map_err(|error: store::StoreError| error)
            .expect("the pairs");
        let whose = store::key_pair::whose(number, &kid);
        let seed = school.app.vault().open(store::key_pair::PRIVATE_HALF, &whose, &pairs[0].sealed);
        let seed = seed.expect("the private half");
        assert_eq!(seed.len(), 32);
        let mut places = vec![database_bytes(&school)];
        if school.database.is_none() {
            let backup = school.scratch.file("backup.db");
            school.app.back_up(&backup).expect("backed up");
            places.push(std::fs::read(backup).expect("a backup"));
        }
        for bytes in &places {
            assert!(bytes.windows(kid.len()).any(|window| window == kid.as_bytes()), "the search works");
            assert!(!holds(bytes, TOKEN.as_bytes()) && !holds(bytes, &seed));
        }
        // The twin: a secret that was kept as it is would be found, however it is spelled.
        for spelling in spelled(&seed).into_iter().chain(spelled(TOKEN.as_bytes())) {
            let around = &places[0][..1_000];
            let planted = [around, &spelling, around].concat();
            assert!(holds(&planted, &seed) || holds(&planted, TOKEN.as_bytes()));
        }
        let shown = format!("{:?} {pairs:?}", school.school.key_pairs(&admin, now).expect("a view"));
        assert!(!shown.contains("CANARY") && !shown.contains(&pairs[0].sealed));
    }
}

#[test]
fn r36_a_backup_restored_without_the_key_says_so_in_words_and_a_new_key_can_be_made() {
    let school = TestSchool::durable();
    let (now, admin) = (instant(NOW), school.staff("admin"));
    school.school.enter_admission_token(&admin, now, TOKEN).expect("kept");
    school.school.make_key(&admin, now).expect("made");
    assert_eq!(school.school.secrets_problem().expect("looked"), None);
    let backup = school.scratch.file("backup.db");
    school.app.back_up(&backup).expect("backed up");

    let elsewhere = Scratch::new();
    App::restore(elsewhere.path(), &backup, now).expect("restored");
    let app = App::open(elsewhere.path()).expect("opened");
    let restored = app.school(None).expect("a school");
    let problem = restored.secrets_problem().expect("looked").expect("a problem");
    assert!(problem.contains("there is no") && problem.contains("secrets.key"), "{problem}");
    let view = restored.key_pairs(&admin, now).expect("a view");
    assert_eq!(view.keys[0].state, KeyState::Unreadable);
    let findings = app.examine().expect("looked");
    assert!(findings.iter().any(|one| !one.is_well && one.what.contains("key for the Ministry")));

    restored.make_key(&admin, now).expect("a new key, in the place of the one that cannot be read");
    restored.enter_admission_token(&admin, now, TOKEN).expect("kept");
    let view = restored.key_pairs(&admin, now).expect("a view");
    let states: Vec<KeyState> = view.keys.iter().map(|key| key.state).collect();
    assert_eq!(states, [KeyState::Waiting, KeyState::Ended]);
    assert_eq!(restored.secrets_problem().expect("looked"), None);

    // With the key put back, everything is as it was.
    let third = Scratch::new();
    App::restore(third.path(), &backup, now).expect("restored");
    std::fs::copy(school.scratch.file("secrets.key"), third.file("secrets.key")).expect("copied");
    let same = App::open(third.path()).expect("opened").school(None).expect("a school");
    assert_eq!(same.secrets_problem().expect("looked"), None);
}

#[test]
fn a_servers_school_without_a_named_file_is_told_so() {
    for school in TestSchool::on_each_engine() {
        let Some(database) = &school.database else { continue };
        let address = ServerAddress::parse(database.url()).expect("an address");
        let school = App::connect(&address).expect("connected").school(None).expect("a school");
        let refused = school.make_key(&app::Actor::Operator, instant(NOW)).expect_err("no place for a key");
        assert!(refused.to_string().contains("--secrets-key FILE"), "{refused}");
    }
}
