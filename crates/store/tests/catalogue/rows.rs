//! The rows of PostgreSQL's catalogue that the checks need, for every schema but its own.

use postgres::GenericClient;

/// Tables whose rows belong to the host, not to a school.
pub const NOT_TENANT: &[&str] = &["hosted_school", "migration"];

/// The column that says whose a row is.
pub const SCHOOL: &str = "school";

/// A table, or a kept copy of a query.
#[derive(Debug, Clone)]
pub struct Table {
    /// As SQL writes it.
    pub name: String,
    /// Whether it is a materialised view, which row security does not know.
    pub is_kept_copy: bool,
    /// `relrowsecurity`.
    pub has_row_security: bool,
    /// `relforcerowsecurity`: the owner too.
    pub is_forced: bool,
    /// Its policies.
    pub policies: Vec<Policy>,
    /// The primary key's columns, in its order.
    pub primary_key: Vec<String>,
    /// In the table's order.
    pub columns: Vec<Column>,
    /// Foreign keys from it.
    pub foreign_keys: Vec<ForeignKey>,
    /// Whether the application may empty it, which row security does not know either.
    pub may_be_truncated: bool,
}

/// A policy of row security.
#[derive(Debug, Clone)]
pub struct Policy {
    pub name: String,
    /// Whether it holds for every command and every role.
    pub is_for_all: bool,
    /// What a row must be to be seen, and to be written; the same when only the first is given.
    pub seen: String,
    pub written: String,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub kind: String,
    /// Of a text; nothing for others.
    pub collation: Option<String>,
    pub is_required: bool,
}

/// A foreign key: its columns and those they name, pairwise.
#[derive(Debug, Clone)]
pub struct ForeignKey {
    pub name: String,
    pub columns: Vec<String>,
    pub to: String,
    pub to_columns: Vec<String>,
}

/// The application's role.
#[derive(Debug, Clone)]
pub struct Role {
    pub name: String,
    /// What it may do that it must not: `superuser`, `bypassrls` and such.
    pub powers: Vec<String>,
    /// The roles it is a member of.
    pub memberships: Vec<String>,
    /// What it owns.
    pub owns: Vec<String>,
}

/// What the checks look at.
#[derive(Debug, Clone)]
pub struct Catalogue {
    pub tables: Vec<Table>,
    /// Functions that run as who made them.
    pub definer_functions: Vec<String>,
    pub application: Role,
}

impl Table {
    /// Whether its rows belong to schools.
    pub fn is_tenant(&self) -> bool {
        !self.is_kept_copy && !NOT_TENANT.contains(&self.name.as_str()) && self.has_school()
    }

    /// Whether a row says whose it is.
    pub fn has_school(&self) -> bool {
        self.columns.iter().any(|column| column.name == SCHOOL)
    }
}

const TABLES: &str = "\
select c.oid, c.oid::regclass::text, c.relkind = 'm', c.relrowsecurity, c.relforcerowsecurity,
       has_table_privilege($1, c.oid, 'truncate')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm') and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%'
order by 2";

const POLICIES: &str = "\
select polname::text, polcmd = '*' and polpermissive and polroles = '{0}',
       coalesce(pg_get_expr(polqual, polrelid), ''),
       coalesce(pg_get_expr(polwithcheck, polrelid), pg_get_expr(polqual, polrelid), '')
from pg_policy where polrelid = $1 order by 1";

const COLUMNS: &str = "\
select a.attname::text, format_type(a.atttypid, a.atttypmod), l.collname::text, a.attnotnull
from pg_attribute a left join pg_collation l on l.oid = a.attcollation
where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum";

const PRIMARY_KEY: &str = "\
select a.attname::text
from pg_constraint c cross join unnest(c.conkey) with ordinality as k (attnum, place)
join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum
where c.conrelid = $1 and c.contype = 'p' order by k.place";

const FOREIGN_KEYS: &str = "\
select c.conname::text, c.confrelid::regclass::text, array_agg(a.attname::text order by k.place),
       array_agg(b.attname::text order by k.place)
from pg_constraint c cross join unnest(c.conkey, c.confkey) with ordinality as k (own, other, place)
join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.own
join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.other
where c.conrelid = $1 and c.contype = 'f' group by c.oid, c.conname, c.confrelid order by 1";

const DEFINER_FUNCTIONS: &str = "\
select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where p.prosecdef and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%' order by 1";

const ROLE: &str = "\
select array_remove(array[
           case when rolsuper then 'superuser' end, case when rolbypassrls then 'bypassrls' end,
           case when rolcreaterole then 'createrole' end, case when rolcreatedb then 'createdb' end,
           case when rolreplication then 'replication' end,
           case when has_database_privilege(oid, current_database(), 'create') then 'create in the database' end,
           case when has_schema_privilege(oid, 'public', 'create') then 'create in the schema' end], null),
       array(select m.roleid::regrole::text from pg_auth_members m where m.member = r.oid order by 1),
       array(select pg_describe_object(d.classid, d.objid, d.objsubid) from pg_shdepend d
             where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'
                   and d.dbid in (0, (select oid from pg_database where datname = current_database()))
             order by 1)
from pg_roles r where rolname = $1";

impl Catalogue {
    /// Reads it as somebody who sees all of it; `application` is the role of the program.
    pub fn read(client: &mut impl GenericClient, application: &str) -> Self {
        let mut tables = Vec::new();
        for row in client.query(TABLES, &[&application]).expect("tables") {
            let oid: u32 = row.get(0);
            tables.push(Table {
                name: row.get(1),
                is_kept_copy: row.get(2),
                has_row_security: row.get(3),
                is_forced: row.get(4),
                may_be_truncated: row.get(5),
                policies: policies(client, oid),
                primary_key: primary_key(client, oid),
                columns: columns(client, oid),
                foreign_keys: foreign_keys(client, oid),
            });
        }
        let functions = client.query(DEFINER_FUNCTIONS, &[]).expect("functions");
        let role = client.query_one(ROLE, &[&application]).expect("the role");
        Self {
            tables,
            definer_functions: functions.iter().map(|row| row.get(0)).collect(),
            application: Role {
                name: application.to_owned(),
                powers: role.get(0),
                memberships: role.get(1),
                owns: role.get(2),
            },
        }
    }

    /// The tables whose rows belong to schools.
    pub fn tenant_tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| table.is_tenant())
    }
}

fn policies(client: &mut impl GenericClient, oid: u32) -> Vec<Policy> {
    let rows = client.query(POLICIES, &[&oid]).expect("policies");
    let policy = |row: &postgres::Row| Policy {
        name: row.get(0),
        is_for_all: row.get(1),
        seen: row.get(2),
        written: row.get(3),
    };
    rows.iter().map(policy).collect()
}

fn primary_key(client: &mut impl GenericClient, oid: u32) -> Vec<String> {
    let rows = client.query(PRIMARY_KEY, &[&oid]).expect("a primary key");
    rows.iter().map(|row| row.get(0)).collect()
}

fn columns(client: &mut impl GenericClient, oid: u32) -> Vec<Column> {
    let rows = client.query(COLUMNS, &[&oid]).expect("columns");
    let column = |row: &postgres::Row| Column {
        name: row.get(0),
        kind: row.get(1),
        collation: row.get(2),
        is_required: row.get(3),
    };
    rows.iter().map(column).collect()
}

fn foreign_keys(client: &mut impl GenericClient, oid: u32) -> Vec<ForeignKey> {
    let rows = client.query(FOREIGN_KEYS, &[&oid]).expect("foreign keys");
    let key = |row: &postgres::Row| ForeignKey {
        name: row.get(0),
        to: row.get(1),
        columns: row.get(2),
        to_columns: row.get(3),
    };
    rows.iter().map(key).collect()
}
