//! Writes the documents of the settings from the tree itself: `config/guildhall.toml`,
//! `docs/settings.md`, the first file of a new hub, and the JSON schema for editors.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::Host;
use super::schema::{self, Leaf};

/// The width at which comments are broken.
const WIDTH: usize = 96;

/// What `guildhall init` knows about a new hub.
#[derive(Debug, Clone)]
pub struct Initial<'a> {
    /// The hub's own host. One with a port, or one that means this machine only, makes a hub in
    /// development.
    pub domain: &'a Host,
    /// The hub's name.
    pub name: Option<&'a str>,
    /// Where the hub keeps its files.
    pub data_dir: &'a Path,
}

impl Initial<'_> {
    /// Whether this hub can only be tried out on its own machine.
    pub fn is_development(&self) -> bool {
        self.domain.port().is_some() || self.domain.address().is_some() || self.domain.is_loopback()
    }
}

/// `config/guildhall.toml`: every setting with its explanation, all of them commented out.
pub fn render_config() -> String {
    let head = "Every setting of a Guildhall hub, with what it means and its default. A line without # \
        in front of its key sets it; only instance.domain must be set. The environment may set each \
        of them too, as GUILDHALL__SECTION__KEY, and a secret may stand in a file of its own that \
        KEY_file names. `guildhall check` finds mistakes, `guildhall init` writes a file like this \
        for your machine. This file is written by `guildhall document config`; change the comments \
        in src/settings instead.";
    render_toml(head, &BTreeMap::new())
}

/// The settings file of a new hub: what is known about it is set, all else is commented out.
pub fn render_initial(initial: &Initial<'_>) -> String {
    let mut values = BTreeMap::new();
    let mut set = |path: &str, value: Value| values.insert(path.to_owned(), value);
    set("instance.domain", initial.domain.as_str().into());
    set("server.data_dir", initial.data_dir.to_string_lossy().into());
    if let Some(name) = initial.name {
        set("instance.name", name.into());
    }
    if initial.is_development() {
        set("federation.development", true.into());
    }
    if let Some(port) = initial.domain.port() {
        set("server.bind", format!("127.0.0.1:{port}").into());
    }
    let head = "The settings of this hub. A line without # in front of its key sets it; all others \
        show their defaults. `guildhall check` finds mistakes; a running hub takes changes over \
        when it gets SIGHUP, except those marked \"needs a restart\".";
    render_toml(head, &values)
}

/// `docs/settings.md`: the reference for people who run a hub.
pub fn render_reference() -> String {
    let mut page = String::from(
        "# Settings\n\n\
        <!-- Written by `guildhall document reference` from the comments in src/settings. -->\n\n\
        A hub reads one TOML file: the one that `--config FILE` names, else `guildhall.toml` in the\n\
        working directory, else `config/guildhall.toml`. `guildhall init` writes a first one,\n\
        `guildhall check` says what is wrong with it. Only `instance.domain` must be set.\n\n\
        - The environment wins over the file: `GUILDHALL__SERVER__BIND` sets `server.bind`. Lists\n  \
          are separated by commas.\n\
        - A secret may stand in a file of its own: `database.url_file` names the file that holds\n  \
          `database.url`.\n\
        - `kill -HUP` makes a running hub read its settings again, all or nothing: if one is wrong, or\n  \
          one that needs a restart was changed, all stay as they were and the log says why.\n",
    );
    for section in schema::sections() {
        page.extend(["\n## [", &section.name, "]\n\n"]);
        page.push_str(&wrapped(&section.explanation, ""));
        for leaf in &section.leaves {
            page.extend(["\n### `", &leaf.path(), "`\n\n"]);
            page.push_str(&wrapped(&leaf.explanation, ""));
            page.push('\n');
            page.push_str(&wrapped(&facts(leaf), ""));
        }
    }
    page
}

/// The JSON schema of the settings file, which lets editors complete and check it.
pub fn render_schema() -> String {
    format!("{:#}\n", schema::json_schema())
}

/// What a reference entry says besides the explanation.
fn facts(leaf: &Leaf) -> String {
    let default = toml_of(&leaf.default);
    let first = if leaf.is_required() {
        "Must be set".to_owned()
    } else {
        format!("Default `{default}`")
    };
    let restart = if leaf.needs_restart() {
        " Needs a restart."
    } else {
        ""
    };
    format!("{first}; takes {}.{restart}", leaf.expected())
}

/// A settings file in which `values` are set and all others are shown as comments.
fn render_toml(head: &str, values: &BTreeMap<String, Value>) -> String {
    let mut file = wrapped(head, "# ");
    for section in schema::sections() {
        file.push('\n');
        file.push_str(&wrapped(&section.explanation, "# "));
        file.extend(["[", &section.name, "]\n"]);
        for leaf in &section.leaves {
            file.push('\n');
            file.push_str(&wrapped(&leaf.explanation, "# "));
            let restart = if leaf.needs_restart() {
                "; needs a restart"
            } else {
                ""
            };
            file.push_str(&wrapped(&format!("({}{restart})", leaf.expected()), "# "));
            let line = match values.get(&leaf.path()) {
                Some(value) => format!("{} = {}\n", leaf.key, toml_of(value)),
                None => format!("#{} = {}\n", leaf.key, toml_of(&leaf.default)),
            };
            file.push_str(&line);
        }
    }
    file
}

/// A value as it is written in TOML, on one line.
fn toml_of(value: &Value) -> String {
    match value {
        Value::Array(entries) => {
            let entries: Vec<_> = entries.iter().map(toml_of).collect();
            format!("[{}]", entries.join(", "))
        }
        Value::String(text) => toml::Value::String(text.clone()).to_string(),
        other => other.to_string(),
    }
}

/// A text broken into lines of at most [`WIDTH`] letters, each with `before` in front.
fn wrapped(text: &str, before: &str) -> String {
    let mut lines = String::new();
    let mut line = before.to_owned();
    for word in text.split_whitespace() {
        let empty = line.len() == before.len();
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            before.clone_into(&mut line);
        } else if !empty {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push_str(&line);
    lines.push('\n');
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Settings, Source};

    fn committed(name: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        std::fs::read_to_string(path).unwrap_or_default()
    }

    #[test]
    fn committed_documents_are_fresh() {
        let fresh = [
            ("config/guildhall.toml", "config", render_config()),
            ("docs/settings.md", "reference", render_reference()),
        ];
        for (name, document, text) in fresh {
            assert!(
                committed(name) == text,
                "{name} is stale; run: cargo run -q -- document {document} > {name}"
            );
        }
    }

    #[test]
    fn config_shows_defaults_that_can_be_switched_on() {
        let shown = render_config();
        let switched_on: String = shown
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(setting) if !setting.starts_with(' ') => format!("{setting}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let path = Path::new("config/guildhall.toml");
        let loaded = Settings::parse(path, &switched_on, []).unwrap();
        let tree = |settings: &Settings| serde_json::to_value(settings).unwrap();
        assert_eq!(tree(&loaded.settings), tree(&Settings::default()));
        for leaf in schema::leaves() {
            assert_ne!(
                loaded.source(&leaf.path()),
                Source::Default,
                "{} is not shown",
                leaf.path()
            );
        }
    }

    #[test]
    fn reference_names_every_setting() {
        let page = render_reference();
        for leaf in schema::leaves() {
            assert!(
                page.contains(&format!("### `{}`\n", leaf.path())),
                "{}",
                leaf.path()
            );
        }
    }

    #[test]
    fn initial_file_is_a_working_hub() {
        let domain: Host = "hub.test.example".parse().unwrap();
        let initial = Initial {
            domain: &domain,
            name: Some("A \"hub\""),
            data_dir: Path::new("/var/hub"),
        };
        let loaded = Settings::parse(Path::new("x.toml"), &render_initial(&initial), []).unwrap();
        assert_eq!(loaded.settings.instance.domain, domain);
        assert_eq!(loaded.settings.instance.name, "A \"hub\"");
        assert_eq!(loaded.settings.server.data_dir, Path::new("/var/hub"));
        assert!(!loaded.settings.federation.development);
    }

    #[test]
    fn initial_file_for_this_machine_is_in_development() {
        let domain: Host = "localhost:9090".parse().unwrap();
        let initial = Initial {
            domain: &domain,
            name: None,
            data_dir: Path::new("data"),
        };
        let loaded = Settings::parse(Path::new("x.toml"), &render_initial(&initial), []).unwrap();
        assert_eq!(loaded.settings.base_url(), "http://localhost:9090");
        assert_eq!(loaded.settings.server.bind.to_string(), "127.0.0.1:9090");
    }

    #[test]
    fn comments_are_broken_at_the_width() {
        for line in render_config()
            .lines()
            .filter(|line| line.starts_with("# "))
        {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }
}
