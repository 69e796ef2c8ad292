//! One language's part of a template: subject, message and text message.
//!
//! What every message must have is held here: the dates of absence where it says that there are
//! any, whom it is about, and how to reach the school when something is wrong.

use crate::place::{Place, Where};
use crate::template::Problem;
use crate::{Facts, Mostly};
use domain::ResponseType;

/// The longest text message without what is filled in, in characters: with it, two messages of a
/// phone.
const TEXT_LENGTH: usize = 220;

/// The longest subject without what is filled in, in characters.
const SUBJECT_LENGTH: usize = 100;

/// What a part says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Body {
    /// The line of its heading.
    pub(crate) line: usize,
    pub(crate) subject: Line,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) text: Option<Line>,
}

/// Words and places of one line.
pub(crate) type Line = Vec<Span>;

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Span {
    Words(String),
    Place(Place),
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    Paragraph(Vec<Line>),
    List(Vec<Line>),
    Dates,
    /// The first whose condition holds is said; none is a condition that always holds.
    Cases(Cases),
}

/// What is said in which case.
pub(crate) type Cases = Vec<(Option<Case>, Vec<Piece>)>;

/// A case in which a paragraph is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Mostly(Mostly),
    SomeUnknown,
    NoAbsence,
}

impl Case {
    const ALL: [(&str, Self); 5] = [
        ("mostly medical", Self::Mostly(Mostly::Medical)),
        ("mostly unknown", Self::Mostly(Mostly::Unknown)),
        ("mostly unjustified", Self::Mostly(Mostly::Unjustified)),
        ("some unknown", Self::SomeUnknown),
        ("no absence", Self::NoAbsence),
    ];

    pub(crate) fn holds(self, facts: &Facts) -> bool {
        match self {
            Self::Mostly(mostly) => facts.mostly == mostly,
            Self::SomeUnknown => facts.absences.iter().any(|day| day.is_unexplained),
            Self::NoAbsence => facts.absences.is_empty(),
        }
    }
}

impl Body {
    pub(crate) fn speaks_of_an_earlier_message(&self) -> bool {
        let mut found = false;
        each_line(&self.pieces, &mut |line| {
            found |= places(line).any(Place::is_of_an_earlier_message);
        });
        found
    }

    /// Whether it tells the absences of the term: their dates, or how many.
    pub(crate) fn tells_absences(&self) -> bool {
        let mut found = self.pieces.contains(&Piece::Dates);
        each_line(&self.pieces, &mut |line| {
            found |= places(line).any(|place| matches!(place, Place::Days | Place::LastDates));
        });
        found
    }

    /// Whether the text message tells the last dates of absence.
    pub(crate) fn text_tells_dates(&self) -> bool {
        self.text.as_ref().is_some_and(|text| places(text).any(|place| place == Place::LastDates))
    }

    /// Every sentence, with a short word for what is filled in, for measuring how it reads.
    pub(crate) fn running_text(&self) -> String {
        let mut text = String::new();
        each_line(&self.pieces, &mut |line| {
            for span in line {
                text.push_str(if let Span::Words(words) = span { words } else { "Aroha" });
            }
            text.push('\n');
        });
        text
    }
}

fn each_line(pieces: &[Piece], of: &mut dyn FnMut(&Line)) {
    for piece in pieces {
        match piece {
            Piece::Paragraph(lines) | Piece::List(lines) => lines.iter().for_each(&mut *of),
            Piece::Dates => {}
            Piece::Cases(cases) => cases.iter().for_each(|(_, pieces)| each_line(pieces, of)),
        }
    }
}

fn places(line: &Line) -> impl Iterator<Item = Place> {
    line.iter().filter_map(|span| if let Span::Place(place) = span { Some(*place) } else { None })
}

/// Reads a part, whose heading is in line `at`.
pub(crate) fn parse_body(
    at: usize,
    lines: &[(usize, &str)],
    kind: Option<ResponseType>,
    problems: &mut Vec<Problem>,
) -> Body {
    let mut body = Body { line: at, ..Body::default() };
    let mut reader = Reader { problems, open: None, pieces: Vec::new(), paragraph: Vec::new() };
    let mut has_subject = false;
    for &(line, words) in lines {
        let words = words.trim();
        if let Some(subject) = words.strip_prefix("Subject:") {
            reader.end_paragraph();
            if has_subject {
                reader.refuse(line, "there are two subjects", "keep one of them");
            }
            has_subject = true;
            body.subject = reader.line(line, subject.trim(), Where::Subject);
            check_length((line, "subject"), &body.subject, SUBJECT_LENGTH, reader.problems);
            check_digits((line, "subject"), &body.subject, reader.problems);
        } else if let Some(text) = words.strip_prefix("Text message:") {
            reader.end_paragraph();
            if body.text.is_some() {
                reader.refuse(line, "there are two text messages", "keep one of them, on one line");
            }
            let text = reader.line(line, text.trim(), Where::Text);
            check_text(line, &text, reader.problems);
            body.text = Some(text);
        } else {
            reader.read(line, words);
        }
    }
    reader.end_paragraph();
    if let Some((line, _)) = reader.open.take() {
        reader.refuse(line, "the case that begins here never ends", "add a line [end] below its paragraphs");
    }
    body.pieces = std::mem::take(&mut reader.pieces);
    if body.subject.is_empty() {
        problems.push(Problem::new(at, "there is no subject", "add a line that begins with Subject:"));
    }
    check_body(at, &body, kind, problems);
    body
}

/// Reads a message line by line.
struct Reader<'a> {
    problems: &'a mut Vec<Problem>,
    /// The cases that are being read, with the line where they begin.
    open: Option<(usize, Cases)>,
    pieces: Vec<Piece>,
    paragraph: Vec<Line>,
}

impl Reader<'_> {
    fn refuse(&mut self, line: usize, wrong: impl Into<String>, right: impl Into<String>) {
        self.problems.push(Problem::new(line, wrong, right));
    }

    fn read(&mut self, line: usize, words: &str) {
        if words.is_empty() {
            self.end_paragraph();
        } else if let Some(case) = words.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            self.end_paragraph();
            self.case(line, case.trim());
        } else if words == "{dates}" {
            self.end_paragraph();
            if self.open.is_some() {
                let right = "move {dates} below [end]: the dates are always in the message";
                self.refuse(line, "the dates stand in a case, and would be missing in another", right);
            }
            self.push(Piece::Dates);
        } else if let Some(item) = words.strip_prefix("- ") {
            if !self.paragraph.is_empty() {
                self.end_paragraph();
            }
            let item = self.line(line, item.trim(), Where::Body);
            match self.standing().last_mut() {
                Some(Piece::List(items)) => items.push(item),
                _ => self.push(Piece::List(vec![item])),
            }
        } else {
            let words = self.line(line, words, Where::Body);
            self.paragraph.push(words);
        }
    }

    /// Where pieces are being added.
    fn standing(&mut self) -> &mut Vec<Piece> {
        match &mut self.open {
            Some((_, cases)) => match cases.last_mut() {
                Some((_, pieces)) => pieces,
                None => &mut self.pieces,
            },
            None => &mut self.pieces,
        }
    }

    fn push(&mut self, piece: Piece) {
        self.standing().push(piece);
    }

    fn end_paragraph(&mut self) {
        if !self.paragraph.is_empty() {
            let lines = std::mem::take(&mut self.paragraph);
            self.push(Piece::Paragraph(lines));
        }
    }

    fn case(&mut self, line: usize, name: &str) {
        match name {
            "end" => match self.open.take() {
                Some((_, cases)) => self.pieces.push(Piece::Cases(cases)),
                None => self.refuse(
                    line,
                    "[end] ends nothing",
                    "take it out, or begin a case such as [if mostly medical]",
                ),
            },
            "otherwise" => match &mut self.open {
                Some((_, cases)) => cases.push((None, Vec::new())),
                None => {
                    self.refuse(line, "[otherwise] stands before any case", "begin with [if mostly medical]")
                }
            },
            _ => {
                let case = name.strip_prefix("if ").map(str::trim);
                let known = case.and_then(|case| Case::ALL.into_iter().find(|(known, _)| *known == case));
                let Some((_, case)) = known else {
                    let list: Vec<String> =
                        Case::ALL.iter().map(|(known, _)| format!("[if {known}]")).collect();
                    let right = format!("use {}, [otherwise] or [end]", list.join(", "));
                    self.refuse(line, format!("[{name}] is not known"), right);
                    return;
                };
                match &mut self.open {
                    Some((_, cases)) if cases.last().is_some_and(|(last, _)| last.is_none()) => {
                        self.refuse(
                            line,
                            "a case stands after [otherwise]",
                            "move it above, or write [end] first",
                        );
                    }
                    Some((_, cases)) => cases.push((Some(case), Vec::new())),
                    None => self.open = Some((line, vec![(Some(case), Vec::new())])),
                }
            }
        }
    }

    /// Reads words and places.
    fn line(&mut self, line: usize, words: &str, place_of: Where) -> Line {
        let mut spans = Line::new();
        let mut rest = words;
        while let Some(begins) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(begins);
            if !before.is_empty() {
                spans.push(Span::Words(before.to_owned()));
            }
            let inner = from.strip_prefix('{').and_then(|from| from.split_once('}'));
            let Some((name, after)) = inner else {
                self.refuse(line, "a brace stands alone", format!("write one of {}", place_of.list()));
                return spans;
            };
            rest = after;
            match Place::parse(name.trim()) {
                Some(place) if place_of.allows(place) => spans.push(Span::Place(place)),
                Some(Place::Dates) if place_of == Where::Body => {
                    let right = "put {dates} on a line of its own: it becomes a list of every date";
                    self.refuse(line, "{dates} stands within other words", right);
                }
                Some(place) => {
                    let wrong = format!("{{{}}} cannot stand in {}", place.name(), place_of.name());
                    self.refuse(line, wrong, format!("use only {}", place_of.list()));
                }
                None => {
                    let wrong = format!("{{{name}}} is nothing that a message can say");
                    self.refuse(line, wrong, format!("use one of {}", place_of.list()));
                }
            }
        }
        if !rest.is_empty() {
            spans.push(Span::Words(rest.to_owned()));
        }
        spans
    }
}

fn check_body(at: usize, body: &Body, kind: Option<ResponseType>, problems: &mut Vec<Problem>) {
    let (mut always, mut ever) = (Vec::new(), Vec::new());
    for piece in &body.pieces {
        if let Piece::Paragraph(lines) | Piece::List(lines) = piece {
            always.extend(lines.iter().flat_map(places));
        }
    }
    each_line(&body.pieces, &mut |line| ever.extend(places(line)));
    let mut must = |holds: bool, wrong: &str, right: &str| {
        if !holds {
            problems.push(Problem::new(at, wrong, right));
        }
    };
    must(
        always.contains(&Place::Student) || always.contains(&Place::StudentInFull),
        "the message does not always say whom it is about",
        "write {student} in a paragraph outside every case",
    );
    must(
        always.contains(&Place::SchoolContact),
        "the message does not always say how to reach the school",
        "write {school contact} outside every case, in a sentence on what to do when something is wrong",
    );
    let counts = [Place::Days, Place::OpenDays, Place::LastDates, Place::EarlierDays];
    let speaks_of_absence = kind == Some(ResponseType::SentWrittenCommunication)
        || counts.iter().any(|place| ever.contains(place));
    must(
        !speaks_of_absence || body.pieces.contains(&Piece::Dates),
        "the message speaks of absence and does not show the dates",
        "add a line {dates} outside every case: a family can then check what is said",
    );
}

fn check_text(line: usize, text: &Line, problems: &mut Vec<Problem>) {
    check_length((line, "text message"), text, TEXT_LENGTH, problems);
    let has = |wanted: Place| places(text).any(|place| place == wanted);
    for wanted in [Place::School, Place::SchoolContact] {
        if !has(wanted) {
            let wrong = format!("the text message has no {{{}}}", wanted.name());
            problems.push(Problem::new(line, wrong, "a family must know who writes and whom to call"));
        }
    }
    check_digits((line, "text message"), text, problems);
}

/// A text and a subject show on a locked phone.
fn check_digits((line, what): (usize, &str), words: &Line, problems: &mut Vec<Problem>) {
    let has_digit = |span: &Span| matches!(span, Span::Words(words) if words.chars().any(char::is_numeric));
    if words.iter().any(has_digit) {
        let right = "leave it out: it shows on a locked phone, and says no count, level or number of its own";
        problems.push(Problem::new(line, format!("a number stands in the {what}"), right));
    }
}

fn check_length((line, what): (usize, &str), words: &Line, most: usize, problems: &mut Vec<Problem>) {
    let count = |span: &Span| if let Span::Words(words) = span { words.chars().count() } else { 0 };
    if words.iter().map(count).sum::<usize>() > most {
        let right = format!("shorten it to {most} characters, without what is filled in");
        problems.push(Problem::new(line, format!("the {what} is too long"), right));
    }
}
