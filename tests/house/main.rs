//! The rules of the house that the compiler does not know: `cargo house`.
//!
//! Each rule is a function from texts to offences, so that a test can show it saying no. Nothing here
//! uses the crate itself. The rules are explained in `docs/architecture.md` and `docs/style.md`.

#![cfg(test)]

mod docs;
mod hostile;
mod layering;
mod locked;
mod migrations;
mod sizes;
mod source;
mod words;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// One place where the house is not as it says it is.
#[derive(Debug, PartialEq, Eq)]
struct Offence {
    file: String,
    line: usize,
    what: String,
}

impl Offence {
    fn new(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// A text file of the project; `path` is relative to its root, with forward slashes.
struct TextFile {
    path: String,
    text: String,
}

impl TextFile {
    fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Names at any depth that are not the project's: made by tools or by running the hub.
const NOT_OURS: [&str; 5] = [".git", "target", "data", "node_modules", "__pycache__"];

/// All text files beneath a folder of the project, in order.
fn files(beneath: &str) -> Vec<TextFile> {
    let mut found = Vec::new();
    walk(&root().join(beneath), &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(at: &Path, found: &mut Vec<TextFile>) {
    let Ok(entries) = fs::read_dir(at) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                walk(&path, found);
            }
        } else if let Ok(text) = fs::read_to_string(&path) {
            let path = path
                .strip_prefix(root())
                .unwrap_or(&path)
                .to_string_lossy()
                .into_owned();
            found.push(TextFile { path, text });
        }
    }
}

/// The Rust files beneath a folder.
fn rust_files(beneath: &str) -> Vec<TextFile> {
    files(beneath)
        .into_iter()
        .filter(|f| has_ending(&f.path, "rs"))
        .collect()
}

fn has_ending(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == ending)
}

/// Fails with every offence on a line of its own.
#[track_caller]
fn nobody_offends(offences: &[Offence]) {
    let list: Vec<String> = offences.iter().map(ToString::to_string).collect();
    assert!(
        list.is_empty(),
        "\n{}\n{} offence(s)",
        list.join("\n"),
        list.len()
    );
}

#[test]
fn walk_finds_this_file_and_skips_what_tools_make() {
    let paths: Vec<String> = files("").into_iter().map(|f| f.path).collect();
    assert!(
        paths.iter().any(|p| p == "tests/house/main.rs"),
        "{paths:?}"
    );
    assert!(
        !paths
            .iter()
            .any(|p| p.starts_with("target/") || p.starts_with(".git/"))
    );
}
