//! What reading settings comes to: where each value came from, and everything that is wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::Settings;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Source {
    /// From nowhere: it is the default.
    #[default]
    Default,
    /// From the settings file.
    File {
        /// The file as it was named.
        path: PathBuf,
        /// The line, counted from 1; None for what concerns the whole file.
        line: Option<usize>,
    },
    /// From this environment variable.
    Environment(String),
    /// From a file that holds nothing but this secret.
    SecretFile(PathBuf),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File {
                path,
                line: Some(line),
            } => write!(f, "{}, line {line}", path.display()),
            Self::File { path, line: None } | Self::SecretFile(path) => {
                write!(f, "{}", path.display())
            }
            Self::Environment(name) => write!(f, "environment, {name}"),
        }
    }
}

/// One thing that is wrong with the settings, as one sentence that says where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands.
    pub source: Source,
    /// The setting as `section.key`, when the fault is about one.
    pub key: Option<String>,
    /// What is wrong and what was expected; names the key, never a secret.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.source, self.message)
    }
}

/// Everything that is wrong with the settings; never empty. Shown one fault a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sentences: Vec<_> = self.0.iter().map(Fault::to_string).collect();
        f.write_str(&sentences.join("\n"))
    }
}

impl std::error::Error for Faults {}

/// Settings that passed every check, and what is known about them.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings to run with.
    pub settings: Settings,
    /// What is allowed, but seldom meant; one sentence each.
    pub warnings: Vec<String>,
    pub(super) sources: BTreeMap<String, Source>,
}

impl Loaded {
    /// Where the setting `section.key` came from.
    pub fn source(&self, key: &str) -> Source {
        self.sources.get(key).cloned().unwrap_or_default()
    }
}
