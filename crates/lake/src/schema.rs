//! The columns of each table in Parquet's terms.
//!
//! Every number is a plain 32 or 64 bit integer: smaller ones would save nothing once a column is
//! compressed, and sums over them overflow in some engines.

use collector::held::{Column, Holds, Table};
use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::printer::print_schema;
use parquet::schema::types::{Type, TypePtr};
use std::sync::Arc;

/// Raised when a column changes its meaning or goes. A new column at the end does not raise it.
pub const SCHEMA_VERSION: u32 = 1;

/// The schema of a table's files.
pub(crate) fn schema(table: Table, with_nsn: bool) -> TypePtr {
    let fields = table.columns(with_nsn).map(field).collect();
    let group = Type::group_type_builder(table.text()).with_fields(fields).build();
    Arc::new(group.expect("the columns of a table have names"))
}

/// The same as a text, as Parquet's own tools print it.
#[must_use]
pub fn schema_text(table: Table, with_nsn: bool) -> String {
    let mut out = Vec::new();
    print_schema(&mut out, &schema(table, with_nsn));
    String::from_utf8_lossy(&out).into_owned()
}

fn field(column: &Column) -> TypePtr {
    let (physical, logical) = match column.holds {
        Holds::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Holds::Date => (Physical::INT32, Some(LogicalType::Date)),
        Holds::Moment => (Physical::INT64, Some(LogicalType::timestamp(true, TimeUnit::MICROS))),
        Holds::Count => (Physical::INT32, None),
        Holds::Number => (Physical::INT64, None),
        Holds::Flag => (Physical::BOOLEAN, None),
    };
    let repetition = if column.may_be_empty { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    let built = Type::primitive_type_builder(column.name, physical)
        .with_logical_type(logical)
        .with_repetition(repetition)
        .build();
    Arc::new(built.expect("each logical type stands on its physical one"))
}
