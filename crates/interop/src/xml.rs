//! What both readers of XML need: the attributes of an element, and what a reference stands for.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart};
use std::borrow::Cow;

/// The most attributes that one element may have.
const MOST_ATTRIBUTES: usize = 256;

/// Attributes that are about the XML and not of what it says: namespaces, schemas.
const OF_XML: [&str; 3] = ["xmlns", "xsi:", "xml:"];

/// The attributes of an element that say something: local names and values. What is wrong in words.
pub(crate) fn attributes(element: &BytesStart<'_>) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    for (count, attribute) in element.attributes().with_checks(false).enumerate() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if count == MOST_ATTRIBUTES {
            return Err(format!("more than {MOST_ATTRIBUTES} attributes"));
        }
        if OF_XML.iter().any(|start| attribute.key.as_ref().starts_with(start)) {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        found.push((attribute.key.local_name().into_inner().to_owned(), value.into_owned()));
    }
    Ok(found)
}

/// The text that a reference stands for: a character by its number, or one of XML's own five. Others
/// would have to be declared, and no declaration is read.
pub(crate) fn resolved(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, String> {
    match reference.resolve_char_ref().map_err(|error| error.to_string())? {
        Some(character) => Ok(Cow::Owned(character.to_string())),
        None => {
            let known = resolve_xml_entity(reference).map(Cow::Borrowed);
            known.ok_or_else(|| "an entity that is not one of XML's own five".to_owned())
        }
    }
}
