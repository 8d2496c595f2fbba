//! Templates and texts fit each other, in every language; pages and forms do what they say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{TEMPLATES, TEXTS};

/// The keys of a file of texts.
fn keys(source: &str) -> BTreeSet<String> {
    let lines = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    let named = lines.filter_map(|line| line.split_once(" ="));
    named.map(|(key, _)| key.to_owned()).collect()
}

fn texts(code: &str) -> BTreeSet<String> {
    let (_, source) = TEXTS.iter().find(|(known, _)| *known == code).unwrap();
    keys(source)
}

/// What stands between `open` and the next quote.
fn quoted<'a>(text: &'a str, open: &str) -> Vec<&'a str> {
    text.split(open).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn sources(below: &str) -> Vec<(PathBuf, String)> {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(below)];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

fn is_refusal(key: &str) -> bool {
    key.starts_with("refusal-")
}

#[test]
fn every_text_exists_in_every_language() {
    let own = |code| texts(code).into_iter().filter(|key| !is_refusal(key)).collect::<Vec<_>>();
    assert_eq!(own("en"), own("de"));
}

#[test]
fn every_text_that_is_used_exists_and_none_is_unused() {
    let all = texts("en");
    let mut used: BTreeSet<String> = BTreeSet::new();
    for (name, source) in TEMPLATES {
        for key in quoted(source, "t(\"") {
            assert!(all.contains(key), "{name} uses {key}");
            used.insert(key.to_owned());
        }
    }
    let faces = sources("src/faces/web").into_iter().chain(sources("src/faces/shared"));
    for (path, source) in faces.filter(|(path, _)| !path.ends_with("tests.rs")) {
        for key in quoted(&source, "visit.text(\"") {
            assert!(all.contains(key), "{} uses {key}", path.display());
        }
        let mut literals = source.split('"');
        while let (Some(_), Some(literal)) = (literals.next(), literals.next()) {
            used.insert(literal.to_owned());
            used.insert(format!("note-{literal}"));
        }
    }
    let unused: Vec<_> = all.iter().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_note_has_a_text() {
    let all = texts("en");
    for (path, source) in sources("src/faces/web") {
        for note in quoted(&source, ".note(\"") {
            assert!(all.contains(&format!("note-{note}")), "{} says {note}", path.display());
        }
    }
}

#[test]
fn every_translated_refusal_can_happen() {
    let code: String = sources("src").into_iter().map(|(_, text)| text).collect();
    for key in texts("de").iter().filter(|key| is_refusal(key)) {
        let name = key.trim_start_matches("refusal-").replacen('-', ".", 1);
        assert!(code.contains(&format!("\"{name}\"")), "{name} is said nowhere");
    }
}

#[test]
fn every_template_is_built_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/faces/web/templates");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let files: BTreeSet<String> = files.map(|name| name.into_string().unwrap()).collect();
    let listed: BTreeSet<String> = TEMPLATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(files, listed);
}

#[test]
fn no_template_holds_inline_code() {
    for (name, source) in TEMPLATES {
        for inline in ["<script", "style=", "<style", " onclick", " onload", "javascript:"] {
            assert!(!source.contains(inline), "{name} holds {inline}");
        }
    }
}
