//! What was measured, as a table for people.

use std::fmt::Write as _;
use std::fs;

use crate::database::Kind;
use crate::meter;

/// What a row of the table is about.
#[derive(Clone, PartialEq)]
pub(crate) struct Row {
    name: String,
    unit: String,
    goal: String,
    ceiling: Option<(String, f64)>,
}

impl Row {
    /// A figure without a goal.
    pub(crate) fn new(name: &str, unit: &str) -> Self {
        Self {
            name: name.to_owned(),
            unit: unit.to_owned(),
            goal: String::new(),
            ceiling: None,
        }
    }

    /// What it is meant to reach.
    pub(crate) fn least(mut self, goal: &str) -> Self {
        goal.clone_into(&mut self.goal);
        self
    }

    /// What this machine can do at best, and in what.
    pub(crate) fn of(mut self, what: &str, ceiling: f64) -> Self {
        self.ceiling = Some((what.to_owned(), ceiling));
        self
    }
}

/// Everything measured in one run.
pub(crate) struct Report {
    /// Signatures per second of the openssl crate on all cores.
    pub(crate) signing: f64,
    /// Answers per second of a plain axum server to the same client.
    pub(crate) hello: f64,
    rows: Vec<(Row, [Option<f64>; 2])>,
}

impl Report {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            signing: 0.0,
            hello: 0.0,
            rows: Vec::new(),
        }
    }

    /// Notes a figure and shows it at once.
    pub(crate) fn add(&mut self, row: Row, kind: Kind, value: f64) {
        eprintln!("{}: {} {}", row.name, shown(value), row.unit);
        let column = usize::from(kind == Kind::Postgres);
        let known = self.rows.iter().position(|(r, _)| r.name == row.name);
        let at = known.unwrap_or(self.rows.len());
        if known.is_none() {
            self.rows.push((row, [None, None]));
        }
        let figures = self.rows.get_mut(at).map(|(_, figures)| figures);
        if let Some(figure) = figures.and_then(|f| f.get_mut(column)) {
            *figure = Some(value);
        }
    }

    /// The table in Markdown.
    pub(crate) fn table(&self, scale: f64) -> String {
        let mut text = String::new();
        let line = |text: &mut String, cells: [String; 6]| {
            writeln!(text, "| {} |", cells.join(" | ")).expect("a text takes all");
        };
        writeln!(
            text,
            "{} cores, load {} at the end, scale {scale}. In the same run the openssl crate made {} RSA-2048\n\
             signatures per second on all cores, and a plain axum server answered {} requests per second.\n",
            meter::cores(),
            meter::load(),
            shown(self.signing),
            shown(self.hello),
        )
        .expect("a text takes all");
        line(
            &mut text,
            [
                "what",
                "unit",
                "to reach",
                "SQLite",
                "PostgreSQL",
                "share of the best possible",
            ]
            .map(str::to_owned),
        );
        line(
            &mut text,
            ["---", "---", "---", "--:", "--:", "---"].map(str::to_owned),
        );
        for (row, figures) in &self.rows {
            let [sqlite, postgres] = figures.map(|f| f.map_or_else(String::new, shown));
            line(
                &mut text,
                [
                    row.name.clone(),
                    row.unit.clone(),
                    row.goal.clone(),
                    sqlite,
                    postgres,
                    share(row, figures),
                ],
            );
        }
        text
    }
}

fn share(row: &Row, figures: &[Option<f64>; 2]) -> String {
    let Some((what, ceiling)) = &row.ceiling else {
        return String::new();
    };
    let shares: Vec<String> = figures
        .iter()
        .flatten()
        .map(|figure| format!("{:.0} %", figure / ceiling * 100.0))
        .collect();
    format!("{} of {what}", shares.join(", "))
}

/// Whole numbers with thousands apart; small ones with a digit more.
fn shown(value: f64) -> String {
    if value < 20.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

const FILE: &str = "docs/benchmarks.md";
const BEGIN: &str = "<!-- written by the benchmark -->\n";
const END: &str = "<!-- to here -->\n";

/// Replaces the table in the document.
pub(crate) fn write(table: &str) {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/{FILE}");
    let old = fs::read_to_string(&path).unwrap_or_else(|_| format!("# Benchmarks\n\n{BEGIN}{END}"));
    let parts = old
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = parts.expect("the document has the two marks around its table");
    let new = format!("{before}{BEGIN}\n{table}\n{END}{after}");
    fs::write(&path, new).expect("the document can be written");
    eprintln!("written into {FILE}");
}
