//! What an earlier release took in is there after the upgrade.

mod common;

use collector::{Export, SCHEMA, ServerAddress};
use common::*;
use database::{Database, DatabaseError, Durability, Migration, Schema, Scope};

const SCHOOL: &str = "insert into school (school, name, admitted_at, epoch, expected_seq, head_digest) \
    values (9901, 'Kererū School', 1, 1, 2, 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:')";
const FACT: &str = "insert into fact (school, record_id, epoch, record_version, seq, kind, op, body, recorded_at, \
    received_at) values (9901, 'a', 1, 1, 1, 'closure', 'upsert', '{}', 1, 1)";
const LATEST: &str = "insert into latest (school, record_id, epoch, record_version, kind, stands, date, half, reason, \
    recorded_at, recorded_text, received_at) \
    values (9901, 'a', 1, 1, 'closure', 1, '2026-05-04', 'am', 'No water', 1, '2026-05-04', 1)";

#[test]
fn facts_that_still_named_their_school_by_reference_are_kept() {
    let lean = |step: &Migration| step.name == "lean";
    let steps = SCHEMA.steps.iter().position(lean).expect("the step that this is about");
    let before = Schema { steps: &SCHEMA.steps[..steps], ..SCHEMA };
    for engine in testkit::engines() {
        let place = testkit::Place::on(engine);
        let file = place.scratch.file(collector::FILE);
        let opened = match &place.database {
            None => Database::open(&file, &before, Durability::Rehearsal),
            Some(database) => {
                let address = |url| ServerAddress::parse(url).expect("an address");
                let owner = address(database.owner_url());
                Database::prepare(&owner, &before, &database.application()).expect("prepared");
                Database::connect(&address(database.url()), &before, Durability::Rehearsal)
            }
        };
        let earlier = opened.expect("a database of the release before");
        let filled = earlier.write(Scope::Host, |tx| {
            for sql in [SCHOOL, FACT, LATEST] {
                tx.execute(sql, &[])?;
            }
            Ok::<_, DatabaseError>(())
        });
        filled.expect("filled");
        drop(earlier);
        if let Some(database) = &place.database {
            let owner = ServerAddress::parse(database.owner_url()).expect("an address");
            collector::Collector::prepare(&owner, &database.application()).expect("brought up to date");
        }
        let place = Place(place);
        let collector = place.open();
        let closures = csv(&collector, Export::Closures);
        assert!(closures.contains("9901,2026-05-04,am,No water,1"), "{closures}");
        let row = attendance(2, "S1", 4, 'M', domain::Class::Justified);
        assert_eq!(
            receipt(put(&collector, 1, 2, &batch(1, &wire::digest(b""), vec![row]))).accepted_through,
            2
        );
    }
}
