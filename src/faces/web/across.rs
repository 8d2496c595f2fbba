//! Lists over all groups of the hub, or of one with `?group=`.

use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, Handle};
use crate::domain::refusal::Refusal;
use crate::views::{Snapshot, group};

use super::model::Face;
use super::sharing::Shared;
use super::visit::Visit;

/// What a view says of all groups, or of the one that the address names; and that one, as the
/// viewer may see it.
///
/// # Errors
/// If there is no such group, or what the view says.
pub(super) async fn read<T, E>(
    visit: &Visit,
    viewer: Option<ActorId>,
    view: impl FnOnce(&mut Snapshot, Option<ActorId>) -> Result<T, E> + Send + 'static,
) -> Result<(Option<Actor>, T), Refusal>
where
    T: Send + 'static,
    E: Into<Refusal>,
{
    let handle = visit.query("group").and_then(Handle::parse);
    let handle = handle.map(|handle| visit.here(handle));
    let look = visit.state.read(move |db| {
        let group = match handle {
            Some(handle) => Some(group::find(db, &handle)?),
            None => None,
        };
        let found = view(db, group.as_ref().map(|group| group.id)).map_err(Into::into)?;
        let group = group::veiled(db, viewer, group.into_iter().collect())?.pop();
        Ok::<_, Refusal>((group, found))
    });
    look.await
}

/// How such a list is shown elsewhere, if not everything in it is for members only.
pub(super) fn shared(
    visit: &Visit,
    group: Option<&Actor>,
    (title, about): (&str, String),
    path: &str,
) -> Option<Shared> {
    let title = match group {
        Some(group) if group.is_private_group() => return None,
        Some(group) => format!("{title} · {}", group.title),
        None => title.to_owned(),
    };
    let path = of(group.map(Face::new).as_ref(), path);
    Some(Shared::list(visit, title, about, &path))
}

/// An address that leads to the same of one group.
pub(super) fn of(group: Option<&Face>, path: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    match group {
        Some(group) => format!("{path}{joint}group={}", group.handle),
        None => path.to_owned(),
    }
}
