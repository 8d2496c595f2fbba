//! `guildhall check`: says everything that is wrong with a hub before it is started.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use super::context::{Context, Refused, say};
use super::hub::{self, Lane};
use crate::domain::clock::{Clock, Ts};
use crate::domain::names::Names;
use crate::operations::hub::{ChooseBrand, brand_of};
use crate::settings::{Fault, Loaded, Settings, Source};
use crate::store::{Address, Readiness, Store, StoreError};
use crate::views::instance;

/// Check settings, database, clock and key, and say everything that is wrong with them
#[derive(Args, Debug)]
pub(super) struct Check {}

/// What was found.
#[derive(Default)]
struct Report {
    /// One sentence each, and the same for machines.
    faults: Vec<(String, Value)>,
    warnings: Vec<String>,
}

/// Checks everything that can be checked, and refuses when anything is at fault.
pub(super) fn run(context: &Context) -> Result<(), Refused> {
    let mut report = Report::default();
    let loaded = check_settings(context, &mut report)?;
    if let Some(loaded) = &loaded {
        let now = Clock::System.now();
        check_clock(now, &mut report);
        check_theme(&loaded.settings, &mut report);
        report.warnings.extend(hub::mail_note(&loaded.settings));
        check_directory(&loaded.settings.server.data_dir, &mut report);
        check_database(&loaded.settings, now, &mut report);
    }
    report.answer(context, loaded.as_ref())
}

/// Reads the settings; None when they have faults, so that nothing else can be checked.
fn check_settings(context: &Context, report: &mut Report) -> Result<Option<Loaded>, Refused> {
    match context.try_load()? {
        Ok(loaded) => {
            report.warnings.extend(loaded.warnings.iter().cloned());
            Ok(Some(loaded))
        }
        Err(faults) => {
            let described = faults
                .0
                .iter()
                .map(|fault| (fault.to_string(), for_machines(fault)));
            report.faults.extend(described);
            Ok(None)
        }
    }
}

/// No clock is right that says it is earlier than this.
const BEGINNING: &str = "2026-01-01T00:00:00Z";

fn check_clock(now: Ts, report: &mut Report) {
    if Ts::parse(BEGINNING).is_some_and(|beginning| now < beginning) {
        report.fault(format!(
            "the clock of this machine says {}; set it, or no other server believes this one",
            now.rfc3339()
        ));
    }
}

/// A colour that nobody can read is left out of the pages, so nothing stands still for it.
fn check_theme(settings: &Settings, report: &mut Report) {
    let brand = brand_of(&settings.theme);
    if let Err(refusal) = ChooseBrand::check(brand) {
        report.warnings.push(format!("theme: {}", refusal.sentence));
    }
}

/// Checks that the server will be able to write where its data lies, by writing there: rights alone
/// say nothing of a disk that is full or mounted for reading. A directory that is not there is made by
/// the first verb that needs it.
fn check_directory(data: &Path, report: &mut Report) {
    let absolute = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let Some(there) = absolute.ancestors().find(|path| path.exists()) else {
        return;
    };
    let probe = there.join(format!(".check-{}", crate::crypto::token::random()));
    let written = File::create_new(&probe).and_then(|mut file| file.write_all(b"check"));
    // Nothing of it stays, also where it could be begun and not be finished.
    let gone = fs::remove_file(&probe);
    if let Err(error) = written.and(gone) {
        report.fault(format!(
            "server.data_dir: {} cannot be written: {error}; give it to the user who runs the hub, \
             or choose another directory",
            there.display()
        ));
    }
}

/// Checks a database that is there; one that is not is made by the first verb that needs it.
fn check_database(settings: &Settings, now: Ts, report: &mut Report) {
    let found = hub::address(settings).and_then(|address| {
        let embedded = match &address {
            Address::Sqlite(path) if !path.exists() => return Ok(()),
            Address::Sqlite(_) => true,
            Address::Postgres(_) => false,
        };
        let options = hub::options(settings, Lane::Verb);
        match Store::readiness(&address, &options).map_err(|error| unusable(&error))? {
            Readiness::Empty => {}
            Readiness::Behind(missing) if embedded => report.warnings.push(format!(
                "the database lacks {missing} migrations; `guildhall serve` applies them"
            )),
            Readiness::Behind(missing) => report.fault(format!(
                "the database lacks {missing} migrations; run `guildhall migrate`"
            )),
            Readiness::Current => {
                let store = Store::open(&address, &options, false);
                let store = store.map_err(|error| unusable(&error))?;
                for sentence in faults(&store, settings, now)? {
                    report.fault(sentence);
                }
            }
        }
        Ok(())
    });
    if let Err(refused) = found {
        for sentence in refused.sentences {
            report.fault(sentence);
        }
    }
}

fn faults(store: &Store, settings: &Settings, now: Ts) -> Result<Vec<String>, Refused> {
    let host = Names::new(&settings.base_url()).host().to_owned();
    let read = store.read(move |db| instance::faults(db, &host, now));
    hub::runtime()?
        .block_on(read)
        .map_err(|error: StoreError| unusable(&error))
}

fn unusable(error: &StoreError) -> Refused {
    Refused::from(format!("the database cannot be used: {error}"))
}

impl Report {
    fn fault(&mut self, sentence: String) {
        let machine = json!({ "message": sentence });
        self.faults.push((sentence, machine));
    }

    fn answer(self, context: &Context, loaded: Option<&Loaded>) -> Result<(), Refused> {
        let (sentences, faults): (Vec<_>, Vec<_>) = self.faults.into_iter().unzip();
        let machine =
            json!({ "ok": faults.is_empty(), "faults": faults, "warnings": self.warnings });
        for warning in &self.warnings {
            say(format!("warning: {warning}"));
        }
        if !sentences.is_empty() {
            return Err(Refused {
                sentences,
                machine: Some(machine),
            });
        }
        let url = loaded
            .map(|loaded| loaded.settings.base_url())
            .unwrap_or_default();
        context.answer(format!("Everything is in order for {url}."), &machine);
        Ok(())
    }
}

fn for_machines(fault: &Fault) -> Value {
    let (file, line, variable) = match &fault.source {
        Source::File { path, line } => (Some(path), *line, None),
        Source::SecretFile(path) => (Some(path), None, None),
        Source::Environment(name) => (None, None, Some(name)),
        Source::Default => (None, None, None),
    };
    json!({
        "file": file,
        "line": line,
        "variable": variable,
        "key": fault.key,
        "message": fault.message,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), Refused> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("guildhall.toml"), text).unwrap();
        let context = Context {
            config: None,
            json: false,
            directory: folder.path().to_owned(),
            environment: Vec::new(),
        };
        run(&context)
    }

    /// Checks a hub with this database file before and after something was done to it.
    fn check_hub(change: impl FnOnce(&Path)) -> Result<(), Refused> {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let settings = |domain: &str| {
            let text = format!(
                "[instance]\ndomain = \"{domain}\"\n[server]\ndata_dir = \"{}\"\n",
                data.display()
            );
            fs::write(folder.path().join("guildhall.toml"), text).unwrap();
        };
        settings("hub.test.example");
        let context = Context {
            config: None,
            json: false,
            directory: folder.path().to_owned(),
            environment: Vec::new(),
        };
        assert_eq!(run(&context), Ok(()));
        assert!(!data.exists(), "a check makes no database");
        super::super::migrate::run(&context).unwrap();
        assert_eq!(run(&context), Ok(()));
        change(folder.path());
        run(&context)
    }

    #[test]
    fn a_database_of_another_hub_is_a_fault() {
        let refused = check_hub(|folder| {
            let file = folder.join("guildhall.toml");
            let text = fs::read_to_string(&file).unwrap();
            fs::write(file, text.replace("hub.test.example", "moved.test.example")).unwrap();
        });
        let sentence = refused.unwrap_err().sentences.remove(0);
        assert!(
            sentence.contains("belongs to the hub hub.test.example"),
            "{sentence}"
        );
    }

    #[test]
    fn a_file_that_is_no_database_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("hub.db");
        fs::write(&file, "this is no database, and never was one. ".repeat(50)).unwrap();
        let refused = check(&format!(
            "[instance]\ndomain = \"hub.test.example\"\n[database]\nurl = \"sqlite://{}\"\n",
            file.display()
        ));
        let sentence = refused.unwrap_err().sentences.remove(0);
        assert!(
            sentence.contains("the database cannot be used"),
            "{sentence}"
        );
    }

    #[test]
    fn a_data_directory_that_cannot_be_written_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "no directory").unwrap();
        let data = file.join("data");
        let settings = format!(
            "[instance]\ndomain = \"hub.test.example\"\n[server]\ndata_dir = \"{}\"\n",
            data.display()
        );
        let refused = check(&settings).unwrap_err().sentences.remove(0);
        assert!(
            refused.starts_with("server.data_dir: ") && refused.contains("cannot be written"),
            "{refused}"
        );
        let mut report = Report::default();
        check_directory(&folder.path().join("not/yet/there"), &mut report);
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "a check leaves nothing behind");
    }

    #[test]
    fn a_clock_in_the_past_is_a_fault() {
        let mut report = Report::default();
        check_clock(Ts::parse(BEGINNING).unwrap(), &mut report);
        assert!(report.faults.is_empty());
        check_clock(Ts::parse("2001-01-01T00:00:00Z").unwrap(), &mut report);
        assert!(report.faults[0].0.contains("2001"));
    }

    #[test]
    fn sound_settings_pass() {
        assert_eq!(check("[instance]\ndomain = \"hub.test.example\""), Ok(()));
    }

    #[test]
    fn each_fault_is_a_sentence() {
        let refused = check("[instance]\ndomain = 5\n[server]\nbnid = 1").unwrap_err();
        assert_eq!(refused.sentences.len(), 2);
        assert!(
            refused
                .sentences
                .iter()
                .any(|sentence| sentence.contains("line 4: server.bnid: "))
        );
    }

    #[test]
    fn fault_for_machines_names_its_place() {
        let fault = Fault {
            source: Source::File {
                path: "x.toml".into(),
                line: Some(3),
            },
            key: Some("server.bind".to_owned()),
            message: "wrong".to_owned(),
        };
        let shown = for_machines(&fault);
        assert_eq!(
            (&shown["file"], &shown["line"]),
            (&json!("x.toml"), &json!(3))
        );
        assert_eq!(
            (&shown["key"], &shown["variable"]),
            (&json!("server.bind"), &Value::Null)
        );
    }
}
