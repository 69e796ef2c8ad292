//! The table that every benchmark prints: measured, beside what, the ratio, the target.

/// What a target asks for.
#[derive(Clone, Copy)]
pub enum Target {
    /// At most so much.
    Most(f64),
    /// At least so much.
    Least(f64),
    /// Nothing: the line says something that belongs to another.
    Told,
}

/// One line of the table.
pub struct Line {
    /// What was measured.
    pub what: String,
    /// How it came out.
    pub measured: String,
    /// The peer or the limit, measured in the same run; empty when the target is a plain number.
    pub beside: String,
    /// What is held against the target: a ratio, or the number itself in the target's unit.
    pub value: f64,
    /// The target.
    pub target: Target,
    /// The unit of value and target; `times` for a ratio.
    pub unit: &'static str,
}

impl Line {
    fn cells(&self) -> [String; 5] {
        let number =
            |number: f64| if number < 10.0 { format!("{number:.2}") } else { format!("{number:.0}") };
        let target = match self.target {
            Target::Most(most) => format!("at most {} {}", number(most), self.unit),
            Target::Least(least) => format!("at least {} {}", number(least), self.unit),
            Target::Told => String::new(),
        };
        let verdict = match self.target {
            Target::Told => format!("{} {}", number(self.value), self.unit),
            Target::Most(most) => self.verdict(self.value <= most, self.value / most),
            Target::Least(least) => self.verdict(self.value >= least, self.value / least),
        };
        [self.what.clone(), self.measured.clone(), self.beside.clone(), target, verdict]
    }

    fn verdict(&self, is_met: bool, of_target: f64) -> String {
        let value = number(self.value);
        if is_met {
            return format!("{value} {}: met", self.unit);
        }
        format!("{value} {}: missed, {:.0} % of the target", self.unit, of_target * 100.0)
    }
}

fn number(number: f64) -> String {
    if number < 10.0 { format!("{number:.2}") } else { format!("{number:.0}") }
}

/// Prints lines in columns as wide as they need, as Markdown.
pub fn print(lines: &[Line]) {
    let heads = ["what", "measured", "beside", "target", "result"].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(heads).chain(lines.iter().map(Line::cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..5).map(width).collect();
    for (index, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        println!("| {} |", cells.collect::<Vec<_>>().join(" | "));
        if index == 0 {
            let rules = widths.iter().map(|&width| "-".repeat(width));
            println!("| {} |", rules.collect::<Vec<_>>().join(" | "));
        }
    }
}
