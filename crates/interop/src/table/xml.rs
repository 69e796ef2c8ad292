//! XML as tables: elements of one name that stand one after the other are rows, and what is within each
//! is its cells.
//!
//! Nothing in XML says which elements the records are, so it is seen ([`Tree::kinds`]) unless somebody
//! said it before. Records are known by their path from the outermost element, and columns by theirs within
//! the record, whatever else stands in a file: so what was said of one file is true of the next. Several
//! elements at one place in one record stand apart in one cell. A document type is refused, so no
//! entity can be declared and none grows.

use super::BETWEEN;
use crate::contract::{LARGEST_FILE, MOST_ROWS, Problem};
use crate::xml::{attributes, resolved};
use quick_xml::Reader;
use quick_xml::events::Event;
use std::collections::HashMap;

/// How deep elements may stand in each other.
const DEEPEST: usize = 32;

/// The most different places at which elements and attributes stand.
const MOST_PLACES: usize = 900;

/// The longest name of an element or attribute, in bytes.
const NAME_LENGTH: usize = 100;

/// How Ed-Fi writes a word of one of its lists: `uri://ed-fi.org/SomeDescriptor#Word`.
const WORD_OF_A_LIST: &str = "uri://";

/// The records of one path as rows.
#[derive(Debug)]
pub(super) struct Records {
    /// The paths of all records, in the order in which they stand, and how many there are of each.
    pub(super) kinds: Vec<(String, u64)>,
    /// The path of those that were read.
    pub(super) chosen: String,
    /// The columns: their paths within a record, and their own names.
    pub(super) columns: Vec<(String, String)>,
    /// The rows, comma separated, a line each, without a header.
    pub(super) csv: String,
    /// The line on which each record begins; nothing where several begin on one.
    pub(super) lines: Vec<u32>,
}

/// Whether a text is XML rather than a table.
pub(super) fn looks_like(text: &str) -> bool {
    let text = text.trim();
    let is_tag = |rest: &str| rest.starts_with(|c: char| c == '_' || c.is_alphabetic());
    text.starts_with("<?xml") || (text.strip_prefix('<').is_some_and(is_tag) && text.ends_with('>'))
}

/// Reads the records of this path, or of the path that most have.
///
/// # Errors
/// When the text is not well formed, or is another kind of file. One that begins as the path does and
/// has nobody at it is read as no rows.
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
    let mut kinds = tree.kinds();
    let found = match wanted {
        Some(wanted) => tree.elements().find(|&node| tree.path(None, node) == wanted),
        // Of those that are alike the first.
        None => kinds.iter().rev().max_by_key(|node| tree.nodes[**node].count).copied(),
    };
    kinds.extend(found.filter(|found| !kinds.contains(found)));
    let named = |&node: &usize| (tree.path(None, node), tree.nodes[node].count);
    let kinds: Vec<(String, u64)> = kinds.iter().map(named).collect();
    let Some(chosen) = found else {
        return nothing(&tree, kinds, wanted);
    };
    let (places, columns) = tree.columns(chosen);
    let path = tree.path(None, chosen);
    let cells = vec![String::new(); columns.len()];
    let mut rows = Rows { csv: String::new(), lines: Vec::new(), begun: 1, cells, filled: 0 };
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
    let Rows { csv, mut lines, .. } = rows;
    if lines.windows(2).any(|two| two[0] == two[1]) {
        lines.clear();
    }
    Ok(Records { kinds, chosen: path, columns, csv, lines })
}

/// There are no records of the path that was wanted, or none at all.
fn nothing(tree: &Tree, kinds: Vec<(String, u64)>, wanted: Option<&str>) -> Result<Records, Problem> {
    let Some(wanted) = wanted else {
        let right = "an element for each row within the outermost";
        return Err(Problem::new(1, "file", "it holds no records", right));
    };
    // What is around them must be there, unless nothing is.
    let around = wanted.rsplit_once('/').map_or("", |(around, _)| around);
    let is_root = tree.nodes.first().is_some_and(|root| wanted.split('/').next() == Some(&root.name));
    let is_like_it =
        is_root && (tree.nodes.len() == 1 || tree.elements().any(|node| tree.path(None, node) == around));
    if !is_like_it {
        let named: Vec<&str> = kinds.iter().take(10).map(|(name, _)| name.as_str()).collect();
        let right = format!("a file that holds them; this one holds {}", named.join(", "));
        return Err(Problem::new(1, "file", format!("there are no records {wanted}"), right));
    }
    Ok(Records {
        kinds,
        chosen: wanted.to_owned(),
        columns: Vec::new(),
        csv: String::new(),
        lines: Vec::new(),
    })
}

/// Rows as they are written.
struct Rows {
    csv: String,
    lines: Vec<u32>,
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
            cell.push(BETWEEN);
        }
        // A cell stands on one line.
        let text = word.map_or(text, |(_, word)| word).replace(['\n', '\r'], " ");
        cell.push_str(&text);
    }

    /// Writes the record under way.
    fn write(&mut self) -> Result<(), Problem> {
        for (place, cell) in self.cells[..self.filled].iter_mut().enumerate() {
            if place > 0 {
                self.csv.push(',');
            }
            if !cell.is_empty() {
                self.csv.push('"');
                self.csv.push_str(&cell.replace('"', "\"\""));
                self.csv.push('"');
                cell.clear();
            }
        }
        self.filled = 0;
        self.csv.push('\n');
        self.lines.push(u32::try_from(self.begun).unwrap_or(u32::MAX));
        if self.csv.len() > LARGEST_FILE || self.lines.len() as u64 > MOST_ROWS {
            let megabytes = LARGEST_FILE / 1024 / 1024;
            let wrong = format!("up to here it becomes more than {MOST_ROWS} rows or {megabytes} MiB");
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
        if name.len() > NAME_LENGTH {
            return Err(format!("a name of more than {NAME_LENGTH} letters"));
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

    /// The places of elements.
    fn elements(&self) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(|&node| !self.nodes[node].is_attribute)
    }

    /// The records that there seem to be.
    fn kinds(&self) -> Vec<usize> {
        let is_wrapper: Vec<bool> = (0..self.nodes.len()).map(|node| self.is_wrapper(node)).collect();
        let is_within = |node: &usize| {
            // Every element around it is a wrapper.
            let around = std::iter::successors(self.nodes[*node].within, |&at| self.nodes[at].within);
            !is_wrapper[*node] && { around }.all(|at| is_wrapper[at])
        };
        self.elements().filter(is_within).collect()
    }

    /// The names on the way from the outermost element, or from within a record, to a place.
    fn path(&self, record: Option<usize>, at: usize) -> String {
        let way = std::iter::successors(Some(at), |&at| self.nodes[at].within);
        let mut names: Vec<String> =
            way.take_while(|&at| Some(at) != record).map(|at| self.name(at)).collect();
        names.reverse();
        // What a record says itself.
        if names.is_empty() { self.name(at) } else { names.join("/") }
    }

    fn name(&self, node: usize) -> String {
        let Node { name, is_attribute, .. } = &self.nodes[node];
        if *is_attribute { format!("@{name}") } else { name.clone() }
    }

    /// The column of each place within a record that can say something, and the columns' names.
    fn columns(&self, record: usize) -> (HashMap<usize, usize>, Vec<(String, String)>) {
        let mut is_inner = vec![false; self.nodes.len()];
        for within in self.nodes.iter().filter(|node| !node.is_attribute).filter_map(|node| node.within) {
            is_inner[within] = true;
        }
        let is_of_record =
            |&at: &usize| std::iter::successors(Some(at), |&at| self.nodes[at].within).any(|at| at == record);
        // An element with others in it says something only where it has a text beside them.
        let says = |&at: &usize| self.nodes[at].has_text || (!is_inner[at] && at != record);
        let places: Vec<usize> = (0..self.nodes.len()).filter(is_of_record).filter(says).collect();
        let named = |&at: &usize| (self.path(Some(record), at), self.nodes[at].name.clone());
        let columns = places.iter().map(named).collect();
        (places.into_iter().enumerate().map(|(column, at)| (at, column)).collect(), columns)
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
