//! Tables written as a workbook: texts as texts and never as formulas, dates, times and numbers as
//! such, the header row frozen, and who made it in the properties.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

/// The most characters of a sheet's name.
const NAME: usize = 31;

/// The most characters that a footer takes.
const FOOTER: usize = 200;

/// The narrowest and the widest column, in characters.
const WIDTHS: (usize, usize) = (6, 60);

/// A workbook.
#[derive(Debug, Clone)]
pub struct Book {
    /// Its title, in the properties.
    pub title: String,
    /// Whose it is: the school.
    pub company: String,
    /// Who made it.
    pub author: String,
    /// When, in seconds since 1970 began.
    pub made_at: i64,
    /// A line at the foot of each printed page.
    pub footer: String,
    /// Its sheets, at least one.
    pub sheets: Vec<Sheet>,
}

/// One table.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// What its tab says. Characters that no tab may have are left out.
    pub name: String,
    /// Its columns; no header row is written when none of them has a title.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell a column.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// What stands above it.
    pub title: String,
}

/// A civil date and time of day, to the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Year, month and day.
    pub date: (i16, i8, i8),
    /// Hour, minute and second.
    pub time: (i8, i8, i8),
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A text, exactly as it is.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Tenths, shown with one digit after the point.
    Tenths(i64),
    /// Year, month and day.
    Date(i16, i8, i8),
    /// A date with a time of day.
    Moment(Moment),
}

/// Why no workbook could be made.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be written: {0}")]
pub struct WriteError(#[from] XlsxError);

/// The looks of cells.
struct Looks {
    head: Format,
    text: Format,
    tenths: Format,
    date: Format,
    moment: Format,
}

impl Looks {
    fn new() -> Self {
        Self {
            head: Format::new().set_bold().set_text_wrap().set_border_bottom(FormatBorder::Thin),
            // The number format of text, so that a program that edits the cell keeps it a text.
            text: Format::new().set_num_format("@").set_align(FormatAlign::Top),
            tenths: Format::new().set_num_format("0.0"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            moment: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        }
    }
}

/// Writes a workbook.
///
/// # Errors
/// When it has more rows, or a longer text in a cell, than a sheet can hold.
pub fn write(book: &Book) -> Result<Vec<u8>, WriteError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&book.title)
            .set_company(&book.company)
            .set_author(&book.author)
            .set_creation_datetime(&ExcelDateTime::from_timestamp(book.made_at)?),
    );
    let looks = Looks::new();
    for sheet in &book.sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(tab_name(&sheet.name))?;
        worksheet.set_footer(format!("&L&8{}&R&8&P / &N", literal(&book.footer)));
        worksheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
        fill(worksheet, sheet, &looks)?;
    }
    Ok(workbook.save_to_buffer()?)
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet, looks: &Looks) -> Result<(), WriteError> {
    let mut widths: Vec<usize> = vec![0; sheet.columns.len()];
    let has_head = sheet.columns.iter().any(|column| !column.title.is_empty());
    let mut at: u32 = 0;
    if has_head {
        for (place, column) in (0u16..).zip(&sheet.columns) {
            worksheet.write_string_with_format(0, place, &column.title, &looks.head)?;
            // Room for the arrow of the filter.
            widths[usize::from(place)] = column.title.chars().count() + 3;
        }
        worksheet.set_freeze_panes(1, 0)?;
        worksheet.set_repeat_rows(0, 0)?;
        at = 1;
    }
    for row in &sheet.rows {
        for (place, cell) in (0u16..).zip(row) {
            put(worksheet, (at, place), cell, looks)?;
            if let Some(width) = widths.get_mut(usize::from(place)) {
                *width = (*width).max(cell.width());
            }
        }
        at += 1;
    }
    if let Some(last) = widths.len().checked_sub(1).filter(|_| has_head && at > 1) {
        worksheet.autofilter(0, 0, at - 1, u16::try_from(last).unwrap_or(u16::MAX))?;
    }
    for (place, width) in (0u16..).zip(widths) {
        let width = u16::try_from(width.clamp(WIDTHS.0, WIDTHS.1)).unwrap_or(u16::MAX);
        worksheet.set_column_width(place, f64::from(width) + 1.5)?;
    }
    Ok(())
}

fn put(
    worksheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    looks: &Looks,
) -> Result<(), WriteError> {
    // Counts of half-days, rows and versions are far from where a number of a sheet loses a digit.
    #[allow(clippy::cast_precision_loss)]
    let number = |whole: i64| whole as f64;
    match cell {
        Cell::Empty => {}
        Cell::Text(text) if text.is_empty() => {}
        Cell::Text(text) => {
            worksheet.write_string_with_format(row, column, text, &looks.text)?;
        }
        Cell::Whole(whole) => {
            worksheet.write_number(row, column, number(*whole))?;
        }
        Cell::Tenths(tenths) => {
            worksheet.write_number_with_format(row, column, number(*tenths) / 10.0, &looks.tenths)?;
        }
        Cell::Date(year, month, day) => {
            let date = date(*year, *month, *day)?;
            worksheet.write_datetime_with_format(row, column, &date, &looks.date)?;
        }
        Cell::Moment(at) => {
            worksheet.write_datetime_with_format(row, column, &moment(*at)?, &looks.moment)?;
        }
    }
    Ok(())
}

impl Cell {
    /// How wide it is, in characters.
    fn width(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Text(text) => text.lines().map(|line| line.chars().count()).max().unwrap_or_default(),
            Self::Whole(whole) => whole.to_string().len(),
            Self::Tenths(tenths) => tenths.to_string().len() + 1,
            Self::Date(..) => 10,
            Self::Moment(_) => 16,
        }
    }
}

fn date(year: i16, month: i8, day: i8) -> Result<ExcelDateTime, XlsxError> {
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    ExcelDateTime::from_ymd(u16::try_from(year).unwrap_or_default(), part(month), part(day))
}

fn moment(at: Moment) -> Result<ExcelDateTime, XlsxError> {
    let part = |part: i8| u8::try_from(part).unwrap_or_default();
    let ((year, month, day), (hour, minute, second)) = (at.date, at.time);
    date(year, month, day)?.and_hms(u16::from(part(hour)), part(minute), f64::from(part(second)))
}

/// A name that a tab may have: not empty, short enough, without what tells a sheet from a file.
fn tab_name(name: &str) -> String {
    let kept = name.chars().filter(|letter| !letter.is_control() && !"[]:*?/\\".contains(*letter));
    let kept: String = kept.take(NAME).collect();
    let kept = kept.trim_matches(['\'', ' ']);
    if kept.is_empty() { "Sheet".to_owned() } else { kept.to_owned() }
}

/// A text in which no character begins a code of a footer.
fn literal(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !letter.is_control()).take(FOOTER / 2).collect();
    text.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book(sheets: Vec<Sheet>) -> Book {
        Book {
            title: "Students".to_owned(),
            company: "Tākaro & Sons School".to_owned(),
            author: "Ms Tamihana".to_owned(),
            made_at: 1_777_930_200,
            footer: "A & B".to_owned(),
            sheets,
        }
    }

    #[test]
    fn a_tab_is_named_whatever_the_list_is_called() {
        assert_eq!(tab_name("Today"), "Today");
        assert_eq!(tab_name("What left: [all]/*?"), "What left all");
        assert_eq!(tab_name("'\\'"), "Sheet");
        assert_eq!(tab_name(&"ā".repeat(50)).chars().count(), NAME);
        assert_eq!(literal("A & B\n&P"), "A && B&&P");
    }

    #[test]
    fn a_workbook_of_every_kind_of_cell_is_written_and_one_that_no_sheet_holds_is_refused() {
        let cells = vec![
            Cell::Empty,
            Cell::Text("=1+1".to_owned()),
            Cell::Whole(-3),
            Cell::Tenths(45),
            Cell::Date(2026, 5, 4),
            Cell::Moment(Moment { date: (2026, 5, 4), time: (15, 10, 0) }),
        ];
        let columns = ["a", "b", "c", "d", "e", "f"].map(|title| Column { title: title.to_owned() }).to_vec();
        let name = "All".to_owned();
        let sheet = Sheet { name: name.clone(), columns, rows: vec![cells] };
        let bytes = write(&book(vec![sheet])).expect("written");
        assert!(bytes.starts_with(b"PK"));
        let long = Cell::Text("x".repeat(40_000));
        let sheet = Sheet { name, columns: vec![Column::default()], rows: vec![vec![long]] };
        assert!(write(&book(vec![sheet])).is_err());
    }
}
