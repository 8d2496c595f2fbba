//! Both databases take the same steps: each migration exists for SQLite and for PostgreSQL, and each
//! can be taken back.

use std::collections::BTreeSet;

use crate::{Offence, TextFile};

const DATABASES: [&str; 2] = ["sqlite", "postgres"];
const STEPS: [&str; 2] = ["up.sql", "down.sql"];

pub(crate) fn offences(files: &[TextFile]) -> Vec<Offence> {
    let parts = |f: &TextFile| f.path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let names: BTreeSet<String> = files
        .iter()
        .map(parts)
        .filter(|p| p.len() == 4)
        .filter_map(|p| p.get(2).cloned())
        .collect();
    let mut list = Vec::new();
    for name in names {
        for (database, step) in DATABASES
            .iter()
            .flat_map(|d| STEPS.iter().map(move |s| (d, s)))
        {
            let path = format!("migrations/{database}/{name}/{step}");
            let written = files
                .iter()
                .any(|f| f.path == path && !f.text.trim().is_empty());
            if !written {
                list.push(Offence::new(&path, 1, "missing or empty"));
            }
        }
    }
    list
}

#[test]
fn migrations_are_paired() {
    crate::nobody_offends(&offences(&crate::files("migrations")));
}

#[test]
fn a_migration_for_one_database_only_is_refused() {
    let one = [
        TextFile::new("migrations/sqlite/1_a/up.sql", "select 1;"),
        TextFile::new("migrations/sqlite/1_a/down.sql", "select 1;"),
        TextFile::new("migrations/postgres/1_a/up.sql", " \n"),
    ];
    let missing: Vec<String> = offences(&one).into_iter().map(|o| o.file).collect();
    assert_eq!(
        missing,
        [
            "migrations/postgres/1_a/up.sql",
            "migrations/postgres/1_a/down.sql"
        ]
    );
}
