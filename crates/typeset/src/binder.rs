//! Binds PDFs that typst wrote into one, and adds each as it comes, so that a thousand letters need no
//! more memory than some dozens and the file itself.
//!
//! Pages, tags and the table from pages to tags are joined; a logo, a colour space or a font that
//! several files have is kept once. The rest of a file is copied under new numbers.

use crate::object::{Objects, between, find, number, references};
use std::collections::HashMap;
use std::io::Write as _;
use typst::utils::hash128;

/// The objects of the bound file that stand for one in each file, by their numbers.
const CATALOG: usize = 1;
const PAGES: usize = 2;
const TAGS: usize = 3;
const DOCUMENT: usize = 4;
const INFO: usize = 5;
const METADATA: usize = 6;

/// What a file has once, by its own numbers.
struct Once {
    catalog: usize,
    pages: usize,
    tags: usize,
    document: usize,
    info: usize,
    metadata: usize,
    /// Headings as a reader's table of contents: there are none, and it is left out.
    outline: usize,
}

/// A file that is being bound.
pub(crate) struct Binder {
    file: Vec<u8>,
    /// Where each object begins; the first has the number 1, and 0 is for one that is still to come.
    places: Vec<usize>,
    /// Objects that another file may share, by what they hold.
    shared: HashMap<u128, usize>,
    pages: Vec<u8>,
    parts: Vec<u8>,
    /// The pages' entries in the table from pages to tags.
    parents: Vec<u8>,
    page_count: usize,
    parent_count: usize,
    roles: Vec<u8>,
    info: Vec<u8>,
    metadata: Vec<u8>,
}

impl Binder {
    pub(crate) fn new() -> Self {
        Self {
            file: b"%PDF-1.7\n%\x80\x80\x80\x80\n\n".to_vec(),
            places: vec![0; METADATA],
            shared: HashMap::new(),
            pages: Vec::new(),
            parts: Vec::new(),
            parents: Vec::new(),
            page_count: 0,
            parent_count: 0,
            roles: Vec::new(),
            info: Vec::new(),
            metadata: Vec::new(),
        }
    }

    /// Adds the pages of a file; nothing when it is not as typst writes it.
    pub(crate) fn add(&mut self, file: &[u8]) -> Option<()> {
        let objects = Objects::of(file)?;
        let once = Once::of(&objects)?;
        let mut numbers = vec![0; objects.len() + 1];
        for (own, new) in [(once.pages, PAGES), (once.tags, TAGS), (once.document, DOCUMENT)] {
            *numbers.get_mut(own)? = new;
        }
        let is_once =
            [once.catalog, once.pages, once.tags, once.document, once.info, once.metadata, once.outline];
        let rest: Vec<usize> = (1..=objects.len()).filter(|own| !is_once.contains(own)).collect();
        let (tree, mut to_share): (Vec<usize>, Vec<usize>) =
            rest.into_iter().partition(|&own| objects.get(own).is_some_and(is_of_a_tree));

        // What is not of a tree can be shared once all that it leads to is known.
        loop {
            let before = to_share.len();
            let mut waiting = Vec::new();
            for own in to_share {
                let body = objects.get(own)?;
                if references(body).iter().all(|(_, led)| numbers.get(*led).is_some_and(|new| *new > 0)) {
                    numbers[own] = self.share(renumbered(body, &numbers)?);
                } else {
                    waiting.push(own);
                }
            }
            to_share = waiting;
            if to_share.len() == before {
                break;
            }
        }
        let rest = || tree.iter().chain(&to_share).copied();
        for own in rest() {
            self.places.push(0);
            numbers[own] = self.places.len();
        }
        for own in rest() {
            let body = renumbered(objects.get(own)?, &numbers)?;
            let body = self.with_its_parent(body)?;
            self.write(numbers[own], &body);
        }
        self.join(&objects, &once, &numbers)
    }

    /// Joins what a file has once with that of the files before.
    fn join(&mut self, objects: &Objects<'_>, once: &Once, numbers: &[usize]) -> Option<()> {
        let pages = objects.get(once.pages)?;
        let kids = between(pages, b"/Kids[", b"]")?;
        let count = references(kids).len();
        if number(between(pages, b"/Count ", b"/")?)? != count {
            return None;
        }
        self.page_count += count;
        append(&mut self.pages, &renumbered(kids, numbers)?);
        append(&mut self.parts, &renumbered(between(objects.get(once.document)?, b"/K[", b"]")?, numbers)?);

        let tags = objects.get(once.tags)?;
        if self.roles.is_empty() {
            self.roles = between(tags, b"/RoleMap<<", b">>")?.to_vec();
            self.info = objects.get(once.info)?.to_vec();
            self.metadata = between(objects.get(once.metadata)?, b"stream\n", b"\nendstream")?.to_vec();
        }
        let parents = renumbered(between(tags, b"/Nums[", b"]")?, numbers)?;
        let words: Vec<&[u8]> = parents.split(|byte| *byte == b' ').collect();
        for entry in words.chunks(4) {
            let [page, tag, b"0", b"R"] = entry else { return None };
            let entry = format!("{} {} 0 R", number(page)? + self.parent_count, number(tag)?);
            append(&mut self.parents, entry.as_bytes());
        }
        self.parent_count += words.len() / 4;
        Some(())
    }

    /// The bound file, in this language.
    pub(crate) fn finish(mut self, language: &str) -> Option<Vec<u8>> {
        // The same letters have the same mark, and others another.
        let mark = format!("{:032x}", hash128(&self.file));
        let metadata = String::from_utf8(std::mem::take(&mut self.metadata)).ok()?;
        let own = |from: &str, to: &str| {
            let (before, rest) = metadata.split_once(from)?;
            Some((before.len() + from.len(), before.len() + from.len() + rest.find(to)?))
        };
        let mut said = metadata.clone();
        let mut marks = [
            (own("<xmpTPg:NPages>", "<")?, self.page_count.to_string()),
            (own("<xmpMM:InstanceID>", "<")?, mark.clone()),
            (own("<xmpMM:DocumentID>", "<")?, mark.clone()),
        ];
        marks.sort_by_key(|((from, _), _)| std::cmp::Reverse(*from));
        for ((from, to), value) in &marks {
            said.replace_range(*from..*to, value);
        }
        let length = said.len();
        let stream = format!("<</Length {length}/Type/Metadata/Subtype/XML>>\nstream\n{said}\nendstream");
        self.write(METADATA, stream.as_bytes());
        let info = std::mem::take(&mut self.info);
        self.write(INFO, &info);
        // One side of a sheet: nobody's letter is on the back of another's.
        let catalog = format!(
            "<</Type/Catalog/Pages {PAGES} 0 R/Metadata {METADATA} 0 R/Lang({language})/StructTreeRoot {TAGS} 0 R\
             /MarkInfo<</Marked true/Suspects false>>\
             /ViewerPreferences<</DisplayDocTitle true/Direction/L2R/Duplex/Simplex>>>>"
        );
        self.write(CATALOG, catalog.as_bytes());
        let head = format!("<</Type/Pages/Count {}/Kids[", self.page_count);
        let pages = [head.as_bytes(), &self.pages, b"]>>"].concat();
        self.write(PAGES, &pages);
        let document = format!("<</Type/StructElem/S/Document/P {TAGS} 0 R/K[");
        let document = [document.as_bytes(), &self.parts, b"]>>"].concat();
        self.write(DOCUMENT, &document);
        let next = format!("]>>/ParentTreeNextKey {}>>", self.parent_count);
        let kids = format!(">>/K[{DOCUMENT} 0 R]/ParentTree<</Nums[");
        let tags = [
            b"<</Type/StructTreeRoot/RoleMap<<",
            &self.roles[..],
            kids.as_bytes(),
            &self.parents,
            next.as_bytes(),
        ]
        .concat();
        self.write(TAGS, &tags);
        self.table(&mark)
    }

    /// The table of places, and the end.
    fn table(mut self, mark: &str) -> Option<Vec<u8>> {
        let begins = self.file.len();
        let size = self.places.len() + 1;
        write!(self.file, "xref\n0 {size}\n0000000000 65535 f\r\n").ok()?;
        for place in &self.places {
            write!(self.file, "{place:010} 00000 n\r\n").ok()?;
        }
        write!(
            self.file,
            "trailer\n<</Size {size}/Root {CATALOG} 0 R/Info {INFO} 0 R/ID[({mark})({mark})]>>\n\
             startxref\n{begins}\n%%EOF"
        )
        .ok()?;
        Some(self.file)
    }

    fn write(&mut self, number: usize, body: &[u8]) {
        self.places[number - 1] = self.file.len();
        self.file.extend(format!("{number} 0 obj\n").bytes());
        self.file.extend(body);
        self.file.extend(b"\nendobj\n");
    }

    /// The number of an object that holds this, which is written when it is new.
    fn share(&mut self, body: Vec<u8>) -> usize {
        let next = self.places.len() + 1;
        let number = *self.shared.entry(hash128(&body)).or_insert(next);
        if number == next {
            self.places.push(0);
            self.write(number, &body);
        }
        number
    }

    /// A page says by a number of its own which entry of the table is its.
    fn with_its_parent(&self, body: Vec<u8>) -> Option<Vec<u8>> {
        const KEY: &[u8] = b"/StructParents ";
        let Some(at) = find(&body, KEY) else { return Some(body) };
        let (before, own) = body.split_at(at + KEY.len());
        let old = number(own)?;
        let new = (old + self.parent_count).to_string();
        Some([before, new.as_bytes(), own.get(old.to_string().len()..)?].concat())
    }
}

impl Once {
    fn of(objects: &Objects<'_>) -> Option<Self> {
        let catalog = Objects::led_to(objects.trailer, b"/Root")?;
        let info = Objects::led_to(objects.trailer, b"/Info")?;
        let body = objects.get(catalog)?;
        let [pages, metadata, tags, outline] =
            [&b"/Pages"[..], b"/Metadata", b"/StructTreeRoot", b"/Outlines"]
                .map(|key| Objects::led_to(body, key).unwrap_or_default());
        let document = match references(between(objects.get(tags)?, b"/K[", b"]")?)[..] {
            [(_, document)] => document,
            _ => return None,
        };
        Some(Self { catalog, pages, tags, document, info, metadata, outline })
    }
}

/// Whether an object is a page or a tag, and so leads back to what leads to it.
fn is_of_a_tree(body: &[u8]) -> bool {
    body.starts_with(b"<</Type/StructElem") || body.starts_with(b"<</Type/Page/")
}

/// An object in which others are named by their new numbers.
fn renumbered(body: &[u8], numbers: &[usize]) -> Option<Vec<u8>> {
    let mut new = Vec::with_capacity(body.len());
    let mut written = 0;
    for (place, own) in references(body) {
        let number = numbers.get(own).copied().filter(|number| *number > 0)?;
        new.extend(&body[written..place.start]);
        new.extend(number.to_string().bytes());
        written = place.end;
    }
    new.extend(&body[written..]);
    Some(new)
}

fn append(list: &mut Vec<u8>, more: &[u8]) {
    if !list.is_empty() {
        list.push(b' ');
    }
    list.extend(more);
}
