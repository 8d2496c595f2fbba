//! Who may import whom. A room imports only rooms on lower floors, rooms on one floor do not know each
//! other, each foreign crate has a home, and nobody hands on what belongs to another room.

use std::collections::HashMap;

use crate::source::{Token, blank, closing, in_tests, test_files, tokens};
use crate::{Offence, TextFile};

/// The floors from the ground up. `docs/architecture.md` draws the same picture.
pub(crate) const FLOORS: [&[&str]; 7] = [
    &["settings", "domain", "text", "crypto"],
    &["store", "mail", "media", "net"],
    &["operations", "views"],
    &["federation"],
    &["work"],
    &["faces/web", "faces/api", "faces/activitypub"],
    &["cli"],
];

/// What the faces share lies beneath them, and their door above them.
const BENEATH_FACES: &str = "faces/shared";
const DOOR_OF_FACES: &str = "faces";

/// Foreign crates, modules and functions, and the rooms that may name them.
const HOMES: [(&str, &[&str]); 31] = [
    ("diesel", &["store"]),
    ("diesel_migrations", &["store"]),
    ("libsqlite3_sys", &["store"]),
    ("pq_sys", &["store"]),
    ("axum", &["faces"]),
    ("tower", &["faces"]),
    ("tower_http", &["faces"]),
    ("minijinja", &["faces", "mail"]),
    ("fluent_bundle", &["text", "mail", "faces"]),
    ("lettre", &["mail"]),
    ("hyper", &["faces", "cli"]),
    ("hyper_util", &["faces", "cli"]),
    (
        "activitypub_federation",
        &["federation", "faces/activitypub"],
    ),
    ("openssl", &["crypto"]),
    ("argon2", &["crypto"]),
    ("bs58", &["crypto"]),
    ("ryu_js", &["crypto"]),
    ("uuid::Uuid::new_v4", &["crypto"]),
    ("reqwest", &["net"]),
    ("ammonia", &["text"]),
    ("comrak", &["text"]),
    ("encoding_rs", &["text"]),
    ("unicode_normalization", &["text"]),
    ("clap", &["cli"]),
    ("std::env", &["settings", "cli"]),
    ("std::time::SystemTime::now", &["domain/clock"]),
    ("jiff::Timestamp::now", &["domain/clock"]),
    ("jiff::Zoned::now", &["domain/clock"]),
    ("tokio::spawn", &["work", "cli"]),
    ("tokio::task::spawn", &["work", "cli"]),
    ("std::thread::spawn", &["store", "work", "cli"]),
];

/// Crates that the ground floor does without.
const NOT_PURE: [&str; 3] = ["tokio", "diesel", "axum"];

pub(crate) fn offences(files: &[TextFile]) -> Vec<Offence> {
    let for_tests = test_files(files);
    files
        .iter()
        .flat_map(|file| file_offences(file, for_tests.contains(&file.path)))
        .collect()
}

/// Compiled apart from the crate, so that it can import none of it.
const BUILD_SCRIPT: &str = "src/build.rs";

fn file_offences(file: &TextFile, only_tests: bool) -> Vec<Offence> {
    if file.path == BUILD_SCRIPT {
        return Vec::new();
    }
    let module = module_path(&file.path);
    let own = room_of(&module);
    if !own.is_empty() && floor_of(&own).is_none() {
        return vec![Offence::new(
            &file.path,
            1,
            format!("{own} is no room of the house"),
        )];
    }
    let found = tokens(&blank(&file.text));
    let for_tests = in_tests(&found);
    let mut list = Vec::new();
    for mention in mentions(&found, &module) {
        let in_test = only_tests || for_tests[mention.token];
        let offence = match mention.path.split_first() {
            _ if mention.handed_on && file.path == "src/lib.rs" => {
                Some("the root of the crate hands on nothing".to_owned())
            }
            Some((first, inside)) if first == "crate" => {
                room_offence(&own, inside, mention.handed_on, in_test)
            }
            _ if in_test => None,
            _ => home_offence(&own, &module, &mention.path),
        };
        list.extend(offence.map(|what| Offence::new(&file.path, found[mention.token].line, what)));
    }
    list.dedup();
    list
}

/// `src/store/actors.rs` is `["store", "actors"]`; the crate's own root is empty.
fn module_path(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut parts: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if matches!(
        parts.last().map(String::as_str),
        Some("mod" | "lib" | "main")
    ) {
        parts.pop();
    }
    parts
}

/// The room a module lies in; the faces are rooms of their own.
fn room_of(module: &[String]) -> String {
    let known = |room: &str| room == BENEATH_FACES || FLOORS.iter().any(|f| f.contains(&room));
    match module {
        [] => String::new(),
        [first, second, ..] if known(&format!("{first}/{second}")) => format!("{first}/{second}"),
        [first, ..] => first.clone(),
    }
}

/// Floors counted in halves, so that what the faces share fits beneath them and their door above.
fn floor_of(room: &str) -> Option<usize> {
    match room {
        BENEATH_FACES => Some(9),
        DOOR_OF_FACES => Some(11),
        _ => FLOORS
            .iter()
            .position(|floor| floor.contains(&room))
            .map(|floor| floor * 2),
    }
}

/// Tests may look sideways, so that what an operation did is seen through a view; never upwards.
fn room_offence(own: &str, inside: &[String], handed_on: bool, in_test: bool) -> Option<String> {
    let other = room_of(inside);
    let (Some(mine), Some(theirs)) = (floor_of(own), floor_of(&other)) else {
        return None;
    };
    if own == other {
        return None;
    }
    let path = format!("crate::{}", inside.join("::"));
    if theirs > mine || (theirs == mine && !in_test) {
        return Some(format!(
            "{own} imports {path}, which is not on a lower floor"
        ));
    }
    if FLOORS[5].contains(&own) && other == "store" {
        return Some(format!(
            "{own} imports {path}; faces call operations and views"
        ));
    }
    let rooms = other.split('/').count();
    let modules = inside
        .iter()
        .take_while(|w| w.starts_with(|c: char| c.is_lowercase()));
    let modules = modules.count().min(inside.len().saturating_sub(1));
    if modules > rooms + 1 {
        return Some(format!(
            "{own} imports {path}, deeper than a room and a noun"
        ));
    }
    handed_on.then(|| format!("{own} hands on {path}, which hides who imports it"))
}

fn home_offence(own: &str, module: &[String], path: &[String]) -> Option<String> {
    let whole = path.join("::");
    let here = module.join("/");
    let beneath = |outer: &str, inner: &str, mark: &str| {
        inner == outer
            || inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.starts_with(mark))
    };
    let pure = floor_of(own) == Some(0);
    if let Some(name) = NOT_PURE.iter().find(|n| pure && beneath(n, &whole, "::")) {
        return Some(format!("{own} is pure and does without {name}"));
    }
    let (name, homes) = HOMES.iter().find(|(name, _)| beneath(name, &whole, "::"))?;
    let at_home = own.is_empty() || homes.iter().any(|home| beneath(home, &here, "/"));
    (!at_home).then(|| format!("{here} names {name}, whose home is {}", homes.join(" and ")))
}

/// A path as written, with what `use` made of its first word, from the crate's root where it is ours.
struct Mention {
    path: Vec<String>,
    token: usize,
    handed_on: bool,
}

fn mentions(found: &[Token], module: &[String]) -> Vec<Mention> {
    let inner = inner_modules(found, module);
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    let mut list = Vec::new();
    let mut at = 0;
    while at < found.len() {
        let word = |n: usize| found.get(n).map_or("", |t| t.text.as_str());
        let imports = word(at) == "use" && !word(at + 1).starts_with('<');
        let starts_path = found[at].is_word() && word(at + 1) == "::" && !continues(found, at);
        if imports {
            let end = (at..found.len())
                .find(|&i| word(i) == ";")
                .unwrap_or(found.len());
            let handed_on = at > 0 && matches!(word(at - 1), "pub" | ")");
            let mut tree = Vec::new();
            let start = if word(at + 1) == "::" { at + 2 } else { at + 1 };
            expand(found, start, end, &[], &mut tree);
            for (path, name, token) in tree {
                let path = from_root(path, &inner[token]);
                names.insert(name, path.clone());
                list.push(Mention {
                    path,
                    token,
                    handed_on,
                });
            }
            at = end;
        } else if starts_path {
            let mut path = vec![found[at].text.clone()];
            let mut next = at + 1;
            while word(next) == "::" && found.get(next + 1).is_some_and(Token::is_word) {
                path.push(word(next + 1).to_owned());
                next += 2;
            }
            list.push(Mention {
                path,
                token: at,
                handed_on: false,
            });
            at = next;
        } else {
            at += 1;
        }
    }
    for mention in &mut list {
        mention.path = match mention.path.split_first() {
            Some((first, rest)) if names.contains_key(first) && first != "crate" => {
                [names[first].as_slice(), rest].concat()
            }
            _ => from_root(mention.path.clone(), &inner[mention.token]),
        };
    }
    list
}

fn continues(found: &[Token], at: usize) -> bool {
    at >= 2 && found[at - 1].text == "::" && (found[at - 2].is_word() || found[at - 2].text == ">")
}

/// The module that each token stands in, modules written inside the file included.
fn inner_modules(found: &[Token], module: &[String]) -> Vec<Vec<String>> {
    let mut all = vec![module.to_vec(); found.len()];
    for at in 0..found.len() {
        let word = |n: usize| found.get(n).map_or("", |t| t.text.as_str());
        if word(at) == "mod" && word(at + 2) == "{" {
            for inside in &mut all[at + 2..=closing(found, at + 2)] {
                inside.push(word(at + 1).to_owned());
            }
        }
    }
    all
}

/// Flattens a `use` tree: whole path, the name it is known by, and where its last word stands.
fn expand(
    found: &[Token],
    mut at: usize,
    end: usize,
    before: &[String],
    out: &mut Vec<(Vec<String>, String, usize)>,
) {
    let mut path = before.to_vec();
    let mut last = at;
    while at < end {
        match found[at].text.as_str() {
            "::" => at += 1,
            "{" => {
                let close = closing(found, at);
                for (from, to) in parts(found, at + 1, close) {
                    expand(found, from, to, &path, out);
                }
                return;
            }
            "as" => {
                let name = found.get(at + 1).map_or(String::new(), |t| t.text.clone());
                out.push((path, name, last));
                return;
            }
            "self" if !path.is_empty() => at += 1,
            word => {
                path.push(word.to_owned());
                last = at;
                at += 1;
            }
        }
    }
    if let Some(name) = path.last().cloned() {
        out.push((path, name, last.min(found.len() - 1)));
    }
}

/// The parts between commas at the outermost level.
fn parts(found: &[Token], from: usize, to: usize) -> Vec<(usize, usize)> {
    let (mut list, mut start, mut at) = (Vec::new(), from, from);
    while at < to {
        match found[at].text.as_str() {
            "{" => at = closing(found, at),
            "," => {
                list.push((start, at));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    list.push((start, to));
    list.retain(|(from, to)| from < to);
    list
}

/// Resolves leading `self` and `super`; `guildhall` is what the binary calls the crate.
fn from_root(path: Vec<String>, module: &[String]) -> Vec<String> {
    let ups = path
        .iter()
        .take_while(|w| *w == "super" || *w == "self")
        .count();
    if ups == 0 {
        return path;
    }
    let levels = path.iter().take(ups).filter(|w| *w == "super").count();
    let base = &module[..module.len().saturating_sub(levels)];
    let mut whole = vec!["crate".to_owned()];
    whole.extend(base.iter().cloned());
    whole.extend(path.into_iter().skip(ups));
    whole
}

/// The rooms drawn in the first picture of `docs/architecture.md`, from the ground up: lines that start
/// with the floor's number; two blanks between rooms, a bar before the explanation.
fn drawn_floors(page: &str) -> Vec<Vec<String>> {
    let picture = page.split("```").nth(1).unwrap_or_default();
    let mut floors: Vec<(usize, Vec<String>)> = Vec::new();
    for line in picture.lines() {
        let Some((number, rest)) = line.trim().split_once(' ') else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        let rooms = rest.split('|').next().unwrap_or_default();
        floors.push((
            number,
            rooms.split_whitespace().map(str::to_owned).collect(),
        ));
    }
    floors.sort();
    floors.into_iter().map(|(_, rooms)| rooms).collect()
}

#[test]
fn rooms_import_only_lower_floors() {
    crate::nobody_offends(&offences(&crate::rust_files("src")));
}

#[test]
fn the_picture_in_the_docs_shows_the_same_floors() {
    let page = std::fs::read_to_string(crate::root().join("docs/architecture.md"))
        .expect("docs/architecture.md is part of the project");
    assert_eq!(drawn_floors(&page), FLOORS.map(<[&str]>::to_vec).to_vec());
}

#[cfg(test)]
fn says(path: &str, text: &str) -> Vec<String> {
    offences(&[TextFile::new(path, text)])
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn an_upward_import_is_refused_with_its_place() {
    assert_eq!(
        says("src/domain/post.rs", "//! x\nuse crate::store::Store;"),
        ["src/domain/post.rs:2: domain imports crate::store::Store, which is not on a lower floor"],
    );
    assert!(
        says(
            "src/store/post.rs",
            "use crate::domain::Post; fn f() { crate::text::x(); }"
        )
        .is_empty()
    );
}

#[test]
fn neighbours_are_refused() {
    let test = "#[cfg(test)] mod tests { use crate::views::X; use crate::work::Y; }";
    assert_eq!(says("src/operations/mod.rs", test).len(), 1);
    assert_eq!(
        says("src/views/mod.rs", "fn f() -> crate::operations::X {}").len(),
        1
    );
    assert_eq!(
        says("src/faces/web/mod.rs", "use crate::faces::api::X;").len(),
        1
    );
    assert_eq!(
        says("src/faces/shared/mod.rs", "use crate::faces::web::X;").len(),
        1
    );
    assert!(says("src/faces/web/mod.rs", "use crate::faces::shared::X;").is_empty());
    assert!(
        says(
            "src/faces/mod.rs",
            "use self::web::X; use crate::faces::shared::Y;"
        )
        .is_empty()
    );
}

#[test]
fn imports_inside_braces_and_by_super_are_seen() {
    let braces = "use crate::{\n  domain::{self, Post},\n  work,\n};";
    assert_eq!(says("src/store/a.rs", braces).len(), 1);
    assert!(says("src/store/a.rs", braces)[0].contains(":3:"));
    assert_eq!(
        says("src/store/a.rs", "use super::super::work::X;").len(),
        1
    );
    assert_eq!(
        says("src/store/mod.rs", "mod tests { use super::super::work; }").len(),
        1
    );
    assert!(says("src/store/mod.rs", "mod tests { use super::work; }").is_empty());
    assert_eq!(
        says("src/store/a.rs", "fn f() { super::super::work::go() }").len(),
        1
    );
}

#[test]
fn handing_on_another_rooms_items_is_refused() {
    assert_eq!(
        says("src/views/mod.rs", "pub(crate) use crate::store::X;").len(),
        1
    );
    assert!(says("src/views/mod.rs", "pub(crate) use self::group::X;").is_empty());
    assert!(says("src/views/mod.rs", "use crate::store::X;").is_empty());
    assert_eq!(says("src/lib.rs", "pub use settings::Settings;").len(), 1);
}

#[test]
fn nobody_reaches_deeper_than_a_room_and_a_noun() {
    assert_eq!(
        says("src/views/a.rs", "use crate::store::posts::rank::Rank;").len(),
        1
    );
    assert!(says("src/views/a.rs", "use crate::store::posts::Post;").is_empty());
    assert!(
        says(
            "src/views/a.rs",
            "fn f() { crate::store::posts::find_post() }"
        )
        .is_empty()
    );
}

#[test]
fn faces_do_not_reach_past_operations_and_views() {
    assert_eq!(
        says("src/faces/api/posts.rs", "use crate::store::Store;").len(),
        1
    );
    assert!(says("src/faces/api/posts.rs", "use crate::views::X;").is_empty());
    assert!(says("src/faces/shared/state.rs", "use crate::store::Db;").is_empty());
}

#[test]
fn foreign_crates_stay_at_home() {
    assert_eq!(says("src/views/a.rs", "use diesel::prelude::*;").len(), 1);
    assert!(says("src/store/a.rs", "use diesel::prelude::*;").is_empty());
    assert_eq!(
        says("src/net/a.rs", "use std::env;\nfn f() { env::var(\"X\"); }").len(),
        2
    );
    assert_eq!(
        says(
            "src/faces/web/a.rs",
            "use tokio as t; fn f() { t::spawn(x); }"
        )
        .len(),
        1
    );
    assert_eq!(
        says(
            "src/faces/web/a.rs",
            "fn f() { activitypub_federation::x() }"
        )
        .len(),
        1
    );
    assert!(
        says(
            "src/faces/activitypub/a.rs",
            "fn f() { activitypub_federation::x() }"
        )
        .is_empty()
    );
    assert_eq!(says("src/domain/a.rs", "use tokio::sync::Mutex;").len(), 1);
    assert!(
        says(
            "src/domain/clock.rs",
            "fn f() { std::time::SystemTime::now(); }"
        )
        .is_empty()
    );
    assert_eq!(
        says(
            "src/domain/post.rs",
            "fn f() { std::time::SystemTime::now(); }"
        )
        .len(),
        1
    );
    assert!(
        says(
            "src/net/a.rs",
            "#[cfg(test)] mod tests { use axum::Router; }"
        )
        .is_empty()
    );
}

#[test]
fn a_folder_that_is_no_room_is_refused() {
    assert_eq!(
        says("src/util/mod.rs", "//! x"),
        ["src/util/mod.rs:1: util is no room of the house"]
    );
}

#[test]
fn comments_and_strings_are_not_imports() {
    assert!(
        says(
            "src/domain/a.rs",
            "// crate::work::X\nconst A: &str = \"crate::work\";"
        )
        .is_empty()
    );
}

#[test]
fn a_picture_is_read_from_the_ground_up() {
    let page = "x\n```\n1  c  | what\n0  a  b/d\n```\n";
    assert_eq!(drawn_floors(page), [vec!["a", "b/d"], vec!["c"]]);
}
