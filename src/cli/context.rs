//! What every verb is given: where the settings are, how to answer, how to refuse.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::settings::{Faults, Loaded, Settings};

/// Where settings are looked for when none are named, in this order.
const DEFAULT_FILES: [&str; 2] = ["guildhall.toml", "config/guildhall.toml"];

/// Why a verb did nothing. The exit code becomes 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    /// For people, one sentence each.
    pub(super) sentences: Vec<String>,
    /// For machines, when there is more to say than the sentences.
    pub(super) machine: Option<Value>,
}

impl From<String> for Refused {
    fn from(sentence: String) -> Self {
        Self {
            sentences: vec![sentence],
            machine: None,
        }
    }
}

impl From<Faults> for Refused {
    fn from(faults: Faults) -> Self {
        Self {
            sentences: faults.0.iter().map(ToString::to_string).collect(),
            machine: None,
        }
    }
}

/// The options that all verbs share, and the process around them.
#[derive(Debug)]
pub(super) struct Context {
    /// The settings file that `--config` named.
    pub(super) config: Option<PathBuf>,
    /// Whether the answer is for machines.
    pub(super) json: bool,
    /// Where default files are looked for; empty for the working directory.
    pub(super) directory: PathBuf,
    /// The variables that may hold settings.
    pub(super) environment: Vec<(OsString, OsString)>,
}

impl Context {
    /// The context of this very process.
    pub(super) fn of_process(config: Option<PathBuf>, json: bool) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "settings are handed the environment from here"
        )]
        let environment = std::env::vars_os().collect();
        Self {
            config,
            json,
            directory: PathBuf::new(),
            environment,
        }
    }

    /// The settings file in use, which may not exist if it was named.
    pub(super) fn settings_file(&self) -> Result<PathBuf, Refused> {
        let found = || {
            DEFAULT_FILES
                .map(|name| self.directory.join(name))
                .into_iter()
                .find(|path| path.is_file())
        };
        self.config.clone().or_else(found).ok_or_else(|| {
            let [first, second] = DEFAULT_FILES;
            Refused::from(format!(
                "there are no settings: neither {first} nor {second} is here; run `guildhall init` to write {first}, or name your file with --config"
            ))
        })
    }

    /// Reads and checks the settings, and shows what deserves a warning.
    pub(super) fn load(&self) -> Result<Loaded, Refused> {
        let loaded = self.try_load()??;
        for warning in &loaded.warnings {
            say(format!("warning: {warning}"));
        }
        Ok(loaded)
    }

    /// Reads and checks the settings; the inner error keeps every fault apart.
    pub(super) fn try_load(&self) -> Result<Result<Loaded, Faults>, Refused> {
        let file = self.settings_file()?;
        Ok(Settings::load(&file, self.environment.iter().cloned()))
    }

    /// Gives the result: these words, or this JSON for machines.
    pub(super) fn answer(&self, words: impl Display, machine: &Value) {
        if self.json {
            write_line(std::io::stdout(), machine);
        } else {
            write_line(std::io::stdout(), words);
        }
    }

    /// Says why nothing was done.
    pub(super) fn show_refusal(&self, refused: &Refused) {
        if self.json {
            let plain = || json!({ "refused": refused.sentences });
            write_line(
                std::io::stdout(),
                refused.machine.clone().unwrap_or_else(plain),
            );
        }
        for sentence in &refused.sentences {
            say(sentence);
        }
    }
}

/// Tells people something that is no result.
pub(super) fn say(words: impl Display) {
    write_line(std::io::stderr(), words);
}

/// Shows how the program is used: help on stdout with 0, misuse on stderr with 2.
pub(super) fn show_usage(usage: &clap::Error) -> ExitCode {
    let text = usage.render();
    if usage.use_stderr() {
        write_line(std::io::stderr(), text);
    } else {
        write_line(std::io::stdout(), text);
    }
    u8::try_from(usage.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// Writes a line; when nobody reads any more (a closed pipe) it stays unsaid, without a panic.
fn write_line(mut to: impl Write, words: impl Display) {
    let words = words.to_string();
    let written = to.write_all(words.as_bytes());
    let ended = if words.ends_with('\n') {
        Ok(())
    } else {
        to.write_all(b"\n")
    };
    drop(written.and(ended).and_then(|()| to.flush()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(directory: &std::path::Path) -> Context {
        Context {
            config: None,
            json: false,
            directory: directory.to_owned(),
            environment: Vec::new(),
        }
    }

    #[test]
    fn settings_are_looked_for_here_and_then_in_config() {
        let folder = tempfile::tempdir().unwrap();
        let mut context = context(folder.path());
        let refused = context.settings_file().unwrap_err();
        assert!(
            refused
                .sentences
                .iter()
                .any(|sentence| sentence.contains("run `guildhall init`"))
        );
        let second = folder.path().join("config/guildhall.toml");
        std::fs::create_dir(folder.path().join("config")).unwrap();
        std::fs::write(&second, "").unwrap();
        assert_eq!(context.settings_file(), Ok(second));
        let first = folder.path().join("guildhall.toml");
        std::fs::write(&first, "").unwrap();
        assert_eq!(context.settings_file(), Ok(first));
        context.config = Some("named.toml".into());
        assert_eq!(context.settings_file(), Ok("named.toml".into()));
    }

    #[test]
    fn closed_pipe_is_no_panic() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
        }
        let written = std::panic::catch_unwind(|| write_line(Closed, "nobody hears this"));
        assert!(written.is_ok());
    }
}
