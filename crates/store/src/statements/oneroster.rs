//! The SQL texts about the OneRoster service, and what its packages said.

database::statements! { ONEROSTER:
    ONEROSTER_GET = "select base, version, token_at, client, sealed, entered_at, org, student_id, identifier_is_nsn, is_on, \
        asked_at, tried_at, retry_at, good_at, whole_at, problem, outcome from oneroster where school = $1";
    ONEROSTER_ADD = "insert into oneroster (school, base, version, token_at, client, sealed, entered_at, org, student_id, \
        identifier_is_nsn, is_on, asked_at, tried_at, retry_at, good_at, whole_at, problem, outcome) \
        values ($1, '', '1.1', '', '', '', null, '', 'identifier', 0, 0, null, null, null, null, null, '', '') \
        on conflict (school) do nothing";
    ONEROSTER_SET = "update oneroster set base = $2, version = $3, token_at = $4, client = $5, org = $6, student_id = $7, \
        identifier_is_nsn = $8, is_on = $9 where school = $1";
    ONEROSTER_SET_SECRET = "update oneroster set sealed = $2, entered_at = $3 where school = $1";
    ONEROSTER_ASK = "update oneroster set asked_at = $2 where school = $1";
    ONEROSTER_ASK_FOR_ALL = "update oneroster set whole_at = null where school = $1";
    ONEROSTER_BEGIN = "update oneroster set asked_at = null, tried_at = $2, retry_at = null where school = $1";
    ONEROSTER_WELL = "update oneroster set good_at = $2, whole_at = coalesce($3, whole_at), problem = '', outcome = $4 \
        where school = $1";
    ONEROSTER_FAILED = "update oneroster set problem = $2, retry_at = $3 where school = $1";
    ONEROSTER_FORGET_RUNS = "update oneroster set good_at = null, whole_at = null, problem = '', outcome = '' where school = $1";
    ONEROSTER_KNOWN = "select kind, sourced_id, said, is_marked from oneroster_known where school = $1 order by kind, sourced_id";
    ONEROSTER_KNOWN_SET = "insert into oneroster_known (school, kind, sourced_id, said, is_marked) values ($1, $2, $3, $4, $5) \
        on conflict (school, kind, sourced_id) do update set said = excluded.said, is_marked = excluded.is_marked";
    ONEROSTER_KNOWN_REMOVE = "delete from oneroster_known where school = $1 and kind = $2 and sourced_id = $3";
}
