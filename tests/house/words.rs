//! What the project's files do not say, and what may stand at its top: no paths of somebody's machine,
//! no hosts of package registries, no stray files.

use std::fs;

use crate::{Offence, TextFile};

/// Written in two pieces, so that this file does not offend itself.
const REGISTRIES: [(&str, &str); 7] = [
    ("registry.", "npmjs.org"),
    ("registry.", "yarnpkg.com"),
    ("static.", "crates.io"),
    ("index.", "crates.io"),
    ("py", "pi.org"),
    ("files.", "pythonhosted.org"),
    ("proxy.", "golang.org"),
];
const MACHINE_PATHS: [(&str, &str); 4] = [
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/Us", "ers/"),
    ("/wo", "rk/"),
];

/// Everything that may stand at the top, whether it must or not.
const TOP: [&str; 15] = [
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".deny.toml",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "config",
    "docs",
    "migrations",
    "src",
    "tests",
];

pub(crate) fn offences(files: &[TextFile]) -> Vec<Offence> {
    let mut list = Vec::new();
    for file in files.iter().filter(|f| f.path != "Cargo.lock") {
        for (number, line) in file.text.lines().enumerate() {
            for (one, two) in REGISTRIES {
                if line.contains(&format!("{one}{two}")) {
                    list.push(Offence::new(
                        &file.path,
                        number + 1,
                        "names a package registry",
                    ));
                }
            }
            for (one, two) in MACHINE_PATHS {
                if starts_path(line, &format!("{one}{two}")) {
                    list.push(Offence::new(
                        &file.path,
                        number + 1,
                        "names a path of one machine",
                    ));
                }
            }
        }
    }
    list
}

/// Whether a path begins with `start` somewhere in the line, not merely contains it.
fn starts_path(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let before = line.get(..at).and_then(|l| l.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-/*}~)".contains(c))
    })
}

fn strays(names: &[String], ignored: &str) -> Vec<Offence> {
    let ignores = |name: &str| ignored.lines().any(|l| l.trim_matches('/') == name);
    let allowed = |name: &str| name == ".git" || TOP.contains(&name) || ignores(name);
    let strays = names.iter().filter(|n| !allowed(n));
    strays
        .map(|n| Offence::new(n, 1, "does not belong at the top"))
        .collect()
}

#[test]
fn no_file_names_a_machine_or_a_registry() {
    crate::nobody_offends(&offences(&crate::files("")));
}

#[test]
fn the_top_holds_only_what_belongs_there() {
    let entries = fs::read_dir(crate::root()).expect("the project's root can be read");
    let names: Vec<String> = entries
        .flatten()
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    let ignored = fs::read_to_string(crate::root().join(".gitignore")).unwrap_or_default();
    crate::nobody_offends(&strays(&names, &ignored));
}

#[test]
fn machine_paths_and_registries_are_refused() {
    let text = |(one, two): (&str, &str)| TextFile::new("a", &format!("x\n see {one}{two}y"));
    for pieces in REGISTRIES.into_iter().chain(MACHINE_PATHS) {
        assert_eq!(offences(&[text(pieces)]).len(), 1, "{pieces:?}");
    }
    let inside = format!("src{}{}x", MACHINE_PATHS[3].0, MACHINE_PATHS[3].1);
    assert_eq!(offences(&[TextFile::new("a", &inside)]), []);
}

#[test]
fn a_stray_file_at_the_top_is_refused() {
    let names = ["src", "notes.txt", "target"].map(str::to_owned);
    assert_eq!(
        strays(&names, "/target\n"),
        [Offence::new("notes.txt", 1, "does not belong at the top")],
    );
}
