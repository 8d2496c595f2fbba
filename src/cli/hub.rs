//! A hub opened by its settings: what `serve` runs and what the other verbs write to.

use std::future::Future;

use super::context::{Context, Refused};
use crate::domain::clock::Clock;
use crate::domain::ids::{ActorId, Ids};
use crate::domain::refusal::Refusal;
use crate::operations::Operations;
use crate::operations::actor::{FoundHub, Keys};
use crate::operations::hub::recall;
use crate::operations::media;
use crate::settings::{Live, Settings, Synchronous, Target};
use crate::store::{Address, Options, Readiness, Store, StoreError};
use crate::views::{account, actor, instance};

/// Which part of the id space a process draws from, so that two on one database never draw one id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    /// The one server.
    Server,
    /// A verb that runs beside it.
    Verb,
}

impl Lane {
    fn number(self) -> u16 {
        match self {
            Self::Server => 0,
            Self::Verb => {
                let some = std::process::id() % 1024;
                2048 + u16::try_from(some).expect("a rest of 1024 fits into 16 bits")
            }
        }
    }
}

/// Opens the hub that the settings describe: the database is created and migrated, and the hub's
/// own actor is made where it is missing.
pub(super) async fn open(settings: &Settings, lane: Lane) -> Result<Operations, Refused> {
    let store = open_store(settings, lane)?;
    let live = Live::new(settings.clone());
    let operations = Operations::new(store, live, Clock::System, Ids::new(lane.number()));
    found(&operations).await?;
    media::prepare(&operations).await?;
    recall(&operations).await?;
    Ok(operations)
}

/// Opens and migrates the database. The server leaves one that is not its own and not empty as it is:
/// `migrate` is for an operator to decide.
pub(super) fn open_store(settings: &Settings, lane: Lane) -> Result<Store, Refused> {
    let (address, options) = (address(settings)?, options(settings, lane));
    let refused = |error: StoreError| Refused::from(error.to_string());
    let embedded = matches!(address, Address::Sqlite(_));
    let migrate = embedded
        || lane == Lane::Verb
        || Store::readiness(&address, &options).map_err(refused)? == Readiness::Empty;
    Store::open(&address, &options, migrate).map_err(refused)
}

/// What an admin should know of a hub that hands its letters to no mail server.
pub(super) fn mail_note(settings: &Settings) -> Option<String> {
    let folder = settings.server.data_dir.join("mail");
    (!settings.mail.is_sent()).then(|| {
        format!(
            "mail.smtp_host is not set: letters are written to {} and reach nobody",
            folder.display()
        )
    })
}

/// How the database is opened.
pub(super) fn options(settings: &Settings, lane: Lane) -> Options {
    Options {
        connections: match lane {
            Lane::Server => settings.database.connections,
            Lane::Verb => 1,
        },
        patience: settings.database.wait_timeout.duration(),
        cache: settings.database.cache.bytes(),
        durable: settings.database.synchronous == Synchronous::Full,
    }
}

/// Where the settings say that the data lives.
pub(super) fn address(settings: &Settings) -> Result<Address, Refused> {
    match settings.database.target(&settings.server.data_dir) {
        Some(Target::Sqlite(path)) => Ok(Address::Sqlite(path)),
        Some(Target::Postgres(url)) => Ok(Address::Postgres(url.expose().to_owned())),
        None => Err(Refused::from(
            "database.url must be empty, sqlite://PATH or postgres://...".to_owned(),
        )),
    }
}

async fn found(operations: &Operations) -> Result<(), Refused> {
    let host = operations.names.host().to_owned();
    let founded = operations
        .store
        .read(move |db| instance::is_founded(db, &host))
        .await;
    if founded.map_err(Refusal::from)? {
        return Ok(());
    }
    let keys = Keys::generate().await?;
    operations
        .run(crate::domain::caller::Caller::System, FoundHub { keys })
        .await?;
    Ok(())
}

/// The person of this name who has an account.
pub(super) async fn account_of(operations: &Operations, name: &str) -> Result<ActorId, Refused> {
    let wanted = name.trim_start_matches('@').to_owned();
    let found = operations
        .store
        .read(move |db| {
            let actor = actor::find_local(db, &wanted)?;
            Ok(match actor {
                Some(actor) if account::find(db, actor.id)?.is_some() => Some(actor.id),
                _ => None,
            })
        })
        .await;
    found
        .map_err(|error: Refusal| Refused::from(error))?
        .ok_or_else(|| {
            Refused::from(format!(
                "nobody called {name} has an account here; `guildhall user create` makes one"
            ))
        })
}

/// Opens the hub and runs one verb's work on it.
pub(super) fn run<T, F>(context: &Context, work: impl FnOnce(Operations) -> F) -> Result<T, Refused>
where
    F: Future<Output = Result<T, Refused>>,
{
    let settings = context.load()?.settings;
    runtime()?.block_on(async {
        let operations = open(&settings, Lane::Verb).await?;
        work(operations).await
    })
}

/// What runs a verb's work.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Refused> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Refused::from(format!("this machine gives out no threads: {error}")))
}

impl From<Refusal> for Refused {
    /// One sentence for each wrong field; a fault shows its causes, for the operator is the one to
    /// mend them.
    fn from(refusal: Refusal) -> Self {
        if !refusal.fields.is_empty() {
            let sentences = refusal
                .fields
                .into_iter()
                .map(|field| field.sentence)
                .collect();
            return Self {
                sentences,
                machine: None,
            };
        }
        let mut cause = refusal
            .source
            .as_deref()
            .map(|e| e as &dyn std::error::Error);
        let mut sentence = match cause {
            Some(_) => "it could not be done".to_owned(),
            None => refusal.sentence.clone(),
        };
        while let Some(error) = cause {
            sentence.push_str(": ");
            sentence.push_str(&error.to_string());
            cause = error.source();
        }
        Self::from(sentence)
    }
}
