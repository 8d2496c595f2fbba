//! What people elsewhere did with posts and comments, found by the id of the activity: some servers
//! name no more than that when they take it back (federation.md 4.7).

use diesel::prelude::*;

use super::schema::{attendees, comments, posts, reactions, shares, votes};
use super::{Db, Res};
use crate::domain::ids::ActorId;

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A vote, either way.
    Vote,
    /// A reaction with this emoji.
    Reaction(String),
    /// A share.
    Share,
    /// A word that one comes to an event.
    Join,
}

/// What an actor did by an activity of this id, of which `digest` is kept, and the `ActivityPub` id of
/// the post or comment with which it was done.
pub(crate) fn find(db: &mut Db, by: ActorId, id: &str, digest: i64) -> Res<Option<(Deed, String)>> {
    // A reaction is a vote as well.
    let reaction: Option<(i64, String)> = reactions::table
        .filter(reactions::actor_id.eq(by.0).and(reactions::deed.eq(digest)))
        .select((reactions::object_id, reactions::content))
        .first(db)
        .optional()?;
    if let Some((object, content)) = reaction {
        return of(db, Deed::Reaction(content), object);
    }
    let vote: Option<i64> = votes::table
        .filter(votes::actor_id.eq(by.0).and(votes::deed.eq(digest)))
        .select(votes::object_id)
        .first(db)
        .optional()?;
    if let Some(object) = vote {
        return of(db, Deed::Vote, object);
    }
    let share: Option<i64> = shares::table
        .filter(shares::actor_id.eq(by.0).and(shares::deed.eq(digest)))
        .select(shares::object_id)
        .first(db)
        .optional()?;
    if let Some(object) = share {
        return of(db, Deed::Share, object);
    }
    let join: Option<i64> = attendees::table
        .filter(attendees::actor_id.eq(by.0).and(attendees::uri.eq(id)))
        .select(attendees::post_id)
        .first(db)
        .optional()?;
    match join {
        Some(post) => of(db, Deed::Join, post),
        None => Ok(None),
    }
}

fn of(db: &mut Db, deed: Deed, object: i64) -> Res<Option<(Deed, String)>> {
    let post: Option<String> = posts::table
        .find(object)
        .select(posts::uri)
        .first(db)
        .optional()?;
    let uri = match post {
        Some(uri) => Some(uri),
        None => comments::table
            .find(object)
            .select(comments::uri)
            .first(db)
            .optional()?,
    };
    Ok(uri.map(|uri| (deed, uri)))
}
