//! How long a file and a function may grow before somebody must look: 600 lines a file without what
//! only tests compile, 80 lines of code a function.

use std::collections::HashSet;

use crate::source::{Token, blank, closing, in_tests, test_files, test_lines, tokens};
use crate::{Offence, TextFile};

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 80;

/// Generated, and as long as the database is wide.
const GENERATED: [&str; 1] = ["src/store/schema.rs"];

pub(crate) fn offences(files: &[TextFile]) -> Vec<Offence> {
    let for_tests = test_files(files);
    let counts =
        |f: &&TextFile| !GENERATED.contains(&f.path.as_str()) && !for_tests.contains(&f.path);
    files
        .iter()
        .filter(counts)
        .flat_map(file_offences)
        .collect()
}

fn file_offences(file: &TextFile) -> Vec<Offence> {
    let found = tokens(&blank(&file.text));
    let for_tests: HashSet<usize> = test_lines(&found).into_iter().collect();
    let lines = file.text.lines().count() - for_tests.len();
    let mut list = long_functions(&file.path, &found);
    if lines > FILE_LINES {
        list.push(Offence::new(
            &file.path,
            1,
            format!("{lines} lines without tests, {FILE_LINES} allowed"),
        ));
    }
    list
}

fn long_functions(path: &str, found: &[Token]) -> Vec<Offence> {
    let for_tests = in_tests(found);
    let mut list = Vec::new();
    for at in 0..found.len() {
        let word = |n: usize| found.get(n).map_or("", |t| t.text.as_str());
        let named = found.get(at + 1).is_some_and(Token::is_word);
        if word(at) != "fn" || !named || for_tests[at] {
            continue;
        }
        let Some(open) = (at..found.len()).find(|&i| matches!(word(i), "{" | ";")) else {
            continue;
        };
        if word(open) == "{" {
            let body = &found[at..=closing(found, open)];
            let lines: HashSet<usize> = body.iter().map(|t| t.line).collect();
            if lines.len() > FUNCTION_LINES {
                let name = word(at + 1);
                let what = format!("{name} has {} lines, {FUNCTION_LINES} allowed", lines.len());
                list.push(Offence::new(path, found[at].line, what));
            }
        }
    }
    list
}

#[test]
fn files_and_functions_stay_small() {
    crate::nobody_offends(&offences(&crate::rust_files("src")));
}

#[test]
fn a_long_file_is_refused_and_its_tests_do_not_count() {
    let long = "//! x\n".repeat(601);
    let tests = format!(
        "//! x\n#[cfg(test)]\nmod tests {{\n{}}}\n",
        "fn a() {}\n".repeat(700)
    );
    assert_eq!(offences(&[TextFile::new("src/a.rs", &long)]).len(), 1);
    assert_eq!(offences(&[TextFile::new("src/a.rs", &tests)]), []);
    let parent = TextFile::new("src/mod.rs", "#[cfg(test)] mod a;");
    assert_eq!(offences(&[parent, TextFile::new("src/a.rs", &long)]), []);
}

#[test]
fn a_long_function_is_refused_and_its_comments_do_not_count() {
    let long = format!("fn a() {{\n{}}}\n", "x();\n".repeat(79));
    let noted = format!("fn a() {{\n{}}}\n", "// x\n".repeat(200));
    assert_eq!(
        offences(&[TextFile::new("src/a.rs", &long)]),
        [Offence::new("src/a.rs", 1, "a has 81 lines, 80 allowed")],
    );
    assert_eq!(offences(&[TextFile::new("src/a.rs", &noted)]), []);
}
