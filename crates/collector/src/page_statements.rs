//! Every SQL text of the Ministry's pages: people and sessions, what is counted of a school, and
//! what an operator looks up.
//!
//! The same text runs on both databases; [`ALL`] lets a test prepare each one. What is counted is
//! counted school by school, so that no page ever walks through the facts of all of them.

/// Codes that the list has had at all times, as in the index `latest_odd_code`: a test holds them
/// against the reference.
macro_rules! odd_code {
    () => {
        "kind = 'attendance' \
        and code not in ('P', 'L', 'A', 'D', 'I', 'N', 'Q', 'X', 'J', 'M', 'U', 'E', 'G', 'T', '?')"
    };
}

database::statements! { ALL:
    // People.
    PERSON_NEXT = "select coalesce(max(person_id), 0) + 1 from person";
    PERSON_ADD = "insert into person (person_id, name, role, added_at) values ($1, $2, $3, $4)";
    PERSON_GET = "select name, role, ended_at from person where person_id = $1";
    PERSON_ALL = "select person_id, name, role, added_at, ended_at, \
        (select max(seen_at) from person_session s where s.person_id = p.person_id) from person p order by person_id";
    PERSON_END = "update person set ended_at = $2 where person_id = $1 and ended_at is null";
    LINK_ADD = "insert into person_link (token_hash, person_id, ends_at) values ($1, $2, $3)";
    LINK_GET = "select person_id, ends_at, used_at from person_link where token_hash = $1";
    LINK_USE = "update person_link set used_at = $2 where token_hash = $1 and used_at is null";
    LINK_CLEAR = "delete from person_link where person_id = $1 or ends_at < $2";
    SESSION_ADD = "insert into person_session (token_hash, person_id, csrf, begun_at, seen_at) \
        values ($1, $2, $3, $4, $4)";
    SESSION_GET = "select s.person_id, s.csrf, s.begun_at, s.seen_at, p.name, p.role from person_session s \
        join person p on p.person_id = s.person_id where s.token_hash = $1 and p.ended_at is null";
    SESSION_TOUCH = "update person_session set seen_at = $2 where token_hash = $1";
    SESSION_END = "delete from person_session where token_hash = $1";
    SESSION_END_ALL = "delete from person_session where person_id = $1";
    SESSION_END_OLD = "delete from person_session where seen_at < $1 or begun_at < $2";
    ACT_ADD = "insert into act (act_id, done_at, person_id, kind, school, about) \
        select coalesce(max(act_id), 0) + 1, cast($1 as bigint), cast($2 as bigint), cast($3 as text), \
        cast($4 as bigint), cast($5 as bigint) from act";
    ACTS_OF_SCHOOL = "select a.done_at, p.name, a.kind from act a left join person p on p.person_id = a.person_id \
        where a.school = $1 order by a.act_id desc limit $2";

    // All schools.
    SCHOOLS_STAND = "select school, name, admitted_at, first_heard_at, last_heard_at, epoch, expected_seq, \
        head_digest from school order by school";
    SCHOOL_STANDS = "select school, name, admitted_at, first_heard_at, last_heard_at, epoch, expected_seq, \
        head_digest from school where school = $1";
    TERM_SPOKEN_OF = "select 1 from latest where term = $1 limit 1";

    // What is counted of one school.
    COUNT_DAYS = "select date, am, pm, enrolled, marked from latest where school = $1 and kind = 'day' \
        and stands = 1 and superseded = 0 and date between $2 and $3 order by date";
    COUNT_CLOSURES = "select date, half from latest where school = $1 and kind = 'closure' \
        and stands = 1 and superseded = 0 and date between $2 and $3";
    COUNT_CROSSINGS = "select student_id, threshold_days, stands, date from latest where school = $1 \
        and kind = 'crossing' and term = $2 and superseded = 0";
    COUNT_RESPONSES = "select student_id, threshold_days, response_type, recorded_at - done_at, description_held \
        from latest where school = $1 and kind = 'response' and term = $2 and stands = 1 and superseded = 0";
    COUNT_CODES = concat!("select code, date, count(*) from latest where school = $1 and ", odd_code!(), " \
        and stands = 1 and superseded = 0 and date between $2 and $3 group by code, date order by code, date");
    SNAPSHOTS = "select state, date, received_at from latest where school = $1 and kind = 'snapshot' and term = $2 \
        and stands = 1 and superseded = 0 order by state";
    REFUSED = "select epoch, first_seq, received_at, receipt from batch where school = $1 and rejected > 0 \
        and received_at between $2 and $3 order by received_at desc, epoch desc, first_seq desc limit $4";
    HELD_VERSION = "select student_id, received_at from latest where school = $1 and record_id = $2";

    // Lists of one school.
    LIST_DAYS = "select date, am, pm, enrolled, marked, received_at from latest where school = $1 \
        and kind = 'day' and stands = 1 and superseded = 0 and date between $2 and $3 order by date desc limit $4";
    LIST_CLOSURES = "select date, half, reason from latest where school = $1 and kind = 'closure' \
        and stands = 1 and superseded = 0 and date between $2 and $3 order by date, half limit $4";
    LIST_RESPONSES = "select response_type, description, description_held, threshold_days, done_at, recorded_at, \
        stands from latest where school = $1 and kind = 'response' and term = $2 and superseded = 0 \
        and ($3 = '' or ($3 = 'held' and stands = 1 and description_held = 1) \
            or ($3 = 'late' and stands = 1 and recorded_at - done_at > $4)) \
        order by done_at desc, record_id limit $5";
    LIST_BATCHES = "select epoch, first_seq, last_seq, records, rejected, received_at, digest from batch \
        where school = $1 order by epoch desc, first_seq desc limit $2 offset $3";
    BATCHES_SUM = "select count(*), cast(coalesce(sum(rejected), 0) as bigint) from batch where school = $1";
    HISTORY = "select epoch, record_version, seq, kind, op, body, recorded_at, received_at from fact \
        where school = $1 and record_id = $2 order by epoch desc, record_version desc limit $3";

    // Silence.
    SILENCE_OPEN = "select school, silent_since, raised_at from silence where heard_at is null order by school";
    SILENCE_RAISE = "insert into silence (school, silent_since, raised_at) values ($1, $2, $3) \
        on conflict (school, silent_since) do nothing";
    SILENCE_END = "update silence set heard_at = $3 where school = $1 and silent_since = $2 and heard_at is null";
    SILENCE_OF_SCHOOL = "select silent_since, raised_at, heard_at from silence where school = $1 \
        order by silent_since desc limit $2";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The index leaves these letters out, so none of them may ever be unknown on any date.
    #[test]
    fn the_letters_that_are_left_out_are_those_without_a_first_or_last_day() {
        let always = reference::codes().rows().iter().filter(|row| row.from.is_none() && row.to.is_none());
        let list = always.map(|row| format!("'{}'", row.letter)).collect::<Vec<_>>().join(", ");
        assert!(COUNT_CODES.contains(&format!("code not in ({list})")), "{list}");
        let migration = include_str!("../migrations/0004_people.sql");
        assert!(migration.contains(&format!("code not in ({list})")), "{list}");
    }
}
