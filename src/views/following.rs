//! Whom and what a member follows.

use crate::domain::actor::Actor;
use crate::domain::ids::ActorId;
use crate::domain::membership::FollowState;
use crate::domain::page::{Page, PageRequest};
use crate::store::{Db, Res, accounts, actors, follows};

/// Somebody, or a group, whom a member follows or asked to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Followed {
    /// Whom, or which; of a private group that did not let the member in the name alone.
    pub(crate) actor: Actor,
    /// Where that stands.
    pub(crate) state: FollowState,
}

/// What of it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// People.
    People,
    /// Groups.
    Groups,
}

impl Which {
    /// The stable lower-case name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Groups => "groups",
        }
    }

    /// Reads the stable name; people, where it is none.
    pub(crate) fn parse(text: Option<&str>) -> Self {
        match text {
            Some("groups") => Self::Groups,
            _ => Self::People,
        }
    }
}

/// Whom or what a member follows, the last first: two queries.
pub(crate) fn page(
    db: &mut Db,
    member: ActorId,
    which: Which,
    request: PageRequest,
) -> Res<Page<Followed>> {
    let page = follows::list_followed(db, member, which == Which::Groups, request)?;
    let (actors, states): (Vec<Actor>, Vec<FollowState>) = page
        .items
        .into_iter()
        .map(|(actor, follow)| (actor, follow.state))
        .unzip();
    let actors = super::group::veiled(db, member, actors)?;
    let items = actors.into_iter().zip(states);
    Ok(Page {
        items: items
            .map(|(actor, state)| Followed { actor, state })
            .collect(),
        next: page.next,
    })
}

/// How many follow a member, and whether their page says so: two queries.
pub(crate) fn followers(db: &mut Db, member: ActorId) -> Res<(i64, bool)> {
    let count = actors::find(db, member)?.map_or(0, |actor| actor.followers_count);
    Ok((count, accounts::shows_followers(db, member)?))
}
