//! What the layouts promise: landmarks, a language, a way past the menu, nothing inline, and
//! everything a person typed escaped.

use askama::Template;
use pages::{Frame, NavItem, Notice, NoticeKind, Words};

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "bare.html")]
struct Bare {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "ministry.html")]
struct Ministry {
    frame: Frame,
}

fn frame() -> Frame {
    let mut frame = Frame::new(Words::en_nz(), "Today");
    frame.school = "<Kōwhai> School".to_owned();
    frame.person = Some("Mere Tautahi".to_owned());
    frame.csrf = "token-of-the-session".to_owned();
    frame.search_url = Some("/students".to_owned());
    frame.notice = Some(Notice::new(NoticeKind::Error, "Nothing was lost.").with_link("Again", "/again"));
    let names = ["today", "roll", "students", "review", "sharing", "plan", "school"];
    frame.nav = names
        .into_iter()
        .map(|name| NavItem { name, href: format!("/{name}"), is_current: name == "plan", count: None })
        .collect();
    frame
}

fn every_layout() -> [(&'static str, String); 3] {
    let render = |page: Result<String, askama::Error>| page.expect("a layout of ours renders");
    [
        ("layout", render(Layout { frame: frame() }.render())),
        ("bare", render(Bare { frame: frame() }.render())),
        ("ministry", render(Ministry { frame: frame() }.render())),
    ]
}

#[test]
fn every_layout_has_its_landmarks_language_and_skip_link() {
    for (name, html) in every_layout() {
        for part in [
            "<!doctype html>\n<html lang=\"en-NZ\">",
            "<a class=\"skip\" href=\"#main\">",
            "<main id=\"main\"",
            "<footer",
            "<a href=\"/privacy\">Privacy</a>",
        ] {
            assert!(html.contains(part), "{name} lacks {part}");
        }
        assert_eq!(html.matches("<h1>").count(), 1, "{name}");
        assert!(!html.contains('⟦'), "{name} asks for a word that is missing");
    }
}

#[test]
fn no_layout_has_an_inline_style_script_or_handler_or_another_origin() {
    for (name, html) in every_layout() {
        for never in [" style=", "<style", "<script>", " onclick=", " onload=", "http:", "https:", "\"//"] {
            assert!(!html.contains(never), "{name} has {never}");
        }
    }
}

#[test]
fn what_a_person_typed_is_escaped() {
    for (name, html) in every_layout() {
        assert!(!html.contains("<Kōwhai>"), "{name}");
    }
}

#[test]
fn signing_out_is_a_form_with_the_sessions_token() {
    let html = Layout { frame: frame() }.render().expect("a layout of ours renders");
    let form = html.split("<form action=\"/sign-out\" method=\"post\">").nth(1).expect("there is a form");
    assert!(
        form.split("</form>").next().is_some_and(|inside| inside.contains("value=\"token-of-the-session\""))
    );
}

#[test]
fn an_empty_panel_is_wholly_empty_so_that_it_is_not_drawn() {
    let html = Layout { frame: frame() }.render().expect("a layout of ours renders");
    let panel = html.split("<aside id=\"panel\"").nth(1).and_then(|rest| rest.split('>').nth(1));
    assert_eq!(panel, Some("</aside"));
}

#[test]
fn a_phone_shows_four_places_and_folds_the_rest() {
    let frame = frame();
    assert_eq!(frame.nav_first().len(), 4);
    assert_eq!(frame.nav_more().len(), 3);
    assert!(frame.is_more_current());
    assert_eq!(Frame::new(Words::en_nz(), "Sign in").nav_more(), []);
}
