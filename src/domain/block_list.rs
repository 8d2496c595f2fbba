//! Lists of servers as Mastodon exports and imports them: CSV with a heading, or one name a line.

use super::host::{HostRule, Severity, normal};

/// The heading that Mastodon writes.
const HEADING: &str = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate";
/// The most rules of one list.
const MOST: usize = 200_000;
/// The longest comment that is kept, in characters.
const LONGEST_COMMENT: usize = 500;

/// What a list says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BlockList {
    /// Its rules, one for each name, in its order.
    pub(crate) rules: Vec<HostRule>,
    /// Lines that say nothing usable: their number, and what is wrong.
    pub(crate) faults: Vec<(usize, &'static str)>,
}

/// Where the columns are.
struct Columns {
    host: usize,
    severity: Option<usize>,
    reject_media: Option<usize>,
    reject_reports: Option<usize>,
    comment: Option<usize>,
    obfuscate: Option<usize>,
}

impl Columns {
    const BARE: Self = Self {
        host: 0,
        severity: None,
        reject_media: None,
        reject_reports: None,
        comment: None,
        obfuscate: None,
    };

    /// The heading's columns, with or without `#`; `None` if the record is no heading.
    fn of(record: &[String]) -> Option<Self> {
        let find = |name: &str| {
            record.iter().position(|cell| {
                cell.trim()
                    .trim_start_matches('#')
                    .eq_ignore_ascii_case(name)
            })
        };
        Some(Self {
            host: find("domain")?,
            severity: find("severity"),
            reject_media: find("reject_media"),
            reject_reports: find("reject_reports"),
            comment: find("public_comment"),
            obfuscate: find("obfuscate"),
        })
    }
}

/// Reads a list; what is unusable is left out and told (security.md H262).
pub(crate) fn parse(text: &str) -> BlockList {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut list = BlockList::default();
    let mut known = std::collections::HashSet::new();
    let mut columns = None;
    for (line, record) in records(text) {
        let first = record.first().map_or("", |cell| cell.trim());
        if first.is_empty() && record.len() == 1 {
            continue;
        }
        let Some(columns) = &columns else {
            let heading = Columns::of(&record);
            let is_heading = heading.is_some();
            columns = Some(heading.unwrap_or(Columns::BARE));
            if !is_heading && !first.starts_with('#') {
                add(&mut list, &mut known, line, &record, &Columns::BARE);
            }
            if !is_heading && first.starts_with('#') {
                columns = None;
            }
            continue;
        };
        if !first.starts_with('#') {
            add(&mut list, &mut known, line, &record, columns);
        }
    }
    list
}

fn add(
    list: &mut BlockList,
    known: &mut std::collections::HashSet<String>,
    line: usize,
    record: &[String],
    columns: &Columns,
) {
    let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).map(|cell| cell.trim());
    let yes = |at: Option<usize>| cell(at).is_some_and(|cell| cell.eq_ignore_ascii_case("true"));
    // What follows a `#` says why, in lists that people keep by hand.
    let name = cell(Some(columns.host)).and_then(|cell| cell.split('#').next());
    let Some(host) = name.and_then(normal) else {
        list.faults.push((line, "this is no name of a server"));
        return;
    };
    let severity = match cell(columns.severity) {
        None | Some("") => Some(Severity::Suspend),
        Some(word) => Severity::parse(&word.to_ascii_lowercase()),
    };
    let Some(severity) = severity else {
        list.faults
            .push((line, "the severity is none of suspend, silence and noop"));
        return;
    };
    if list.rules.len() >= MOST {
        list.faults.push((line, "the list is too long"));
        return;
    }
    if !known.insert(host.clone()) {
        list.faults
            .push((line, "the name stands further up already"));
        return;
    }
    let comment = cell(columns.comment).unwrap_or_default().replace('\0', "");
    list.rules.push(HostRule {
        host,
        severity,
        reject_media: yes(columns.reject_media),
        reject_reports: yes(columns.reject_reports),
        comment: comment.chars().take(LONGEST_COMMENT).collect(),
        obfuscate: yes(columns.obfuscate),
    });
}

/// Writes a list that Mastodon imports, and that [`parse`] reads back as it was.
pub(crate) fn write<'a>(rules: impl IntoIterator<Item = &'a HostRule>) -> String {
    let mut text = format!("{HEADING}\n");
    for rule in rules {
        let word = |yes| if yes { "true" } else { "false" };
        let cells = [
            rule.host.as_str(),
            rule.severity.mastodon(),
            word(rule.reject_media),
            word(rule.reject_reports),
            &quoted(&rule.comment),
            word(rule.obfuscate),
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// The records of RFC 4180, each with the number of its first line.
fn records(text: &str) -> Vec<(usize, Vec<String>)> {
    let mut all = Vec::new();
    let (mut record, mut cell) = (Vec::new(), String::new());
    let (mut line, mut begun, mut inside) = (1, 1, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if inside && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if inside || cell.is_empty() => inside = !inside,
            ',' if !inside => record.push(std::mem::take(&mut cell)),
            '\r' if !inside && letters.peek() == Some(&'\n') => {}
            '\n' if !inside => {
                record.push(std::mem::take(&mut cell));
                all.push((begun, std::mem::take(&mut record)));
                line += 1;
                begun = line;
            }
            other => {
                line += usize::from(other == '\n');
                cell.push(other);
            }
        }
    }
    if !cell.is_empty() || !record.is_empty() {
        record.push(cell);
        all.push((begun, record));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mastodon_export_is_read_and_written_back_as_it_was() {
        let text = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n\
            bad.example,suspend,true,true,\"spam, \"\"lots\"\" of it\",false\n\
            loud.example,silence,false,true,,true\n\
            fine.example,noop,true,false,pictures,false\n";
        let list = parse(text);
        assert_eq!(list.faults, []);
        assert_eq!(list.rules.len(), 3);
        assert_eq!(list.rules[0].comment, "spam, \"lots\" of it");
        assert_eq!(list.rules[1].severity, Severity::Limit);
        assert!(list.rules[1].obfuscate && list.rules[2].reject_media);
        assert_eq!(write(&list.rules), text);
    }

    #[test]
    fn a_list_of_names_alone_suspends_them() {
        let list = parse("bad.example\nworse.example # spam, and lots of it\n");
        let names: Vec<_> = list.rules.iter().map(|rule| rule.host.as_str()).collect();
        assert_eq!(names, ["bad.example", "worse.example"]);
        assert!(
            list.rules
                .iter()
                .all(|rule| rule.severity == Severity::Suspend)
        );
    }

    #[test]
    fn h262_what_is_unusable_is_told_by_its_line() {
        let text = "\u{feff}domain,severity\r\n# a comment\r\n*.bad.example,suspend\r\n\
            bad.example,silence\r\nhttp://x,suspend\r\n\r\nxn--a.example,suspend\r\n\
            ok.example,explode\r\nb\u{fc}cher.example,silence";
        let list = parse(text);
        let names: Vec<_> = list.rules.iter().map(|rule| rule.host.as_str()).collect();
        assert_eq!(names, ["bad.example", "xn--bcher-kva.example"]);
        let lines: Vec<_> = list.faults.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [4, 5, 7, 8], "{:?}", list.faults);
    }

    #[test]
    fn h262_a_hundred_thousand_rows_are_read() {
        let mut text = String::from("domain\n");
        for number in 0..100_000 {
            text.extend(["n", &number.to_string(), ".example\n"]);
        }
        assert_eq!(parse(&text).rules.len(), 100_000);
    }
}
