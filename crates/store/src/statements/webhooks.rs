//! The SQL texts about webhooks: addresses, what happened, and how far it has come.

database::statements! { WEBHOOKS:
    WEBHOOK_INSERT = "insert into webhook (school, webhook_id, address, events, made_at, made_by, owner, is_on, off_why, sealed, \
        earlier, earlier_until, failing_since, gave_up_at, lease_until, ended_at) \
        values ($1, $2, $3, $4, $5, $6, $7, 1, null, $8, null, null, null, null, 0, null)";
    WEBHOOK_ALL = "select webhook_id, address, events, made_at, made_by, owner, is_on, off_why, sealed, earlier, earlier_until, \
        failing_since, gave_up_at, ended_at from webhook where school = $1 order by made_at, webhook_id";
    WEBHOOK_GET = "select webhook_id, address, events, made_at, made_by, owner, is_on, off_why, sealed, earlier, earlier_until, \
        failing_since, gave_up_at, ended_at from webhook where school = $1 and webhook_id = $2";
    WEBHOOK_LISTENING = "select webhook_id, events from webhook where school = $1 and is_on = 1 order by webhook_id";
    WEBHOOK_SET = "update webhook set address = $3, events = $4 where school = $1 and webhook_id = $2 and ended_at is null";
    WEBHOOK_SET_SECRET = "update webhook set earlier = sealed, earlier_until = $4, sealed = $3 \
        where school = $1 and webhook_id = $2 and ended_at is null";
    WEBHOOK_SWITCH = "update webhook set is_on = $3, off_why = $4, failing_since = null, gave_up_at = null \
        where school = $1 and webhook_id = $2 and ended_at is null";
    WEBHOOK_END = "update webhook set is_on = 0, ended_at = $3, sealed = '', earlier = null, earlier_until = null, \
        failing_since = null, gave_up_at = null where school = $1 and webhook_id = $2 and ended_at is null";
    WEBHOOK_LEASE = "update webhook set lease_until = $3 where school = $1 and webhook_id = $2";
    WEBHOOK_ANSWERS = "update webhook set failing_since = null, gave_up_at = null where school = $1 and webhook_id = $2";
    WEBHOOK_FAILS = "update webhook set failing_since = coalesce(failing_since, $3), gave_up_at = coalesce($4, gave_up_at) \
        where school = $1 and webhook_id = $2 and is_on = 1";
    WEBHOOK_EVENT_INSERT = "insert into webhook_event (school, event_id, act, at, kind, student_id, term, threshold, change, \
        event, date, half, response_id, version, response_type, description, done_at) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    WEBHOOK_EVENT_GET = "select event_id, act, at, kind, student_id, term, threshold, change, event, date, half, response_id, \
        version, response_type, description, done_at from webhook_event where school = $1 and event_id = $2";
    WEBHOOK_DELIVERY_INSERT = "insert into webhook_delivery (school, webhook_id, event_id, act, made_at, due_from, state, tries, \
        began_after, next_try_at, ended_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    WEBHOOK_NEXT = "select d.webhook_id, d.event_id, d.act, d.made_at, d.due_from, d.state, d.tries, d.began_after, \
        d.next_try_at, d.ended_at from webhook_delivery d join webhook w on w.school = d.school and w.webhook_id = d.webhook_id \
        where d.school = $1 and d.state = 'waiting' and d.next_try_at <= $2 and w.is_on = 1 and w.lease_until <= $3 \
        order by d.act, d.event_id limit 1";
    WEBHOOK_DELIVERIES = "select webhook_id, event_id, act, made_at, due_from, state, tries, began_after, next_try_at, ended_at \
        from webhook_delivery where school = $1 and webhook_id = $2 order by act desc, event_id desc limit $3";
    WEBHOOK_WAITING = "select count(*) from webhook_delivery where school = $1 and webhook_id = $2 and state = 'waiting'";
    WEBHOOK_CLAIM = "update webhook_delivery set tries = tries + 1 where school = $1 and webhook_id = $2 and event_id = $3";
    WEBHOOK_ANSWERED = "update webhook_delivery set state = $5, next_try_at = $6, ended_at = $7 \
        where school = $1 and webhook_id = $2 and event_id = $3 \
        and ((state = 'waiting' and tries = $4) or ($5 = 'delivered' and state <> 'delivered'))";
    WEBHOOK_HOLD = "update webhook_delivery set next_try_at = $3 \
        where school = $1 and webhook_id = $2 and state = 'waiting' and next_try_at < $3";
    WEBHOOK_GIVE_UP = "update webhook_delivery set state = 'given up', ended_at = $3 \
        where school = $1 and webhook_id = $2 and state = 'waiting' and due_from <= $4";
    WEBHOOK_STOP = "update webhook_delivery set state = 'stopped', ended_at = $3 \
        where school = $1 and webhook_id = $2 and state = 'waiting'";
    WEBHOOK_AGAIN = "update webhook_delivery set state = 'waiting', due_from = $4, next_try_at = $4, began_after = tries, \
        ended_at = null where school = $1 and webhook_id = $2 and event_id = $3";
    WEBHOOK_TRY_INSERT = "insert into webhook_try (school, webhook_id, event_id, try, at, status, millis, problem) \
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing";
    WEBHOOK_TRIES = "select event_id, try, at, status, millis, problem from webhook_try \
        where school = $1 and webhook_id = $2 order by at desc, try desc limit $3";
    WEBHOOK_OLD = "select count(*) from webhook_event where school = $1 and at < $2";
    WEBHOOK_DROP_TRIES = "delete from webhook_try where school = $1 and at < $2";
    WEBHOOK_DROP_DELIVERIES = "delete from webhook_delivery where school = $1 and made_at < $2";
    WEBHOOK_DROP_EVENTS = "delete from webhook_event where school = $1 and at < $2";
}
