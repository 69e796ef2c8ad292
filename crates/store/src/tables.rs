//! Every table of a school, for copying a school whole from one database to another.
//!
//! The list is held against both engines' catalogues by a test, so a table or a column that is
//! added later cannot be left behind.

use crate::host::HostedSchool;
use crate::statements as sql;
use crate::{Store, StoreError, Tx};
use database::{DatabaseError, Value};
use domain::SchoolNumber;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Rows that travel together.
const TOGETHER: usize = 2_000;

/// A table whose first column is the school.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its columns, in order.
    pub columns: &'static [&'static str],
    /// Reads a school's rows, ordered by their key.
    pub select: &'static str,
    /// Adds a row.
    pub insert: &'static str,
    /// Removes a school's rows.
    pub delete: &'static str,
}

macro_rules! tables {
    ($($name:ident by [$($key:ident)*] has [$($column:ident = $number:literal)+];)*) => {
        /// The tables, each after those that its rows point at.
        pub const TABLES: &[Table] = &[$(Table {
            name: stringify!($name),
            columns: &["school", $(stringify!($column)),+],
            select: concat!(
                "select school", $(", ", stringify!($column),)+ " from ", stringify!($name),
                " where school = $1 order by school", $(", ", stringify!($key),)*
            ),
            insert: concat!(
                "insert into ", stringify!($name), " (school", $(", ", stringify!($column),)+
                ") values ($1", $(", $", $number,)+ ")"
            ),
            delete: concat!("delete from ", stringify!($name), " where school = $1"),
        }),*];
    };
}

#[rustfmt::skip]
tables! {
    school by [] has [name=2 zone=3 region=4 go_live=5 share_attendance=6 share_responses=7 share_to=8 roll_shows_reasons=9 made_at=10 notice=11];
    progress by [] has [act=2 epoch=3 seq=4 settled_date=5 settled_half=6 send_asked_at=7 lease_until=8 has_periods=9];
    act by [act] has [act=2 at=3 kind=4 staff_id=5 subject=6 key=7 request=8 result=9];
    term by [term act] has [term=2 act=3 recorded_at=4 first_day=5 last_day=6];
    calendar_day by [date act] has [date=2 act=3 recorded_at=4 am_open=5 pm_open=6 reason=7];
    student_version by [student_id act] has [student_id=2 act=3 recorded_at=4 nsn=5 given_name=6 family_name=7 preferred_name=8 year_level=9 group_name=10 house=11];
    spell by [student_id first_day act] has [student_id=2 first_day=3 act=4 recorded_at=5 last_day=6];
    staff_version by [staff_id act] has [staff_id=2 act=3 recorded_at=4 name=5 email=6 roles=7 groups=8];
    mark by [student_id date slot version] has [student_id=2 date=3 slot=4 version=5 act=6 recorded_at=7 code=8 source=9 entered_at=10 entered_by=11 start=12 minutes=13];
    reason by [student_id date slot version] has [student_id=2 date=3 slot=4 version=5 act=6 recorded_at=7 reason=8 given_by=9 given_how=10 given_at=11];
    timetable by [from_date act group_name weekday period] has [from_date=2 act=3 recorded_at=4 group_name=5 weekday=6 period=7 start=8 minutes=9];
    code_row by [from_date act letter] has [from_date=2 act=3 recorded_at=4 letter=5 name=6 class=7 counts_as=8];
    description by [description_id act] has [description_id=2 act=3 recorded_at=4 response_type=5 wording=6 retired=7];
    response by [response_id version] has [response_id=2 version=3 act=4 student_id=5 term=6 threshold=7 response_type=8 description=9 done_at=10 recorded_at=11 recorded_by=12 withdrawn=13 absent_half_days=14];
    response_note by [response_id version] has [response_id=2 version=3 note=4 written_by=5];
    response_step by [response_id] has [response_id=2 act=3 term=4 step=5];
    plan_version by [version] has [version=2 act=3 recorded_at=4 body=5];
    plan_publication by [act] has [act=2 recorded_at=3 version=4];
    student_flag by [student_id flag act] has [student_id=2 flag=3 act=4 recorded_at=5 on_date=6 is_set=7];
    hold by [hold_id act] has [hold_id=2 act=3 recorded_at=4 student_id=5 kind=6 why=7 first_day=8 last_day=9 reviewer=10];
    task_assignment by [term student_id step act] has [student_id=2 term=3 step=4 act=5 recorded_at=6 staff_id=7];
    cover by [cover_id act] has [cover_id=2 act=3 recorded_at=4 owner=5 scope=6 staff_id=7 first_day=8 last_day=9];
    note_read by [response_id staff_id read_at] has [read_at=2 staff_id=3 student_id=4 response_id=5];
    student by [student_id] has [student_id=2 nsn=3 given_name=4 family_name=5 preferred_name=6 year_level=7 group_name=8 search=9 house=10];
    tally by [term student_id] has [term=2 student_id=3 sheet=4 present=5 justified=6 unjustified=7 unknown=8];
    crossing by [term student_id threshold] has [term=2 student_id=3 threshold=4 state=5 date=6 half=7 event=8];
    crossing_event by [term student_id threshold event] has [term=2 student_id=3 threshold=4 event=5 kind=6 cause=7 date=8 half=9 act=10 at=11];
    outbox by [epoch seq] has [epoch=2 seq=3 act=4 recorded_at=5 kind=6 withdrawn=7 passed_over=8 student_id=9 date=10 half=11 code=12 class=13 reason=14 term=15 threshold=16 event=17 response_id=18 version=19 enrolled=20 marked=21 last_day=22];
    batch by [epoch first_seq] has [epoch=2 first_seq=3 last_seq=4 sealed_at=5 digest=6 bytes=7 state=8 attempts=9 next_attempt_at=10 answered_at=11 problem=12 receipt=13];
    refused_record by [epoch seq] has [epoch=2 seq=3 problem=4];
    reconciliation by [at term] has [at=2 term=3 compared=4 differing=5 queued=6];
    message by [message_id] has [message_id=2 kind=3 day=4 recipient=5 from_address=6 to_address=7 subject=8 body=9 made_at=10 state=11 attempts=12 unsure=13 next_attempt_at=14 lease_until=15 answered_at=16 answer=17 channel=18 sender_name=19 reply_to=20 html=21 stop_asked=22 excused=23 is_told=24];
    contact by [contact_id act kind] has [contact_id=2 act=3 kind=4 recorded_at=5 student_id=6 place=7 name=8 relationship=9 phone=10 email=11 address=12 channel=13 language=14 is_written_to=15 confirmed_on=16 is_blocked=17 why=18 is_removed=19 source=20 source_id=21 staff_id=22];
    contact_look by [contact_id field act] has [contact_id=2 field=3 act=4 recorded_at=5 student_id=6 digest=7 is_right=8 staff_id=9];
    contact_read by [student_id staff_id read_at] has [student_id=2 staff_id=3 read_at=4];
    letter_template by [name act] has [name=2 act=3 recorded_at=4 body=5];
    letter_approval by [name language act] has [name=2 language=3 act=4 recorded_at=5 digest=6 staff_id=7];
    letterhead by [act] has [act=2 recorded_at=3 address=4 phone=5 email=6 website=7 logo=8];
    letter_run by [run_id] has [run_id=2 act=3 recorded_at=4 template=5 title=6 response_type=7 description=8 staff_id=9];
    letter by [letter_id] has [letter_id=2 run_id=3 act=4 recorded_at=5 student_id=6 contact_id=7 contact_name=8 channel=9 language=10 sent_to=11 term=12 threshold=13 step=14 half_days=15 words=16 corrects=17];
    letter_event by [letter_id act kind] has [letter_id=2 act=3 recorded_at=4 kind=5 why=6 staff_id=7];
    letter_response by [run_id student_id act] has [run_id=2 student_id=3 act=4 recorded_at=5 response_id=6 version=7];
    letter_print by [run_id act] has [run_id=2 act=3 recorded_at=4 digest=5 bytes=6];
    call by [call_id] has [call_id=2 act=3 recorded_at=4 student_id=5 contact_id=6 contact_name=7 outcome=8 staff_id=9 response_id=10];
    referral by [referral_id] has [referral_id=2 act=3 recorded_at=4 student_id=5 receiver=6 purpose=7 advice=8 why=9 body=10 staff_id=11];
    referral_contact by [referral_id line] has [referral_id=2 line=3 act=4 recorded_at=5 contact_id=6];
    referral_note by [referral_id response_id version] has [referral_id=2 response_id=3 version=4 act=5 recorded_at=6];
    digest_setting by [] has [hour=2 made_on=3];
    digest_declined by [staff_id] has [staff_id=2];
    key_pair by [kid] has [kid=2 sealed=3 made_at=4 tried_at=5 registered_at=6 last_used_at=7 end_asked_at=8 ended_at=9 problem=10];
    admission_token by [] has [sealed=2 entered_at=3];
    oneroster by [] has [base=2 version=3 token_at=4 client=5 sealed=6 entered_at=7 org=8 student_id=9 identifier_is_nsn=10 is_on=11 asked_at=12 tried_at=13 retry_at=14 good_at=15 whole_at=16 problem=17 outcome=18];
    oneroster_known by [kind sourced_id] has [kind=2 sourced_id=3 said=4 is_marked=5];
    webhook by [webhook_id] has [webhook_id=2 address=3 events=4 made_at=5 made_by=6 owner=7 is_on=8 off_why=9 sealed=10 earlier=11 earlier_until=12 failing_since=13 gave_up_at=14 lease_until=15 ended_at=16];
    webhook_event by [event_id] has [event_id=2 act=3 at=4 kind=5 student_id=6 term=7 threshold=8 change=9 event=10 date=11 half=12 response_id=13 version=14 response_type=15 description=16 done_at=17];
    webhook_delivery by [webhook_id event_id] has [webhook_id=2 event_id=3 act=4 made_at=5 due_from=6 state=7 tries=8 began_after=9 next_try_at=10 ended_at=11];
    webhook_try by [webhook_id event_id try] has [webhook_id=2 event_id=3 try=4 at=5 status=6 millis=7 problem=8];
    credential by [staff_id] has [staff_id=2 password_hash=3 changed_at=4 disabled=5];
    session by [token_hash] has [token_hash=2 staff_id=3 csrf=4 begun_at=5 seen_at=6];
    link by [token_hash] has [token_hash=2 staff_id=3 made_at=4 ends_at=5 used_at=6];
    sign_in_attempt by [email] has [email=2 at=3 count=4];
    api_client by [client_id] has [client_id=2 act=3 name=4 secret_hash=5 scopes=6 made_at=7 made_by=8 ends_at=9 ended_at=10 last_used_at=11];
    api_token by [token_hash] has [token_hash=2 client_id=3 scopes=4 given_at=5 ends_at=6];
    api_use by [client_id date] has [client_id=2 date=3 requests=4 refused=5];
    import_file by [act] has [act=2 kind=3 source=4 name=5 digest=6 rows=7 changed=8 bad_rows=9 problems=10 notice=11 door=12];
    import_undo by [act] has [act=2 undo_act=3 recorded_at=4];
    mapping by [source kind act] has [source=2 kind=3 act=4 recorded_at=5 body=6];
    upload by [upload_id] has [upload_id=2 received_at=3 name=4 source=5 staff_id=6 body=7];
    arrival by [arrival_id] has [arrival_id=2 received_at=3 door=4 source=5 name=6 digest=7 kinds=8 format=9 body=10 notice=11 staff_id=12 state=13 reason=14 decided_at=15 act=16 rows=17 changed=18 bad_rows=19 problems=20];
    said by [source kind id field act] has [source=2 kind=3 id=4 field=5 act=6 value=7];
    conflict by [conflict_id] has [conflict_id=2 act=3 recorded_at=4 kind=5 id=6 field=7 source=8 stands=9 offered=10];
    conflict_decision by [conflict_id act] has [conflict_id=2 act=3 recorded_at=4 decision=5];
    field_rule by [field act] has [field=2 act=3 recorded_at=4 believes=5];
    kamar_setting by [] has [user_name=2 password_hash=3 is_on=4 switched_at=5 silent_hours=6 slots=7 suffix=8 refused_at=9 refused_why=10];
    kamar_push by [push_id] has [push_id=2 received_at=3 sync=4 made_at=5 digest=6 size=7 records=8 error=9 result=10 arrival_id=11];
    kamar_latest by [sync] has [sync=2 made_at=3];
    kamar_total by [student_id date act] has [student_id=2 date=3 act=4 recorded_at=5 made_at=6 codes=7 classes=8 unjustified=9 justified=10 present=11];
    candidate_response by [student_id ref act] has [student_id=2 ref=3 act=4 recorded_at=5 made_at=6 date=7 time=8 reason=9 action=10 more=11 teacher=12];
    candidate_decision by [student_id ref] has [student_id=2 ref=3 act=4 recorded_at=5 response_id=6 staff_id=7];
}

/// What two places hold of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The table.
    pub table: &'static str,
    /// Its rows in the one place and in the other.
    pub rows: [u64; 2],
    /// Whether they are the same to the last byte.
    pub is_same: bool,
}

/// Copies a school into a place where it is not yet, in one transaction there, at whose end both
/// places are read whole and compared. Answers what was compared.
///
/// # Errors
/// [`StoreError::Differs`] when the school changed in the old place meanwhile; otherwise when it is
/// in the new place already or a database refuses. Nothing is there then.
pub fn copy(
    from: &Arc<Store>,
    to: &Arc<Store>,
    hosted: &HostedSchool,
) -> Result<Vec<Comparison>, StoreError> {
    let (from, hosted, school) = (Arc::clone(from), hosted.clone(), hosted.number);
    to.write(school, move |target| {
        crate::host::insert(target, school, hosted.host_name.as_deref(), hosted.added_at)?;
        from.read(school, |tx| TABLES.iter().try_for_each(|table| copy_table(tx, target, table, school)))?;
        let there = from.read(school, |tx| fingerprints(tx, school))?;
        all_same(side_by_side(there, fingerprints(target, school)?), school)
    })
}

fn all_same(compared: Vec<Comparison>, school: SchoolNumber) -> Result<Vec<Comparison>, StoreError> {
    let differ: Vec<&str> = compared.iter().filter(|table| !table.is_same).map(|table| table.table).collect();
    if differ.is_empty() { Ok(compared) } else { Err(StoreError::Differs(school, differ.join(", "))) }
}

fn copy_table(
    from: &mut Tx<'_>,
    to: &mut Tx<'_>,
    table: &Table,
    school: SchoolNumber,
) -> Result<(), StoreError> {
    let mut held = Vec::new();
    from.query_each(table.select, &[school.number().into()], |row| {
        held.push(row.into_values());
        if held.len() == TOGETHER {
            to.insert_many(table.insert, &held)?;
            held.clear();
        }
        Ok(())
    })?;
    Ok(to.insert_many(table.insert, &held)?)
}

/// Compares a school in two places, table by table and byte by byte.
///
/// # Errors
/// When a database refuses.
pub fn compare(one: &Store, other: &Store, school: SchoolNumber) -> Result<Vec<Comparison>, StoreError> {
    let read = |store: &Store| store.read(school, |tx| fingerprints(tx, school));
    Ok(side_by_side(read(one)?, read(other)?))
}

/// A table's number of rows, and a digest of them all in order.
type Fingerprint = (u64, Vec<u8>);

fn side_by_side(one: Vec<Fingerprint>, other: Vec<Fingerprint>) -> Vec<Comparison> {
    let pairs = TABLES.iter().zip(one).zip(other);
    pairs
        .map(|((table, one), other)| Comparison {
            table: table.name,
            rows: [one.0, other.0],
            is_same: one == other,
        })
        .collect()
}

fn fingerprints(tx: &mut Tx<'_>, school: SchoolNumber) -> Result<Vec<Fingerprint>, StoreError> {
    let mut found = Vec::new();
    for table in TABLES {
        let (mut rows, mut digest) = (0, Sha256::new());
        tx.query_each(table.select, &[school.number().into()], |row| {
            rows += 1;
            row.into_values().iter().try_for_each(|value| add(&mut digest, value))
        })?;
        found.push((rows, digest.finalize().to_vec()));
    }
    Ok(found)
}

/// Adds a value to a digest: its kind, its length and its bytes, so that no two rows look alike.
fn add(digest: &mut Sha256, value: &Value) -> Result<(), DatabaseError> {
    let number;
    let (kind, bytes): (u8, &[u8]) = match value {
        Value::Null => (0, &[]),
        Value::Integer(held) => {
            number = held.to_be_bytes();
            (1, &number)
        }
        Value::Text(text) => (2, text.as_bytes()),
        Value::Bytes(bytes) => (3, bytes),
        Value::Texts(_) => {
            let found = "several texts".to_owned();
            return Err(DatabaseError::Shape { expected: "a column's value", found });
        }
    };
    digest.update([kind]);
    digest.update((bytes.len() as u64).to_be_bytes());
    digest.update(bytes);
    Ok(())
}

/// Removes a school whole: every row it has, once `copy` is found to hold the same. On a server,
/// only the role that owns the tables may. Answers what was compared.
///
/// # Errors
/// [`StoreError::Differs`] when the two are not the same; otherwise when a database refuses.
/// Nothing is removed then.
pub fn remove(from: &Store, copy: &Arc<Store>, school: SchoolNumber) -> Result<Vec<Comparison>, StoreError> {
    let copy = Arc::clone(copy);
    from.write(school, move |tx| {
        let there = copy.read(school, |tx| fingerprints(tx, school))?;
        let compared = all_same(side_by_side(fingerprints(tx, school)?, there), school)?;
        for table in TABLES.iter().rev() {
            tx.execute(table.delete, &[school.number().into()])?;
        }
        tx.execute(sql::HOSTED_REMOVE, &[school.number().into()])?;
        Ok(compared)
    })
}
