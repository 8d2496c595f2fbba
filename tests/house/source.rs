//! Just enough of Rust's lexical rules to read imports and sizes: comments and literals blanked,
//! words and marks with their lines, blocks that only tests compile.

use std::collections::HashSet;

use crate::TextFile;

/// The text with comments, strings and character literals replaced by blanks; lines stay where they are.
pub(crate) fn blank(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let end = literal_end(&chars, at);
        if end > at {
            out.extend(
                chars[at..end]
                    .iter()
                    .map(|&c| if c == '\n' { '\n' } else { ' ' }),
            );
            at = end;
        } else {
            out.push(c);
            at += 1;
        }
    }
    out
}

/// Where the comment or literal that starts at `at` ends; `at` itself when none starts there.
fn literal_end(chars: &[char], at: usize) -> usize {
    let here = |i: usize| chars.get(i).copied().unwrap_or('\0');
    match (here(at), here(at + 1)) {
        ('/', '/') => find(chars, at, |c| c == '\n'),
        ('/', '*') => block_comment_end(chars, at),
        ('"', _) => string_end(chars, at + 1),
        ('r', '"' | '#') if !follows_word(chars, at) => raw_string_end(chars, at),
        ('\'', '\\') => find(chars, at + 3, |c| c == '\'') + 1,
        ('\'', _) if here(at + 2) == '\'' => at + 3,
        _ => at,
    }
    .min(chars.len())
}

fn find(chars: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    (from..chars.len())
        .find(|&i| wanted(chars[i]))
        .unwrap_or(chars.len())
}

/// Whether the letter at `at` continues a word; `br"` counts as the start of a raw string.
fn follows_word(chars: &[char], at: usize) -> bool {
    let word = |i: usize| {
        chars
            .get(i)
            .is_some_and(|c| c.is_alphanumeric() || *c == '_')
    };
    match at.checked_sub(1) {
        Some(before) if chars[before] == 'b' => before > 0 && word(before - 1),
        Some(before) => word(before),
        None => false,
    }
}

fn block_comment_end(chars: &[char], at: usize) -> usize {
    let (mut depth, mut i) = (0, at);
    while i < chars.len() {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (depth, i) = (depth + 1, i + 2),
            ('*', Some('/')) => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            break;
        }
    }
    i
}

fn string_end(chars: &[char], mut i: usize) -> usize {
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

fn raw_string_end(chars: &[char], at: usize) -> usize {
    let open = find(chars, at + 1, |c| c != '#');
    if chars.get(open) != Some(&'"') {
        return at; // r#word: a raw identifier
    }
    let hashes = open - at - 1;
    let closes = |i: usize| chars[i] == '"' && (1..=hashes).all(|n| chars.get(i + n) == Some(&'#'));
    (open + 1..chars.len())
        .find(|&i| closes(i))
        .map_or(chars.len(), |i| i + hashes + 1)
}

/// A word (identifier, keyword, number) or a mark; `::` is one mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) text: String,
    /// Counted from 1.
    pub(crate) line: usize,
}

impl Token {
    pub(crate) fn is_word(&self) -> bool {
        self.text
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// The tokens of a text that [`blank`] returned.
pub(crate) fn tokens(blanked: &str) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for (number, line) in blanked.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                c if c.is_alphanumeric() || c == '_' => rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len()),
                ':' if rest.starts_with("::") => 2,
                c => c.len_utf8(),
            };
            let (text, after) = rest.split_at(length);
            found.push(Token {
                text: text.to_owned(),
                line: number + 1,
            });
            rest = after.trim_start();
        }
    }
    found
}

/// For each token whether it stands in an item that only tests compile (`#[cfg(test)]`, `#[test]`).
pub(crate) fn in_tests(tokens: &[Token]) -> Vec<bool> {
    let mut marked = vec![false; tokens.len()];
    let mut at = 0;
    while at < tokens.len() {
        if !test_attribute(tokens, at) {
            at += 1;
            continue;
        }
        let end = item_end(tokens, at);
        marked[at..end].fill(true);
        at = end;
    }
    marked
}

fn test_attribute(tokens: &[Token], at: usize) -> bool {
    let word = |n: usize| tokens.get(at + n).map_or("", |t| t.text.as_str());
    word(0) == "#"
        && word(1) == "["
        && ((word(2) == "cfg" && word(4) == "test")
            || (word(2) == "test" && word(3) == "]")
            || (word(2) == "tokio" && word(4) == "test"))
}

/// One past the last token of the item whose attributes start at `at`.
fn item_end(tokens: &[Token], at: usize) -> usize {
    let mut i = at;
    while tokens.get(i).is_some_and(|t| t.text == "#") {
        i = closing(tokens, i + 1) + 1;
    }
    while let Some(token) = tokens.get(i) {
        match token.text.as_str() {
            ";" => return i + 1,
            "{" => return closing(tokens, i) + 1,
            "(" | "[" => i = closing(tokens, i) + 1,
            _ => i += 1,
        }
    }
    tokens.len()
}

/// The mark that closes the bracket at `at`, or the last token when none does.
pub(crate) fn closing(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0_usize;
    for (i, token) in tokens.iter().enumerate().skip(at) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return i;
        }
    }
    tokens.len().saturating_sub(1)
}

/// The lines that belong to items which only tests compile.
pub(crate) fn test_lines(tokens: &[Token]) -> Vec<usize> {
    let marked = in_tests(tokens);
    let mut lines = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if !marked[at] {
            at += 1;
            continue;
        }
        let end = (at..tokens.len())
            .find(|&i| !marked[i])
            .unwrap_or(tokens.len());
        lines.extend(tokens[at].line..=tokens[end - 1].line);
        at = end;
    }
    lines
}

/// The files that only tests compile: their parent says `#[cfg(test)] mod name;`.
pub(crate) fn test_files(files: &[TextFile]) -> HashSet<String> {
    let mut paths = HashSet::new();
    for file in files {
        let found = tokens(&blank(&file.text));
        let marked = in_tests(&found);
        let inside = file.path.trim_end_matches(".rs");
        let folder = ["/mod", "/lib", "/main"]
            .iter()
            .find_map(|d| inside.strip_suffix(d));
        let folder = folder.unwrap_or(inside);
        for (at, three) in found.windows(3).enumerate() {
            if marked[at] && three[0].text == "mod" && three[2].text == ";" {
                paths.insert(format!("{folder}/{}.rs", three[1].text));
                paths.insert(format!("{folder}/{}/mod.rs", three[1].text));
            }
        }
    }
    paths
}

#[test]
fn files_for_tests_are_known_by_their_parent() {
    let files = [
        TextFile::new(
            "src/store/mod.rs",
            "#[cfg(test)]\npub(crate) mod testing;\nmod pool;",
        ),
        TextFile::new("src/text/tags.rs", "#[cfg(test)] mod tests;"),
    ];
    let found = test_files(&files);
    assert!(found.contains("src/store/testing.rs") && found.contains("src/text/tags/tests.rs"));
    assert!(!found.contains("src/store/pool.rs"));
}

#[test]
fn comments_and_literals_are_blanked() {
    let text = "a /* b /* c */ */ \"d \\\" e\" 'f' r#\"g \" h\"# 'x: i // j\nk";
    let words: Vec<String> = tokens(&blank(text)).into_iter().map(|t| t.text).collect();
    assert_eq!(words, ["a", "'", "x", ":", "i", "k"]);
}

#[test]
fn tokens_know_their_line() {
    let found = tokens("use a::b;\n  c");
    assert_eq!(
        found.last(),
        Some(&Token {
            text: "c".to_owned(),
            line: 2
        })
    );
    assert_eq!(found[2].text, "::");
}

#[test]
fn items_for_tests_are_marked_and_others_are_not() {
    let found = tokens("fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { }\n}\nfn c() {}");
    let marked = in_tests(&found);
    let outside: Vec<&str> = found
        .iter()
        .zip(&marked)
        .filter(|(_, m)| !**m)
        .map(|(t, _)| t.text.as_str())
        .collect();
    assert_eq!(
        outside,
        ["fn", "a", "(", ")", "{", "}", "fn", "c", "(", ")", "{", "}"]
    );
    assert_eq!(test_lines(&found), [2, 3, 4, 5]);
}
