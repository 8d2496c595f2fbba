//! `guildhall init`: writes the settings file of a new hub.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::context::{Context, Refused, say};
use crate::settings::{Host, Initial, Settings, render_initial};

/// Write a commented guildhall.toml for this machine; never overwrites one
#[derive(Args, Debug)]
pub(super) struct Init {
    /// The hub's own host, such as hub.example; one with a port is for trying out on this machine
    #[arg(long, value_name = "DOMAIN", default_value = "localhost:8080")]
    domain: Host,
    /// The hub's name, shown on every page
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

impl Init {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        let file = context
            .config
            .clone()
            .unwrap_or_else(|| context.directory.join("guildhall.toml"));
        let data_dir = data_dir(&context.directory);
        let initial = Initial {
            domain: &self.domain,
            name: self.name.as_deref(),
            data_dir: &data_dir,
        };
        let text = render_initial(&initial);
        let settings = parsed(&file, &text)?;
        write_new(&file, &text)?;
        explain(context, &file, &settings);
        let machine = json!({
            "file": file,
            "url": settings.base_url(),
            "development": settings.federation.development,
        });
        context.answer(file.display(), &machine);
        Ok(())
    }
}

/// Says what was made and what comes next.
fn explain(context: &Context, file: &Path, settings: &Settings) {
    let url = settings.base_url();
    if settings.federation.development {
        say(format!(
            "This hub is for trying out on this machine, at {url}. For a real one, run `guildhall init --domain your.domain`."
        ));
    } else {
        say(format!(
            "This hub will be {url}: let a proxy there speak HTTPS and pass requests on to {}.",
            settings.server.bind
        ));
    }
    let option = context
        .config
        .as_ref()
        .map(|_| format!("--config {} ", file.display()));
    let option = option.unwrap_or_default();
    say(format!(
        "Next: `guildhall {option}check`, then `guildhall {option}serve`."
    ));
}

/// The settings that would be written; faults are those of the arguments, so they name no line.
fn parsed(file: &Path, text: &str) -> Result<Settings, Refused> {
    match Settings::parse(file, text, []) {
        Ok(loaded) => Ok(loaded.settings),
        Err(faults) => {
            let sentences = faults.0.into_iter().map(|fault| fault.message).collect();
            Err(Refused {
                sentences,
                machine: None,
            })
        }
    }
}

/// The data directory of a hub that is set up in this directory, independent of where it is
/// started later.
fn data_dir(directory: &Path) -> PathBuf {
    let here = if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    };
    here.canonicalize()
        .unwrap_or_else(|_| here.to_owned())
        .join("data")
}

/// Writes a file that only its owner may read, and that must not exist yet.
fn write_new(file: &Path, text: &str) -> Result<(), Refused> {
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    let written = opened.and_then(|mut opened| opened.write_all(text.as_bytes()));
    written.map_err(|error| {
        let file = file.display();
        Refused::from(match error.kind() {
            ErrorKind::AlreadyExists => {
                format!(
                    "{file} exists already and was not changed; move it away to write a new one"
                )
            }
            ErrorKind::NotFound => {
                format!("{file} cannot be written: its directory does not exist")
            }
            _ => format!("{file} cannot be written: {error}"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn init(directory: &Path, domain: &str) -> Result<(), Refused> {
        let context = Context {
            config: None,
            json: false,
            directory: directory.to_owned(),
            environment: Vec::new(),
        };
        Init {
            domain: domain.parse().unwrap(),
            name: Some("A hub".to_owned()),
        }
        .run(&context)
    }

    #[test]
    fn init_writes_settings_that_pass_the_check() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        init(folder.path(), "localhost:8080").unwrap();
        let file = folder.path().join("guildhall.toml");
        let settings = Settings::load(&file, []).unwrap().settings;
        assert_eq!(settings.base_url(), "http://localhost:8080");
        assert_eq!(settings.instance.name, "A hub");
        assert!(settings.server.data_dir.is_absolute());
        assert_eq!(
            std::fs::metadata(file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }

    #[test]
    fn init_never_overwrites() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("guildhall.toml");
        std::fs::write(&file, "mine").unwrap();
        let refused = init(folder.path(), "hub.test.example").unwrap_err();
        assert!(
            refused
                .sentences
                .iter()
                .any(|sentence| sentence.contains("exists already")),
            "{refused:?}"
        );
        assert_eq!(std::fs::read_to_string(file).unwrap(), "mine");
    }

    #[test]
    fn init_refuses_a_domain_that_no_server_can_find() {
        let folder = tempfile::tempdir().unwrap();
        let refused = init(folder.path(), "hub").unwrap_err();
        assert!(
            refused
                .sentences
                .iter()
                .any(|sentence| sentence.contains("instance.domain")),
            "{refused:?}"
        );
        assert!(!folder.path().join("guildhall.toml").exists());
    }
}
