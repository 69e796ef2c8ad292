//! What the assets promise: right types, no other origin, no way to run foreign script, enough
//! contrast in both colour schemes, the typeface as its page says.

use std::collections::BTreeMap;

use pages::{Band, FieldError, asset, asset_names, asset_url, error_for};
use sha2::{Digest, Sha256};

const CSS: &str = include_str!("../assets/starboard.css");
const SCRIPT: &str = include_str!("../assets/starboard.js");
const VENDOR: &str = include_str!("../assets/vendor/README.md");

#[test]
fn every_asset_is_served_with_its_type_and_kept_only_under_the_present_hash() {
    for name in asset_names() {
        let expected = match name.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            Some("txt") => "text/plain; charset=utf-8",
            Some("woff2") => "font/woff2",
            _ => panic!("{name} is of no known type"),
        };
        let url = asset_url(name);
        let found = asset(url.trim_start_matches("/assets/")).expect(name);
        assert_eq!((found.name, found.content_type), (name, expected));
        assert!(!found.bytes.is_empty());
        assert!(found.cache_control().contains("immutable"));

        let old = asset(&format!("0123456789ab/{name}")).expect("an old page's asset is answered");
        assert_eq!(old.bytes, found.bytes);
        assert_eq!(old.cache_control(), "no-cache");
    }
}

#[test]
fn no_other_path_is_answered() {
    for path in ["", "/", "../Cargo.toml", "starboard.css/..", "a/b/starboard.css", "vendor"] {
        assert_eq!(asset(path), None, "{path}");
    }
}

#[test]
fn the_style_sheet_names_no_other_origin_and_only_files_we_serve() {
    assert!(!CSS.contains("http") && !CSS.contains("//") && !CSS.contains("@import"));
    for part in CSS.split("url(\"").skip(1) {
        let name = part.split('"').next().expect("split gives at least one part");
        assert!(asset(name).is_some(), "{name}");
    }
}

#[test]
fn the_script_runs_nothing_that_came_as_text() {
    for never in [
        "eval",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "Function(",
        "import(",
        "http",
    ] {
        assert!(!SCRIPT.contains(never), "{never}");
    }
    assert!(SCRIPT.lines().count() <= 400);
}

#[test]
fn the_typeface_is_the_one_its_page_names_and_small_enough() {
    let mut size = 0;
    for name in asset_names().filter(|name| name.starts_with("vendor/")) {
        let bytes = asset(name).expect(name).bytes;
        if name.ends_with("woff2") {
            size += bytes.len();
            let sum: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(VENDOR.contains(&sum), "{name}");
        }
    }
    assert!(size > 0 && size < 150_000);
}

/// The colours named in a block of the style sheet: `--ink` to red, green and blue.
fn colours(block: &str) -> BTreeMap<&str, [f64; 3]> {
    let declarations = block.split(';').filter_map(|line| line.trim().split_once(": #"));
    declarations
        .filter_map(|(name, value)| Some((name.rsplit_once("--")?.1, u32::from_str_radix(value, 16).ok()?)))
        .map(|(name, value)| (name, [16, 8, 0].map(|shift| f64::from((value >> shift) & 255) / 255.0)))
        .collect()
}

/// Source: WCAG 2.2, relative luminance and contrast ratio.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let [red, green, blue] = colour
            .map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    if one > other { one / other } else { other / one }
}

#[test]
fn text_and_controls_stand_out_in_light_and_in_dark() {
    let (light, rest) =
        CSS.split_once("@media (prefers-color-scheme: dark)").expect("the sheet has a dark scheme");
    let dark = rest.split_once("@media").expect("more follows the dark scheme").0;
    let text = [
        (
            "ink",
            "paper raised green-tint kowhai-tint danger-tint justified unjustified unknown band-green-tint band-yellow-tint band-orange-tint band-red-tint",
        ),
        ("soft", "paper raised green-tint"),
        ("green", "paper raised green-tint kowhai-tint danger-tint"),
        ("green-deep", "paper raised green-tint"),
        ("on-green", "green green-deep"),
        ("danger", "paper raised danger-tint"),
    ];
    let shapes = [
        ("edge", "paper raised green-tint"),
        ("band-green", "band-green-tint paper"),
        ("band-yellow", "band-yellow-tint paper"),
        ("band-orange", "band-orange-tint paper"),
        ("band-red", "band-red-tint paper"),
    ];
    for scheme in [colours(light), colours(dark)] {
        for (pairs, least) in [(text.as_slice(), 4.5), (shapes.as_slice(), 3.0)] {
            for (front, backs) in pairs {
                for back in backs.split(' ') {
                    let found = contrast(scheme[front], scheme[back]);
                    assert!(found >= least, "{front} on {back} is {found:.2}, less than {least}");
                }
            }
        }
    }
}

#[test]
fn bands_differ_in_more_than_colour() {
    for one in Band::ALL {
        for other in Band::ALL.into_iter().filter(|other| *other != one) {
            assert_ne!(one.glyph(), other.glyph());
            assert_ne!(one.path(), other.path());
            assert_ne!(one.word(), other.word());
        }
    }
}

#[test]
fn a_mistake_is_found_by_its_field() {
    let errors = [FieldError::new("date", "The date is after today.")];
    assert_eq!(error_for(&errors, "date"), Some("The date is after today."));
    assert_eq!(error_for(&errors, "note"), None);
}
