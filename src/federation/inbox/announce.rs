//! Announce: what a remote group passes on to its members (federation.md 4.6.3, 4.6.6).
//!
//! A group is believed about its own server's people; about everybody else their origin is asked.

use serde_json::Value;

use crate::domain::activity::Activity as Deed;
use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::Uri;
use crate::domain::membership::FollowState;
use crate::domain::names::Local;
use crate::domain::refusal::Refusal;
use crate::operations::membership::ReceiveWelcome;
use crate::operations::object::ConfirmObject;
use crate::operations::reaction::ReceiveShare;
use crate::store::traces::Trace;
use crate::store::{Db, follows, outbox, seen};

use super::super::resolve::{Resolver, find_object, read_object};
use super::super::wire::{Activity, Ref};
use super::super::{Federation, receive};
use super::case::{Case, Handled, Verdict};
use super::content::{self, Words};
use super::react;

/// The kinds that a group passes on (federation.md 4.6.2), reports to the servers of its moderators
/// only; Announce in Announce is none of them.
const PASSED_ON: [&str; 15] = [
    "Create",
    "Update",
    "Delete",
    "Undo",
    "Like",
    "Dislike",
    "EmojiReact",
    "PollVote",
    "ChooseAnswer",
    "Add",
    "Remove",
    "Lock",
    "Block",
    "Flag",
    "Resolve",
];

/// What the announcer is to us, and where its words go.
struct Passing<'a> {
    federation: &'a Federation,
    resolver: &'a Resolver<'a>,
    group: &'a Actor,
    now: Ts,
}

/// Each thing that is announced, for itself: one that is refused does not hold up the others.
pub(super) async fn announce(case: &Case<'_>) -> Handled {
    if case.by.kind != ActorKind::Group {
        return react::share(case, true).await;
    }
    let group = case.by.id;
    let store = &case.federation.operations.store;
    let state = store
        .look_up(move |db| follows::find_local_state(db, group))
        .await;
    let Some(state) = state.map_err(Refusal::from)? else {
        return Ok(Verdict::Ignored("nobody here follows the group"));
    };
    if state == FollowState::Pending || welcomes_more(case) {
        let (operations, by) = (&case.federation.operations, case.by.id);
        let caller = Caller::Remote { actor: by };
        Box::pin(operations.run(caller, ReceiveWelcome)).await?;
    }
    let passing = Passing {
        federation: case.federation,
        resolver: case.resolver,
        group: &case.by,
        now: case.now,
    };
    let mut first = None;
    for object in &case.activity.objects {
        match Box::pin(passing.one(object)).await {
            Err(refusal) if refusal.is_passing() => return Err(refusal),
            Err(refusal) if refusal.code != super::SEEN_BEFORE => {
                first.get_or_insert(refusal);
            }
            _ => {}
        }
    }
    match first {
        Some(refusal) => Err(refusal),
        None => Ok(Verdict::Ignored("what it announces is done")),
    }
}

/// Whether a group that has members here may have let others in without saying so; looked at now
/// and then.
fn welcomes_more(case: &Case<'_>) -> bool {
    let open = !case.by.manually_approves;
    open && case.federation.may_ask(&format!("{} lets in", case.by.uri))
}

/// One item of a group's outbox: an Announce, or what is inside one.
pub(super) async fn of_outbox(
    federation: &Federation,
    resolver: &Resolver<'_>,
    group: &Actor,
    item: &Ref,
) -> Handled {
    let now = federation.operations.now();
    let passing = Passing {
        federation,
        resolver,
        group,
        now,
    };
    let outer = match item {
        Ref::Embedded(value) if is_activity(value) => {
            Activity::inner(value).map_err(|no| super::unreadable(&no))?
        }
        _ => return passing.one(item).await,
    };
    if outer.kind != "Announce" {
        return passing.one(item).await;
    }
    if outer.actor != group.uri.as_str() {
        return Ok(Verdict::Ignored("somebody else announced it"));
    }
    match outer.object() {
        Some(object) => passing.one(object).await,
        None => Ok(Verdict::Ignored("it announces nothing")),
    }
}

impl Passing<'_> {
    async fn one(&self, object: &Ref) -> Handled {
        match object {
            Ref::Id(id) => self.by_id(id).await,
            Ref::Embedded(value) if is_activity(value) => {
                let inner = Activity::inner(value).map_err(|no| super::unreadable(&no))?;
                self.activity(inner, Some(value)).await
            }
            Ref::Embedded(_) => match object.id() {
                Some(id) => self.by_id(id).await,
                None => Ok(Verdict::Ignored("what it announces has no id")),
            },
        }
    }

    /// What stands behind an id is fetched: an activity, or words.
    async fn by_id(&self, id: &str) -> Handled {
        let known = match self.federation.names().parse(id) {
            Some(Local::Activity(_, uuid)) => self.created(uuid).await?,
            _ => self.resolver.known_object(id).await?,
        };
        if let Some(known) = known {
            return self.boost(&known).await;
        }
        if self.federation.names().is_local(id) {
            return Ok(Verdict::Ignored("it announces what is not here any more"));
        }
        let value = self.resolver.thing(id).await?;
        if is_activity(&value) {
            let inner = Activity::inner(&value).map_err(|no| super::unreadable(&no))?;
            let own = Uri::parse(&inner.actor)
                .zip(Uri::parse(id))
                .is_some_and(|(actor, id)| actor.same_host(&id));
            return self.activity(inner, (!own).then_some(&value)).await;
        }
        let object = read_object(&value)?;
        let case = self.case(announced(&object.id)?, self.group.clone());
        let author = content::author_of(&case, &object).await?;
        Box::pin(content::arrive(
            &case,
            &Words {
                object,
                author,
                sent: false,
            },
        ))
        .await
    }

    /// An activity inside: as if its actor had sent it, but for how far it is believed. `told`: the
    /// document, where it did not come from its actor's own server; a proof in it helps as well.
    async fn activity(&self, inner: Activity, told: Option<&Value>) -> Handled {
        if !PASSED_ON.contains(&inner.kind.as_str()) {
            return Ok(Verdict::Ignored("a group does not pass this on"));
        }
        let Some(actor) = Uri::parse(&inner.actor) else {
            return Ok(Verdict::Ignored("nobody did what it announces"));
        };
        if self.federation.names().is_local(actor.as_str()) {
            return self.confirmation(&inner).await;
        }
        if !self.federation.operations.admits(&actor.host()).await? {
            return Ok(Verdict::Ignored("whoever did it is not heard here"));
        }
        if self.was_seen(&inner, &actor).await? {
            return Ok(Verdict::Ignored("it came before"));
        }
        let by = self.resolver.actor(actor.as_str()).await?;
        let mut case = self.case(inner, by);
        if !case.believed {
            case.believed = match told {
                Some(document) => self.federation.is_proven(document, &actor, None).await,
                None => true,
            };
        }
        Box::pin(super::dispatch(&case)).await
    }

    /// What was done here has its effect already; that the group took words of ours is noted.
    async fn confirmation(&self, inner: &Activity) -> Handled {
        let id = inner.object_id().filter(|_| inner.kind == "Create");
        let known = match id {
            Some(id) => self.resolver.known_object(id).await?,
            None => None,
        };
        match known {
            Some(known) if known.group == self.group.id => self.boost(&known).await,
            _ => Ok(Verdict::Ignored("it confirms what was done here")),
        }
    }

    /// What was created here by the activity whose id bears this uuid.
    async fn created(&self, uuid: String) -> Result<Option<Trace>, Refusal> {
        let names = self.federation.operations.names.clone();
        let find = move |db: &mut Db| {
            let row = outbox::find_by_uuid(db, &uuid)?;
            match row.map(|row| row.logged.entry.activity) {
                Some(Deed::Created { object }) => {
                    find_object(db, &names, names.object(object).as_str())
                }
                _ => Ok(None),
            }
        };
        let store = &self.federation.operations.store;
        store.look_up(find).await.map_err(Refusal::from)
    }

    /// The group names something that is here: its own, which it took, or another group's, which it
    /// shares.
    async fn boost(&self, known: &Trace) -> Handled {
        let object = known.id;
        let case = self.case(announced(self.group.uri.as_str())?, self.group.clone());
        if known.group != self.group.id {
            let share = ReceiveShare {
                object,
                shared: true,
                activity: case.activity.id.clone(),
            };
            return case.run(share).await;
        }
        let author = case.actor_of(known.author).await?;
        if author.local {
            return case.run(ConfirmObject { object }).await;
        }
        Ok(Verdict::Ignored("what it announces is here"))
    }

    fn case(&self, activity: Activity, by: Actor) -> Case<'_> {
        Case::announced(
            self.federation,
            self.resolver,
            self.group,
            activity,
            by,
            self.now,
        )
    }

    async fn was_seen(&self, inner: &Activity, actor: &Uri) -> Result<bool, Refusal> {
        let own = Uri::parse(&inner.id).filter(|id| id.same_host(actor));
        let Some(id) = own else { return Ok(false) };
        let mark = receive::mark(id.as_str(), true);
        let store = &self.federation.operations.store;
        store
            .look_up(move |db| seen::contains(db, &mark))
            .await
            .map_err(Refusal::from)
    }
}

/// An activity has an object; words have not.
fn is_activity(value: &Value) -> bool {
    value.get("object").is_some_and(|object| !object.is_null())
}

/// What stands for the Create that a bare object came without.
fn announced(id: &str) -> Result<Activity, Refusal> {
    let value = serde_json::json!({"type": "Announce", "object": id});
    Activity::inner(&value).map_err(|no| super::unreadable(&no))
}
