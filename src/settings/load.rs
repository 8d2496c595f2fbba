//! Reads settings from a file, the environment and secret files, remembers where each value came
//! from, and collects every fault in place of stopping at the first.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Faults, Loaded, Source};
use super::schema::{self, FOREIGN, Leaf, Section};
use super::spelling::{unknown_key, unknown_section};
use super::{Limits, Settings};

/// No settings file and no secret is larger.
const FILE_LIMIT: u64 = 1 << 20;
/// Every variable that begins so is a setting.
const PREFIX: &str = "GUILDHALL__";

impl Settings {
    /// Reads and checks the settings of this file, over which the environment wins. Variables that
    /// do not begin with `GUILDHALL__` are none of its business.
    pub fn load(
        path: &Path,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Loaded, Faults> {
        let text = read(path).map_err(|problem| {
            let source = Source::File {
                path: path.to_owned(),
                line: None,
            };
            Faults(vec![Fault {
                source,
                key: None,
                message: problem,
            }])
        })?;
        Self::parse(path, &text, environment)
    }

    /// [`Self::load`] for a file that was read already.
    pub fn parse(
        path: &Path,
        text: &str,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<Loaded, Faults> {
        let mut reading = Reading::new(path);
        reading.take_file(text);
        reading.take_environment(environment);
        reading.finish()
    }
}

/// A value and where it came from.
struct Given {
    value: Value,
    source: Source,
}

/// The work of reading settings: what is known so far, and what is wrong with it.
struct Reading<'a> {
    path: &'a Path,
    sections: Vec<Section>,
    given: BTreeMap<String, Given>,
    faults: Vec<Fault>,
    warnings: Vec<String>,
}

impl<'a> Reading<'a> {
    fn new(path: &'a Path) -> Self {
        Self {
            path,
            sections: schema::sections(),
            given: BTreeMap::new(),
            faults: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn at(&self, line: Option<usize>) -> Source {
        Source::File {
            path: self.path.to_owned(),
            line,
        }
    }

    fn fault(&mut self, source: Source, key: Option<String>, message: impl AsRef<str>) {
        let message = on_one_line(message.as_ref());
        let key = key.map(|key| on_one_line(&key));
        self.faults.push(Fault {
            source,
            key,
            message,
        });
    }

    fn take_file(&mut self, text: &str) {
        let lines = Lines::of(text);
        let (document, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let line = error.span().map(|span| lines.line_of(span.start));
            let reason = error.message().replace('\n', " ");
            let source = self.at(line);
            self.fault(source, None, format!("this is not TOML: {reason}"));
        }
        if !self.faults.is_empty() {
            return;
        }
        for (name, content) in document.get_ref() {
            let line = lines.line_of(name.span().start);
            let name = name.get_ref().as_ref();
            if !self.sections.iter().any(|section| section.name == name) {
                let message = unknown_section(&self.sections, name);
                let source = self.at(Some(line));
                self.fault(source, Some(name.to_owned()), message);
                continue;
            }
            let Some(table) = content.get_ref().as_table() else {
                let message = format!("{name}: expected a section that begins with [{name}]");
                let source = self.at(Some(line));
                self.fault(source, Some(name.to_owned()), message);
                continue;
            };
            self.take_table(&lines, name, table);
        }
    }

    fn take_table(&mut self, lines: &Lines, section: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let source = self.at(Some(lines.line_of(key.span().start)));
            let key = key.get_ref().as_ref();
            if let Some(base) = self.given_twice(section, key, |base| table.contains_key(base)) {
                self.fault_twice(source, section, key, base);
                continue;
            }
            self.take(section, key, &Written::Toml(value.get_ref()), source);
        }
    }

    fn take_environment(&mut self, environment: impl IntoIterator<Item = (OsString, OsString)>) {
        let mut variables: Vec<_> = environment
            .into_iter()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        variables.sort();
        let names: Vec<String> = variables.iter().map(|(name, _)| path_of(name)).collect();
        for (name, value) in variables {
            let path = path_of(&name);
            let source = Source::Environment(name);
            let Some((section, key)) = path.split_once("__") else {
                let message = format!("{path}: expected a name of the form {PREFIX}SECTION__KEY");
                self.fault(source, None, message);
                continue;
            };
            let Some(text) = value.to_str() else {
                let message = format!("{section}.{key}: expected text in UTF-8");
                self.fault(source, Some(format!("{section}.{key}")), message);
                continue;
            };
            if !self.sections.iter().any(|known| known.name == section) {
                let message = unknown_section(&self.sections, section);
                self.fault(source, Some(section.to_owned()), message);
                continue;
            }
            if let Some(base) = self.given_twice(section, key, |base| {
                names
                    .iter()
                    .any(|name| *name == format!("{section}__{base}"))
            }) {
                self.fault_twice(source, section, key, base);
                continue;
            }
            self.take(section, key, &Written::Variable(text), source);
        }
    }

    /// The secret that is given itself, too, where this key gives the file that holds it.
    fn given_twice<'k>(
        &self,
        section: &str,
        key: &'k str,
        given: impl Fn(&str) -> bool,
    ) -> Option<&'k str> {
        key.strip_suffix("_file")
            .filter(|base| given(base))
            .filter(|base| self.find(section, base).is_some_and(Leaf::is_secret))
    }

    fn fault_twice(&mut self, source: Source, section: &str, key: &str, base: &str) {
        let message = format!("{section}.{key}: expected either {key} or {base}, found both");
        self.fault(source, Some(format!("{section}.{key}")), message);
    }

    /// Takes one value; `key` may be that of a secret with `_file` behind it.
    fn take(&mut self, section: &str, key: &str, written: &Written<'_>, source: Source) {
        let path = format!("{section}.{key}");
        if let Some(leaf) = self.find(section, key) {
            let value = written.value(leaf);
            match leaf.fault(&value) {
                Some(message) => self.fault(source, Some(path), message),
                None => drop(self.given.insert(path, Given { value, source })),
            }
            return;
        }
        let secret = key
            .strip_suffix("_file")
            .and_then(|base| self.find(section, base));
        let Some(secret) = secret.filter(|leaf| leaf.is_secret()).map(Leaf::path) else {
            let message = unknown_key(&self.sections, section, key);
            self.fault(source, Some(path), message);
            return;
        };
        let Some(file) = written
            .text()
            .filter(|file| !file.is_empty())
            .map(PathBuf::from)
        else {
            let message = format!("{path}: expected the path of a file that holds the secret");
            self.fault(source, Some(path), message);
            return;
        };
        match read_secret(&file) {
            Ok(text) => {
                self.warn_if_open(&file);
                let given = Given {
                    value: text.into(),
                    source: Source::SecretFile(file),
                };
                self.given.insert(secret, given);
            }
            Err(problem) => {
                let message = format!("{path}: {} {problem}", file.display());
                self.fault(source, Some(path), message);
            }
        }
    }

    fn find(&self, section: &str, key: &str) -> Option<&Leaf> {
        let section = self.sections.iter().find(|known| known.name == section)?;
        section.leaves.iter().find(|leaf| leaf.key == key)
    }

    fn leaves(&self) -> impl Iterator<Item = &Leaf> {
        self.sections.iter().flat_map(|section| &section.leaves)
    }

    /// Warns about a file with a secret that everybody on the machine may read.
    fn warn_if_open(&mut self, file: &Path) {
        use std::os::unix::fs::PermissionsExt;
        let open = fs::metadata(file).is_ok_and(|about| about.permissions().mode() & 0o004 != 0);
        if open {
            self.warnings.push(format!(
                "{} holds a secret and every user of this machine may read it; run chmod 600 on it",
                file.display()
            ));
        }
    }

    fn finish(mut self) -> Result<Loaded, Faults> {
        self.demand_required();
        if !self.faults.is_empty() {
            return Err(Faults(self.faults));
        }
        let mut settings = self.assemble()?;
        let contradictions = settings.check();
        if !contradictions.is_empty() {
            let fault = |found: super::Contradiction| Fault {
                source: self.place_of(&found.keys),
                key: found.keys.first().map(|key| (*key).to_owned()),
                message: found.message,
            };
            return Err(Faults(contradictions.into_iter().map(fault).collect()));
        }
        if settings.federation.development {
            self.lift_limits(&mut settings);
        }
        let in_file = |leaf: &Leaf| {
            let given = self.given.get(&leaf.path());
            given.is_some_and(|given| {
                matches!(given.source, Source::File { .. }) && holds_secret(&given.value)
            })
        };
        if self.leaves().any(|leaf| leaf.is_secret() && in_file(leaf)) {
            self.warn_if_open(self.path);
        }
        self.warnings.extend(settings.warnings());
        let sources = self
            .given
            .into_iter()
            .map(|(key, given)| (key, given.source))
            .collect();
        Ok(Loaded {
            settings,
            warnings: self.warnings,
            sources,
        })
    }

    /// A hub must not run under the example that stands in for what only its operator knows.
    fn demand_required(&mut self) {
        let concerned = |fault: &Fault, path: &str| fault.key.as_deref() == Some(path);
        let missing: Vec<_> = self
            .leaves()
            .filter(|leaf| leaf.is_required())
            .map(|leaf| (leaf.path(), leaf.expected()))
            .filter(|(path, _)| !self.given.contains_key(path))
            .filter(|(path, _)| !self.faults.iter().any(|fault| concerned(fault, path)))
            .collect();
        if self.faults.iter().any(|fault| fault.key.is_none()) {
            return;
        }
        for (path, expected) in missing {
            let message = format!(
                "{path}: expected {expected}, found nothing; set it here or let `guildhall init` write a settings file"
            );
            let source = self.at(None);
            self.fault(source, Some(path), message);
        }
    }

    /// The settings that the given values make; each of them was tried alone before.
    fn assemble(&self) -> Result<Settings, Faults> {
        let mut tree = Map::new();
        for section in &self.sections {
            let given = section.leaves.iter().filter_map(|leaf| {
                Some((
                    leaf.key.clone(),
                    self.given.get(&leaf.path())?.value.clone(),
                ))
            });
            tree.insert(section.name.clone(), Value::Object(given.collect()));
        }
        serde_json::from_value(Value::Object(tree)).map_err(|error| {
            Faults(vec![Fault {
                source: self.at(None),
                key: None,
                message: error.to_string(),
            }])
        })
    }

    /// The place of the first of these settings that does not have its default.
    fn place_of(&self, keys: &[&str]) -> Source {
        let given = keys.iter().find_map(|key| self.given.get(*key));
        given.map_or_else(|| self.at(None), |given| given.source.clone())
    }

    /// In development a limit holds only when it was set by hand.
    fn lift_limits(&self, settings: &mut Settings) {
        let by_hand = |key: &str| self.given.contains_key(&format!("limits.{key}"));
        let lifted = Limits::lifted();
        let limits = &mut settings.limits;
        for (key, limit, off) in [
            ("sign_up", &mut limits.sign_up, lifted.sign_up),
            (
                "sign_in_address",
                &mut limits.sign_in_address,
                lifted.sign_in_address,
            ),
            (
                "sign_in_account",
                &mut limits.sign_in_account,
                lifted.sign_in_account,
            ),
            (
                "letters_asked",
                &mut limits.letters_asked,
                lifted.letters_asked,
            ),
            (
                "letters_received",
                &mut limits.letters_received,
                lifted.letters_received,
            ),
            ("look_ups", &mut limits.look_ups, lifted.look_ups),
            ("requests", &mut limits.requests, lifted.requests),
            ("writes", &mut limits.writes, lifted.writes),
            ("exports", &mut limits.exports, lifted.exports),
            ("inbox_host", &mut limits.inbox_host, lifted.inbox_host),
            ("fetch_host", &mut limits.fetch_host, lifted.fetch_host),
            ("key_host", &mut limits.key_host, lifted.key_host),
            (
                "backfill_host",
                &mut limits.backfill_host,
                lifted.backfill_host,
            ),
            (
                "remote_posts",
                &mut limits.remote_posts,
                lifted.remote_posts,
            ),
        ] {
            if !by_hand(key) {
                *limit = off;
            }
        }
    }
}

/// The setting of a variable, as in `section__key`.
fn path_of(variable: &str) -> String {
    let path = variable.strip_prefix(PREFIX).unwrap_or_default();
    path.to_ascii_lowercase()
}

/// Whether the value of a secret holds one: the path of a file in the place of a database with a
/// password is none.
fn holds_secret(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    !text.is_empty() && !text.starts_with("sqlite://")
}

/// A value as it was written.
enum Written<'a> {
    Toml(&'a DeValue<'a>),
    Variable(&'a str),
}

impl Written<'_> {
    fn value(&self, leaf: &Leaf) -> Value {
        match self {
            Self::Toml(value) => json_of(value),
            Self::Variable(text) => leaf.value_of_text(text),
        }
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Toml(value) => value.as_str(),
            Self::Variable(text) => Some(text),
        }
    }
}

/// A TOML value as JSON; what JSON has no word for becomes an object that no setting takes.
fn json_of(value: &DeValue<'_>) -> Value {
    let foreign = |what: &str| json!({ FOREIGN: what });
    match value {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| foreign("a number that is too large"), Value::from),
        DeValue::Float(number) => number
            .as_str()
            .parse::<f64>()
            .map_or_else(|_| foreign("a number"), Value::from),
        DeValue::Boolean(flag) => (*flag).into(),
        DeValue::Datetime(_) => foreign("a date"),
        DeValue::Array(entries) => entries
            .iter()
            .map(|entry| json_of(entry.get_ref()))
            .collect(),
        DeValue::Table(_) => foreign("a section"),
    }
}

/// Where the lines of a text begin, but for the first.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self(ends.map(|(end, _)| end + 1).collect())
    }

    /// The line of a byte, counted from 1.
    fn line_of(&self, byte: usize) -> usize {
        1 + self.0.partition_point(|start| *start <= byte)
    }
}

/// A sentence about foreign names, without anything that moves a terminal's cursor.
fn on_one_line(sentence: &str) -> String {
    let mut line = String::with_capacity(sentence.len());
    for letter in sentence.chars() {
        if letter.is_control() {
            line.extend(letter.escape_debug());
        } else {
            line.push(letter);
        }
    }
    line
}

/// Reads a text file within bounds; the error is the end of a sentence that begins with its path.
fn read(path: &Path) -> Result<String, String> {
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            "there is no such file; `guildhall init` writes one".to_owned()
        }
        _ => format!("cannot be read ({error})"),
    })?;
    if !about.is_file() {
        return Err("is not a file".to_owned());
    }
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(FILE_LIMIT + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot be read ({error})"))?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > FILE_LIMIT) {
        return Err("is larger than 1 MiB".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let line = 1 + error
            .as_bytes()
            .iter()
            .take(error.utf8_error().valid_up_to())
            .filter(|byte| **byte == b'\n')
            .count();
        format!("is not text in UTF-8 (line {line})")
    })
}

/// A secret without the line end that editors leave behind it.
fn read_secret(path: &Path) -> Result<String, String> {
    let text = match read(path) {
        Err(_) if !path.exists() => return Err("does not exist".to_owned()),
        read => read?,
    };
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err("is empty".to_owned());
    }
    Ok(secret.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Rate, Span};

    const DOMAIN: &str = "[instance]\ndomain = \"hub.test.example\"\n";

    fn environment(variables: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
        variables
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }

    fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Loaded, Faults> {
        Settings::parse(Path::new("hub.toml"), text, environment(variables))
    }

    /// The one fault of a file that has the domain in its first two lines.
    fn fault(text: &str) -> String {
        let faults = parse(&format!("{DOMAIN}{text}"), &[]).unwrap_err();
        assert_eq!(faults.0.len(), 1, "{faults}");
        faults.to_string()
    }

    #[test]
    fn file_overrides_defaults_and_remembers_its_line() {
        let text = format!("{DOMAIN}[delivery]\ntimeout = \"20s\"");
        let loaded = parse(&text, &[]).unwrap();
        assert_eq!(loaded.settings.delivery.timeout, Span::from_seconds(20));
        assert_eq!(loaded.settings.delivery.in_flight, 512);
        assert_eq!(
            loaded.source("delivery.timeout").to_string(),
            "hub.toml, line 4"
        );
        assert_eq!(loaded.source("delivery.in_flight"), Source::Default);
    }

    #[test]
    fn unknown_key_names_file_line_key_and_the_nearest_name() {
        assert_eq!(
            fault("[server]\nbnid = 1"),
            "hub.toml, line 4: server.bnid: there is no such setting; did you mean server.bind?"
        );
        assert_eq!(
            fault("[server]\nlanguages = []"),
            "hub.toml, line 4: server.languages: there is no such setting; did you mean instance.languages?"
        );
        assert_eq!(
            fault("[groups]\nxyzzy = 1"),
            "hub.toml, line 4: groups.xyzzy: there is no such setting; expected one of founders, title_limit, summary_limit, held_per_server"
        );
    }

    #[test]
    fn unknown_section_names_file_line_and_the_nearest_name() {
        assert_eq!(
            fault("[sever]\nbind = 1"),
            "hub.toml, line 3: sever: there is no section [sever]; did you mean [server]?"
        );
        let faults = parse(&format!("bind = 1\n{DOMAIN}"), &[]).unwrap_err();
        assert_eq!(
            faults.to_string(),
            "hub.toml, line 1: bind: this setting belongs into [server]"
        );
        let faults = parse(&format!("server = 1\n{DOMAIN}"), &[]).unwrap_err();
        assert_eq!(
            faults.to_string(),
            "hub.toml, line 1: server: expected a section that begins with [server]"
        );
    }

    #[test]
    fn an_empty_list_that_needs_entries_says_so() {
        assert_eq!(
            fault("languages = []"),
            "hub.toml, line 3: instance.languages: expected at least one entry, each a text in quotes, \
             found an empty list; leave out languages to have the usual ones"
        );
    }

    #[test]
    fn wrong_type_names_file_line_key_and_expectation() {
        let cases = [
            (
                "[server]\nbind = 5",
                "server.bind: expected an address and a port such as \"127.0.0.1:8080\", found 5",
            ),
            (
                "[federation]\nenabled = \"yes\"",
                "federation.enabled: expected true or false, found \"yes\"",
            ),
            (
                "[accounts]\nregistration = \"free\"",
                "accounts.registration: expected one of \"open\", \"approval\", \"closed\", found \"free\"",
            ),
            (
                "[accounts]\npassword_minimum = 3",
                "accounts.password_minimum: expected a whole number from 8 to 128, found 3",
            ),
            (
                "[delivery]\ntimeout = \"-5s\"",
                "delivery.timeout: expected a length of time such as \"30s\", \"15m\", \"12h\" or \"7d\", from 1s to 2m, found \"-5s\"",
            ),
            (
                "[federation]\nblocked_hosts = [\"ok.example\", \"https://bad\"]",
                "federation.blocked_hosts: expected a host such as \"hub.example\", without https:// and without a path, found \"https://bad\"",
            ),
            (
                "[privacy]\nstatistics = 2026-01-01",
                "privacy.statistics: expected true or false, found a date",
            ),
            (
                "[posts]\ntag_limit = 1.5",
                "posts.tag_limit: expected a whole number from 0 to 1000, found 1.5",
            ),
        ];
        for (text, sentence) in cases {
            assert_eq!(fault(text), format!("hub.toml, line 4: {sentence}"));
        }
    }

    #[test]
    fn broken_toml_names_its_line() {
        let sentence = fault("[server]\nbind = ");
        assert!(
            sentence.starts_with("hub.toml, line 4: this is not TOML: "),
            "{sentence}"
        );
        let sentence = fault("[server]\nbind = \"127.0.0.1:1\"\nbind = \"127.0.0.1:2\"");
        assert!(
            sentence.starts_with("hub.toml, line 5: this is not TOML: duplicate key"),
            "{sentence}"
        );
    }

    #[test]
    fn all_faults_are_collected() {
        let text = format!("{DOMAIN}[server]\nbnid = 1\n[posts]\ntag_limit = \"x\"\n[delivry]\n");
        let faults = parse(&text, &[("GUILDHALL__LIMITS__WRITES", "many")]).unwrap_err();
        let keys: Vec<_> = faults
            .0
            .iter()
            .filter_map(|fault| fault.key.as_deref())
            .collect();
        assert_eq!(keys.len(), 4, "{faults}");
        for key in ["server.bnid", "posts.tag_limit", "delivry", "limits.writes"] {
            assert!(keys.contains(&key), "{key} is missing in {faults}");
        }
    }

    #[test]
    fn domain_must_be_set() {
        let faults = parse("", &[]).unwrap_err();
        assert!(
            faults
                .to_string()
                .starts_with("hub.toml: instance.domain: expected a host"),
            "{faults}"
        );
        let loaded = parse("", &[("GUILDHALL__INSTANCE__DOMAIN", "hub.test.example")]).unwrap();
        assert_eq!(loaded.settings.instance.domain.as_str(), "hub.test.example");
    }

    #[test]
    fn contradiction_names_the_line_that_made_it() {
        assert_eq!(
            fault("[delivery]\nin_flight = 4"),
            "hub.toml, line 4: delivery.per_host: expected no more than delivery.in_flight, which is 4, found 8"
        );
    }

    #[test]
    fn environment_wins_over_the_file() {
        let text = format!("{DOMAIN}name = \"From file\"");
        let loaded = parse(
            &text,
            &[
                ("GUILDHALL__INSTANCE__NAME", "From environment"),
                ("GUILDHALL__INSTANCE__LANGUAGES", "de, en"),
                ("GUILDHALL__POSTS__TAG_LIMIT", "7"),
                ("GUILDHALL__PRIVACY__STATISTICS", "false"),
                ("GUILDHALL_TEST_DATABASE", "is no setting"),
            ],
        )
        .unwrap();
        assert_eq!(loaded.settings.instance.name, "From environment");
        assert_eq!(loaded.settings.instance.languages, ["de", "en"]);
        assert_eq!(loaded.settings.posts.tag_limit, 7);
        assert!(!loaded.settings.privacy.statistics);
        let source = loaded.source("instance.name").to_string();
        assert_eq!(source, "environment, GUILDHALL__INSTANCE__NAME");
    }

    #[test]
    fn environment_is_as_strict_as_the_file() {
        let sentence =
            |name: &str, value: &str| parse(DOMAIN, &[(name, value)]).unwrap_err().to_string();
        assert_eq!(
            sentence("GUILDHALL__SERVER__BNID", "1"),
            "environment, GUILDHALL__SERVER__BNID: server.bnid: there is no such setting; did you mean server.bind?"
        );
        assert_eq!(
            sentence("GUILDHALL__POSTS__TAG_LIMIT", "many"),
            "environment, GUILDHALL__POSTS__TAG_LIMIT: posts.tag_limit: expected a whole number from 0 to 1000, found \"many\""
        );
        assert!(sentence("GUILDHALL__SEVER__BIND", "1").contains("did you mean [server]?"));
        assert!(sentence("GUILDHALL__BIND", "1").contains("GUILDHALL__SECTION__KEY"));
    }

    #[test]
    fn secret_is_read_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("url");
        fs::write(&file, "postgres://hub:hunter2@db/hub\n").unwrap();
        let name = file.to_str().unwrap();
        let in_file = parse(&format!("{DOMAIN}[database]\nurl_file = {name:?}"), &[]).unwrap();
        let variables = [("GUILDHALL__DATABASE__URL_FILE", name)];
        let in_environment = parse(&format!("{DOMAIN}[database]\nurl = \"\""), &variables).unwrap();
        for loaded in [in_file, in_environment] {
            assert_eq!(
                loaded.settings.database.url.expose(),
                "postgres://hub:hunter2@db/hub"
            );
            assert_eq!(
                loaded.source("database.url"),
                Source::SecretFile(file.clone())
            );
            assert!(!format!("{loaded:?}").contains("hunter2"));
            assert!(
                !serde_json::to_string(&loaded.settings)
                    .unwrap()
                    .contains("hunter2")
            );
        }
    }

    #[test]
    fn secret_file_must_be_readable_and_the_only_source() {
        assert_eq!(
            fault("[database]\nurl_file = \"/does/not/exist\""),
            "hub.toml, line 4: database.url_file: /does/not/exist does not exist"
        );
        assert_eq!(
            fault("[database]\nurl = \"\"\nurl_file = \"x\""),
            "hub.toml, line 5: database.url_file: expected either url_file or url, found both"
        );
        assert!(
            fault("[server]\nbind_file = \"x\"").contains("server.bind_file: there is no such")
        );
    }

    #[test]
    fn a_secret_and_its_file_in_the_environment_contradict_each_other() {
        let (url, file) = ("GUILDHALL__DATABASE__URL", "GUILDHALL__DATABASE__URL_FILE");
        for secret in ["", "sqlite://hub.db"] {
            let both = [(url, secret), (file, "/does/not/exist")];
            let faults = parse(DOMAIN, &both).unwrap_err().to_string();
            assert_eq!(
                faults,
                format!(
                    "environment, {file}: database.url_file: expected either url_file or url, found both"
                )
            );
        }
        let text = format!("{DOMAIN}[database]\nurl_file = \"/does/not/exist\"");
        let loaded = parse(&text, &[(url, "sqlite://hub.db")]);
        assert!(loaded.is_err(), "what the file says is looked at, too");
    }

    #[test]
    fn secret_is_never_shown_in_a_fault() {
        let sentence = fault("[database]\nurl = \"mysql://hub:hunter2@db\"");
        assert!(
            sentence.starts_with("hub.toml, line 4: database.url: expected"),
            "{sentence}"
        );
        assert!(!sentence.contains("hunter2"));
        assert!(!fault("[database]\nurl = [\"hunter2\"]").contains("hunter2"));
    }

    #[test]
    fn readable_secrets_are_warned_about() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("guildhall.toml");
        let with = |url: &str| format!("{DOMAIN}[database]\nurl = \"{url}\"");
        for (url, mode, warnings) in [
            ("postgres://hub:pw@db/hub", 0o644, 1),
            ("postgres://hub:pw@db/hub", 0o600, 0),
            ("sqlite:///srv/hub.db", 0o644, 0),
        ] {
            fs::write(&file, with(url)).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let loaded = Settings::load(&file, []).unwrap();
            assert_eq!(loaded.warnings.len(), warnings, "{:?}", loaded.warnings);
        }
    }

    #[test]
    fn development_lifts_the_limits_that_nobody_set() {
        let text = "[instance]\ndomain = \"localhost:8080\"\n[federation]\ndevelopment = true\n[limits]\nwrites = \"2/1m\"";
        let limits = parse(text, &[]).unwrap().settings.limits;
        assert_eq!(limits.writes, Rate::new(2, Span::from_minutes(1)));
        assert_eq!(limits.sign_up, Rate::OFF);
        let every_other = serde_json::to_value(&limits).unwrap();
        let lifted = every_other
            .as_object()
            .unwrap()
            .values()
            .filter(|rate| *rate == "off");
        assert_eq!(lifted.count(), every_other.as_object().unwrap().len() - 1);
    }

    #[test]
    fn unreadable_files_are_refused_with_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let sentence = |path: &Path| Settings::load(path, []).unwrap_err().to_string();
        assert!(sentence(&folder.path().join("none.toml")).contains("`guildhall init` writes one"));
        assert!(sentence(folder.path()).ends_with(": is not a file"));
        let large = folder.path().join("large.toml");
        fs::write(&large, "#".repeat(1 << 21)).unwrap();
        assert!(sentence(&large).ends_with(": is larger than 1 MiB"));
        let binary = folder.path().join("binary.toml");
        fs::write(&binary, b"# first\n\xff\xfe").unwrap();
        assert!(sentence(&binary).ends_with(": is not text in UTF-8 (line 2)"));
    }

    #[test]
    fn names_cannot_move_the_cursor() {
        let sentence = fault("[server]\n\"\\u001b[2J\\n\" = 1");
        let start = "hub.toml, line 4: server.\\u{1b}[2J\\n: there is no such";
        assert!(sentence.starts_with(start), "{sentence}");
        assert!(!sentence.contains(char::is_control));
    }

    #[test]
    fn hostile_files_end_in_sentences() {
        let whole = crate::settings::render_config().replace("\n#", "\n");
        let places = (0..whole.len())
            .step_by(101)
            .filter(|place| whole.is_char_boundary(*place));
        let junk = ["\"", "[", "=", "\0", "]", "{", "9e999", "'''"];
        for (place, junk) in places.zip(junk.iter().cycle()) {
            let (before, after) = whole.split_at(place);
            let Err(faults) = parse(&format!("{before}{junk}{after}"), &[]) else {
                continue;
            };
            assert!(!faults.0.is_empty());
            assert!(
                faults
                    .0
                    .iter()
                    .all(|fault| !fault.to_string().contains('\n')),
                "{faults}"
            );
        }
        let deep = format!("{DOMAIN}languages = {}", "[".repeat(100_000));
        assert!(parse(&deep, &[]).is_err());
        let many: Vec<_> = (0..20_000).map(|number| format!("k{number} = 1")).collect();
        let many = many.join("\n");
        assert_eq!(
            parse(&format!("{DOMAIN}{many}"), &[]).unwrap_err().0.len(),
            20_000
        );
    }
}
