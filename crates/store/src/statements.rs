//! Every SQL text that Starboard's school side runs.
//!
//! The same text runs on SQLite and PostgreSQL; [`all`] lets a test prepare each one. What goes home
//! is in [`HOME`], what comes from other systems in [`BESIDE`] and, before it is imported, in [`FILES`],
//! what other programs do in [`API`] and are told in [`WEBHOOKS`]. Only upkeep is each engine's own:
//! [`UPKEEP`] of the embedded file, [`SERVER`] of a
//! server.

mod api;
mod beside;
mod files;
mod home;
mod kamar;
mod oneroster;
mod webhooks;

pub use api::*;
pub use beside::*;
pub use files::*;
pub use home::*;
pub use kamar::*;
pub use oneroster::*;
pub use webhooks::*;

/// Every statement of both engines, by name.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    [ALL, HOME, BESIDE, FILES, KAMAR, ONEROSTER, API, WEBHOOKS].into_iter().flatten().copied()
}

database::statements! { UPKEEP:
    BACK_UP = "vacuum into $1";
    CHECK_FILE = "pragma integrity_check";
    CHECK_KEYS = "pragma foreign_key_check";
}

database::statements! { SERVER:
    SERVER_STATE = "select current_setting('server_version'), current_setting('fsync'), \
        current_setting('full_page_writes'), current_setting('synchronous_standby_names')";
}

database::statements! { ALL:
    // The host's directory, which alone belongs to no school.
    HOSTED_INSERT = "insert into hosted_school (school, host_name, added_at) values ($1, $2, $3)";
    HOSTED_SET_NAME = "update hosted_school set host_name = $2 where school = $1";
    HOSTED_REMOVE = "delete from hosted_school where school = $1";
    HOSTED_ALL = "select school, host_name, added_at from hosted_school order by school";
    HOSTED_BY_NAME = "select school, host_name, added_at from hosted_school where host_name = $1";
    HOSTED_COUNT = "select count(*) from hosted_school";

    // School and acts.
    SCHOOL_INSERT = "insert into school (school, name, zone, region, go_live, share_attendance, share_responses, \
        share_to, roll_shows_reasons, made_at) values ($1, $2, $3, $4, null, 0, 0, null, 0, $5)";
    SCHOOL_GET = "select name, zone, region, go_live, share_attendance, share_responses, share_to, roll_shows_reasons, notice \
        from school where school = $1";
    SCHOOL_SET_SETTINGS = "update school set go_live = $2, roll_shows_reasons = $3 where school = $1";
    SCHOOL_SET_NOTICE = "update school set notice = $2 where school = $1";
    SCHOOL_SET_SHARING = "update school set share_attendance = $2, share_responses = $3, share_to = $4 where school = $1";
    PROGRESS_INSERT = "insert into progress (school, act, epoch, seq, settled_date, settled_half, send_asked_at, lease_until) \
        values ($1, 0, 1, 0, $2, $3, null, 0)";
    PROGRESS_GET = "select act, epoch, seq, settled_date, settled_half, send_asked_at, has_periods from progress where school = $1";
    PROGRESS_NEXT_ACT = "update progress set act = act + 1 where school = $1 returning act";
    PROGRESS_NEXT_SEQ = "update progress set seq = seq + $2 where school = $1 returning epoch, seq";
    PROGRESS_SETTLE = "update progress set settled_date = $2, settled_half = $3 where school = $1";
    PROGRESS_HAS_PERIODS = "update progress set has_periods = 1 where school = $1";
    PROGRESS_ASK = "update progress set send_asked_at = $2 where school = $1";
    PROGRESS_LEASE = "update progress set lease_until = $3 where school = $1 and (lease_until <= $2 or lease_until > $4)";
    PROGRESS_NEW_EPOCH = "update progress set epoch = $2, seq = 0, lease_until = 0 where school = $1";
    ACT_INSERT = "insert into act (school, act, at, kind, staff_id, subject, key, request, result) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    ACT_BY_KEY = "select request, result from act where school = $1 and key = $2";
    ACT_SET_RESULT = "update act set result = $3 where school = $1 and act = $2";
    ACT_ALL = "select act, at, kind, staff_id, subject from act where school = $1 order by act";
    ACT_GET = "select act, at, kind, staff_id, subject from act where school = $1 and act = $2";
    ACT_OF_KIND = "select at, subject, staff_id from act where school = $1 and kind = $2 order by act";
    ACT_LAST_AT = "select at from act where school = $1 and kind not in ('clock', 'export', 'export-list') \
        order by act desc limit 1";

    // Terms and calendar.
    TERM_INSERT = "insert into term (school, term, act, recorded_at, first_day, last_day) values ($1, $2, $3, $4, $5, $6)";
    TERM_VERSIONS = "select term, act, recorded_at, first_day, last_day from term where school = $1 order by act, term";
    CALENDAR_INSERT = "insert into calendar_day (school, date, act, recorded_at, am_open, pm_open, reason) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    CALENDAR_VERSIONS = "select date, act, recorded_at, am_open, pm_open, reason from calendar_day where school = $1 \
        order by act, date";

    // Timetables and code lists.
    TIMETABLE_INSERT = "insert into timetable (school, from_date, act, recorded_at, group_name, weekday, period, start, \
        minutes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    TIMETABLE_VERSIONS = "select from_date, act, group_name, weekday, period, start, minutes from timetable t \
        where school = $1 and not exists (select 1 from import_undo u where u.school = t.school and u.act = t.act) order by from_date, act, group_name, weekday, start, period";
    CODE_INSERT = "insert into code_row (school, from_date, act, recorded_at, letter, name, class, counts_as) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    CODE_VERSIONS = "select from_date, act, recorded_at, letter, name, class, counts_as from code_row where school = $1 \
        order by from_date, act, letter";

    // People.
    STUDENT_INSERT = "insert into student_version (school, student_id, act, recorded_at, nsn, given_name, family_name, \
        preferred_name, year_level, group_name, house) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    STUDENT_PUT = "insert into student (school, student_id, nsn, given_name, family_name, preferred_name, year_level, \
        group_name, house, search) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (school, student_id) do update set \
        nsn = excluded.nsn, given_name = excluded.given_name, family_name = excluded.family_name, \
        preferred_name = excluded.preferred_name, year_level = excluded.year_level, group_name = excluded.group_name, \
        house = excluded.house, search = excluded.search";
    STUDENT_VERSIONS = "select student_id, recorded_at, nsn, given_name, family_name, preferred_name, year_level, group_name, house \
        from student_version where school = $1 order by act";
    STUDENT_GET = "select student_id, nsn, given_name, family_name, preferred_name, year_level, group_name, house, search \
        from student where school = $1 and student_id = $2";
    STUDENT_ALL = "select student_id, nsn, given_name, family_name, preferred_name, year_level, group_name, house, search \
        from student where school = $1 order by student_id";
    STUDENT_GROUP = "select student_id, nsn, given_name, family_name, preferred_name, year_level, group_name, house, search \
        from student where school = $1 and group_name = $2 order by family_name, preferred_name, student_id";
    STUDENT_SEARCH = "select student_id, nsn, given_name, family_name, preferred_name, year_level, group_name, house, search \
        from student where school = $1 and search like $2 escape '\\' order by family_name, preferred_name, student_id limit $3";
    STUDENT_CLEAR = "delete from student where school = $1";
    STUDENT_GROUPS = "select group_name, year_level, count(*) from student where school = $1 \
        group by group_name, year_level order by group_name, year_level";
    SPELL_INSERT = "insert into spell (school, student_id, first_day, act, recorded_at, last_day) \
        values ($1, $2, $3, $4, $5, $6)";
    SPELL_OF = "select student_id, first_day, act, recorded_at, last_day from spell \
        where school = $1 and student_id = any($2) and recorded_at <= $3 order by act";
    SPELL_ALL = "select student_id, first_day, act, recorded_at, last_day from spell \
        where school = $1 and recorded_at <= $2 order by act";
    STAFF_INSERT = "insert into staff_version (school, staff_id, act, recorded_at, name, email, roles, groups) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    STAFF_VERSIONS = "select staff_id, name, email, roles, groups from staff_version where school = $1 order by act";
    STAFF_OF = "select staff_id, name, email, roles, groups from staff_version where school = $1 and staff_id = $2 \
        order by act desc limit 1";

    // Marks and reasons.
    MARK_INSERT = "insert into mark (school, student_id, date, slot, version, act, recorded_at, code, source, entered_at, \
        entered_by, start, minutes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    MARK_OF_STUDENTS = "select student_id, date, slot, version, act, recorded_at, code, source, entered_at, entered_by, start, \
        minutes from mark \
        where school = $1 and student_id = any($2) and date >= $3 and date <= $4 and recorded_at <= $5 \
        order by student_id, date, slot, version";
    MARK_OF_SCHOOL = "select student_id, date, slot, version, act, recorded_at, code, source, entered_at, entered_by, start, \
        minutes from mark \
        where school = $1 and date >= $2 and date <= $3 and recorded_at <= $4 order by student_id, date, slot, version";
    MARK_HISTORY = "select student_id, date, slot, act, code, start, minutes from mark where school = $1 \
        order by student_id, date, slot, version";
    MARK_OF_DAY = "select student_id, date, slot, version, act, recorded_at, code, source, entered_at, entered_by, start, \
        minutes from mark where school = $1 and student_id = any($2) and date = $3 order by student_id, slot, version";
    MARK_PERIODS = "select s.group_name, m.date, m.slot, count(*) from mark m \
        join student s on s.school = m.school and s.student_id = m.student_id \
        where m.school = $1 and m.date >= $2 and m.date <= $3 and m.start is not null and m.code is not null \
        and not exists (select 1 from mark v where v.school = m.school and v.student_id = m.student_id \
        and v.date = m.date and v.slot = m.slot and v.version > m.version) group by s.group_name, m.date, m.slot";
    MARK_STUDENTS_AFTER = "select student_id from mark where school = $1 and date >= $2 and date <= $4 \
        and (date > $2 or slot > $3)";
    REASON_INSERT = "insert into reason (school, student_id, date, slot, version, act, recorded_at, reason, given_by, given_how, \
        given_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    REASON_OF_STUDENT = "select student_id, date, slot, version, act, recorded_at, reason, given_by, given_how, given_at from reason \
        where school = $1 and student_id = $2 and date >= $3 and date <= $4 order by date, slot, version";
    REASON_SLOTS = "select distinct student_id, date, slot from reason where school = $1 and date >= $2 and date <= $3";

    // The plan, and what people decide about its tasks.
    PLAN_INSERT = "insert into plan_version (school, version, act, recorded_at, body) values ($1, $2, $3, $4, $5)";
    PLAN_LATEST = "select version, act, recorded_at, body from plan_version where school = $1 order by version desc limit 1";
    PLAN_GET = "select version, act, recorded_at, body from plan_version where school = $1 and version = $2";
    PLAN_PUBLISH = "insert into plan_publication (school, act, recorded_at, version) values ($1, $2, $3, $4)";
    PLAN_PUBLISHED = "select v.version, v.act, v.recorded_at, v.body from plan_publication p join plan_version v \
        on v.school = p.school and v.version = p.version where p.school = $1 order by p.act desc limit 1";
    PLAN_PUBLICATIONS = "select act, recorded_at, version from plan_publication where school = $1 order by act";
    FLAG_INSERT = "insert into student_flag (school, student_id, flag, act, recorded_at, on_date, is_set) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    FLAG_ALL = "select student_id, flag, act, on_date, is_set from student_flag where school = $1 order by act, student_id, flag";
    HOLD_INSERT = "insert into hold (school, hold_id, act, recorded_at, student_id, kind, why, first_day, last_day, reviewer) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    HOLD_STANDING = "select hold_id, act, recorded_at, student_id, kind, why, first_day, last_day, reviewer from hold h \
        where school = $1 and act = (select max(act) from hold v where v.school = h.school and v.hold_id = h.hold_id) \
        order by hold_id";
    HOLD_LAST = "select max(hold_id) from hold where school = $1";
    ASSIGNMENT_INSERT = "insert into task_assignment (school, student_id, term, step, act, recorded_at, staff_id) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    ASSIGNMENT_OF_TERM = "select student_id, step, staff_id from task_assignment where school = $1 and term = $2 order by act";
    COVER_INSERT = "insert into cover (school, cover_id, act, recorded_at, owner, scope, staff_id, first_day, last_day) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    COVER_STANDING = "select cover_id, owner, scope, staff_id, first_day, last_day from cover c \
        where school = $1 and act = (select max(act) from cover v where v.school = c.school and v.cover_id = c.cover_id) \
        order by cover_id";
    COVER_LAST = "select max(cover_id) from cover where school = $1";
    STEP_INSERT = "insert into response_step (school, response_id, act, term, step) values ($1, $2, $3, $4, $5)";
    STEP_OF_TERM = "select response_id, step from response_step where school = $1 and term = $2";
    MARK_CLASSES = "select student_id, date, code, count(*) from mark m where school = $1 and date >= $2 and date <= $3 \
        and start is not null and $4 like '%' || code || '%' \
        and not exists (select 1 from mark v where v.school = m.school and v.student_id = m.student_id \
        and v.date = m.date and v.slot = m.slot and v.version > m.version) group by student_id, date, code";
    MARK_BY_PERIOD = "select student_id from student s where school = $1 and exists (select 1 from mark m \
        where m.school = s.school and m.student_id = s.student_id and m.date >= $2 and m.date <= $3 and m.start is not null \
        and m.code is not null)";

    // Descriptions and responses.
    DESCRIPTION_INSERT = "insert into description (school, description_id, act, recorded_at, response_type, wording, retired) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    DESCRIPTION_VERSIONS = "select description_id, act, recorded_at, response_type, wording, retired from description \
        where school = $1 order by act, description_id";
    RESPONSE_INSERT = "insert into response (school, response_id, version, act, student_id, term, threshold, response_type, \
        description, done_at, recorded_at, recorded_by, withdrawn, absent_half_days) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    RESPONSE_OF = "select response_id, version, act, student_id, term, threshold, response_type, description, done_at, \
        recorded_at, recorded_by, withdrawn, absent_half_days from response where school = $1 and response_id = $2 \
        order by version";
    RESPONSE_OF_STUDENT = "select response_id, version, act, student_id, term, threshold, response_type, description, done_at, \
        recorded_at, recorded_by, withdrawn, absent_half_days from response where school = $1 and student_id = $2 \
        order by done_at, response_id, version";
    RESPONSE_OF_TERM = "select response_id, version, act, student_id, term, threshold, response_type, description, done_at, \
        recorded_at, recorded_by, withdrawn, absent_half_days from response where school = $1 and term = $2 \
        and recorded_at <= $3 order by student_id, done_at, response_id, version";
    RESPONSE_OF_ACT = "select response_id from response where school = $1 and act = $2 and version = 1 order by response_id";
    NOTE_INSERT = "insert into response_note (school, response_id, version, note, written_by) values ($1, $2, $3, $4, $5)";
    NOTE_OF_STUDENT = "select n.response_id, n.version, n.note, n.written_by from response_note n join response r \
        on r.school = n.school and r.response_id = n.response_id and r.version = n.version \
        where n.school = $1 and r.student_id = $2 order by n.response_id, n.version";
    NOTE_READ_INSERT = "insert into note_read (school, read_at, staff_id, student_id, response_id) \
        values ($1, $2, $3, $4, $5) on conflict do nothing";

    // Derived rows.
    TALLY_GET = "select term, student_id, sheet, present, justified, unjustified, unknown from tally \
        where school = $1 and term = $2 and student_id = any($3) order by student_id";
    TALLY_OF_STUDENTS = "select term, student_id, sheet, present, justified, unjustified, unknown from tally \
        where school = $1 and student_id = any($2) order by student_id, term";
    TALLY_OF_TERM = "select term, student_id, sheet, present, justified, unjustified, unknown from tally \
        where school = $1 and term = $2 order by student_id";
    TALLY_PUT = "insert into tally (school, term, student_id, sheet, present, justified, unjustified, unknown) \
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (school, term, student_id) do update set \
        sheet = excluded.sheet, present = excluded.present, justified = excluded.justified, \
        unjustified = excluded.unjustified, unknown = excluded.unknown";
    TALLY_CLEAR = "delete from tally where school = $1";
    CROSSING_GET = "select term, student_id, threshold, state, date, half, event from crossing \
        where school = $1 and term = $2 and student_id = any($3) order by student_id, threshold";
    CROSSING_OF_TERM = "select term, student_id, threshold, state, date, half, event from crossing \
        where school = $1 and term = $2 order by student_id, threshold";
    CROSSING_PUT = "insert into crossing (school, term, student_id, threshold, state, date, half, event) \
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (school, term, student_id, threshold) do update set \
        state = excluded.state, date = excluded.date, half = excluded.half, event = excluded.event";
    CROSSING_CLEAR = "delete from crossing where school = $1";
    EVENT_INSERT = "insert into crossing_event (school, term, student_id, threshold, event, kind, cause, date, half, act, at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    EVENT_GET = "select term, student_id, threshold, event, kind, cause, date, half, act, at from crossing_event \
        where school = $1 and term = $2 and student_id = $3 and threshold = $4 and event = $5";
    EVENT_OF_STUDENT = "select term, student_id, threshold, event, kind, cause, date, half, act, at from crossing_event \
        where school = $1 and term = $2 and student_id = $3 order by threshold, event";
    EVENT_OF_TERM = "select term, student_id, threshold, event, kind, cause, date, half, act, at from crossing_event \
        where school = $1 and term = $2 and at <= $3 order by student_id, threshold, event";
    EVENT_BETWEEN = "select term, student_id, threshold, event, kind, cause, date, half, act, at from crossing_event \
        where school = $1 and at >= $2 and at < $3 order by at, student_id, threshold, event";
    EVENT_ALL = "select term, student_id, threshold, event, kind, cause, date, half, act, at from crossing_event \
        where school = $1 order by term, student_id, threshold, event";
    EVENT_CLEAR = "delete from crossing_event where school = $1";

    // The exchange.
    OUTBOX_INSERT = "insert into outbox (school, epoch, seq, act, recorded_at, kind, withdrawn, passed_over, student_id, date, \
        half, code, class, reason, term, threshold, event, response_id, version, enrolled, marked, last_day) \
        values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)";
    OUTBOX_RANGE = "select seq, recorded_at, kind, withdrawn, student_id, date, half, code, class, reason, term, threshold, \
        event, response_id, version, enrolled, marked, last_day from outbox \
        where school = $1 and epoch = $2 and seq > $3 order by seq limit $4";
    OUTBOX_TERM = "select seq, recorded_at, kind, withdrawn, student_id, date, half, code, class, reason, term, threshold, \
        event, response_id, version, enrolled, marked, last_day, epoch from outbox o \
        where school = $1 and passed_over = 0 \
        and (date between $3 and $4 and kind in ('attendance', 'closure', 'day') \
        or term = $2 and kind in ('crossing', 'snapshot_attendance', 'snapshot_responses') \
        or kind = 'response' and exists (select 1 from response r where r.school = o.school \
        and r.response_id = o.response_id and r.term = $2)) order by epoch, seq";
    OUTBOX_SNAPSHOT_AT = "select max(recorded_at) from outbox where school = $1 and term = $2 \
        and kind in ('snapshot_attendance', 'snapshot_responses')";
    OUTBOX_PASS_OVER = "update outbox set passed_over = 1 where school = $1 and epoch = $2 and seq >= $3 and seq <= $4 \
        and kind = $5";
    OUTBOX_PASSED_OVER = "select seq, recorded_at, kind, withdrawn, student_id, date, half, code, class, reason, term, \
        threshold, event, response_id, version, enrolled, marked, last_day from outbox o \
        where school = $1 and epoch = $2 and passed_over = 1 and kind = $3 order by seq";
    OUTBOX_PASSED_IN = "select seq from outbox where school = $1 and epoch = $2 and seq >= $3 and seq <= $4 \
        and passed_over <> 0";
    OUTBOX_CLEAR_PASSED = "update outbox set passed_over = 2 where school = $1 and epoch = $2 and kind = $3 \
        and passed_over = 1";
    OUTBOX_RESPONSE = "select epoch, seq, passed_over from outbox where school = $1 and response_id = $2 \
        order by epoch desc, seq desc limit 1";
    OUTBOX_CROSSINGS = "select student_id, threshold, event, epoch, seq, passed_over from outbox \
        where school = $1 and kind = 'crossing' and term = $2 and student_id = any($3) order by student_id, epoch, seq";
    OUTBOX_DAYS = "select date, half, enrolled, marked from outbox where school = $1 and epoch = $2 and kind = 'day' \
        order by seq";
    OUTBOX_COUNT_AFTER = "select count(*) from outbox where school = $1 and epoch = $2 and seq > $3";
    BATCH_INSERT = "insert into batch (school, epoch, first_seq, last_seq, sealed_at, digest, bytes, state, attempts, \
        next_attempt_at, answered_at, problem, receipt) values ($1, $2, $3, $4, $5, $6, $7, 'sealed', 0, $5, null, null, null)";
    BATCH_LAST = "select epoch, first_seq, last_seq, sealed_at, digest, state, attempts, next_attempt_at, answered_at, \
        problem from batch where school = $1 and epoch = $2 order by first_seq desc limit 1";
    BATCH_WAITING = "select epoch, first_seq, last_seq, sealed_at, digest, state, attempts, next_attempt_at, answered_at, \
        problem from batch where school = $1 and epoch = $2 and state <> 'received' order by first_seq";
    BATCH_LATEST = "select epoch, first_seq, last_seq, sealed_at, digest, state, attempts, next_attempt_at, answered_at, \
        problem from batch where school = $1 order by epoch desc, first_seq desc limit $2";
    BATCH_RECEIVED_AT = "select answered_at from batch where school = $1 and state = 'received' \
        order by epoch desc, first_seq desc limit 1";
    BATCH_GET = "select epoch, first_seq, last_seq, sealed_at, digest, state, attempts, next_attempt_at, answered_at, \
        problem from batch where school = $1 and epoch = $2 and first_seq = $3";
    BATCH_HOLDING = "select epoch, first_seq, last_seq, sealed_at, digest, state, attempts, next_attempt_at, answered_at, \
        problem from batch where school = $1 and epoch = $2 and first_seq <= $3 and last_seq >= $3 \
        order by first_seq desc limit 1";
    BATCH_WAS_RECEIVED = "select 1 from batch where school = $1 and epoch = $2 and first_seq = $3 and receipt is not null";
    BATCH_RESEAL = "update batch set last_seq = $4, sealed_at = $5, digest = $6, bytes = $7, state = 'sealed', \
        next_attempt_at = $5 where school = $1 and epoch = $2 and first_seq = $3 and state <> 'received'";
    BATCH_FORGET = "delete from batch where school = $1 and epoch = $2 and first_seq > $3 and state <> 'received'";
    BATCH_BYTES = "select bytes from batch where school = $1 and epoch = $2 and first_seq = $3";
    BATCH_ANSWERED = "update batch set state = $4, answered_at = $5, problem = $6, \
        receipt = coalesce($7, receipt), attempts = attempts + 1, \
        next_attempt_at = $8 where school = $1 and epoch = $2 and first_seq = $3";
    REFUSED_INSERT = "insert into refused_record (school, epoch, seq, problem) values ($1, $2, $3, $4) on conflict do nothing";
    REFUSED_ALL = "select epoch, seq, problem from refused_record where school = $1 order by epoch, seq";
    RECONCILIATION_INSERT = "insert into reconciliation (school, at, term, compared, differing, queued) \
        values ($1, $2, $3, $4, $5, $6) on conflict do nothing";
    RECONCILIATION_LATEST = "select at, term, compared, differing, queued from reconciliation where school = $1 \
        order by at desc, term desc limit $2";
    RECONCILIATION_OF_TERM = "select at, term, compared, differing, queued from reconciliation where school = $1 \
        and term = $2 and at <= $3 order by at desc limit 1";
    DAY_ENROLLED = "select count(distinct student_id) from spell s where school = $1 and first_day <= $2 \
        and act = (select max(act) from spell v where v.school = s.school and v.student_id = s.student_id \
        and v.first_day = s.first_day) and (last_day is null or last_day >= $2)";
    DAY_MARKED = "select count(distinct student_id) from mark m where school = $1 and date = $2 and code is not null \
        and case when start is null then slot when start < '12:00' then 'am' else 'pm' end = $3 \
        and version = (select max(version) from mark v where v.school = m.school and v.student_id = m.student_id \
        and v.date = m.date and v.slot = m.slot) \
        and exists (select 1 from spell s where s.school = m.school and s.student_id = m.student_id \
        and s.first_day <= m.date and (s.last_day is null or s.last_day >= m.date) and s.act = (select max(act) \
        from spell v where v.school = s.school and v.student_id = s.student_id and v.first_day = s.first_day))";

    // Key pairs for the Ministry.
    KEY_PAIR_INSERT = "insert into key_pair (school, kid, sealed, made_at) values ($1, $2, $3, $4)";
    KEY_PAIR_ALL = "select kid, sealed, made_at, tried_at, registered_at, last_used_at, end_asked_at, ended_at, problem \
        from key_pair where school = $1 order by made_at, kid";
    KEY_PAIR_TRIED = "update key_pair set tried_at = $3, problem = $4 where school = $1 and kid = $2 and ended_at is null";
    KEY_PAIR_REGISTERED = "update key_pair set registered_at = coalesce(registered_at, $3), problem = null \
        where school = $1 and kid = $2 and ended_at is null";
    KEY_PAIR_USED = "update key_pair set last_used_at = $3 where school = $1 and kid = $2";
    KEY_PAIR_ASK_END = "update key_pair set end_asked_at = coalesce(end_asked_at, $3) \
        where school = $1 and kid = $2 and ended_at is null";
    KEY_PAIR_ENDED = "update key_pair set ended_at = $3, sealed = '', problem = null \
        where school = $1 and kid = $2 and ended_at is null";
    ADMISSION_GET = "select sealed, entered_at from admission_token where school = $1";
    ADMISSION_SET = "insert into admission_token (school, sealed, entered_at) values ($1, $2, $3) \
        on conflict (school) do update set sealed = excluded.sealed, entered_at = excluded.entered_at";
    ADMISSION_REMOVE = "delete from admission_token where school = $1 and sealed = $2";

    // Sign-in.
    CREDENTIAL_PUT = "insert into credential (school, staff_id, password_hash, changed_at, disabled) \
        values ($1, $2, $3, $4, 0) on conflict (school, staff_id) do update set password_hash = excluded.password_hash, \
        changed_at = excluded.changed_at, disabled = 0";
    CREDENTIAL_GET = "select password_hash, disabled from credential where school = $1 and staff_id = $2";
    CREDENTIAL_DISABLE = "update credential set disabled = $3 where school = $1 and staff_id = $2";
    CREDENTIAL_ALL = "select staff_id from credential where school = $1 and disabled = 0";
    SESSION_INSERT = "insert into session (school, token_hash, staff_id, csrf, begun_at, seen_at) values ($1, $2, $3, $4, $5, $5)";
    SESSION_GET = "select staff_id, csrf, begun_at, seen_at from session where school = $1 and token_hash = $2";
    SESSION_SEEN = "update session set seen_at = $3 where school = $1 and token_hash = $2";
    SESSION_END = "delete from session where school = $1 and token_hash = $2";
    SESSION_END_ALL = "delete from session where school = $1 and staff_id = $2";
    SESSION_END_OLD = "delete from session where school = $1 and (seen_at < $2 or begun_at < $3)";
    LINK_INSERT = "insert into link (school, token_hash, staff_id, made_at, ends_at, used_at) values ($1, $2, $3, $4, $5, null)";
    LINK_GET = "select staff_id, ends_at, used_at from link where school = $1 and token_hash = $2";
    LINK_USE = "update link set used_at = $3 where school = $1 and token_hash = $2 and used_at is null";
    LINK_END_ALL = "update link set used_at = ends_at where school = $1 and staff_id = $2 and used_at is null";
    ATTEMPT_GET = "select at, count from sign_in_attempt where school = $1 and email = $2";
    ATTEMPT_PUT = "insert into sign_in_attempt (school, email, at, count) values ($1, $2, $3, $4) \
        on conflict (school, email) do update set at = excluded.at, count = excluded.count";

    // Imported files.
    IMPORT_INSERT = "insert into import_file (school, act, kind, source, name, digest, rows, changed, bad_rows, problems, notice, \
        door) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    IMPORT_KNOWN = "select act from import_file i where school = $1 and kind = $2 and source = $3 and digest = $4 and bad_rows = 0 \
        and not exists (select 1 from import_undo u where u.school = i.school and u.act = i.act)";
    IMPORT_OF_ACT = "select act, kind, source, name, rows, changed, bad_rows, problems, notice, door from import_file \
        where school = $1 and act = $2";
    IMPORT_LATEST = "select act, kind, source, name, rows, changed, bad_rows, problems, notice, door from import_file \
        where school = $1 order by act desc limit $2";
}
