//! The SQL texts about what comes from the systems beside Starboard.

database::statements! { BESIDE:
    // Arrivals.
    ARRIVAL_INSERT = "insert into arrival (school, arrival_id, received_at, door, source, name, digest, kinds, format, body, \
        notice, staff_id, state, reason, decided_at, act, rows, changed, bad_rows, problems) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', null, null, 0, 0, 0, '')";
    ARRIVAL_GET = "select arrival_id, received_at, door, source, name, digest, kinds, format, notice, staff_id, state, reason, \
        decided_at, act, rows, changed, bad_rows, problems from arrival where school = $1 and arrival_id = $2";
    ARRIVAL_BODY = "select body from arrival where school = $1 and arrival_id = $2";
    ARRIVAL_NEXT = "select arrival_id from arrival where school = $1 and state = 'received' \
        order by received_at, arrival_id limit 1";
    ARRIVAL_LATEST = "select arrival_id, received_at, door, source, name, digest, kinds, format, notice, staff_id, state, \
        reason, decided_at, act, rows, changed, bad_rows, problems from arrival where school = $1 \
        order by received_at desc, arrival_id desc limit $2";
    ARRIVAL_OF_ACT = "select arrival_id from arrival where school = $1 and act = $2";
    ARRIVAL_DECIDE = "update arrival set state = $3, reason = $4, decided_at = $5, act = $6, rows = $7, changed = $8, \
        bad_rows = $9, problems = $10 where school = $1 and arrival_id = $2";
    ARRIVAL_DISCARD_OLDER = "update arrival set state = 'discarded', reason = 'a whole list that came after it was stored', \
        decided_at = $5, body = $6 where school = $1 and door = $2 and source = $3 and state = 'review' \
        and kinds like '%students%' and received_at < $4";
    ARRIVAL_IS_OVERTAKEN = "select arrival_id from arrival where school = $1 and source = $2 and \
        state = 'stored' and kinds like '%students%' and received_at > $3 limit 1";
    ARRIVAL_OF_DOOR = "select arrival_id, received_at, door, source, name, digest, kinds, format, notice, staff_id, state, \
        reason, decided_at, act, rows, changed, bad_rows, problems from arrival where school = $1 and door = $2 \
        order by received_at desc, arrival_id desc limit $3";
    ARRIVAL_KEEP = "update arrival set body = $3 where school = $1 and arrival_id = $2";

    // Undone imports, and what sources said.
    UNDO_INSERT = "insert into import_undo (school, act, undo_act, recorded_at) values ($1, $2, $3, $4)";
    UNDO_ALL = "select act, undo_act from import_undo where school = $1 order by act";
    SAID_INSERT = "insert into said (school, source, kind, id, field, act, value) values ($1, $2, $3, $4, $5, $6, $7)";
    SAID_OF_SOURCE = "select id, field, act, value from said where school = $1 and source = $2 and kind = $3 \
        order by id, field, act";
    SAID_OF = "select id, field, act, value from said where school = $1 and source = $2 and kind = $3 and id = any($4) \
        order by id, field, act";
    IMPORT_LAST = "select digest from import_file i where school = $1 and kind = $2 and source = $3 and bad_rows = 0 \
        and not exists (select 1 from import_undo u where u.school = i.school and u.act = i.act) order by act desc limit 1";

    // Conflicts, and who is believed.
    CONFLICT_INSERT = "insert into conflict (school, conflict_id, act, recorded_at, kind, id, field, source, stands, offered) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    CONFLICT_ALL = "select c.conflict_id, c.act, c.recorded_at, c.kind, c.id, c.field, c.source, c.stands, c.offered, \
        (select d.decision from conflict_decision d where d.school = c.school and d.conflict_id = c.conflict_id \
        order by d.act desc limit 1) from conflict c where c.school = $1 order by c.act, c.conflict_id";
    CONFLICT_OF = "select c.conflict_id, c.act, c.recorded_at, c.kind, c.id, c.field, c.source, c.stands, c.offered, \
        (select d.decision from conflict_decision d where d.school = c.school and d.conflict_id = c.conflict_id \
        order by d.act desc limit 1) from conflict c where c.school = $1 and c.kind = $2 and c.id = any($3) \
        order by c.act, c.conflict_id";
    CONFLICT_DECIDE = "insert into conflict_decision (school, conflict_id, act, recorded_at, decision) values ($1, $2, $3, $4, $5)";
    CONFLICT_TAKEN = "select d.act, c.act, c.field from conflict_decision d join conflict c on c.school = d.school \
        and c.conflict_id = d.conflict_id where d.school = $1 and d.decision = 'source' and c.kind = $2 and c.id = $3 \
        order by d.act, c.act";
    SOURCELESS = "select a.act, a.subject from act a where a.school = $1 and a.kind = 'import' and not exists \
        (select 1 from import_file i where i.school = a.school and i.act = a.act and i.source <> '' and i.notice <> '') \
        and (exists (select 1 from student_version v where v.school = a.school and v.act = a.act) \
        or exists (select 1 from spell v where v.school = a.school and v.act = a.act) \
        or exists (select 1 from staff_version v where v.school = a.school and v.act = a.act) \
        or exists (select 1 from contact v where v.school = a.school and v.act = a.act) \
        or exists (select 1 from mark v where v.school = a.school and v.act = a.act)) order by a.act";
    RULE_INSERT = "insert into field_rule (school, field, act, recorded_at, believes) values ($1, $2, $3, $4, $5)";
    RULE_ALL = "select field, believes from field_rule where school = $1 order by act";

    // What an import did, to take it back.
    STUDENT_VERSIONS_OF = "select student_id, act, recorded_at, nsn, given_name, family_name, preferred_name, year_level, \
        group_name, house from student_version where school = $1 and student_id = any($2) order by student_id, act";
    STUDENTS_OF_ACT = "select student_id from student_version where school = $1 and act = $2 order by student_id";
    SPELLS_OF_ACT = "select student_id, first_day from spell where school = $1 and act = $2 order by student_id, first_day";
    STAFF_OF_ACT = "select staff_id from staff_version where school = $1 and act = $2 order by staff_id";
    STAFF_VERSIONS_OF = "select staff_id, act, recorded_at, name, email, roles, groups from staff_version \
        where school = $1 and staff_id = any($2) order by staff_id, act";
    MARKS_OF_ACT = "select distinct student_id, date from mark where school = $1 and act = $2 order by student_id, date";
    EVENTS_OF_ACT = "select term, student_id, threshold, event, kind, cause, date, half, act, at from crossing_event \
        where school = $1 and act = $2 order by term, student_id, threshold, event";
}
