//! Which crate may use which, held against `cargo metadata`.
//!
//! The table is the one in ARCHITECTURE.md. A crate without a row fails, so a new one is placed
//! before it is used. Dev-dependencies are free, but for `testkit`, which is nothing else.

use crate::repository::root;
use crate::{assert_found, assert_none};
use serde_json::{Value, json};
use std::process::Command;

/// A crate, and the crates of ours that it may use.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("reference", &["domain"]),
    ("database", &[]),
    ("pages", &[]),
    ("keys", &[]),
    ("store", &["domain", "database"]),
    ("interop", &["domain", "reference"]),
    // It fetches and knows no school: what it brings goes through `app` like any other file.
    ("roster", &["domain", "interop", "outward"]),
    ("analysis", &["domain"]),
    ("workbook", &[]),
    ("letters", &["domain"]),
    ("typeset", &["domain", "letters"]),
    ("wire", &["domain"]),
    ("app", &["domain", "reference", "keys", "store", "interop", "workbook", "analysis", "letters"]),
    ("outbox", &["domain", "keys", "store", "wire"]),
    ("mail", &["domain", "store"]),
    ("outward", &["domain"]),
    ("webhooks", &["domain", "keys", "outward", "store"]),
    // The kit judges both ends from outside.
    ("conform", &["domain", "wire"]),
    ("collector", &["domain", "reference", "keys", "wire", "analysis", "database", "pages"]),
    ("lake", &["domain", "collector"]),
    ("web", &["domain", "app", "letters", "pages", "workbook"]),
    ("demo", &["domain", "reference", "app"]),
    ("cli", ALL),
    ("testkit", ALL),
    ("journeys", ALL),
    // It is for tests alone, as testkit is.
    (
        "simulation",
        &["domain", "reference", "database", "store", "app", "wire", "outbox", "collector", "testkit"],
    ),
    (
        "benchmarks",
        &[
            "domain",
            "reference",
            "database",
            "store",
            "app",
            "letters",
            "typeset",
            "wire",
            "outbox",
            "collector",
        ],
    ),
    ("tidy", &[]),
];

const ALL: &[&str] = &[
    "domain",
    "reference",
    "database",
    "pages",
    "keys",
    "store",
    "interop",
    "workbook",
    "analysis",
    "letters",
    "typeset",
    "wire",
    "app",
    "outbox",
    "mail",
    "outward",
    "roster",
    "webhooks",
    "collector",
    "conform",
    "lake",
    "web",
    "demo",
];

/// Somebody else's crate, the crates of ours that may use it, and why no other.
const GUESTS: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["database"], "one seam to the database"),
    ("postgres", &["database", "testkit", "benchmarks"], "one seam to the database"),
    ("tokio-postgres-rustls", &["database"], "one seam to the database"),
    ("sqlx", &[], "decision 0003"),
    (
        "ureq",
        &["outbox", "mail", "webhooks", "roster", "outward", "conform"],
        "only what sends talks to other machines",
    ),
    ("zip", &["interop", "workbook"], "what is packed is read and written in few places, within limits"),
    ("lettre", &["mail"], "only mail talks to a mail server"),
    ("typst", &["typeset"], "the engine takes minutes to compile"),
    ("parquet", &["lake"], "only files for analysts need it, and most schools never make one"),
    (
        "rust_xlsxwriter",
        &["workbook"],
        "who asks for a spreadsheet need not know how one is written, and nobody else compiles it",
    ),
    ("calamine", &["workbook"], "a spreadsheet's file is looked through before it is read"),
    ("ring", &["keys"], "one place for what is secret"),
    ("md-5", &["app"], "KAMAR signs with it (decision 0044); nothing of ours rests on it"),
    ("schemars", &["wire", "web"], "a schema describes a contract, and these two have one"),
    ("axum", &["web", "collector", "cli"], "acts do not know HTTP"),
    // What a message home said is kept as it was written; a manifest says which files are whole; what
    // other programs are told is a contract of its own, and so is what they say (`web/src/api/body.rs`).
    (
        "serde",
        &["wire", "keys", "interop", "letters", "webhooks", "lake", "cli", "web"],
        "nothing becomes a contract by accident",
    ),
    // Sharing reads sealed batches back to show them, and `/api` speaks it.
    (
        "serde_json",
        // The kit reads answers as plain JSON, as a stranger does.
        &["wire", "keys", "interop", "letters", "webhooks", "roster", "lake", "conform", "cli", "web"],
        "nothing becomes a contract by accident",
    ),
];

/// All that `domain` may use: a date library and an error derive.
const GUESTS_OF_DOMAIN: &[&str] = &["jiff", "thiserror"];

fn problems(metadata: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let names: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, may_use)) = ROOMS.iter().find(|(room, _)| *room == name) else {
            found.push(format!("{name} has no row in the table of rooms"));
            continue;
        };
        for dependency in package["dependencies"].as_array().map_or(&[][..], Vec::as_slice) {
            let used = dependency["name"].as_str().unwrap_or_default();
            if dependency["kind"] == "dev" {
                continue;
            }
            if names.contains(&used) && !may_use.contains(&used) {
                found.push(format!("{name} must not use {used}"));
            }
            for (guest, _, why) in
                GUESTS.iter().filter(|(guest, rooms, _)| *guest == used && !rooms.contains(&name))
            {
                found.push(format!("{name} must not use {guest}: {why}"));
            }
            if name == "domain" {
                let serialises =
                    dependency["features"].as_array().is_some_and(|all| all.contains(&json!("serde")));
                if !GUESTS_OF_DOMAIN.contains(&used) || serialises {
                    found.push(format!("domain must not use {used}, nor anything that serialises"));
                }
            }
        }
    }
    found
}

#[test]
fn every_crate_uses_only_what_its_row_allows() {
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    let metadata: Value = serde_json::from_slice(&answer.stdout).expect("cargo metadata is JSON");
    assert!(metadata["packages"].as_array().is_some_and(|packages| packages.len() > 10));
    assert_none(&problems(&metadata));
}

#[test]
fn a_dependency_across_the_table_is_found() {
    let uses = |name: &str, dependencies: Value| json!({"name": name, "dependencies": dependencies});
    let planted = json!({"packages": [
        uses("domain", json!([{"name": "jiff", "kind": null, "features": ["serde"]}, {"name": "thiserror", "kind": null}])),
        uses("store", json!([{"name": "domain", "kind": null}, {"name": "app", "kind": "build"}])),
        uses("app", json!([{"name": "testkit", "kind": "dev"}, {"name": "store", "kind": null}, {"name": "ureq", "kind": null}])),
        uses("web", json!([{"name": "testkit", "kind": null}])),
        uses("testkit", json!([])),
        uses("annexe", json!([])),
    ]});
    assert_found(
        &problems(&planted),
        &[
            "domain must not use jiff",
            "store must not use app",
            "app must not use ureq",
            "web must not use testkit",
            "annexe",
        ],
    );
}
