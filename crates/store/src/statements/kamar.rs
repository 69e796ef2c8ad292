//! The SQL texts about KAMAR: the connection, what came over it, its own totals, and what waits for a person.

database::statements! { KAMAR:
    KAMAR_SETTING_GET = "select user_name, password_hash, is_on, switched_at, silent_hours, slots, suffix, refused_at, \
        refused_why from kamar_setting where school = $1";
    KAMAR_SETTING_PUT = "insert into kamar_setting (school, user_name, password_hash, is_on, switched_at, silent_hours, \
        slots, suffix, refused_at, refused_why) values ($1, $2, $3, $4, $5, $6, $7, $8, null, null) \
        on conflict (school) do update set user_name = excluded.user_name, password_hash = excluded.password_hash, \
        is_on = excluded.is_on, switched_at = excluded.switched_at, silent_hours = excluded.silent_hours, \
        slots = excluded.slots, suffix = excluded.suffix";
    KAMAR_SETTING_REFUSED = "update kamar_setting set refused_at = $2, refused_why = $3 where school = $1";
    KAMAR_PUSH_INSERT = "insert into kamar_push (school, push_id, received_at, sync, made_at, digest, size, records, error, \
        result, arrival_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    KAMAR_PUSH_LATEST = "select push_id, received_at, sync, made_at, digest, size, records, error, result, arrival_id from kamar_push \
        where school = $1 order by received_at desc, push_id desc limit $2";
    KAMAR_PUSH_SAME = "select arrival_id from kamar_push where school = $1 and digest = $2 and arrival_id is not null \
        order by received_at desc, push_id desc limit 1";
    KAMAR_PUSH_LIFE = "select max(received_at) from kamar_push where school = $1 and error = 0 \
        and result <> 'other-school'";
    KAMAR_PUSH_LAST_OF = "select max(received_at) from kamar_push where school = $1 and error = 0 and sync = $2 \
        and result <> 'other-school'";
    KAMAR_LATEST_GET = "select made_at from kamar_latest where school = $1 and sync = $2";
    KAMAR_LATEST_PUT = "insert into kamar_latest (school, sync, made_at) values ($1, $2, $3) \
        on conflict (school, sync) do update set made_at = excluded.made_at";
    KAMAR_TOTAL_INSERT = "insert into kamar_total (school, student_id, date, act, recorded_at, made_at, codes, classes, \
        unjustified, justified, present) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    KAMAR_TOTAL_OF_STUDENTS = "select student_id, date, act, made_at, codes, classes, unjustified, justified, present \
        from kamar_total where school = $1 and student_id = any($2) and date >= $3 and date <= $4 \
        order by student_id, date, act";
    KAMAR_TOTAL_BETWEEN = "select student_id, date, act, made_at, codes, classes, unjustified, justified, present \
        from kamar_total where school = $1 and date >= $2 and date <= $3 order by date, student_id, act";
    CANDIDATE_INSERT = "insert into candidate_response (school, student_id, ref, act, recorded_at, made_at, date, time, \
        reason, action, more, teacher) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    CANDIDATE_OPEN = "select student_id, ref, recorded_at, made_at, date, time, reason, action, more, teacher \
        from candidate_response c where school = $1 and not exists (select 1 from candidate_decision d \
        where d.school = c.school and d.student_id = c.student_id and d.ref = c.ref) order by student_id, ref, act";
    CANDIDATE_OF_STUDENTS = "select student_id, ref, recorded_at, made_at, date, time, reason, action, more, teacher \
        from candidate_response where school = $1 and student_id = any($2) order by student_id, ref, act";
    DECISION_INSERT = "insert into candidate_decision (school, student_id, ref, act, recorded_at, response_id, staff_id) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    DECISION_GET = "select response_id from candidate_decision where school = $1 and student_id = $2 and ref = $3";
}
