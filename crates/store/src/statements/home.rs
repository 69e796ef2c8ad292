//! The SQL texts about messages, contacts, letters, calls and referrals: what goes home, and to whom.

database::statements! { HOME:
    // Messages.
    MESSAGE_INSERT = "insert into message (school, message_id, kind, day, recipient, from_address, to_address, subject, \
        body, made_at, state, attempts, unsure, next_attempt_at, lease_until, answered_at, answer, channel, sender_name, \
        reply_to, html, stop_asked, excused, is_told) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', 0, 0, $10, 0, \
        null, null, $11, $12, $13, $14, null, 0, $15) on conflict do nothing";
    MESSAGE_NEXT = "select message_id, kind, day, recipient, from_address, to_address, subject, body, made_at, state, \
        attempts, unsure, next_attempt_at, answered_at, answer, channel, sender_name, reply_to, html, stop_asked, excused \
        from message where school = $1 and channel = $2 \
        and ((state = 'waiting' and next_attempt_at <= $3) or (state in ('sending', 'handed over') and lease_until <= $4)) \
        order by next_attempt_at, message_id limit 1";
    MESSAGE_GET = "select message_id, kind, day, recipient, from_address, to_address, subject, body, made_at, state, \
        attempts, unsure, next_attempt_at, answered_at, answer, channel, sender_name, reply_to, html, stop_asked, excused \
        from message where school = $1 and message_id = $2";
    MESSAGE_CLAIM = "update message set state = 'sending', attempts = attempts + 1, unsure = $3, lease_until = $4 \
        where school = $1 and message_id = $2";
    MESSAGE_HAND_OVER = "update message set state = 'handed over', lease_until = $4 \
        where school = $1 and message_id = $2 and attempts = $3 and state = 'sending' and stop_asked is null";
    MESSAGE_ANSWERED = "update message set state = case when stop_asked is not null and $4 in ('waiting', 'given up') \
        then 'stopped' else $4 end, unsure = $5, next_attempt_at = $6, answered_at = $7, answer = $8, lease_until = 0, \
        excused = excused + $9 where school = $1 and message_id = $2 and attempts = $3 and state in ('sending', 'handed over')";
    MESSAGE_STOP = "update message set stop_asked = $4, state = 'stopped', answered_at = $3, answer = $4, lease_until = 0 \
        where school = $1 and message_id = $2 and state in ('waiting', 'sending')";
    MESSAGE_ASK_TO_STOP = "update message set stop_asked = $3 \
        where school = $1 and message_id = $2 and state = 'handed over' and stop_asked is null";
    MESSAGE_OPEN_HOME = "select message_id, kind, day, recipient, from_address, to_address, subject, body, made_at, state, \
        attempts, unsure, next_attempt_at, answered_at, answer, channel, sender_name, reply_to, html, stop_asked, excused \
        from message where school = $1 and is_told = 0 and state in ('waiting', 'sending', 'handed over') order by message_id";
    MESSAGE_TOLD = "update message set is_told = 1 where school = $1 and message_id = $2 and is_told = 0";
    MESSAGE_PUT_OFF = "update message set attempts = attempts + 1, next_attempt_at = $4, answered_at = $3, answer = $5, \
        excused = excused + case when kind = 'home' then 1 else 0 end \
        where school = $1 and channel = $2 and state = 'waiting' and next_attempt_at <= $3";
    MESSAGE_GIVE_UP = "update message set state = 'given up' where school = $1 and channel = $2 and state = 'waiting' \
        and attempts - excused >= $3";
    MESSAGE_HOLD = "update message set next_attempt_at = $4, answer = $5 \
        where school = $1 and channel = $2 and state = 'waiting' and next_attempt_at <= $3";
    MESSAGE_OF_DAY = "select cast(coalesce(sum(unsure + case when state in ('sent', 'sending', 'handed over') then 1 else 0 end), 0) \
        as bigint) from message where school = $1 and channel = $2 \
        and (answered_at >= $3 or state in ('sending', 'handed over'))";
    MESSAGE_WAITING = "select channel, count(*) from message where school = $1 and kind = 'home' \
        and state in ('waiting', 'sending', 'handed over') group by channel order by channel";
    MESSAGE_SINCE = "select message_id, kind, day, recipient, from_address, to_address, subject, body, made_at, state, \
        attempts, unsure, next_attempt_at, answered_at, answer, channel, sender_name, reply_to, html, stop_asked, excused \
        from message where school = $1 and kind = 'digest' and day >= $2 order by day desc, made_at desc, to_address, message_id";
    MESSAGE_SENT_AT = "select max(answered_at) from message where school = $1 and channel = 'email' and state = 'sent'";
    DIGEST_SETTING = "select hour, made_on from digest_setting where school = $1";
    DIGEST_SET_HOUR = "insert into digest_setting (school, hour, made_on) values ($1, $2, null) \
        on conflict (school) do update set hour = excluded.hour";
    DIGEST_SET_MADE = "insert into digest_setting (school, hour, made_on) values ($1, $2, $3) \
        on conflict (school) do update set made_on = excluded.made_on";
    DIGEST_DECLINE = "insert into digest_declined (school, staff_id) values ($1, $2) on conflict do nothing";
    DIGEST_WANT = "delete from digest_declined where school = $1 and staff_id = $2";
    DIGEST_DECLINED = "select staff_id from digest_declined where school = $1";

    // Contacts.
    CONTACT_INSERT = "insert into contact (school, contact_id, act, kind, recorded_at, student_id, place, name, \
        relationship, phone, email, address, channel, language, is_written_to, confirmed_on, is_blocked, why, \
        is_removed, source, source_id, staff_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
        $14, $15, $16, $17, $18, $19, $20, $21, $22)";
    CONTACT_OF_STUDENTS = "select contact_id, act, kind, recorded_at, student_id, place, name, relationship, phone, \
        email, address, channel, language, is_written_to, confirmed_on, is_blocked, why, is_removed, source, \
        source_id, staff_id, (select u.undo_act from import_undo u where u.school = c.school and u.act = c.act) \
        from contact c where school = $1 and student_id = any($2) order by act, contact_id, kind";
    CONTACT_OF_ACT = "select distinct contact_id, student_id from contact where school = $1 and act = $2 order by \
        contact_id";
    CONTACT_STUDENT = "select student_id from contact where school = $1 and contact_id = $2 limit 1";
    CONTACT_LOOK_INSERT = "insert into contact_look (school, contact_id, field, act, recorded_at, student_id, \
        digest, is_right, staff_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    CONTACT_LOOKS = "select contact_id, field, act, recorded_at, student_id, digest, is_right, staff_id from \
        contact_look where school = $1 and student_id = any($2) order by act";
    CONTACT_READ_INSERT = "insert into contact_read (school, student_id, staff_id, read_at) values ($1, $2, $3, $4) \
        on conflict do nothing";

    // Letters, e-mails and texts home.
    TEMPLATE_INSERT = "insert into letter_template (school, name, act, recorded_at, body) values ($1, $2, $3, $4, $5)";
    TEMPLATE_CURRENT = "select name, act, recorded_at, body from letter_template t where school = $1 \
        and act = (select max(act) from letter_template v where v.school = t.school and v.name = t.name) order by name";
    APPROVAL_INSERT = "insert into letter_approval (school, name, language, act, recorded_at, digest, staff_id) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    APPROVAL_ALL = "select name, language, recorded_at, digest, staff_id from letter_approval where school = $1 order by act";
    LETTERHEAD_INSERT = "insert into letterhead (school, act, recorded_at, address, phone, email, website, logo) \
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    LETTERHEAD_CURRENT = "select address, phone, email, website, logo from letterhead where school = $1 order by act desc limit 1";
    RUN_INSERT = "insert into letter_run (school, run_id, act, recorded_at, template, title, response_type, description, staff_id) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    RUN_GET = "select run_id, act, recorded_at, template, title, response_type, description, staff_id from letter_run \
        where school = $1 and run_id = $2";
    RUN_LATEST = "select run_id, act, recorded_at, template, title, response_type, description, staff_id from letter_run \
        where school = $1 order by act desc, run_id limit $2";
    LETTER_INSERT = "insert into letter (school, letter_id, run_id, act, recorded_at, student_id, contact_id, contact_name, channel, \
        language, sent_to, term, threshold, step, half_days, words, corrects) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    LETTER_GET = "select letter_id, run_id, recorded_at, student_id, contact_id, contact_name, channel, language, sent_to, term, \
        threshold, step, half_days, words, corrects from letter where school = $1 and letter_id = $2";
    LETTER_OF_RUN = "select letter_id, run_id, recorded_at, student_id, contact_id, contact_name, channel, language, sent_to, term, \
        threshold, step, half_days, words, corrects from letter where school = $1 and run_id = $2 order by letter_id";
    LETTER_OF_STUDENT = "select letter_id, run_id, recorded_at, student_id, contact_id, contact_name, channel, language, sent_to, term, \
        threshold, step, half_days, words, corrects from letter where school = $1 and student_id = $2 order by act, letter_id";
    LETTER_OF_TERM = "select letter_id, run_id, recorded_at, student_id, contact_id, contact_name, channel, language, sent_to, term, \
        threshold, step, half_days, '' as words, corrects from letter where school = $1 and term = $2 order by act, letter_id";
    LETTER_OF_RUNS = "select letter_id, run_id, recorded_at, student_id, contact_id, contact_name, channel, language, sent_to, term, \
        threshold, step, half_days, '' as words, corrects from letter where school = $1 and run_id = any($2) order by letter_id";
    LETTER_LIVE = "select l.student_id, l.term, l.threshold, l.corrects, r.template, l.recorded_at from letter l \
        join letter_run r on r.school = l.school and r.run_id = l.run_id where l.school = $1 and l.student_id = any($2) \
        and not exists (select 1 from letter_event e where e.school = l.school and e.letter_id = l.letter_id \
        and e.kind in ('failed', 'came_back', 'dropped')) order by l.act, l.letter_id";
    LETTER_OPEN_TO = "select letter_id, run_id, recorded_at, student_id, contact_id, contact_name, channel, language, sent_to, term, \
        threshold, step, half_days, words, corrects from letter l where school = $1 and contact_id = $2 and not exists \
        (select 1 from letter_event e where e.school = l.school and e.letter_id = l.letter_id) order by act, letter_id";
    LETTER_TEXTS_SINCE = "select count(*) from letter l where school = $1 and channel = 'text' and recorded_at >= $2 and not exists \
        (select 1 from letter_event e where e.school = l.school and e.letter_id = l.letter_id and e.kind = 'dropped')";
    LETTER_EVENT_INSERT = "insert into letter_event (school, letter_id, act, recorded_at, kind, why, staff_id) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    LETTER_EVENT_OF = "select letter_id, act, recorded_at, kind, why, staff_id from letter_event \
        where school = $1 and letter_id = any($2) order by act";
    LETTER_RESPONSE_INSERT = "insert into letter_response (school, run_id, student_id, act, recorded_at, response_id, version) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    LETTER_RESPONSE_GET = "select response_id, version from letter_response where school = $1 and run_id = $2 and student_id = $3 \
        order by act desc limit 1";
    LETTER_RESPONSE_OF_RUN = "select student_id, response_id from letter_response where school = $1 and run_id = $2 order by act";
    LETTER_PRINT_INSERT = "insert into letter_print (school, run_id, act, recorded_at, digest, bytes) values ($1, $2, $3, $4, $5, $6)";
    LETTER_PRINT_GET = "select act, recorded_at, digest, bytes from letter_print where school = $1 and run_id = $2 order by act desc limit 1";
    LETTER_ENDED = "select m.message_id, m.state, m.unsure, m.answered_at, \
        case when m.state = 'stopped' then m.stop_asked else m.answer end, l.run_id, l.student_id \
        from message m join letter l on l.school = m.school and l.letter_id = m.message_id \
        where m.school = $1 and m.is_told = 0 and m.state in ('sent', 'refused', 'given up', 'stopped') \
        order by m.message_id limit $2";

    // Calls and referrals.
    CALL_INSERT = "insert into call (school, call_id, act, recorded_at, student_id, contact_id, contact_name, outcome, staff_id, \
        response_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    CALL_OF_STUDENT = "select call_id, recorded_at, student_id, contact_id, contact_name, outcome, staff_id, response_id from call \
        where school = $1 and student_id = $2 order by act, call_id";
    REFERRAL_INSERT = "insert into referral (school, referral_id, act, recorded_at, student_id, receiver, purpose, advice, why, body, \
        staff_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    REFERRAL_GET = "select referral_id, recorded_at, student_id, receiver, purpose, advice, why, body, staff_id from referral \
        where school = $1 and referral_id = $2";
    REFERRAL_OF_STUDENT = "select referral_id, recorded_at, student_id, receiver, purpose, advice, why, body, staff_id from referral \
        where school = $1 and student_id = $2 order by act";
    REFERRAL_NOTE_INSERT = "insert into referral_note (school, referral_id, response_id, version, act, recorded_at) \
        values ($1, $2, $3, $4, $5, $6)";
    REFERRAL_CONTACT_INSERT = "insert into referral_contact (school, referral_id, line, act, recorded_at, contact_id) \
        values ($1, $2, $3, $4, $5, $6)";
    REFERRAL_CONTACTS = "select line, contact_id from referral_contact where school = $1 and referral_id = $2 order by line";
    REFERRAL_NOTES = "select response_id, version from referral_note where school = $1 and referral_id = $2 \
        order by response_id, version";
    SHARED_OF_STUDENT = "select epoch, seq, kind from outbox where school = $1 and student_id = $2 and passed_over = 0";
    SHARED_OF_RESPONSES = "select epoch, seq, kind from outbox where school = $1 and response_id = any($2) and passed_over = 0";
    BATCH_SPANS = "select epoch, first_seq, last_seq, sealed_at, state, answered_at from batch where school = $1 \
        order by epoch, first_seq";
    REFUSED_OF_SCHOOL = "select epoch, seq from refused_record where school = $1 order by epoch, seq";
}
