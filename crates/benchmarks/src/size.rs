//! How large a run is: the sizes that the targets name, or a few seconds' worth.

/// The sizes of one run.
pub struct Size {
    /// Students whose half-days the kernel counts.
    pub counted_students: usize,
    /// Students of the school.
    pub students: usize,
    /// Years of history of the long school; the short one has a year.
    pub years: i16,
    /// Terms in each of those years.
    pub terms: u8,
    /// Marks of the import.
    pub marks: usize,
    /// Rows of the file that is brought on a page.
    pub staged: usize,
    /// Rolls that each client saves in a round.
    pub rolls: usize,
    /// Pages that each client asks for.
    pub pages: usize,
    /// Schools of a host.
    pub schools: usize,
    /// Rolls a second that its peak brings.
    pub rate: usize,
    /// How long the peak lasts, in seconds.
    pub seconds: usize,
    /// Letters in one PDF.
    pub letters: usize,
    /// Schools of the nation that tell their day.
    pub nation: usize,
    /// Schools of the nation that come back after a fortnight.
    pub backlog: usize,
    /// How often each measurement is repeated.
    pub rounds: usize,
}

impl Size {
    /// The same with such a share of the country's schools: 1 is all of them.
    pub fn share_of_the_country(self, share: f64) -> Self {
        let schools = (2_500.0 * share.clamp(0.0004, 1.0)) as usize;
        Self { nation: schools, backlog: schools, ..self }
    }

    /// What the targets are about.
    pub const FULL: Self = Self {
        counted_students: 850_000,
        students: 3_500,
        years: 10,
        terms: 4,
        marks: 500_000,
        staged: 1_000_000,
        rolls: 60,
        pages: 600,
        schools: 500,
        rate: 250,
        seconds: 600,
        letters: 1_000,
        nation: 2_500,
        backlog: 250,
        rounds: 5,
    };

    /// Enough to see that every benchmark still runs.
    pub const SHORT: Self = Self {
        counted_students: 2_000,
        students: 120,
        years: 1,
        terms: 1,
        marks: 5_000,
        staged: 5_000,
        rolls: 3,
        pages: 9,
        schools: 4,
        rate: 10,
        seconds: 1,
        letters: 6,
        nation: 20,
        backlog: 2,
        rounds: 1,
    };
}
