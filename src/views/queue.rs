//! What waits for a moderator, in one list over all that they look after, the first come first.

use crate::domain::actor::Actor;
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, FlagId, Handle, PostId};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::policy;
use crate::domain::queue::{Claim, Scope, Task, TaskKind, Wording};
use crate::domain::refusal::{Kind, Refusal};
use crate::store::{
    Db, Res, accounts, actors, claims, flags, held, moderation, moderators, queue, wordings,
};

use super::invitation::{ArrivalCard, arrivals};
use super::moderation::{Report, Waiting, named_waiting, report_cards};

/// The most texts that moderators often write: all that one may keep.
const MOST_WORDINGS: u32 = 50;

/// Which part of the queue is looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    /// One sort alone.
    pub(crate) kind: Option<TaskKind>,
    /// One group alone.
    pub(crate) group: Option<Handle>,
}

/// A part of the queue.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Queue {
    /// What waits.
    pub(crate) items: Page<Item>,
    /// How much of each sort waits in the group that is looked at, or in all.
    pub(crate) counts: Vec<(TaskKind, i64)>,
    /// The group that is looked at.
    pub(crate) group: Option<Actor>,
    /// Whether the viewer looks after the whole hub.
    pub(crate) hub: bool,
}

/// One thing that waits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    /// It.
    pub(crate) task: Task,
    /// Since when.
    pub(crate) since: Ts,
    /// In which group; `None`: on the whole hub.
    pub(crate) group: Option<Actor>,
    /// Who looks at it, and since when.
    pub(crate) claim: Option<(Actor, Ts)>,
    /// What is known of it.
    pub(crate) matter: Matter,
}

/// What is known of a thing that waits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Matter {
    /// A report.
    Report(Box<Report>),
    /// A post that is held back.
    Held(Box<Waiting>),
    /// Somebody who signed up.
    SignUp {
        /// Who.
        person: Actor,
        /// Where mail reaches them.
        email: String,
        /// How they came.
        arrival: Box<ArrivalCard>,
    },
    /// Somebody who asked to join the group.
    Request(Actor),
}

/// How much of the hub somebody looks after; `None`: nothing. Two queries at most.
pub(crate) fn scope(db: &mut Db, caller: Caller, now: Ts) -> Res<Option<Scope>> {
    if caller.moderates_hub() {
        return Ok(Some(Scope::Hub));
    }
    let Some(actor) = caller.actor() else {
        return Ok(None);
    };
    let groups = moderators::list_groups_of(db, actor)?;
    if groups.is_empty() {
        return Ok(None);
    }
    let bans = moderation::list_bans_of(db, actor)?;
    let banned = |group: ActorId| {
        bans.iter().any(|(place, ban)| {
            let here = place.is_none_or(|place| place == group);
            here && ban.until.is_none_or(|until| until > now)
        })
    };
    let groups: Vec<ActorId> = groups
        .into_iter()
        .map(|group| group.id)
        .filter(|group| !banned(*group))
        .collect();
    Ok((!groups.is_empty()).then_some(Scope::Groups(groups)))
}

/// How much waits for somebody; `None`: they look after nothing. Six queries at most.
pub(crate) fn count(db: &mut Db, caller: Caller, now: Ts) -> Res<Option<i64>> {
    let Some(scope) = scope(db, caller, now)? else {
        return Ok(None);
    };
    Ok(Some(
        counts(db, &scope)?
            .into_iter()
            .map(|(_, count)| count)
            .sum(),
    ))
}

/// How much waits in a group. Four queries.
pub(crate) fn count_in(db: &mut Db, group: ActorId) -> Res<i64> {
    let counts = counts(db, &Scope::Groups(vec![group]))?;
    Ok(counts.into_iter().map(|(_, count)| count).sum())
}

fn counts(db: &mut Db, scope: &Scope) -> Res<Vec<(TaskKind, i64)>> {
    let count = |kind| Ok((kind, queue::count(db, scope, kind)?));
    TaskKind::ALL.into_iter().map(count).collect()
}

/// A part of the queue of somebody: at most two dozen queries.
///
/// # Errors
/// If they look after nothing, or not after this group.
pub(crate) fn page(
    db: &mut Db,
    caller: Caller,
    now: Ts,
    part: &Part,
    request: PageRequest,
) -> Result<Queue, Refusal> {
    policy::require_actor(caller)?;
    let scope = scope(db, caller, now)?.ok_or_else(nothing)?;
    let hub = scope == Scope::Hub;
    let (scope, group) = match &part.group {
        Some(handle) => {
            let group = super::group::find(db, handle)?;
            if !scope.holds(Some(group.id)) {
                return Err(nothing());
            }
            (Scope::Groups(vec![group.id]), Some(group))
        }
        None => (scope, None),
    };
    let found = list(db, &scope, part.kind, request)?;
    let next = found.next;
    Ok(Queue {
        items: Page {
            items: fill(db, found.items, now)?,
            next,
        },
        counts: counts(db, &scope)?,
        group,
        hub,
    })
}

fn nothing() -> Refusal {
    Refusal::new(
        Kind::Forbidden,
        "moderator.required",
        "Only moderators can do this.",
    )
}

/// What waits, of all sorts or of one.
fn list(
    db: &mut Db,
    scope: &Scope,
    kind: Option<TaskKind>,
    request: PageRequest,
) -> Res<Page<(Task, Ts)>> {
    let mut found = Vec::new();
    for of in TaskKind::ALL {
        if kind.is_none_or(|kind| kind == of) {
            found.extend(queue::list(
                db,
                scope,
                of,
                request.after,
                request.limit + 1,
            )?);
        }
    }
    found.sort_by_key(|(task, since)| (*since, task.number()));
    Ok(Page::cut(found, request.limit, |(task, since)| {
        Cursor::at(*since, task.number())
    }))
}

/// What is known of these things. What is gone in the meantime is left out.
fn fill(db: &mut Db, found: Vec<(Task, Ts)>, now: Ts) -> Res<Vec<Item>> {
    let tasks: Vec<Task> = found.iter().map(|(task, _)| *task).collect();
    let claims = claims::list(db, &tasks)?;
    let matters = Matters::of(db, &tasks, &claims)?;
    let item = |(task, since): (Task, Ts)| {
        let claim = claims
            .iter()
            .find(|(of, claim)| *of == task && claim.stands(now));
        Some(Item {
            claim: claim.and_then(|(_, claim)| Some((matters.actor(claim.by)?, claim.at))),
            group: matters.group(task).and_then(|group| matters.actor(group)),
            matter: matters.matter(task)?,
            task,
            since,
        })
    };
    Ok(found.into_iter().filter_map(item).collect())
}

/// Everything that is known of the things of a page.
struct Matters {
    reports: Vec<Report>,
    held: Vec<Waiting>,
    people: Vec<Actor>,
    emails: Vec<(ActorId, String)>,
    arrivals: Vec<(ActorId, ArrivalCard)>,
}

impl Matters {
    fn of(db: &mut Db, tasks: &[Task], claims: &[(Task, Claim)]) -> Res<Self> {
        let (mut reports, mut held, mut joining) = (Vec::new(), Vec::new(), Vec::new());
        let mut people: Vec<ActorId> = claims.iter().map(|(_, claim)| claim.by).collect();
        for task in tasks {
            match *task {
                Task::Report(id) => reports.push(id),
                Task::Held(id) => held.push(id),
                Task::SignUp(person) => joining.push(person),
                Task::Request { group, person } => people.extend([group, person]),
            }
        }
        people.extend(&joining);
        let flags = flags::list_by_ids(db, &reports)?;
        people.extend(flags.iter().filter_map(|flag| flag.group));
        let accounts = accounts::list_by_ids(db, &joining)?;
        let cards = arrivals(db, &joining)?;
        let posts = held::list_by_ids(db, &held)?;
        Ok(Self {
            reports: report_cards(db, flags)?,
            held: named_waiting(db, posts)?,
            people: actors::list_by_ids(db, &people)?,
            emails: accounts
                .into_iter()
                .map(|account| (account.actor, account.email))
                .collect(),
            arrivals: joining.into_iter().zip(cards).collect(),
        })
    }

    fn actor(&self, id: ActorId) -> Option<Actor> {
        let groups = self.held.iter().map(|waiting| &waiting.group);
        let found = self
            .people
            .iter()
            .chain(groups)
            .find(|actor| actor.id == id);
        found.cloned()
    }

    fn report(&self, id: FlagId) -> Option<&Report> {
        self.reports.iter().find(|report| report.flag.id == id)
    }

    fn waiting(&self, id: PostId) -> Option<&Waiting> {
        self.held.iter().find(|waiting| waiting.held.id == id)
    }

    fn group(&self, task: Task) -> Option<ActorId> {
        match task {
            Task::Report(id) => self.report(id)?.flag.group,
            Task::Held(id) => Some(self.waiting(id)?.group.id),
            Task::SignUp(_) => None,
            Task::Request { group, .. } => Some(group),
        }
    }

    fn matter(&self, task: Task) -> Option<Matter> {
        Some(match task {
            Task::Report(id) => Matter::Report(Box::new(self.report(id)?.clone())),
            Task::Held(id) => Matter::Held(Box::new(self.waiting(id)?.clone())),
            Task::SignUp(id) => {
                let email = self.emails.iter().find(|(of, _)| *of == id)?;
                let arrival = self.arrivals.iter().find(|(of, _)| *of == id);
                Matter::SignUp {
                    person: self.actor(id)?,
                    email: email.1.clone(),
                    arrival: arrival
                        .map(|(_, card)| Box::new(card.clone()))
                        .unwrap_or_default(),
                }
            }
            Task::Request { person, .. } => Matter::Request(self.actor(person)?),
        })
    }
}

/// What moderators often write, by title. One query.
pub(crate) fn wordings(db: &mut Db) -> Res<Vec<Wording>> {
    wordings::list(db, MOST_WORDINGS)
}
