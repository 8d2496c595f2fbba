//! Reports in the words of those who read them, and their end (federation.md 4.8).

use serde_json::Value;

use super::scene::{Report, Scene};
use crate::domain::ids::ActorId;
use crate::federation::write::{self, Addressing, Envelope, GroupRef};

/// As Lemmy reads it: one object as a string, to the group alone, or to the person where there is
/// no group.
pub(super) fn to_forum(scene: &Scene<'_>) -> Option<Value> {
    let report = scene.report.as_ref()?;
    Some(worded(scene, report, scene.by.uri.as_str()))
}

fn worded(scene: &Scene<'_>, report: &Report, actor: &str) -> Value {
    let group = scene.group.as_ref().map(GroupRef::of);
    let to = group
        .as_ref()
        .map_or(report.subject.uri.as_str(), |group| group.uri.as_str());
    let addressing = Addressing::one(to, group.as_ref());
    let about = match report.objects.first() {
        Some(first) => first.as_str(),
        None => report.subject.uri.as_str(),
    };
    let envelope = envelope(scene, report, actor, addressing);
    write::flag(&envelope, &[about], &report.flag.reason)
}

/// As Mastodon reads it: from the hub itself, the account first, then what it wrote.
pub(super) fn to_microblog(scene: &Scene<'_>) -> Option<(ActorId, Value)> {
    let report = scene.report.as_ref()?;
    let signer = scene.hub.as_ref().unwrap_or(&scene.by);
    let subject = report.subject.uri.as_str();
    let addressing = Addressing::one(subject, None);
    let mut about = vec![subject];
    about.extend(report.objects.iter().map(String::as_str));
    let envelope = envelope(scene, report, signer.uri.as_str(), addressing);
    let document = write::flag(&envelope, &about, &report.flag.reason);
    Some((signer.id, document))
}

/// A moderator here is done with it; the Flag is embedded as its reporter sent it.
pub(super) fn resolve(scene: &Scene<'_>) -> Option<Value> {
    let report = scene.report.as_ref()?;
    let group = GroupRef::of(scene.group.as_ref()?);
    let flag = worded(scene, report, report.reporter.uri.as_str());
    let envelope = Envelope {
        id: scene
            .names
            .activity("resolve", &scene.logged.uuid)
            .to_string(),
        actor: scene.by.uri.to_string(),
        addressing: Addressing::one(&group.uri, Some(&group)),
        published: scene.logged.at,
    };
    Some(write::resolve(&envelope, flag))
}

fn envelope(scene: &Scene<'_>, report: &Report, actor: &str, addressing: Addressing) -> Envelope {
    Envelope {
        id: report.flag.uri.to_string(),
        actor: actor.to_owned(),
        addressing,
        published: scene.logged.at,
    }
}
