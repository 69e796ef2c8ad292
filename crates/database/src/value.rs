//! What crosses the seam: values in, rows out.

use crate::DatabaseError;

/// What both engines say of a text that a server cannot keep; SQLite could, but a school may move.
pub(crate) const NUL: &str = "a text with a NUL character cannot be kept: leave the character out";

/// A value that both databases keep: instants are microseconds, dates ISO text, booleans 0 or 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Several texts, for `= any($n)`; no column holds them.
    Texts(Vec<String>),
}

impl Value {
    /// What kind of value it is. Never the value itself: it may be personal and errors are logged.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Integer(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Texts(_) => "several texts",
        }
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Integer(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The values themselves, in the order of the columns.
    #[must_use]
    pub fn into_values(self) -> Vec<Value> {
        self.0
    }

    /// Takes the value of a column, counting from 0, leaving nothing behind.
    ///
    /// # Errors
    /// [`DatabaseError::Shape`] when the column holds something else.
    pub fn take<T: FromValue>(&mut self, column: usize) -> Result<T, DatabaseError> {
        let value = self.0.get_mut(column).map(|value| std::mem::replace(value, Value::Null));
        T::from_value(value.ok_or(DatabaseError::Shape { expected: "a column", found: "none".to_owned() })?)
    }
}

/// A type that a column can be read as.
pub trait FromValue: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// [`DatabaseError::Shape`] when the value is of another kind.
    fn from_value(value: Value) -> Result<Self, DatabaseError>;
}

fn shape<T>(expected: &'static str, found: &Value) -> Result<T, DatabaseError> {
    Err(DatabaseError::Shape { expected, found: found.kind().to_owned() })
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Result<Self, DatabaseError> {
        match value {
            Value::Integer(number) => Ok(number),
            other => shape("a number", &other),
        }
    }
}

impl FromValue for u32 {
    fn from_value(value: Value) -> Result<Self, DatabaseError> {
        let number = i64::from_value(value)?;
        Self::try_from(number).or_else(|_| shape("a count", &Value::Integer(number)))
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self, DatabaseError> {
        Ok(i64::from_value(value)? != 0)
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, DatabaseError> {
        match value {
            Value::Text(text) => Ok(text),
            other => shape("text", &other),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, DatabaseError> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            other => shape("bytes", &other),
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, DatabaseError> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}
