//! The marker that stands in every private text of a run, and the search for it in what leaves.

/// Stands in every note and reason, and in the family name of most students.
pub const MARKER: &str = "Zqxvkwjhrtzn";

/// Where the marker stands in a body that left, by the form in which it was found.
#[must_use]
pub fn found(bytes: &[u8]) -> Vec<String> {
    testkit::leaks::leaks(&[MARKER], "a body", bytes)
}

/// The bytes of a batch with a note where the school's name stands.
#[must_use]
pub fn with_note(bytes: &[u8]) -> Vec<u8> {
    let mut batch = wire::parse(bytes).expect("a batch");
    batch.school_name = Some(format!("Kura {MARKER}"));
    wire::seal(&batch).bytes
}
