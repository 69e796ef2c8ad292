//! A list of SQL texts: constants by name, and the list of them all, which a test can prepare on
//! both engines. Knows no text.

/// Names SQL texts, each a constant, and lists them by name.
///
/// ```
/// database::statements! { ALL:
///     ROLL_COUNT = "select count(*) from roll where school = $1";
///     ROLL_CLEAR = "delete from roll where school = $1";
/// }
/// assert_eq!(ALL[0], ("ROLL_COUNT", ROLL_COUNT));
/// ```
#[macro_export]
macro_rules! statements {
    ($list:ident: $($name:ident = $sql:expr;)*) => {
        $(#[doc = concat!("`", stringify!($name), "`")] pub const $name: &str = $sql;)*
        /// The statements of this list, by name.
        pub const $list: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}
