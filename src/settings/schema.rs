//! The settings tree as a list of sections and keys, read from the schema that schemars derives.
//!
//! Whatever is known about a setting besides its type stands at its field: the explanation (doc
//! comment), ranges, `x-reload`, `x-secret`, `x-required`, `x-min`, `x-max`, `x-expected`.

use serde_json::{Value, json};

use super::Settings;
use super::types::{ByteSize, Span};

/// One TOML section.
pub(super) struct Section {
    pub(super) name: String,
    pub(super) explanation: String,
    pub(super) leaves: Vec<Leaf>,
}

/// One setting.
pub(super) struct Leaf {
    pub(super) section: String,
    pub(super) key: String,
    pub(super) explanation: String,
    pub(super) default: Value,
    rule: Value,
}

/// The JSON schema of the settings file, for editors.
pub(super) fn json_schema() -> Value {
    schemars::schema_for!(Settings).to_value()
}

/// Every section in the order in which [`Settings`] declares them.
pub(super) fn sections() -> Vec<Section> {
    let root = json_schema();
    let defaults = serde_json::to_value(Settings::default())
        .expect("settings hold nothing that JSON cannot express");
    let mut sections = Vec::new();
    for (name, property) in entries(root.get("properties")) {
        let definition = resolve(&root, property);
        let leaves = entries(definition.get("properties"))
            .map(|(key, property)| Leaf {
                section: name.clone(),
                key: key.clone(),
                explanation: explanation(property),
                default: defaults
                    .get(name)
                    .and_then(|section| section.get(key))
                    .cloned()
                    .unwrap_or_default(),
                rule: merged(resolve(&root, property), property),
            })
            .collect();
        sections.push(Section {
            name: name.clone(),
            explanation: explanation(definition),
            leaves,
        });
    }
    sections
}

/// Every setting of every section.
pub(super) fn leaves() -> Vec<Leaf> {
    sections()
        .into_iter()
        .flat_map(|section| section.leaves)
        .collect()
}

fn entries(object: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    object.and_then(Value::as_object).into_iter().flatten()
}

/// What a `$ref` points at, or the schema itself.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| root.pointer(reference.trim_start_matches('#')))
        .unwrap_or(schema)
}

/// A definition together with what the field that refers to it adds.
fn merged(definition: &Value, field: &Value) -> Value {
    let mut rule = definition.clone();
    if let Some(rule) = rule.as_object_mut() {
        for (name, value) in entries(Some(field)) {
            rule.insert(name.clone(), value.clone());
        }
    }
    rule
}

/// A doc comment on one line.
fn explanation(schema: &Value) -> String {
    let text = schema
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Leaf {
    /// `section.key`.
    pub(super) fn path(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// Whether a change takes effect at the next start only.
    pub(super) fn needs_restart(&self) -> bool {
        self.rule.get("x-reload").and_then(Value::as_str) == Some("restart")
    }

    /// Whether the value must never be shown.
    pub(super) fn is_secret(&self) -> bool {
        self.flag("x-secret")
    }

    /// Whether the default is an example only, so that a hub must set its own.
    pub(super) fn is_required(&self) -> bool {
        self.flag("x-required")
    }

    fn flag(&self, name: &str) -> bool {
        self.rule
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or(false)
    }

    /// What may be written, as the end of a sentence that begins with "expected".
    pub(super) fn expected(&self) -> String {
        expected(&self.rule)
    }

    /// A value from the environment in the type of this setting, as far as it can be read as that.
    pub(super) fn value_of_text(&self, text: &str) -> Value {
        let fallback = || Value::from(text);
        match self.rule.get("type").and_then(Value::as_str) {
            Some("integer") => text
                .trim()
                .parse::<i64>()
                .map_or_else(|_| fallback(), Value::from),
            Some("boolean") => text
                .trim()
                .parse::<bool>()
                .map_or_else(|_| fallback(), Value::from),
            Some("array") => text
                .trim()
                .trim_start_matches('[')
                .trim_end_matches(']')
                .split(',')
                .map(|entry| entry.trim().trim_matches('"'))
                .filter(|entry| !entry.is_empty())
                .map(Value::from)
                .collect(),
            _ => fallback(),
        }
    }

    /// Why this setting cannot have this value: "expected ..., found ...".
    pub(super) fn fault(&self, value: &Value) -> Option<String> {
        if let (Some(entries), Some(items)) = (value.as_array(), self.rule.get("items")) {
            let wrong = |entry: &&Value| !self.reads(&json!([entry]));
            if let Some(entry) = entries.iter().find(wrong) {
                return Some(self.sentence(&expected(items), entry));
            }
        }
        if value.as_array().is_some_and(Vec::is_empty) && !within(&self.rule, value) {
            let entry = self.rule.get("items").map_or_else(String::new, expected);
            let (path, key) = (self.path(), &self.key);
            return Some(format!(
                "{path}: expected at least one entry, each {entry}, found an empty list; leave out \
                 {key} to have the usual ones"
            ));
        }
        let fits = self.reads(value) && within(&self.rule, value);
        (!fits).then(|| self.sentence(&self.expected(), value))
    }

    fn sentence(&self, expected: &str, found: &Value) -> String {
        if self.is_secret() {
            return format!("{}: expected {expected}", self.path());
        }
        format!(
            "{}: expected {expected}, found {}",
            self.path(),
            shown(found)
        )
    }

    /// Whether the value has the type of this setting.
    fn reads(&self, value: &Value) -> bool {
        let tree = json!({ &self.section: { &self.key: value } });
        serde_json::from_value::<Settings>(tree).is_ok()
    }
}

/// What a rule lets a person write.
fn expected(rule: &Value) -> String {
    let kind = kind(rule);
    match rule.get("type").and_then(Value::as_str) {
        Some("array") => {
            let entry = rule.get("items").map_or_else(String::new, expected);
            format!(
                "{kind}{}, each {entry}",
                bounds(rule, "minItems", "maxItems", " entries")
            )
        }
        Some("integer") => format!("{kind}{}", bounds(rule, "minimum", "maximum", "")),
        _ if rule.get("x-min").is_some() => {
            format!("{kind},{}", bounds(rule, "x-min", "x-max", ""))
        }
        _ => format!(
            "{kind}{}",
            bounds(rule, "minLength", "maxLength", " letters")
        ),
    }
}

/// The bounds of a rule as the end of a phrase; empty when it has none.
fn bounds(rule: &Value, least: &str, most: &str, unit: &str) -> String {
    let bound = |name: &str| {
        let value = rule.get(name)?;
        Some(
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned),
        )
    };
    let between = if unit.is_empty() { "from" } else { "of" };
    match (bound(least), bound(most)) {
        (Some(least), Some(most)) => format!(" {between} {least} to {most}{unit}"),
        (Some(least), None) if least == "1" => " that is not empty".to_owned(),
        (Some(least), None) => format!(" {between} at least {least}{unit}"),
        (None, Some(most)) => format!(" {between} up to {most}{unit}"),
        (None, None) => String::new(),
    }
}

/// The kind of value that a rule asks for.
fn kind(rule: &Value) -> String {
    if let Some(text) = rule.get("x-expected").and_then(Value::as_str) {
        return text.to_owned();
    }
    let choices = choices(rule);
    if !choices.is_empty() {
        return format!("one of {}", choices.join(", "));
    }
    match rule.get("type").and_then(Value::as_str) {
        Some("integer") => "a whole number".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        Some("array") => "a list in brackets".to_owned(),
        _ => "a text in quotes".to_owned(),
    }
}

/// The words of an enum, in quotes.
fn choices(rule: &Value) -> Vec<String> {
    let listed = rule
        .get("enum")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let described = rule
        .get("oneOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let described = described.filter_map(|choice| choice.get("const"));
    listed.chain(described).map(Value::to_string).collect()
}

/// Whether a value of the right type keeps the bounds of its rule.
fn within(rule: &Value, value: &Value) -> bool {
    let number = |name: &str| rule.get(name).and_then(Value::as_i64);
    let (measure, least, most) = match value {
        Value::Number(given) => (given.as_i64(), number("minimum"), number("maximum")),
        Value::Array(entries) => (
            length(entries.len()),
            number("minItems"),
            number("maxItems"),
        ),
        Value::String(text) if rule.get("x-min").is_some() => {
            let bound = |name| {
                rule.get(name)
                    .and_then(Value::as_str)
                    .and_then(|text| amount(rule, text))
            };
            (amount(rule, text), bound("x-min"), bound("x-max"))
        }
        Value::String(text) => (
            length(text.chars().count()),
            number("minLength"),
            number("maxLength"),
        ),
        _ => return true,
    };
    let Some(measure) = measure else { return false };
    least.is_none_or(|least| measure >= least) && most.is_none_or(|most| measure <= most)
}

fn length(length: usize) -> Option<i64> {
    i64::try_from(length).ok()
}

/// A span in milliseconds or a size in bytes, by what the rule says it is.
fn amount(rule: &Value, text: &str) -> Option<i64> {
    match rule.get("x-kind").and_then(Value::as_str)? {
        "Span" => i64::try_from(text.parse::<Span>().ok()?.duration().as_millis()).ok(),
        "ByteSize" => i64::try_from(text.parse::<ByteSize>().ok()?.bytes()).ok(),
        _ => None,
    }
}

/// The name of the member that stands for a TOML value that JSON has no word for.
pub(super) const FOREIGN: &str = "$found";

/// A value as a message shows it: short, on one line.
fn shown(value: &Value) -> String {
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(members) => {
            let foreign = members.get(FOREIGN).and_then(Value::as_str);
            foreign.unwrap_or("a section").to_owned()
        }
        Value::String(text) if text.chars().count() > 60 => {
            let start: String = text.chars().take(60).collect();
            format!("{start:?} and more")
        }
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_and_field_is_explained() {
        for section in sections() {
            assert!(
                section.explanation.ends_with('.'),
                "[{}] is not explained",
                section.name
            );
            for leaf in &section.leaves {
                assert!(
                    leaf.explanation.ends_with('.'),
                    "{} is not explained",
                    leaf.path()
                );
            }
        }
        assert!(leaves().len() > 50, "the schema lost its leaves");
    }

    #[test]
    fn every_default_keeps_its_own_rule() {
        for leaf in leaves() {
            assert_eq!(leaf.fault(&leaf.default), None, "{}", leaf.path());
        }
    }

    #[test]
    fn every_bound_can_be_read() {
        for leaf in leaves() {
            for name in ["x-min", "x-max"] {
                let Some(bound) = leaf.rule.get(name).and_then(Value::as_str) else {
                    continue;
                };
                assert!(
                    amount(&leaf.rule, bound).is_some(),
                    "{} {name}",
                    leaf.path()
                );
            }
        }
    }

    #[test]
    fn bounds_are_kept_at_both_ends() {
        let leaves = leaves();
        let fault = |path: &str, value: Value| {
            leaves
                .iter()
                .find(|leaf| leaf.path() == path)
                .unwrap()
                .fault(&value)
        };
        assert_eq!(fault("delivery.in_flight", json!(1)), None);
        let sentence = fault("delivery.in_flight", json!(0)).unwrap();
        assert_eq!(
            sentence,
            "delivery.in_flight: expected a whole number from 1 to 4096, found 0"
        );
        assert!(fault("delivery.in_flight", json!(4097)).is_some());
        assert!(fault("delivery.timeout", json!("2m")).is_none());
        assert!(fault("delivery.timeout", json!("121s")).is_some());
        assert!(fault("federation.inbox_body", json!("1 KiB")).is_some());
        assert!(fault("instance.name", json!("")).is_some());
        assert!(fault("instance.languages", json!([])).is_some());
    }
}
