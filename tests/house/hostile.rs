//! The list of what hostile peers and visitors may try (`docs/hostile.md`) is complete, and every
//! test that it names is there.

use super::Offence;

const PAGE: &str = "docs/hostile.md";
/// The rows that there are: incidents of others `R-01` to `R-55`, inputs `H1` to `H280`.
const ROWS: [(&str, u32); 2] = [("R-", 55), ("H", 280)];
/// A reason says at least so much.
const SHORTEST_REASON: usize = 20;

/// What is wrong with the page. `read` gives the text of a file of the project, if there is one.
pub(crate) fn check(page: &str, read: impl Fn(&str) -> Option<String>) -> Vec<Offence> {
    let mut offences = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (number, line) in page.lines().enumerate() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, ids, places, remark, _] = cells[..] else {
            continue;
        };
        let ids = range(ids);
        let mut offend = |what: String| offences.push(Offence::new(PAGE, number + 1, what));
        for id in &ids {
            if seen.contains(id) {
                offend(format!("{id} is here twice"));
            }
            if places.is_empty() && remark.len() < SHORTEST_REASON {
                offend(format!("{id} has neither a test nor a reason"));
            }
            for place in places.split(';').map(str::trim).filter(|p| !p.is_empty()) {
                if let Some(what) = wrong(id, place, &read) {
                    offend(what);
                }
            }
        }
        seen.extend(ids);
    }
    for (letter, most) in ROWS {
        let missing = (1..=most).map(|number| id(letter, number));
        for missing in missing.filter(|id| !seen.contains(id)) {
            offences.push(Offence::new(PAGE, 1, format!("{missing} is missing")));
        }
    }
    offences
}

fn id(letter: &str, number: u32) -> String {
    if letter == "R-" {
        format!("R-{number:02}")
    } else {
        format!("{letter}{number}")
    }
}

/// The rows in the first cell: one, or `H1 to H9`; none where it is a heading.
fn range(cell: &str) -> Vec<String> {
    let (first, last) = cell.split_once(" to ").unwrap_or((cell, cell));
    let found = ROWS.iter().find_map(|(letter, most)| {
        let number = |id: &str| id.strip_prefix(letter)?.parse::<u32>().ok();
        let (first, last) = (number(first)?, number(last)?);
        (last <= *most).then(|| (first..=last).map(|number| id(letter, number)).collect())
    });
    found.unwrap_or_default()
}

/// Why a place does not show a row: a file and the name of a test in it, or a file whose tests name
/// the row.
fn wrong(id: &str, place: &str, read: impl Fn(&str) -> Option<String>) -> Option<String> {
    let (path, name) = place.split_once(' ').unwrap_or((place, ""));
    let Some(text) = read(path) else {
        return Some(format!("{id}: there is no file {path}"));
    };
    let shown = if name.is_empty() {
        names(&text, id)
    } else {
        text.contains(name)
    };
    (!shown).then(|| {
        format!(
            "{id}: {path} does not say {}",
            if name.is_empty() { id } else { name }
        )
    })
}

/// Whether a text names a row: `H17` as a word, `h17` in the name of a test, or `h1_to_h20` there.
fn names(text: &str, id: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if text.split(|c| !word(c)).any(|piece| piece == id) {
        return true;
    }
    let small = id.to_lowercase().replace('-', "");
    let number = |piece: &str| piece.strip_prefix('h')?.parse::<u32>().ok();
    let wanted = number(&small);
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|name| {
            let pieces: Vec<&str> = name.split('_').collect();
            let within = |window: &[&str]| match window {
                [first, "to", last] => number(first) <= wanted && wanted <= number(last),
                _ => false,
            };
            pieces.contains(&small.as_str()) || wanted.is_some() && pieces.windows(3).any(within)
        })
}

#[test]
fn every_hostile_row_has_a_test_or_a_reason() {
    let read = |path: &str| std::fs::read_to_string(super::root().join(path)).ok();
    let page = read(PAGE).expect("the page is part of the project");
    super::nobody_offends(&check(&page, read));
}

#[test]
fn rows_without_a_test_or_a_reason_are_found() {
    let page = "| row | shown by | remark |\n|---|---|---|\n| H1 | a.rs | |\n| H2 | a.rs some_test | |\n\
                | H3 | a.rs | |\n| H4 | b.rs | |\n| H5 to H280 | | There is no such thing here. |\n\
                | R-01 to R-54 | | x |\n| H5 | | There is no such thing here. |\n";
    let read = |path: &str| (path == "a.rs").then(|| "fn h1_x() { some_test() }".to_owned());
    let found: Vec<String> = check(page, read).into_iter().map(|o| o.what).collect();
    let has = |what: &str| found.iter().any(|found| found == what);
    assert!(has("H3: a.rs does not say H3"), "{found:?}");
    assert!(has("H4: there is no file b.rs"), "{found:?}");
    assert!(has("R-54 has neither a test nor a reason"), "{found:?}");
    assert!(has("H5 is here twice"), "{found:?}");
    assert!(has("R-55 is missing"), "{found:?}");
    assert_eq!(found.len(), 58, "{found:?}");
}

#[test]
fn a_row_is_named_as_a_word_or_in_the_name_of_a_test() {
    assert!(names("assert!(x, \"H17 twice\")", "H17"));
    assert!(!names("H170 and xH17", "H17"));
    assert!(names("fn r21_h197_every()", "R-21"));
    assert!(names("fn h1_to_h8_signatures()", "H5"));
    assert!(!names("fn h1_to_h8_signatures()", "H9"));
    assert!(!names("fn r1_to_h8()", "R-05"));
}
