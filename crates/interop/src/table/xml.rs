//! XML as tables: elements of one name that stand one after the other are rows, and what is within each
//! is its cells.
//!
//! Nothing in XML says which elements the records are, so it is seen ([`Tree::kinds`]). Records of one
//! name are a sheet, as in a workbook. A column is an element or an attribute with a text of its own, by
//! its name, and by the outermost of what is around it where two have one name. Of several in one record, one
//! cell is made with semicolons. A document type is refused, so no entity can be declared and none grows.

use super::heading::distinct;
use crate::contract::{LARGEST_FILE, Problem};
use crate::xml::{attributes, resolved};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::{BTreeSet, HashMap};

/// How deep elements may stand in each other.
const DEEPEST: usize = 32;

/// The most different places at which elements and attributes stand.
const MOST_PLACES: usize = 1_000;

/// How Ed-Fi writes a word of one of its lists: `uri://ed-fi.org/SomeDescriptor#Word`.
const WORD_OF_A_LIST: &str = "uri://";

/// The records of one name as rows.
#[derive(Debug)]
pub(super) struct Records {
    /// The names of all records, in the order in which they stand.
    pub(super) sheets: Vec<String>,
    /// The name of those that were read.
    pub(super) chosen: String,
    /// The columns, no two of one name.
    pub(super) columns: Vec<String>,
    /// The rows, comma separated, without a header: each on the line on which its record begins, or on
    /// the next that is free.
    pub(super) csv: String,
}

/// Whether a text is XML rather than a table.
pub(super) fn looks_like(text: &str) -> bool {
    let mut letters = text.trim_start().chars();
    let begins = |c: char| matches!(c, '?' | '!' | '_') || c.is_alphabetic();
    letters.next() == Some('<') && letters.next().is_some_and(begins)
}

/// Reads the records of this name, or of the name that most have.
///
/// # Errors
/// When the text is not well formed, or has no such records.
pub(super) fn read(text: &str, wanted: Option<&str>) -> Result<Records, Problem> {
    let mut tree = Tree::default();
    walk(text, &mut tree, |tree, step| {
        match step {
            Step::Begin { node, .. } => tree.nodes[node].count += 1,
            Step::Text { node, .. } => tree.nodes[node].has_text = true,
            Step::End { .. } => {}
        }
        Ok(())
    })?;
    if let Some(other) = tree.other_program() {
        return Err(other);
    }
    let kinds = tree.kinds();
    let found = match wanted {
        Some(wanted) => kinds.iter().find(|(_, name)| name == wanted),
        // Of those that are alike the first.
        None => kinds.iter().rev().max_by_key(|(node, _)| tree.nodes[*node].count),
    };
    let sheets: Vec<String> = kinds.iter().map(|(_, name)| name.clone()).collect();
    let Some((chosen, name)) = found.cloned() else {
        let (wrong, right) = match wanted {
            Some(wanted) => {
                (format!("there are no records {wanted:?}"), format!("one of {}", sheets.join(", ")))
            }
            None => {
                ("it holds no records".to_owned(), "an element for each row within the outermost".to_owned())
            }
        };
        return Err(Problem::new(1, "file", wrong, right));
    };
    let (places, columns) = tree.columns(chosen);
    let cells = vec![String::new(); columns.len()];
    let mut rows = Rows { csv: String::new(), line: 1, begun: 1, cells, filled: 0 };
    walk(text, &mut tree, |_, step| {
        match step {
            Step::Begin { node, line } if node == chosen => rows.begun = line,
            Step::End { node } if node == chosen => return rows.write(),
            Step::Text { node, text } => {
                if let Some(&place) = places.get(&node) {
                    rows.put(place, text);
                }
            }
            Step::Begin { .. } | Step::End { .. } => {}
        }
        Ok(())
    })?;
    Ok(Records { sheets, chosen: name, columns, csv: rows.csv })
}

/// Rows as they are written.
struct Rows {
    csv: String,
    /// The line that is written next.
    line: u64,
    /// The line on which the record under way begins.
    begun: u64,
    cells: Vec<String>,
    /// How many of the cells the record under way reaches to.
    filled: usize,
}

impl Rows {
    fn put(&mut self, place: usize, text: &str) {
        let word = text.strip_prefix(WORD_OF_A_LIST).and_then(|rest| rest.rsplit_once('#'));
        self.filled = self.filled.max(place + 1);
        let cell = &mut self.cells[place];
        if !cell.is_empty() {
            cell.push_str("; ");
        }
        // A cell stands on one line.
        let text = word.map_or(text, |(_, word)| word).replace(['\n', '\r'], " ");
        cell.push_str(&text);
    }

    /// Writes the record under way.
    fn write(&mut self) -> Result<(), Problem> {
        while self.line < self.begun {
            self.csv.push('\n');
            self.line += 1;
        }
        for (place, cell) in self.cells[..self.filled].iter_mut().enumerate() {
            if place > 0 {
                self.csv.push(',');
            }
            self.csv.push('"');
            self.csv.push_str(&cell.replace('"', "\"\""));
            self.csv.push('"');
            cell.clear();
        }
        self.filled = 0;
        self.csv.push('\n');
        self.line += 1;
        if self.csv.len() > LARGEST_FILE {
            let wrong = format!("records of more than {} MiB of text", LARGEST_FILE / 1024 / 1024);
            return Err(Problem::new(self.begun, "file", wrong, "split it into smaller files"));
        }
        Ok(())
    }
}

/// A place at which elements, or attributes of them, stand: all of one name in those at another place.
struct Node {
    name: String,
    within: Option<usize>,
    is_attribute: bool,
    /// How many elements stand there.
    count: u64,
    /// One of them has a text of its own.
    has_text: bool,
}

/// Every place of a text. One comes after the place that it is within.
#[derive(Default)]
struct Tree {
    nodes: Vec<Node>,
    known: HashMap<(Option<usize>, bool, String), usize>,
}

impl Tree {
    fn node(&mut self, within: Option<usize>, is_attribute: bool, name: &str) -> Result<usize, String> {
        let key = (within, is_attribute, name.to_owned());
        if let Some(&known) = self.known.get(&key) {
            return Ok(known);
        }
        if self.nodes.len() == MOST_PLACES {
            return Err(format!("more than {MOST_PLACES} kinds of elements and attributes"));
        }
        let node = self.nodes.len();
        self.nodes.push(Node { name: name.to_owned(), within, is_attribute, count: 0, has_text: false });
        self.known.insert(key, node);
        Ok(node)
    }

    fn within(&self, node: usize) -> impl Iterator<Item = (usize, &Node)> {
        self.nodes.iter().enumerate().filter(move |(_, other)| other.within == Some(node))
    }

    /// Why a file that only looks like records cannot be read.
    fn other_program(&self) -> Option<Problem> {
        let save = "open it in a spreadsheet and save it as XLSX or CSV UTF-8";
        let wrong = match self.nodes.first()?.name.as_str() {
            "Workbook" => "an older Excel file",
            "html" => "a web page, whatever its name says",
            _ => return None,
        };
        Some(Problem::new(1, "file", wrong, save))
    }

    /// Whether an element only holds records: the outermost does, and one that stands once, says at
    /// most one thing itself and holds a list, or another that does.
    fn is_wrapper(&self, node: usize) -> bool {
        if node == 0 {
            return true;
        }
        let own =
            self.within(node).filter(|(_, part)| part.has_text && !part.is_attribute && part.count == 1);
        let holds = |(other, part): (usize, &Node)| part.count > 1 || self.is_wrapper(other);
        self.nodes[node].count == 1 && own.count() <= 1 && self.within(node).any(holds)
    }

    /// The records, each kind with its name; with its path where two have one name.
    fn kinds(&self) -> Vec<(usize, String)> {
        let is_wrapper: Vec<bool> = (0..self.nodes.len()).map(|node| self.is_wrapper(node)).collect();
        let is_within = |node: &Node| {
            // Every element around it is a wrapper.
            std::iter::successors(node.within, |&at| self.nodes[at].within).all(|at| is_wrapper[at])
        };
        let nodes = self.nodes.iter().enumerate();
        let kinds = nodes.filter(|(at, node)| !is_wrapper[*at] && !node.is_attribute && is_within(node));
        let mut taken = BTreeSet::new();
        kinds.map(|(at, node)| (at, distinct(&mut taken, &node.name))).collect()
    }

    /// The names on the way from a record to a place within it, its own last.
    fn path(&self, record: usize, at: usize) -> Option<Vec<&str>> {
        let mut names = Vec::new();
        let mut here = at;
        while here != record {
            names.push(self.nodes[here].name.as_str());
            here = self.nodes[here].within?;
        }
        names.reverse();
        Some(if names.is_empty() { vec![self.nodes[record].name.as_str()] } else { names })
    }

    /// The column of each place within a record that says something, and the columns' names.
    fn columns(&self, record: usize) -> (HashMap<usize, usize>, Vec<String>) {
        let said = self.nodes.iter().enumerate().filter(|(_, node)| node.has_text);
        let paths: Vec<(usize, Vec<&str>)> =
            said.filter_map(|(at, _)| Some((at, self.path(record, at)?))).collect();
        let mut taken = BTreeSet::new();
        let mut columns = vec![String::new(); paths.len()];
        // What stands nearest to the record has the short name.
        let mut nearest: Vec<usize> = (0..paths.len()).collect();
        nearest.sort_by_key(|&column| paths[column].1.len());
        for column in nearest {
            let path = &paths[column].1;
            let short = path.last().map_or("", |name| *name);
            let longer = || format!("{}/{short}", path[0]);
            let name = if taken.contains(short) { longer() } else { short.to_owned() };
            columns[column] = distinct(&mut taken, &name);
        }
        (paths.iter().enumerate().map(|(column, (at, _))| (*at, column)).collect(), columns)
    }
}

/// What is met on the way through a text.
enum Step<'s> {
    /// An element begins, on this line.
    Begin { node: usize, line: u64 },
    /// An element or an attribute says something.
    Text { node: usize, text: &'s str },
    /// An element ends.
    End { node: usize },
}

/// Goes through a text from its first line to its last.
fn walk(
    text: &str,
    tree: &mut Tree,
    mut each: impl FnMut(&mut Tree, Step<'_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = true;
    let (mut line, mut counted, mut has_root) = (1, 0, false);
    // Each element that is open, with its own text so far.
    let mut open: Vec<(usize, String)> = Vec::new();
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(text.len());
        line += text.as_bytes()[counted..at].iter().filter(|byte| **byte == b'\n').count() as u64;
        counted = at;
        let wrong = |what: String| {
            Problem::new(line, "file", format!("the XML is broken: {what}"), "write the file again, whole")
        };
        let refused = |what: String| {
            Problem::new(
                line,
                "file",
                what,
                "plain XML: an element for each row, and in it one for each cell",
            )
        };
        let more = match reader.read_event().map_err(|error| wrong(error.to_string()))? {
            Event::Start(element) => {
                if open.len() == DEEPEST {
                    return Err(refused(format!("nested deeper than {DEEPEST} levels")));
                }
                let within = open.last().map(|(node, _)| *node);
                if within.is_none() && has_root {
                    return Err(wrong("something follows the end".to_owned()));
                }
                has_root = true;
                let node = tree.node(within, false, element.local_name().into_inner()).map_err(&refused)?;
                each(tree, Step::Begin { node, line })?;
                for (name, value) in attributes(&element).map_err(&wrong)? {
                    let node = tree.node(Some(node), true, &name).map_err(&refused)?;
                    say(tree, node, &value, &mut each)?;
                }
                open.push((node, String::new()));
                continue;
            }
            Event::End(_) => {
                if let Some((node, text)) = open.pop() {
                    say(tree, node, &text, &mut each)?;
                    each(tree, Step::End { node })?;
                }
                continue;
            }
            Event::Text(text) => text.into_inner(),
            Event::CData(text) => text.into_inner(),
            Event::GeneralRef(reference) => resolved(&reference).map_err(&wrong)?,
            Event::DocType(_) => return Err(refused("a document type, which is never read".to_owned())),
            Event::Eof if has_root && open.is_empty() => return Ok(()),
            Event::Eof => return Err(wrong("it ends too early".to_owned())),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
        };
        match open.last_mut() {
            Some((_, text)) => text.push_str(&more),
            None if more.trim().is_empty() => {}
            None => return Err(wrong("text outside of the outermost element".to_owned())),
        }
    }
}

fn say(
    tree: &mut Tree,
    node: usize,
    text: &str,
    each: &mut impl FnMut(&mut Tree, Step<'_>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let text = text.trim();
    if text.is_empty() { Ok(()) } else { each(tree, Step::Text { node, text }) }
}
