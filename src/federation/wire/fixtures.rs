//! Every captured payload must be readable: the committed ones always, and a larger collection
//! where one lies beside the checkout (`GUILDHALL_FIXTURES` at build time names another place).

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Activity, Actor, Bounds, Collection, Malformed, Object, Ref, parse_bounded};

const ACTORS: [&str; 6] = [
    "Person",
    "Group",
    "Service",
    "Application",
    "Organization",
    "Feed",
];

fn payloads(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(root) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(payloads(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Reads the document as what its folder and type say, and everything inside it.
fn read(value: &Value) -> Result<(), Malformed> {
    let kind = value
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if ACTORS.contains(&kind) {
        return Actor::from_value(value)
            .map(|actor| assert!(actor.public_key.is_some(), "{value}"));
    }
    if kind.ends_with("Collection") || kind.ends_with("CollectionPage") {
        let collection = Collection::from_value(value)?;
        return collection
            .items
            .iter()
            .filter_map(Ref::embedded)
            .try_for_each(read);
    }
    if value.get("object").is_some() {
        let activity = Activity::inner(value)?;
        assert!(
            !activity.objects.is_empty() && !activity.actor.is_empty(),
            "{value}"
        );
        return activity
            .objects
            .iter()
            .filter_map(Ref::embedded)
            .try_for_each(read);
    }
    Object::from_value(value).map(|_| ())
}

fn read_all(root: &Path) -> usize {
    let paths = payloads(root);
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        let value = parse_bounded(&bytes, Bounds::NARROW)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        read(&value).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if path
            .parent()
            .is_some_and(|folder| folder.ends_with("activities"))
            && value.get("actor").is_some()
        {
            Activity::from_value(&value)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
    }
    paths.len()
}

#[test]
fn every_committed_payload_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    assert!(
        read_all(&root) >= 20,
        "the payloads of tests/fixtures are there"
    );
}

#[test]
fn every_payload_beside_the_checkout_is_read() {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/fixtures");
    let root = option_env!("GUILDHALL_FIXTURES").map_or(beside, PathBuf::from);
    let read = read_all(&root);
    assert_eq!(
        read > 0,
        root.exists(),
        "{read} payloads in {}",
        root.display()
    );
}
