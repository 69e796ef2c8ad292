//! Every SQL text that the Ministry's side runs.
//!
//! The same text runs on SQLite and PostgreSQL; [`ALL`] lets a test prepare each one. What takes a
//! batch in names its school first; what the pages and exports read spans the schools.

database::statements! { ALL:
    // Schools.
    SCHOOL_GET = "select token_hash, epoch, expected_seq, head_digest, token_spent, (select count(*) from school_key k \
        where k.school = school.school and k.ended_at is null) from school where school = $1";
    SCHOOL_ENTER = "insert into school (school, name, admitted_at, epoch, expected_seq, head_digest) \
        values ($1, $2, $3, 0, 1, '') on conflict (school) do nothing";
    SCHOOL_ADMIT = "update school set name = $2, token_hash = $3, token_spent = 0 where school = $1";
    SCHOOL_HEARD = "update school set first_heard_at = coalesce(first_heard_at, $2), last_heard_at = $2, \
        name = case when name = '' then $3 else name end where school = $1";
    SCHOOL_ADVANCE = "update school set epoch = $2, expected_seq = $3, head_digest = $4 where school = $1";

    // Who may speak.
    SCHOOL_SPEND = "update school set token_spent = 1 where school = $1";
    KEY_INSERT = "insert into school_key (school, kid, x, registered_at) values ($1, $2, $3, $4)";
    KEY_GET = "select kid, x, registered_at, last_used_at, ended_at from school_key where school = $1 and kid = $2";
    KEY_ALL = "select kid, x, registered_at, last_used_at, ended_at from school_key where school = $1 \
        and ended_at is null order by registered_at, kid";
    KEY_USED = "update school_key set last_used_at = $3 where school = $1 and kid = $2";
    KEY_END = "update school_key set ended_at = $3 where school = $1 and kid = $2 and ended_at is null";
    KEY_END_ALL = "update school_key set ended_at = $2 where school = $1 and ended_at is null";
    TOKEN_INSERT = "insert into access_token (school, token_hash, kid, expires_at) values ($1, $2, $3, $4)";
    TOKEN_GET = "select kid from access_token where school = $1 and token_hash = $2 and expires_at > $3";
    TOKEN_SWEEP = "delete from access_token where school = $1 and expires_at <= $2";
    TOKEN_END = "delete from access_token where school = $1 and kid = $2";
    TOKEN_END_ALL = "delete from access_token where school = $1";
    ASSERTION_USE = "insert into used_assertion (school, id, over_at) values ($1, $2, $3) on conflict (school, id) do nothing";
    ASSERTION_SWEEP = "delete from used_assertion where school = $1 and over_at < $2";

    // Batches.
    BATCH_INSERT = "insert into batch (school, epoch, first_seq, last_seq, digest, records, rejected, received_at, \
        receipt, bytes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    BATCH_GET = "select digest, receipt from batch where school = $1 and epoch = $2 and first_seq = $3";
    BATCH_BY_DIGEST = "select 1 from batch where school = $1 and epoch = $2 and digest = $3";

    // Facts. `latest` keeps the highest version of the highest epoch, in whatever order versions come.
    FACT_INSERT = "insert into fact (school, record_id, epoch, record_version, seq, kind, op, body, recorded_at, \
        received_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
        on conflict (school, record_id, epoch, record_version) do nothing";
    LATEST_PUT = "insert into latest (school, record_id, epoch, record_version, kind, stands, student_id, nsn, date, \
        half, term, threshold_days, code, class, reason, state, absent_half_days, cause, response_type, description, \
        description_held, done_at, done_text, recorded_at, recorded_text, version, am, pm, enrolled, marked, \
        received_at, hash, superseded) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
        $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, 0) on conflict (school, record_id) do update set \
        epoch = excluded.epoch, record_version = excluded.record_version, kind = excluded.kind, \
        stands = excluded.stands, student_id = excluded.student_id, nsn = excluded.nsn, date = excluded.date, \
        half = excluded.half, term = excluded.term, threshold_days = excluded.threshold_days, code = excluded.code, \
        class = excluded.class, reason = excluded.reason, state = excluded.state, \
        absent_half_days = excluded.absent_half_days, cause = excluded.cause, \
        response_type = excluded.response_type, description = excluded.description, \
        description_held = excluded.description_held, done_at = excluded.done_at, done_text = excluded.done_text, \
        recorded_at = excluded.recorded_at, recorded_text = excluded.recorded_text, version = excluded.version, \
        am = excluded.am, pm = excluded.pm, enrolled = excluded.enrolled, marked = excluded.marked, \
        received_at = excluded.received_at, hash = excluded.hash, superseded = 0 \
        where excluded.epoch > latest.epoch \
        or (excluded.epoch = latest.epoch and excluded.record_version > latest.record_version)";
    // What only earlier epochs spoke of, once a snapshot said everything of a term.
    SUPERSEDE_DATES = "update latest set superseded = 1, stands = 0 where school = $1 and epoch < $2 \
        and kind in ('attendance', 'closure', 'day') and date between $3 and $4 and superseded = 0";
    SUPERSEDE_TERM = "update latest set superseded = 1, stands = 0 where school = $1 and epoch < $2 \
        and kind in ('crossing', 'response') and term = $3 and superseded = 0";

    // Digests. A row from before hashes were kept brings its version along.
    DIGEST_DATES = "select l.date, l.hash, l.record_id, f.op, f.body from latest l \
        left join fact f on l.hash is null and f.school = l.school and f.record_id = l.record_id \
        and f.epoch = l.epoch and f.record_version = l.record_version \
        where l.school = $1 and l.kind in ('attendance', 'closure', 'day') and l.date between $2 and $3 \
        and l.superseded = 0";
    DIGEST_TERM = "select l.hash, l.record_id, f.op, f.body from latest l \
        left join fact f on l.hash is null and f.school = l.school and f.record_id = l.record_id \
        and f.epoch = l.epoch and f.record_version = l.record_version \
        where l.school = $1 and l.kind in ('crossing', 'response') and l.term = $2 and l.superseded = 0";

    // What is handed on as files.
    SCHOOLS = "select school, name, last_heard_at from school order by school";
    SCHOOL_POSITION = "select epoch, expected_seq from school where school = $1";

    // Exports of all schools.
    EXPORT_ATTENDANCE = "select school, student_id, nsn, date, half, code, class, record_version from latest \
        where kind = 'attendance' and stands = 1 order by school, student_id, date, half, record_id";
    EXPORT_CLOSURES = "select school, date, half, reason, record_version from latest \
        where kind = 'closure' and stands = 1 order by school, date, half, record_id";
    EXPORT_CROSSINGS = "select school, student_id, nsn, term, threshold_days, state, date, half, absent_half_days, \
        cause, record_version from latest where kind = 'crossing' and superseded = 0 \
        order by school, student_id, term, threshold_days, record_id";
    EXPORT_RESPONSES = "select school, record_id, student_id, nsn, term, threshold_days, response_type, description, \
        done_text, recorded_text, case when stands = 1 then 'recorded' else 'withdrawn' end, version from latest \
        where kind = 'response' and superseded = 0 order by school, student_id, done_at, record_id";

    // What holds at one school, for files by term; the order of their columns is `held::Table::columns`.
    // Students' numbers are read only when $4 is 1.
    HELD_DAYS_OF = "select (select min(date) from latest where school = $1 and kind = $2), \
        (select max(date) from latest where school = $1 and kind = $2)";
    HELD_ATTENDANCE = "select student_id, case when $4 = 1 then nsn end, date, half, code, class, recorded_at, \
        record_version from latest where school = $1 and kind = 'attendance' and date between $2 and $3 \
        and stands = 1 and superseded = 0 order by student_id, date, half, record_id";
    HELD_CLOSURES = "select date, half, reason, recorded_at, record_version from latest where school = $1 \
        and kind = 'closure' and date between $2 and $3 and stands = 1 and superseded = 0 \
        order by date, half, record_id";
    HELD_DAYS = "select date, am, pm, enrolled, marked, recorded_at, received_at, record_version from latest \
        where school = $1 and kind = 'day' and date between $2 and $3 and stands = 1 and superseded = 0 \
        order by date, record_id";
    HELD_CROSSINGS = "select term, student_id, case when $2 = 1 then nsn end, threshold_days, state, date, half, \
        absent_half_days, cause, recorded_at, record_version from latest where school = $1 and kind = 'crossing' \
        and superseded = 0 order by term, student_id, threshold_days, record_id";
    HELD_RESPONSES = "select term, record_id, student_id, case when $2 = 1 then nsn end, threshold_days, \
        response_type, description, description_held, done_at, recorded_at, \
        case when stands = 1 then 'recorded' else 'withdrawn' end, version from latest where school = $1 \
        and kind = 'response' and superseded = 0 order by term, student_id, done_at, record_id";
}
