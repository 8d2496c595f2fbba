//! Flag, in every dialect, and Resolve: Lemmy names one object, Mastodon the account and its posts,
//! Mbin the post and the account, Misskey the account with links in its words (federation.md 4.8).

use crate::domain::actor::{Actor, ActorKind};
use crate::domain::caller::Caller;
use crate::domain::flag::{Docket, Flag};
use crate::domain::ids::{ActorId, MessageId, ObjectId, Uri};
use crate::domain::names::Names;
use crate::domain::refusal::Refusal;
use crate::operations::flag::{RaiseFlag, ReportMessage, ResolveFlag};
use crate::store::{Db, Res, StoreError, actors, flags, messages, moderators};

use super::super::resolve::find_object;
use super::super::wire::{Activity, Ref};
use super::case::{Case, Handled, Verdict};
use super::delete;

/// Whose moderators, who is reported, and what of theirs.
type Target = (Docket, ActorId, Vec<ObjectId>);

/// What of a report somebody here can judge: who is reported to whom, and what of theirs; and
/// private messages, which the hub's moderators then may read.
#[derive(Default)]
struct Targets {
    public: Vec<Target>,
    private: Vec<MessageId>,
}

/// One report for the moderators of each group, for each person and for each private message; of a
/// whole group one for the hub's own moderators.
pub(super) async fn flag(case: &Case<'_>) -> Handled {
    let treatment = case.federation.operations.treatment(&case.by.host).await?;
    if treatment.reject_reports {
        return Ok(Verdict::Ignored("reports from its server are not taken"));
    }
    let targets = targets(case, named(case, &case.activity)).await?;
    let mut shown = shown(case, &targets);
    let mut raised = raised(case, targets.public);
    let last = raised.pop();
    let last_shown = if last.is_none() { shown.pop() } else { None };
    let operations = &case.federation.operations;
    let caller = Caller::Remote { actor: case.by.id };
    for report in shown {
        Box::pin(operations.run(caller, report)).await?;
    }
    for report in raised {
        Box::pin(operations.run(caller, report)).await?;
    }
    match (last, last_shown) {
        (Some(report), _) => case.run(report).await,
        (None, Some(report)) => case.run(report).await,
        (None, None) => Ok(Verdict::Ignored(
            "nothing of what it reports is judged here",
        )),
    }
}

/// Reports of what stands in groups, and of people.
fn raised(case: &Case<'_>, targets: Vec<Target>) -> Vec<RaiseFlag> {
    let report = |(place, target): (usize, Target)| {
        let (docket, subject, objects) = target;
        RaiseFlag {
            group: match docket {
                Docket::Group(group) => Some(group),
                Docket::Hub => None,
            },
            objects,
            subject,
            reason: words(&case.activity),
            uri: numbered(&case.activity.id, place),
        }
    };
    targets.into_iter().enumerate().map(report).collect()
}

/// Reports of private messages.
fn shown(case: &Case<'_>, targets: &Targets) -> Vec<ReportMessage> {
    let report = |(place, message): (usize, &MessageId)| ReportMessage {
        message: *message,
        reason: words(&case.activity),
        forward: false,
        uri: numbered(&case.activity.id, targets.public.len() + place),
    };
    targets.private.iter().enumerate().map(report).collect()
}

/// A moderator elsewhere is done with a report (Lemmy 1.0).
pub(super) async fn resolve(case: &Case<'_>) -> Handled {
    let inner = match case.object()? {
        Ref::Embedded(value) => Activity::inner(value).ok(),
        Ref::Id(_) => None,
    };
    let id = case.object_id().ok().map(str::to_owned);
    let about = inner
        .as_ref()
        .map(|inner| named(case, inner))
        .unwrap_or_default();
    let names = case.federation.operations.names.clone();
    let store = &case.federation.operations.store;
    let found = store.read(move |db| find(db, &names, id.as_deref(), &about));
    let Some(flag) = found.await.map_err(Refusal::from)? else {
        return Ok(Verdict::Ignored("the report is not here"));
    };
    let resolve = ResolveFlag { flag: flag.id };
    match flag.group {
        Some(group) => {
            let group = case.actor_of(group).await?;
            case.moderate(&group, None, resolve).await
        }
        None => case.run(resolve).await,
    }
}

/// The report with this id, or an open one about one of these things.
fn find(db: &mut Db, names: &Names, id: Option<&str>, about: &[String]) -> Res<Option<Flag>> {
    if let Some(id) = id
        && let Some(flag) = flags::find_by_uri(db, id)?
    {
        return Ok(Some(flag));
    }
    for uri in about {
        if let Some(known) = find_object(db, names, uri)?
            && let Some(flag) = flags::find_open_about(db, known.group, known.id)?
        {
            return Ok(Some(flag));
        }
    }
    Ok(None)
}

/// What a report names: its objects, and addresses in its words, as many as are looked at
/// (security.md H113).
fn named(case: &Case<'_>, activity: &Activity) -> Vec<String> {
    let most = case.federation.settings().intake.reported;
    let objects = activity.objects.iter().filter_map(|object| object.id());
    let text = activity.content.as_deref().unwrap_or_default();
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>');
    let linked = text
        .split(is_end)
        .filter(|word| word.starts_with("https://") || word.starts_with("http://"));
    objects
        .chain(linked)
        .map(str::to_owned)
        .take(most.into())
        .collect()
}

fn words(activity: &Activity) -> String {
    let summary = activity.summary.as_deref();
    let said = summary.filter(|text| !text.trim().is_empty());
    delete::reason(said.or(activity.content.as_deref()))
}

fn numbered(id: &str, place: usize) -> Option<Uri> {
    match place {
        0 => Uri::parse(id),
        _ => Uri::parse(&format!("{id}#{place}")),
    }
}

async fn targets(case: &Case<'_>, named: Vec<String>) -> Result<Targets, Refusal> {
    let names = case.federation.operations.names.clone();
    let via = case.via.as_ref().map(|group| group.id);
    let store = &case.federation.operations.store;
    let found = store.read(move |db| {
        let mut targets = Targets::default();
        let (mut people, mut groups, mut authors) = (Vec::new(), Vec::new(), Vec::new());
        for uri in &named {
            if let Some(known) = find_object(db, &names, uri)? {
                if via.is_none_or(|via| via == known.group)
                    && let Some(docket) = docket(db, known.group, known.author)?
                {
                    targets.add(docket, known.author, known.id);
                }
            } else if let Some(message) = messages::find_by_uri(db, uri)? {
                if message.local && via.is_none() {
                    targets.private.push(message.id);
                    authors.push(message.author);
                }
            } else if let Some(actor) = actors::find_by_uri(db, uri)? {
                match actor.kind {
                    ActorKind::Group => groups.push(actor),
                    _ => people.push(actor),
                }
            }
        }
        for person in people {
            let known = targets
                .public
                .iter()
                .any(|(_, subject, _)| *subject == person.id)
                || authors.contains(&person.id);
            if person.local && !known && via.is_none() {
                targets.public.push((Docket::Hub, person.id, Vec::new()));
            }
        }
        // Beside something else a group only says where that happened.
        if targets.public.is_empty() && targets.private.is_empty() && via.is_none() {
            let local = groups.iter().filter(|group| group.local);
            let report = |group: &Actor| (Docket::Hub, group.id, Vec::new());
            targets.public.extend(local.take(1).map(report));
        }
        Ok::<_, StoreError>(targets)
    });
    found.await.map_err(Refusal::from)
}

/// Who here judges words of this author in this group: its moderators, or the hub's own. `None`:
/// nobody.
fn docket(db: &mut Db, group: ActorId, author: ActorId) -> Res<Option<Docket>> {
    let local = |db: &mut Db, id| {
        Ok::<_, StoreError>(actors::find(db, id)?.is_some_and(|actor| actor.local))
    };
    if local(db, group)? {
        return Ok(Some(Docket::Group(group)));
    }
    if local(db, author)? {
        return Ok(Some(Docket::Hub));
    }
    let ours = moderators::list(db, group)?.iter().any(|one| one.local);
    Ok(ours.then_some(Docket::Group(group)))
}

impl Targets {
    fn add(&mut self, docket: Docket, author: ActorId, object: ObjectId) {
        let same = self
            .public
            .iter_mut()
            .find(|(known, subject, _)| *known == docket && *subject == author);
        match same {
            Some((_, _, objects)) => objects.push(object),
            None => self.public.push((docket, author, vec![object])),
        }
    }
}
