//! What both readers of XML need: the encoding that is declared, the attributes of an element, and what
//! a reference stands for.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart};
use std::borrow::Cow;

/// The most attributes that one element may have.
const MOST_ATTRIBUTES: usize = 256;

/// Bytes at the start in which the declaration is looked for.
const DECLARATION: usize = 200;

/// Attributes of XML Schema, whatever prefix they bear: they say how a value is written and not what.
const OF_SCHEMA: [&str; 4] = ["nil", "type", "schemaLocation", "noNamespaceSchemaLocation"];

/// The encoding that the XML declaration names, as it is written there.
pub(crate) fn declared(bytes: &[u8]) -> Option<String> {
    let rest = bytes.trim_ascii_start().strip_prefix(b"<?xml")?;
    let start = &rest[..rest.len().min(DECLARATION)];
    let end = start.iter().position(|&byte| byte == b'>')?;
    let declaration = String::from_utf8_lossy(&start[..end]).into_owned();
    let (_, after) = declaration.split_once("encoding")?;
    let named = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = named.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = named[1..].split_once(quote)?;
    Some(name.trim().to_owned())
}

/// The attributes of an element that say something: local names and values. What is wrong in words.
pub(crate) fn attributes(element: &BytesStart<'_>) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::new();
    for (count, attribute) in element.attributes().with_checks(false).enumerate() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if count == MOST_ATTRIBUTES {
            return Err(format!("more than {MOST_ATTRIBUTES} attributes"));
        }
        let (key, name) = (attribute.key.as_ref(), attribute.key.local_name().into_inner());
        let is_prefixed = key.len() > name.len();
        let is_of_xml = key.starts_with("xmlns") || key.starts_with("xml:");
        if is_of_xml || (is_prefixed && OF_SCHEMA.contains(&name)) {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        found.push((name.to_owned(), value.into_owned()));
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
