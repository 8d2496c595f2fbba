//! Every file says first what lives in it, and no link in the papers leads nowhere.

use std::path::{Component, Path, PathBuf};

use crate::{Offence, TextFile, has_ending};

pub(crate) fn unopened(files: &[TextFile]) -> Vec<Offence> {
    let says_little = |f: &&TextFile| {
        f.text
            .lines()
            .next()
            .and_then(|l| l.strip_prefix("//! "))
            .is_none_or(|l| l.len() < 10)
    };
    let what = "the first line is not `//!` and what lives here";
    files
        .iter()
        .filter(says_little)
        .map(|f| Offence::new(&f.path, 1, what))
        .collect()
}

/// Links from Markdown pages to files of the project that are not there, and to headings that no page has.
pub(crate) fn dead_links(pages: &[TextFile], exists: impl Fn(&str) -> bool) -> Vec<Offence> {
    let mut list = Vec::new();
    for page in pages {
        for (line, target) in links(&page.text) {
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = if path.is_empty() {
                page.path.clone()
            } else {
                joined(&page.path, path)
            };
            let other = pages.iter().find(|p| p.path == path);
            if !exists(&path) {
                list.push(Offence::new(
                    &page.path,
                    line,
                    format!("{target} leads nowhere"),
                ));
            } else if other.is_some_and(|p| !heading.is_empty() && !has_heading(&p.text, heading)) {
                list.push(Offence::new(
                    &page.path,
                    line,
                    format!("no heading {target}"),
                ));
            }
        }
    }
    list
}

/// Targets of `[text](target)` outside of code, with their lines; addresses of other hosts left out.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut in_code = false;
    let mut list = Vec::new();
    for (number, line) in text.lines().enumerate() {
        in_code ^= line.trim_start().starts_with("```");
        for piece in line.split("](").skip(1).filter(|_| !in_code) {
            let target = piece.split([')', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                list.push((number + 1, target));
            }
        }
    }
    list
}

/// `target` as seen from the page at `page`, from the project's root.
fn joined(page: &str, target: &str) -> String {
    let mut path = PathBuf::from(page);
    path.pop();
    for part in Path::new(target).components() {
        match part {
            Component::ParentDir => drop(path.pop()),
            Component::Normal(name) => path.push(name),
            _ => {}
        }
    }
    path.to_string_lossy().into_owned()
}

fn has_heading(text: &str, wanted: &str) -> bool {
    text.lines()
        .filter(|l| l.starts_with('#'))
        .any(|l| anchor(l) == wanted)
}

/// The anchor that common renderers give a heading.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// FEPs that the code names and the page on federation does not (FEP-67ff).
fn unnamed_feps(files: &[TextFile], page: &str) -> Vec<Offence> {
    let mut list = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            for piece in line.split("FEP-").skip(1) {
                let name: String = piece.chars().take_while(char::is_ascii_hexdigit).collect();
                if name.len() == 4 && !page.contains(&format!("FEP-{name}")) {
                    let what = format!("docs/FEDERATION.md does not name FEP-{name}");
                    list.push(Offence::new(&file.path, number + 1, what));
                }
            }
        }
    }
    list
}

fn pages() -> Vec<TextFile> {
    let mut all = crate::files("docs");
    all.extend(
        crate::files("")
            .into_iter()
            .filter(|f| f.path == "README.md"),
    );
    all.retain(|f| has_ending(&f.path, "md"));
    all
}

#[test]
fn every_file_opens_with_what_lives_in_it() {
    let mut files = crate::rust_files("src");
    files.extend(crate::rust_files("tests"));
    crate::nobody_offends(&unopened(&files));
}

#[test]
fn every_link_in_the_papers_leads_somewhere() {
    let all = pages();
    assert!(all.iter().any(|p| p.path == "README.md"));
    crate::nobody_offends(&dead_links(&all, |path| crate::root().join(path).exists()));
}

#[test]
fn the_page_on_federation_names_every_fep_that_the_code_does() {
    let page = crate::files("docs")
        .into_iter()
        .find(|f| f.path == "docs/FEDERATION.md");
    let page = page.map(|f| f.text).unwrap_or_default();
    crate::nobody_offends(&unnamed_feps(&crate::rust_files("src"), &page));
}

#[test]
fn a_fep_that_no_page_names_is_refused() {
    let code = TextFile::new("src/a.rs", "x\n// FEP-12ab and FEP-67ff\n");
    let what = "docs/FEDERATION.md does not name FEP-12ab";
    assert_eq!(
        unnamed_feps(&[code], "about FEP-67ff"),
        [Offence::new("src/a.rs", 2, what)]
    );
}

#[test]
fn a_file_without_an_opening_line_is_refused() {
    let files = [
        TextFile::new("a.rs", "use x;"),
        TextFile::new("b.rs", "//!\nuse x;"),
        TextFile::new("c.rs", "//! What lives here.\n"),
    ];
    let refused: Vec<String> = unopened(&files).into_iter().map(|o| o.file).collect();
    assert_eq!(refused, ["a.rs", "b.rs"]);
}

#[test]
fn dead_links_are_refused_with_their_place() {
    let page =
        "# One thing\n[a](b.md) [c](../x.md)\n[d](#one-thing) [e](#two)\n[f](https://x.test/)";
    let found = dead_links(&[TextFile::new("docs/a.md", page)], |p| {
        p == "x.md" || p == "docs/a.md"
    });
    assert_eq!(
        found,
        [
            Offence::new("docs/a.md", 2, "b.md leads nowhere"),
            Offence::new("docs/a.md", 3, "no heading #two"),
        ],
    );
}
