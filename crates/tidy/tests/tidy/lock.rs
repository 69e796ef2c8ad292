//! What `Cargo.lock` must not hold: a second provider of cryptography for TLS.
//!
//! Two of them in one binary make the first connection panic. Ring is the one.

use crate::repository::read;
use crate::{assert_found, assert_none};

const NEVER: &[&str] = &[
    "aws-lc-rs",
    "aws-lc-sys",
    "aws-lc-fips-sys",
    "openssl",
    "openssl-sys",
    "native-tls",
    "boring",
    "mbedtls",
];

fn problems(lock: &str) -> Vec<String> {
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    names
        .filter(|name| NEVER.contains(name))
        .map(|name| format!("{name} is in Cargo.lock beside ring"))
        .collect()
}

#[test]
fn one_provider_of_cryptography_is_locked() {
    let lock = read("Cargo.lock");
    assert!(lock.contains("name = \"ring\""));
    assert_none(&problems(&lock));
}

#[test]
fn a_second_provider_is_found() {
    assert_found(
        &problems("name = \"ring\"\nname = \"aws-lc-rs\"\nname = \"openssl-probe\"\n"),
        &["aws-lc-rs"],
    );
}
