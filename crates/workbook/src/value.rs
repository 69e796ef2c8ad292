//! One cell's value as text: dates as ISO, whole numbers without a point, formulas by their value.

use calamine::{DataRef, ExcelDateTime};

/// Stands for a line break within a cell, so that a row of the sheet is one line of text.
pub(crate) const LINE_BREAK: char = '\u{2028}';

/// Writes a cell's value.
pub(crate) fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::String(text) => one_line(text),
        DataRef::SharedString(text) => one_line(text),
        DataRef::DateTime(moment) => moment_text(moment),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => one_line(text),
        DataRef::Error(error) => error.to_string(),
    }
}

/// A number as people write it. A spreadsheet holds 15 digits; what binary fractions add is noise.
fn number_text(number: f64) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 { format!("{rounded:.0}") } else { rounded.to_string() }
}

fn moment_text(moment: &ExcelDateTime) -> String {
    let value = moment.as_f64();
    if !value.is_finite() || !(0.0..2_958_466.0).contains(&value) {
        return number_text(value);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if moment.is_duration() || value < 1.0 {
        let hours = if moment.is_duration() { (value * 24.0 + 1e-9).floor() } else { f64::from(hour) };
        return format!("{hours:02.0}:{minute:02}");
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if value.fract() == 0.0 { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") }
}

fn one_line(text: &str) -> String {
    if text.contains(['\r', '\n']) {
        text.replace("\r\n", "\n").replace(['\r', '\n'], LINE_BREAK.encode_utf8(&mut [0; 4]))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    #[test]
    fn whole_numbers_have_no_point_and_fractions_no_noise() {
        for (number, wanted) in [
            (604_858.0, "604858"),
            (0.0, "0"),
            (-3.0, "-3"),
            (0.1 + 0.2, "0.3"),
            (4.5, "4.5"),
            (1e15, "1000000000000000"),
            (20_260_504.0, "20260504"),
        ] {
            assert_eq!(text(&DataRef::Float(number)), wanted);
        }
    }

    #[test]
    fn dates_and_times_of_day_are_written_as_iso() {
        let moment =
            |value, kind, is_1904| text(&DataRef::DateTime(ExcelDateTime::new(value, kind, is_1904)));
        assert_eq!(moment(46_146.0, DateTime, false), "2026-05-04");
        assert_eq!(moment(44_684.0, DateTime, true), "2026-05-04");
        assert_eq!(moment(46_146.5, DateTime, false), "2026-05-04 12:00:00");
        assert_eq!(moment(550.0 / 1440.0, DateTime, false), "09:10");
        assert_eq!(moment(50.0 / 1440.0, TimeDelta, false), "00:50");
        assert_eq!(moment(-1.0, DateTime, false), "-1");
    }

    #[test]
    fn a_line_break_within_a_cell_ends_no_line() {
        assert_eq!(
            text(&DataRef::String("1 Rātā Street\r\nTāmaki\n".to_owned())),
            "1 Rātā Street\u{2028}Tāmaki\u{2028}"
        );
    }
}
