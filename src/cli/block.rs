//! `guildhall block`: rules about other servers, set by hand, imported, or read from lists.

use std::io::Read as _;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use super::context::{Context, Refused, say};
use super::hub;
use crate::domain::block_list;
use crate::domain::caller::Caller;
use crate::domain::host::{self, HostRule, RuleSource};
use crate::federation::block_list as lists;
use crate::operations::Operations;
use crate::operations::host::{
    Changes, ImportRules, LiftHostRule, SetHostRule, Subscribe, Unsubscribe,
};
use crate::views;

/// The most that is read of a file, in bytes.
const LONGEST_FILE: u64 = 64 << 20;

/// Keep other servers away: by hand, by import, by lists that are followed
#[derive(Args, Debug)]
pub(super) struct Block {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Show every rule and where it comes from
    List,
    /// Set a rule for a server and everything beneath its name
    Set(Set),
    /// Take a rule back that was set by hand
    Lift {
        /// The name of the server
        host: String,
    },
    /// Take over a list as Mastodon exports it, or one name a line
    Import(Import),
    /// Print the rules set by hand as Mastodon imports them
    Export,
    /// Follow a list at an address
    Subscribe(Follow),
    /// Follow a list no more; all of its rules go
    Unsubscribe {
        /// Its number, as `lists` shows it
        list: i64,
    },
    /// Show the lists that are followed
    Lists,
    /// Read all lists that are followed now
    Refresh {
        /// Only show what would change
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Args, Debug)]
struct Set {
    /// The name of the server
    host: String,
    /// How far it is kept away
    #[arg(long, value_enum, default_value_t = Severity::Suspend)]
    severity: Severity,
    /// Leave out pictures and files
    #[arg(long)]
    reject_media: bool,
    /// Take no reports
    #[arg(long)]
    reject_reports: bool,
    /// Keep the name out of the public log
    #[arg(long)]
    obfuscate: bool,
    /// Why, for everybody
    #[arg(long, default_value = "")]
    comment: String,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Severity {
    /// Nothing is taken from there or sent there
    Suspend,
    /// Only in its groups and threads
    Limit,
    /// Welcome, whatever lists say
    None,
}

#[derive(Args, Debug)]
struct Import {
    /// The file; `-` is standard input
    file: PathBuf,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args, Debug)]
struct Follow {
    /// Where the list is read
    url: String,
    /// Only show what would change
    #[arg(long)]
    dry_run: bool,
}

impl From<Severity> for host::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Suspend => Self::Suspend,
            Severity::Limit => Self::Limit,
            Severity::None => Self::None,
        }
    }
}

impl Block {
    pub(super) fn run(self, context: &Context) -> Result<(), Refused> {
        match self.verb {
            Verb::List => list(context),
            Verb::Set(verb) => verb.run(context),
            Verb::Lift { host } => hub::run(context, |operations| async move {
                Ok(operations
                    .run(Caller::System, LiftHostRule { host })
                    .await?)
            }),
            Verb::Import(verb) => verb.run(context),
            Verb::Export => export(context),
            Verb::Subscribe(verb) => verb.run(context),
            Verb::Unsubscribe { list } => hub::run(context, |operations| async move {
                Ok(operations.run(Caller::System, Unsubscribe { list }).await?)
            }),
            Verb::Lists => followed(context),
            Verb::Refresh { dry_run } => refresh(context, dry_run),
        }
    }
}

fn list(context: &Context) -> Result<(), Refused> {
    let rules = hub::run(context, |operations| async move {
        let rules = operations.store.read(views::host::rules).await;
        rules.map_err(|fault| Refused::from(fault.to_string()))
    })?;
    let mut words = Vec::new();
    let mut machine = Vec::new();
    for (source, rule) in rules {
        let from = match source {
            RuleSource::Hand => "by hand".to_owned(),
            RuleSource::List(id) => format!("list {id}"),
        };
        words.push(format!("{} {} ({from})", rule.host, rule.severity.as_str()));
        machine.push(json!({
            "host": rule.host, "severity": rule.severity.as_str(), "from": from,
            "reject_media": rule.reject_media, "reject_reports": rule.reject_reports,
            "comment": rule.comment,
        }));
    }
    context.answer(words.join("\n"), &json!(machine));
    Ok(())
}

impl Set {
    fn run(self, context: &Context) -> Result<(), Refused> {
        let rule = HostRule {
            reject_media: self.reject_media,
            reject_reports: self.reject_reports,
            obfuscate: self.obfuscate,
            comment: self.comment,
            ..HostRule::new(self.host, self.severity.into())
        };
        let set = hub::run(context, |operations| async move {
            Ok(operations.run(Caller::System, SetHostRule { rule }).await?)
        })?;
        let machine = json!({ "host": set.host, "severity": set.severity.as_str() });
        context.answer(format!("{} {}", set.host, set.severity.as_str()), &machine);
        Ok(())
    }
}

impl Import {
    fn run(self, context: &Context) -> Result<(), Refused> {
        let list = block_list::parse(&self.read()?);
        for (line, why) in &list.faults {
            say(format!("line {line} is left out: {why}"));
        }
        let import = ImportRules {
            rules: list.rules,
            source: RuleSource::Hand,
            dry_run: self.dry_run,
        };
        let changes = hub::run(context, |operations| async move {
            Ok(operations.run(Caller::System, import).await?)
        })?;
        show(context, &changes)
    }

    fn read(&self) -> Result<String, Refused> {
        let mut bytes = Vec::new();
        let read = if self.file.as_os_str() == "-" {
            std::io::stdin().take(LONGEST_FILE).read_to_end(&mut bytes)
        } else {
            std::fs::File::open(&self.file)
                .and_then(|file| file.take(LONGEST_FILE).read_to_end(&mut bytes))
        };
        read.map_err(|fault| {
            Refused::from(format!("{} cannot be read: {fault}", self.file.display()))
        })?;
        String::from_utf8(bytes)
            .map_err(|_bytes| Refused::from("the list is not UTF-8 text".to_owned()))
    }
}

fn export(context: &Context) -> Result<(), Refused> {
    let servers = hub::run(context, |operations| async move {
        let servers = operations.store.read(views::host::servers).await;
        servers.map_err(|fault| Refused::from(fault.to_string()))
    })?;
    let csv = block_list::write(&servers.by_hand);
    context.answer(&csv, &json!({ "csv": csv }));
    Ok(())
}

impl Follow {
    fn run(self, context: &Context) -> Result<(), Refused> {
        let changes = hub::run(context, |operations| async move {
            let client = lists::client(&operations)?;
            if self.dry_run {
                return preview(&operations, &client, &self.url, -1).await;
            }
            let subscribe = Subscribe {
                url: self.url.clone(),
            };
            let list = operations.run(Caller::System, subscribe).await?;
            Ok(lists::refresh(&operations, &client, list, &self.url).await?)
        })?;
        show(context, &changes)
    }
}

async fn preview(
    operations: &Operations,
    client: &crate::net::Client,
    url: &str,
    list: i64,
) -> Result<Changes, Refused> {
    let source = RuleSource::List(list);
    Ok(lists::preview(operations, client, Caller::System, url, source).await?)
}

fn followed(context: &Context) -> Result<(), Refused> {
    let servers = hub::run(context, |operations| async move {
        let servers = operations.store.read(views::host::servers).await;
        servers.map_err(|fault| Refused::from(fault.to_string()))
    })?;
    let mut words = Vec::new();
    let mut machine = Vec::new();
    for (list, rules) in servers.lists {
        let state = list
            .error
            .clone()
            .unwrap_or_else(|| format!("{rules} rules"));
        words.push(format!("{} {} ({state})", list.id, list.url));
        machine
            .push(json!({ "id": list.id, "url": list.url, "rules": rules, "error": list.error }));
    }
    context.answer(words.join("\n"), &json!(machine));
    Ok(())
}

fn refresh(context: &Context, dry_run: bool) -> Result<(), Refused> {
    let all = hub::run(context, |operations| async move {
        let client = lists::client(&operations)?;
        let servers = operations.store.read(views::host::servers).await;
        let servers = servers.map_err(|fault| Refused::from(fault.to_string()))?;
        let mut all = Vec::new();
        for (list, _) in servers.lists {
            let changes = if dry_run {
                preview(&operations, &client, &list.url, list.id).await?
            } else {
                lists::refresh(&operations, &client, list.id, &list.url).await?
            };
            all.push((list.url, changes));
        }
        Ok(all)
    })?;
    let mut shown = Ok(());
    for (url, changes) in all {
        say(url);
        shown = shown.and(show(context, &changes));
    }
    shown
}

/// What changed, or would.
///
/// # Errors
/// Why nothing did, if the list could not be read.
fn show(context: &Context, changes: &Changes) -> Result<(), Refused> {
    if let Some(why) = &changes.unread {
        let again = "The list is followed all the same, and tried again within the hour.";
        return Err(Refused::from(format!("{why} {again}")));
    }
    let names = |rules: &[HostRule]| -> Vec<String> {
        rules.iter().map(|rule| rule.host.clone()).collect()
    };
    let mut words = Vec::new();
    for (mark, rules) in [
        ("+", &changes.added),
        ("~", &changes.changed),
        ("-", &changes.removed),
    ] {
        let line = |rule: &HostRule| format!("{mark} {} {}", rule.host, rule.severity.as_str());
        words.extend(rules.iter().map(line));
    }
    words.push(format!(
        "{} new, {} changed, {} gone, {} as before; follows that rest: {} from there, {} from here",
        changes.added.len(),
        changes.changed.len(),
        changes.removed.len(),
        changes.same,
        changes.ties.theirs,
        changes.ties.ours,
    ));
    let machine = json!({
        "added": names(&changes.added), "changed": names(&changes.changed),
        "removed": names(&changes.removed), "same": changes.same,
        "follows_from_there": changes.ties.theirs, "follows_from_here": changes.ties.ours,
    });
    context.answer(words.join("\n"), &machine);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::user::tests::folder;
    use super::*;

    #[test]
    fn a_list_is_looked_at_imported_and_written_out_again() {
        let (folder, context) = folder();
        let file = folder.path().join("list.csv");
        std::fs::write(&file, "bad.example\nworse.example\nno name\n").unwrap();
        let import = |dry_run| {
            let file = file.clone();
            Import { file, dry_run }.run(&context)
        };
        let rules = || {
            hub::run(&context, |operations| async move {
                Ok(operations.store.read(views::host::rules).await.unwrap())
            })
            .unwrap()
        };
        import(true).unwrap();
        assert!(rules().is_empty(), "a look changes nothing");
        import(false).unwrap();
        assert_eq!(rules().len(), 2);
        let verb = Verb::Lift {
            host: "Bad.Example.".to_owned(),
        };
        Block { verb }.run(&context).unwrap();
        assert_eq!(rules().len(), 1);
        export(&context).unwrap();
        let follow = Follow {
            url: "https://127.0.0.1/blocks.csv".to_owned(),
            dry_run: false,
        };
        for read in [follow.run(&context), refresh(&context, false)] {
            let refused = read.unwrap_err();
            assert!(
                refused.sentences[0].contains("cannot be read"),
                "{refused:?}"
            );
        }
        let own = Set {
            host: "hub.test.example".to_owned(),
            severity: Severity::Suspend,
            reject_media: false,
            reject_reports: false,
            obfuscate: false,
            comment: String::new(),
        };
        let refused = own.run(&context).unwrap_err();
        assert!(
            refused.sentences[0].contains("the hub itself"),
            "{refused:?}"
        );
    }
}
