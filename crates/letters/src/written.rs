//! A message as it reads, before it is dressed as a letter, an e-mail or a text.

use crate::Letterhead;
use domain::Language;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// In which language.
    pub language: Language,
    /// What it is about, in a line.
    pub subject: String,
    /// From the greeting to the name of the sender.
    pub blocks: Vec<Block>,
}

/// A part of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Block {
    /// Running text; a line break within it is kept.
    Paragraph(String),
    /// A list.
    List(Vec<String>),
    /// The dates of absence, a line each: `Monday 3 August, all day`.
    Dates(Vec<String>),
}

/// A message as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    language: &'a str,
    subject: String,
    blocks: Vec<Block>,
}

impl Written {
    /// The message as a row of the store keeps it, from which [`Written::read`] has it again.
    #[must_use]
    pub fn keep(&self) -> String {
        let (subject, blocks) = (self.subject.clone(), self.blocks.clone());
        let kept = Kept { language: self.language.text(), subject, blocks };
        // Text and lists of text can always be written.
        serde_json::to_string(&kept).unwrap_or_default()
    }

    /// Reads what [`Written::keep`] wrote; nothing for any other text.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let kept: Kept<'_> = serde_json::from_str(text).ok()?;
        let language = Language::parse(kept.language)?;
        Some(Self { language, subject: kept.subject, blocks: kept.blocks })
    }

    /// The message as plain text, with the school below it.
    #[must_use]
    pub fn plain(&self, head: &Letterhead) -> String {
        let mut text = String::new();
        for block in &self.blocks {
            if !text.is_empty() {
                text.push('\n');
            }
            match block {
                Block::Paragraph(words) => {
                    text.push_str(words);
                    text.push('\n');
                }
                Block::List(items) | Block::Dates(items) => {
                    for item in items {
                        // Writing into a String cannot fail.
                        let _ = writeln!(text, "- {item}");
                    }
                }
            }
        }
        text.push('\n');
        for line in head.lines() {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// The message as a page of HTML for an e-mail: nothing in it is fetched from anywhere.
    #[must_use]
    pub fn html(&self, head: &Letterhead) -> String {
        const BODY: &str = "margin:0;padding:16px;background:#fff;color:#1b2421;\
             font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
        let mut page = format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
             <body style=\"{BODY}\">\n<div style=\"max-width:38em;margin:0 auto\">\n\
             <p style=\"margin:0 0 24px;font-weight:600;color:#0b5d4e\">{}</p>\n",
            self.language,
            escaped(&self.subject),
            escaped(&head.school),
        );
        for block in &self.blocks {
            match block {
                Block::Paragraph(words) => {
                    let lines: Vec<String> = words.lines().map(escaped).collect();
                    let _ = writeln!(page, "<p style=\"margin:0 0 16px\">{}</p>", lines.join("<br>"));
                }
                Block::List(items) | Block::Dates(items) => {
                    page.push_str("<ul style=\"margin:0 0 16px;padding-left:20px\">\n");
                    for item in items {
                        let _ = writeln!(page, "<li>{}</li>", escaped(item));
                    }
                    page.push_str("</ul>\n");
                }
            }
        }
        let foot: Vec<String> = head.lines().map(escaped).collect();
        let _ = write!(
            page,
            "<p style=\"margin:32px 0 0;padding-top:12px;border-top:1px solid #d5dcd8;font-size:14px;\
             color:#51605a\">{}</p>\n</div>\n</body>\n</html>\n",
            foot.join("<br>"),
        );
        page
    }
}

impl Letterhead {
    /// What stands below a message, a line each.
    fn lines(&self) -> impl Iterator<Item = &str> {
        let address = self.address.iter().map(String::as_str);
        let reached = [&self.phone, &self.email, &self.website].map(String::as_str);
        let all = std::iter::once(self.school.as_str()).chain(address).chain(reached);
        all.filter(|line| !line.is_empty())
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head() -> Letterhead {
        Letterhead {
            school: "Te Kura o Mānuka".to_owned(),
            address: vec!["1 Mānuka Street".to_owned(), "Ōtautahi 8011".to_owned()],
            phone: "03 555 0142".to_owned(),
            ..Letterhead::default()
        }
    }

    #[test]
    fn a_message_reads_as_plain_text_and_as_a_page() {
        let written = Written {
            language: Language::English,
            subject: "Sam & school".to_owned(),
            blocks: vec![
                Block::Paragraph("Kia ora Mere,".to_owned()),
                Block::Dates(vec!["Monday 3 August, all day".to_owned()]),
                Block::Paragraph("Ngā mihi,\nHana <Ngata>".to_owned()),
            ],
        };
        assert_eq!(
            written.plain(&head()),
            "Kia ora Mere,\n\n- Monday 3 August, all day\n\nNgā mihi,\nHana <Ngata>\n\n\
             Te Kura o Mānuka\n1 Mānuka Street\nŌtautahi 8011\n03 555 0142\n"
        );
        let page = written.html(&head());
        assert!(page.contains("<html lang=\"en\">"), "{page}");
        assert!(page.contains("<title>Sam &amp; school</title>"), "{page}");
        assert!(page.contains("<li>Monday 3 August, all day</li>"), "{page}");
        assert!(page.contains("Ngā mihi,<br>Hana &lt;Ngata&gt;</p>"), "{page}");
        assert!(page.contains("Te Kura o Mānuka<br>1 Mānuka Street<br>Ōtautahi 8011<br>03 555 0142"));
        assert!(!page.contains("http"), "nothing is fetched: {page}");
    }

    fn block() -> impl Strategy<Value = Block> {
        prop_oneof![
            any::<String>().prop_map(Block::Paragraph),
            proptest::collection::vec(any::<String>(), 0..4).prop_map(Block::List),
            proptest::collection::vec(any::<String>(), 0..4).prop_map(Block::Dates),
        ]
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_again(subject: String, blocks in proptest::collection::vec(block(), 0..6), reo: bool) {
            let language = if reo { Language::Reo } else { Language::English };
            let written = Written { language, subject, blocks };
            prop_assert_eq!(Written::read(&written.keep()), Some(written));
        }

        #[test]
        fn a_page_holds_no_tag_that_came_from_the_words(words: String) {
            let written = Written {
                language: Language::English,
                subject: words.clone(),
                blocks: vec![Block::Paragraph(words.clone()), Block::List(vec![words])],
            };
            let empty = Written { language: Language::English, subject: "x".to_owned(), blocks: vec![
                Block::Paragraph("x".to_owned()), Block::List(vec!["x".to_owned()])] };
            let tags = |page: &str| page.matches('<').count() - page.matches("<br>").count();
            prop_assert_eq!(tags(&written.html(&head())), tags(&empty.html(&head())));
        }
    }
}
