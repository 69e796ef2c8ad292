//! What programs of other vendors are: clients, tokens, how often they asked; and the pages of long
//! lists that they read.

database::statements! { API:
    API_CLIENT_INSERT = "insert into api_client (school, client_id, act, name, secret_hash, scopes, made_at, made_by, \
        ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    API_CLIENT_GET = "select client_id, name, secret_hash, scopes, made_at, made_by, ends_at, ended_at, last_used_at \
        from api_client where school = $1 and client_id = $2";
    API_CLIENT_ALL = "select client_id, name, secret_hash, scopes, made_at, made_by, ends_at, ended_at, last_used_at \
        from api_client where school = $1 order by made_at, client_id";
    API_CLIENT_END = "update api_client set ended_at = $3 where school = $1 and client_id = $2 and ended_at is null";
    API_CLIENT_USED = "update api_client set last_used_at = $3 where school = $1 and client_id = $2 \
        and (last_used_at is null or last_used_at < $3)";
    API_TOKEN_INSERT = "insert into api_token (school, token_hash, client_id, scopes, given_at, ends_at) \
        values ($1, $2, $3, $4, $5, $6)";
    API_TOKEN_GET = "select client_id, scopes, ends_at from api_token where school = $1 and token_hash = $2";
    API_TOKEN_SWEEP = "delete from api_token where school = $1 and ends_at <= $2";
    API_TOKEN_END_ALL = "delete from api_token where school = $1 and client_id = $2";
    API_USE_ADD = "insert into api_use (school, client_id, date, requests, refused) values ($1, $2, $3, $4, $5) \
        on conflict (school, client_id, date) do update set requests = api_use.requests + excluded.requests, \
        refused = api_use.refused + excluded.refused";
    API_USE_SINCE = "select client_id, date, requests, refused from api_use where school = $1 and date >= $2 \
        order by client_id, date";

    // Marks that stand, a page after the other.
    API_MARKS = "select student_id, date, slot, version, act, recorded_at, code, source, entered_at, entered_by, start, \
        minutes from mark m where school = $1 and date >= $2 and date <= $3 and recorded_at >= $4 \
        and (code is not null or $8 = 1) \
        and (student_id > $5 or (student_id = $5 and (date > $6 or (date = $6 and slot > $7)))) \
        and not exists (select 1 from mark v where v.school = m.school and v.student_id = m.student_id \
        and v.date = m.date and v.slot = m.slot and v.version > m.version) \
        order by student_id, date, slot limit $9";
    API_MARKS_OF_STUDENT = "select student_id, date, slot, version, act, recorded_at, code, source, entered_at, entered_by, \
        start, minutes from mark m where school = $1 and student_id = $5 and date >= $2 and date <= $3 \
        and recorded_at >= $4 and (code is not null or $8 = 1) and (date > $6 or (date = $6 and slot > $7)) \
        and not exists (select 1 from mark v where v.school = m.school and v.student_id = m.student_id \
        and v.date = m.date and v.slot = m.slot and v.version > m.version) \
        order by student_id, date, slot limit $9";
}
