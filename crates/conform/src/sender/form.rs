//! What the control address says, and what every batch looks like on its way.

use super::bench::Bench;
use super::desk::Put;
use super::{Scenario, scenario};
use crate::finding::{Verdict, failed, must};
use domain::SchoolNumber;

pub(super) const CONTROL: &[Scenario] = &[scenario(
    "control",
    "A sender's control address",
    "GET /v1/sender says how far the sender has come",
    control,
)];

/// Looked at last, over everything that came.
pub(super) const ALL: &[Scenario] = &[
    scenario(
        "batch-form",
        "Batches",
        "what is put is a batch of version 1, at the address that its numbers name",
        batch_form,
    ),
    scenario(
        "content-digest",
        "Batches",
        "Content-Digest is that of the bytes that travel, in gzip or not",
        content_digest,
    ),
    scenario(
        "listed-members-only",
        "What is never sent",
        "nothing is sent that the schema does not name",
        listed_members_only,
    ),
    scenario(
        "no-nsn-outside",
        "Records",
        "an NSN is no part of an address, a header or an id",
        no_nsn_outside,
    ),
];

fn control(bench: &Bench<'_>) -> Verdict {
    let answer = bench.control("GET", "/v1/sender")?;
    let said = answer.json();
    let numbers = ["epoch", "numberedThrough", "acknowledgedThrough", "leftOut"];
    let is_whole = answer.status == 200
        && said["schoolNumber"].is_string()
        && numbers.iter().all(|name| said[*name].is_u64());
    must(is_whole, format!("200 with schoolNumber, {}", numbers.join(", ")), answer.words())?;
    let told = said["schoolNumber"].as_str().unwrap_or_default();
    for put in bench.desk().puts.iter() {
        let expected = format!("batches of school {told}, as the control address says");
        must(put.batch["schoolNumber"] == told, expected, put.path.clone())?;
    }
    Ok(())
}

fn is_about_members(flaw: &str) -> bool {
    flaw.contains("unknown field")
}

fn batch_form(bench: &Bench<'_>) -> Verdict {
    for put in bench.seen()? {
        let [epoch, first] = ["epoch", "firstSeq"].map(|name| put.number(name));
        let number = put.batch["schoolNumber"].as_str().and_then(|text| SchoolNumber::parse(text).ok());
        let flaw = put.flaws.iter().find(|flaw| !is_about_members(flaw));
        if let Some(flaw) = flaw {
            return failed(
                "a batch of version 1, by docs/wire/v1.schema.json",
                format!("{}: {flaw}", put.words()),
            );
        }
        let path = number.map(|number| wire::batch_path(number, epoch, first));
        if put.batch["schoolNumber"].is_string() {
            must(Some(&put.path) == path.as_ref(), path.unwrap_or_default(), put.path.clone())?;
        }
        let media = header(&put, "content-type");
        must(media == "application/json", "content-type application/json", format!("\"{media}\""))?;
        let encoding = header(&put, "content-encoding");
        must(["", "gzip"].contains(&encoding), "content-encoding gzip, or none", format!("\"{encoding}\""))?;
    }
    Ok(())
}

fn header<'a>(put: &'a Put, name: &str) -> &'a str {
    put.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

fn content_digest(bench: &Bench<'_>) -> Verdict {
    for put in bench.seen()? {
        if let Some(flaw) = &put.header_flaw {
            let expected = "Content-Digest: sha-256=:…: over the body as it travels";
            return failed(expected, format!("{}: {flaw}", header(&put, "content-digest")));
        }
    }
    Ok(())
}

fn listed_members_only(bench: &Bench<'_>) -> Verdict {
    for put in bench.seen()? {
        if let Some(flaw) = put.flaws.iter().find(|flaw| is_about_members(flaw)) {
            return failed("only members that docs/wire/v1.schema.json names", flaw.clone());
        }
    }
    Ok(())
}

fn no_nsn_outside(bench: &Bench<'_>) -> Verdict {
    for put in bench.seen()? {
        for record in put.records() {
            let student = &record["body"]["student"];
            let Some(nsn) = student["nsn"].as_str().filter(|nsn| nsn.len() > 3) else { continue };
            let id = record["recordId"].as_str().unwrap_or_default();
            let in_header = put
                .headers
                .iter()
                .filter(|(name, _)| {
                    !["authorization", "content-digest", "content-length"].contains(&name.as_str())
                })
                .any(|(_, value)| value.contains(nsn));
            let place = if put.path.contains(nsn) {
                "the address"
            } else if in_header {
                "a header"
            } else if id.replace('-', "").contains(nsn) || id.contains(nsn) {
                "a recordId"
            } else if student["localId"] == nsn {
                "a localId"
            } else {
                continue;
            };
            return failed(
                "NSNs in the member nsn alone",
                format!("the NSN of record {} in {place}", record["seq"]),
            );
        }
    }
    Ok(())
}
