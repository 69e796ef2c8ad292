//! The files a browser asks for: style sheet, script, typeface, icon.
//!
//! They are built into the binary, so a school that copies one file has all of them. Every address
//! carries a hash of all assets together (`/assets/<hash>/starboard.css`), so a browser may keep a
//! file for a year and still sees the next release at once. One hash for all, because the style
//! sheet names the typeface by a relative address.
//! Serving them over HTTP is left to the crates that own a router.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// One file as it is sent to a browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The name below `/assets/<hash>/`, as `vendor/public-sans-latin-wght-normal.woff2`.
    pub name: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The file itself.
    pub bytes: &'static [u8],
    /// True when the address named the present hash, so that the answer may be kept for ever.
    pub is_current: bool,
}

impl Asset {
    /// The value of `Cache-Control`: a year when the address names this release, else ask again.
    pub fn cache_control(&self) -> &'static str {
        if self.is_current { "public, max-age=31536000, immutable" } else { "no-cache" }
    }
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";
const TEXT: &str = "text/plain; charset=utf-8";
const WOFF2: &str = "font/woff2";

macro_rules! file {
    ($name:literal, $content_type:expr) => {
        ($name, $content_type, include_bytes!(concat!("../assets/", $name)).as_slice())
    };
}

type File = (&'static str, &'static str, &'static [u8]);

static FILES: &[File] = &[
    file!("starboard.css", CSS),
    file!("starboard.js", SCRIPT),
    file!("starboard.svg", SVG),
    file!("vendor/public-sans-latin-wght-normal.woff2", WOFF2),
    file!("vendor/public-sans-latin-ext-wght-normal.woff2", WOFF2),
    file!("vendor/public-sans-OFL.txt", TEXT),
];

static HASH: LazyLock<String> = LazyLock::new(|| {
    let mut hasher = Sha256::new();
    for (name, _, bytes) in FILES {
        hasher.update(name.as_bytes());
        hasher.update(bytes);
    }
    let digest = hasher.finalize();
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

/// Finds an asset by what follows `/assets/` in its address: `<hash>/<name>`, or the name alone.
///
/// An old hash is answered with the present file, which then is not to be kept.
pub fn asset(path: &str) -> Option<Asset> {
    let path = path.trim_start_matches('/');
    let (name, is_current) = match path.strip_prefix(HASH.as_str()) {
        Some(rest) => (rest.trim_start_matches('/'), true),
        None => (path, false),
    };
    let find = |wanted: &str| FILES.iter().find(|(name, _, _)| *name == wanted);
    let &(name, content_type, bytes) =
        find(name).or_else(|| find(name.split_once('/').map_or("", |(_, rest)| rest)))?;
    Some(Asset { name, content_type, bytes, is_current })
}

/// The address of an asset, as `/assets/3f9c0a1b2c3d/starboard.css`.
pub fn asset_url(name: &str) -> String {
    format!("/assets/{}/{name}", HASH.as_str())
}

/// Every asset's name, for a router's tests.
pub fn asset_names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _, _)| *name)
}
