//! The settings in force, and their replacement while the hub runs: all or nothing. What admins said
//! the hub is called wins over what is read.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use serde_json::Value;

use super::schema;
use super::{Secret, Settings};

/// The settings in force; clones share them. Faces read them per request, workers per turn.
#[derive(Clone, Debug)]
pub struct Live(Arc<State>);

#[derive(Debug)]
struct State {
    in_force: ArcSwap<Settings>,
    given: Mutex<Given>,
}

/// What the settings in force are made of.
#[derive(Debug)]
struct Given {
    /// As they were read.
    read: Settings,
    /// What admins said the hub is called and is about, which wins.
    name: Option<String>,
    description: Option<String>,
}

impl Given {
    fn settings(&self) -> Settings {
        let mut settings = self.read.clone();
        let instance = &mut settings.instance;
        for (word, said) in [
            (&mut instance.name, &self.name),
            (&mut instance.description, &self.description),
        ] {
            if let Some(said) = said {
                word.clone_from(said);
            }
        }
        settings
    }
}

/// Nothing was reloaded, because these settings take effect at the next start only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing was reloaded, because {} can only change with a restart", keys.join(" and "))]
pub struct ReloadRefused {
    /// The changed settings, as `section.key`.
    pub keys: Vec<String>,
}

impl Live {
    /// Puts the first settings in force.
    pub fn new(settings: Settings) -> Self {
        Self(Arc::new(State {
            in_force: ArcSwap::from_pointee(settings.clone()),
            given: Mutex::new(Given {
                read: settings,
                name: None,
                description: None,
            }),
        }))
    }

    /// The settings in force at this moment; hold them for one piece of work only.
    pub fn get(&self) -> Arc<Settings> {
        self.0.in_force.load_full()
    }

    /// Puts new settings in force that went through [`Settings::load`]; refuses, and changes
    /// nothing, when one of them can only change with a restart.
    pub fn reload(&self, new: Settings) -> Result<(), ReloadRefused> {
        let mut given = self.given();
        let keys = needing_restart(&given.read, &new);
        if !keys.is_empty() {
            return Err(ReloadRefused { keys });
        }
        given.read = new;
        self.0.in_force.store(Arc::new(given.settings()));
        Ok(())
    }

    /// Calls the hub so and says this of it, whatever settings are read; what is `None` is as those
    /// say.
    pub(crate) fn call_it(&self, name: Option<String>, description: Option<String>) {
        let mut given = self.given();
        if (&given.name, &given.description) == (&name, &description) {
            return;
        }
        (given.name, given.description) = (name, description);
        self.0.in_force.store(Arc::new(given.settings()));
    }

    fn given(&self) -> MutexGuard<'_, Given> {
        self.0.given.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The settings that differ and may not while the hub runs.
fn needing_restart(old: &Settings, new: &Settings) -> Vec<String> {
    let tree = |settings: &Settings| {
        serde_json::to_value(settings).expect("settings hold nothing that JSON cannot express")
    };
    let (old_tree, new_tree) = (tree(old), tree(new));
    let value = |tree: &Value, leaf: &schema::Leaf| {
        tree.get(&leaf.section)
            .and_then(|section| section.get(&leaf.key))
            .cloned()
    };
    schema::leaves()
        .iter()
        .filter(|leaf| leaf.needs_restart())
        .filter(|leaf| {
            let path = leaf.path();
            let shown_differ = value(&old_tree, leaf) != value(&new_tree, leaf);
            shown_differ || secret(old, &path) != secret(new, &path)
        })
        .map(schema::Leaf::path)
        .collect()
}

/// The secret of this path: in the serialised tree all secrets look alike.
fn secret<'a>(settings: &'a Settings, path: &str) -> Option<&'a Secret> {
    match path {
        "database.url" => Some(&settings.database.url),
        "mail.password" => Some(&settings.mail.password),
        "media.s3_secret" => Some(&settings.media.s3_secret),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secret_is_compared() {
        let settings = Settings::default();
        for leaf in schema::leaves().iter().filter(|leaf| leaf.is_secret()) {
            assert!(secret(&settings, &leaf.path()).is_some(), "{}", leaf.path());
        }
    }

    #[test]
    fn reload_replaces_what_may_change_while_running() {
        let live = Live::new(Settings::default());
        let other_handle = live.clone();
        let mut new = Settings::default();
        new.instance.name = "New name".to_owned();
        live.reload(new).unwrap();
        assert_eq!(other_handle.get().instance.name, "New name");
    }

    #[test]
    fn reload_is_all_or_nothing() {
        let live = Live::new(Settings::default());
        let mut new = Settings::default();
        new.instance.name = "New name".to_owned();
        new.server.bind = "127.0.0.1:9999".parse().unwrap();
        new.federation.enabled = false;
        let refused = live.reload(new).unwrap_err();
        assert_eq!(refused.keys, ["server.bind", "federation.enabled"]);
        assert_eq!(
            refused.to_string(),
            "nothing was reloaded, because server.bind and federation.enabled can only change with a restart"
        );
        assert_eq!(live.get().instance.name, Settings::default().instance.name);
    }

    #[test]
    fn changed_secret_needs_a_restart() {
        let with_url = |url: &str| {
            let mut settings = Settings::default();
            settings.database.url = url.to_owned().into();
            settings
        };
        let live = Live::new(with_url("postgres://a:1@db/hub"));
        assert_eq!(live.reload(with_url("postgres://a:1@db/hub")), Ok(()));
        let refused = live.reload(with_url("postgres://a:2@db/hub")).unwrap_err();
        assert_eq!(refused.keys, ["database.url"]);
    }
}
