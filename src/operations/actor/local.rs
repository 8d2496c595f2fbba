//! How a local actor comes into being: its addresses, its row, its key.

use crate::crypto::keypair::PrivateKey;
use crate::domain::actor::{Actor, ActorKind, Approval, is_local_name};
use crate::domain::ids::{ActorId, LOCAL_INSTANCE, Uri};
use crate::domain::names::Names;
use crate::domain::refusal::Refusal;
use crate::operations::Desk;
use crate::store::{StoreError, actors};

/// The key pair of a local actor. Making one costs up to 700 ms, so it is made before the operation.
#[derive(Clone)]
pub(crate) struct Keys {
    /// SubjectPublicKeyInfo DER.
    pub(crate) public_der: Vec<u8>,
    /// PKCS#8 DER.
    pub(crate) private_der: Vec<u8>,
}

impl Keys {
    /// Makes a key pair on a blocking thread.
    ///
    /// # Errors
    /// A fault, if OpenSSL cannot.
    pub(crate) async fn generate() -> Result<Self, Refusal> {
        tokio::task::spawn_blocking(Self::generate_here)
            .await
            .map_err(Refusal::fault)?
    }

    fn generate_here() -> Result<Self, Refusal> {
        let private = PrivateKey::generate().map_err(Refusal::fault)?;
        let public = private.public().map_err(Refusal::fault)?;
        Ok(Self {
            public_der: public.to_der().map_err(Refusal::fault)?,
            private_der: private.to_pkcs8().map_err(Refusal::fault)?,
        })
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(..)")
    }
}

/// What a new local actor is.
pub(in crate::operations) struct Birth<'a> {
    /// Person, Group or Application.
    pub(in crate::operations) kind: ActorKind,
    /// Its name, unique over people and groups.
    pub(in crate::operations) name: &'a str,
    /// For display.
    pub(in crate::operations) title: String,
    /// Its text about itself, rendered.
    pub(in crate::operations) summary_html: String,
    /// The Markdown of it.
    pub(in crate::operations) summary_source: Option<String>,
    /// Its key pair.
    pub(in crate::operations) keys: &'a Keys,
}

/// Stores a new local actor with its key.
///
/// # Errors
/// If people or groups may not bear the name, or somebody does.
pub(in crate::operations) fn bear(desk: &mut Desk<'_>, birth: Birth<'_>) -> Result<Actor, Refusal> {
    if birth.kind != ActorKind::Application {
        require_name(desk, birth.name, None)?;
    }
    let keys = birth.keys;
    let actor = describe(desk, birth);
    actors::insert(desk.db, &actor).map_err(|error| name_taken(error, &actor.name))?;
    let (key, now) = (desk.names.key(&actor.uri), desk.now);
    actors::insert_key(
        desk.db,
        actor.id,
        &key,
        &keys.public_der,
        &keys.private_der,
        now,
    )?;
    Ok(actor)
}

/// Whether people or groups may bear a name, and nobody else bears it or ever did; `own` may be
/// who did.
///
/// # Errors
/// Why it cannot be had.
pub(in crate::operations) fn require_name(
    desk: &mut Desk<'_>,
    name: &str,
    own: Option<ActorId>,
) -> Result<(), Refusal> {
    if !is_local_name(name) {
        return Err(unfit(name));
    }
    match actors::find_local(desk.db, name)? {
        Some(actor) if Some(actor.id) != own => Err(name_is_taken(name)),
        _ => Ok(()),
    }
}

/// Says that the name is taken, where the database found that out.
pub(in crate::operations) fn name_taken(error: StoreError, name: &str) -> Refusal {
    match error {
        StoreError::Unique(rule) if is_name_rule(&rule) => name_is_taken(name),
        error => error.into(),
    }
}

fn describe(desk: &Desk<'_>, birth: Birth<'_>) -> Actor {
    let (names, kind) = (desk.names, birth.kind);
    let uri = uri(names, kind, birth.name);
    let group = kind == ActorKind::Group;
    let member = kind != ActorKind::Application;
    let below = |what: &str| names.below(&uri, what);
    Actor {
        id: desk.actor_id(),
        url: uri.as_str().to_owned(),
        kind,
        name: birth.name.to_owned(),
        host: names.host().to_owned(),
        instance: LOCAL_INSTANCE,
        local: true,
        title: birth.title,
        summary_html: birth.summary_html,
        summary_source: birth.summary_source,
        icon_url: None,
        image_url: None,
        inbox: below("inbox"),
        shared_inbox: Some(names.shared_inbox()),
        outbox: Some(below("outbox")),
        followers: member.then(|| below("followers")),
        moderators: group.then(|| below("moderators")),
        featured: member.then(|| below("featured")),
        discoverable: member,
        // People agree to be searched themselves (FEP-5feb).
        indexable: group,
        manually_approves: false,
        posting_restricted: false,
        followers_count: 0,
        created_at: desk.now,
        updated_at: desk.now,
        fetched_at: None,
        deleted_at: None,
        approval: Approval::default(),
        uri,
    }
}

fn uri(names: &Names, kind: ActorKind, name: &str) -> Uri {
    match kind {
        ActorKind::Group => names.group(name),
        ActorKind::Application => names.instance(),
        ActorKind::Person | ActorKind::Service => names.person(name),
    }
}

/// PostgreSQL names the partial index, SQLite its columns.
fn is_name_rule(rule: &str) -> bool {
    matches!(
        rule,
        "uq__actors__local_name" | "uq__actors__name" | "uq__actors__uri"
    )
}

fn unfit(name: &str) -> Refusal {
    let fits = (3..=30).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if fits {
        return Refusal::invalid(
            "name",
            "name.reserved",
            "This name is kept for the hub itself. Please choose another.",
        );
    }
    Refusal::invalid(
        "name",
        "name.malformed",
        "A name has 3 to 30 letters, all of them a to z, digits or underscores.",
    )
}

/// Somebody bears the name, or is about to.
pub(in crate::operations) fn name_is_taken(name: &str) -> Refusal {
    Refusal::invalid(
        "name",
        "name.taken",
        format!("A person or group is called {name} already. Please choose another name."),
    )
}
