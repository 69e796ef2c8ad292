//! The SQL texts about files of other systems before they are imported.

database::statements! { FILES:
    MAPPING_INSERT = "insert into mapping (school, source, kind, act, recorded_at, body) values ($1, $2, $3, $4, $5, $6)";
    MAPPING_LATEST = "select m.source, m.kind, m.recorded_at, m.body from mapping m where m.school = $1 \
        and m.act = (select max(l.act) from mapping l where l.school = m.school and l.source = m.source and l.kind = m.kind) \
        order by m.act desc, m.source, m.kind";
    UPLOAD_INSERT = "insert into upload (school, upload_id, received_at, name, source, staff_id, body) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    UPLOAD_GET = "select upload_id, received_at, name, source, staff_id from upload where school = $1 and upload_id = $2";
    UPLOAD_BODY = "select body from upload where school = $1 and upload_id = $2";
    UPLOAD_ALL = "select upload_id, received_at, name, source, staff_id from upload where school = $1 \
        order by received_at desc, upload_id desc";
    UPLOAD_REMOVE = "delete from upload where school = $1 and upload_id = $2";
    UPLOAD_HAS_OLD = "select upload_id from upload where school = $1 and received_at < $2 limit 1";
    UPLOAD_REMOVE_OLD = "delete from upload where school = $1 and received_at < $2";
}
