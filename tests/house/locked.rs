//! What the lock file must not hold: a second web framework or TLS stack, or a second version of
//! what all others rest on. `.deny.toml` says more, for those who have `cargo deny`.

use super::Offence;

/// Crates that have no place here, with why.
const BANNED: &[(&str, &str)] = &[
    ("actix-web", "one web framework: axum"),
    (
        "native-tls",
        "one TLS stack: rustls; openssl is for keys and signatures",
    ),
    ("fancy-regex", "patterns match in linear time (R-43): regex"),
    ("pcre2", "patterns match in linear time (R-43): regex"),
];

/// Crates of which there is one version.
const SINGLE: &[&str] = &["axum", "diesel", "http", "hyper", "tokio"];

/// Reads a lock file.
pub(crate) fn check(lock: &str) -> Vec<Offence> {
    let mut offences = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for (number, line) in lock.lines().enumerate() {
        let Some(name) = line
            .strip_prefix("name = \"")
            .and_then(|rest| rest.strip_suffix('"'))
        else {
            continue;
        };
        let mut offend = |what: String| offences.push(Offence::new("Cargo.lock", number + 1, what));
        if let Some((_, why)) = BANNED.iter().find(|(banned, _)| *banned == name) {
            offend(format!("{name} is banned: {why}"));
        }
        if SINGLE.contains(&name) && seen.contains(&name) {
            offend(format!("a second version of {name}"));
        }
        seen.push(name);
    }
    offences
}

#[test]
fn second_frameworks_and_versions_are_found() {
    let lock = "[[package]]\nname = \"tokio\"\n\n[[package]]\nname = \"tokio\"\n\n\
                [[package]]\nname = \"actix-web\"\n";
    let lines: Vec<usize> = check(lock).iter().map(|offence| offence.line).collect();
    assert_eq!(lines, [5, 8]);
    assert_eq!(check("name = \"serde\"\nname = \"serde\"\n"), []);
}

#[test]
fn the_lock_file_holds_one_of_each() {
    let lock = std::fs::read_to_string(super::root().join("Cargo.lock")).unwrap();
    assert!(lock.contains("name = \"tokio\""), "the lock file was read");
    assert_eq!(check(&lock), []);
}
