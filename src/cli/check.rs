//! `guildhall check`: says everything that is wrong with a hub before it is started.

use clap::Args;
use serde_json::{Value, json};

use super::context::{Context, Refused, say};
use crate::settings::{Fault, Loaded, Source};

/// Check the settings and say everything that is wrong with them
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

impl Report {
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
        std::fs::write(folder.path().join("guildhall.toml"), text).unwrap();
        let context = Context {
            config: None,
            json: false,
            directory: folder.path().to_owned(),
            environment: Vec::new(),
        };
        run(&context)
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
