//! What members here wrote into private groups of other servers, for third servers: whether people
//! of theirs are in the group, only the group's own server knows, and is asked (federation.md 3.5).

use std::time::Duration;

use moka::sync::Cache;
use url::form_urlencoded::byte_serialize;

use crate::domain::actor::Actor;
use crate::domain::caller::Viewer;
use crate::domain::ids::{ActorId, ObjectId, Uri};
use crate::domain::refusal::Refusal;
use crate::store::{Db, Res, actors, comments, posts};

use super::Federation;

/// How long the word of a group's server holds: who leaves a group reads on for as long.
const HOLDS: Duration = Duration::from_mins(10);
/// How many such words are remembered.
const MOST: u64 = 10_000;

/// Which servers have people in which private groups elsewhere, by those groups' word.
pub(super) struct Vouchers(Cache<(ActorId, String), bool>);

impl Default for Vouchers {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(MOST);
        Self(cache.time_to_live(HOLDS).build())
    }
}

impl Federation {
    /// As whom the server of this actor may read what was written here into a private group
    /// elsewhere: as its guest, if the group's server says that people of theirs are in it, or is
    /// the one that asks. `None`: as nobody in particular.
    ///
    /// # Errors
    /// If the store cannot be read. A group's server that does not answer vouches for nobody.
    pub(crate) async fn guest(
        &self,
        asker: &Uri,
        object: ObjectId,
    ) -> Result<Option<Viewer>, Refusal> {
        let store = &self.operations.store;
        let group = store.read(move |db| place(db, object)).await;
        let Some(group) = group.map_err(Refusal::from)? else {
            return Ok(None);
        };
        let key = (group.id, asker.host());
        if asker.host() == group.host || self.vouchers.0.get(&key) == Some(true) {
            return Ok(Some(Viewer::Guest(group.id)));
        }
        if self.vouchers.0.contains_key(&key) {
            return Ok(None);
        }
        let vouched = self.ask_for(&group, asker).await;
        self.vouchers.0.insert(key, vouched);
        Ok(vouched.then_some(Viewer::Guest(group.id)))
    }

    /// Asks a group's server whether people of the asker's are in it, as Lemmy words the question.
    async fn ask_for(&self, group: &Actor, asker: &Uri) -> bool {
        let Some(followers) = &group.followers else {
            return false;
        };
        if self.ask_host(followers).is_err() {
            return false;
        }
        let joint = if followers.contains('?') { '&' } else { '?' };
        let asked: String = byte_serialize(asker.as_str().as_bytes()).collect();
        let url = format!("{followers}{joint}is_follower={asked}");
        self.is_there(&url).await.unwrap_or(false)
    }
}

/// The private group elsewhere in which something that was written here stands.
fn place(db: &mut Db, object: ObjectId) -> Res<Option<Actor>> {
    let (post, local) = match object {
        ObjectId::Post(id) => (posts::find(db, id)?, true),
        ObjectId::Comment(id) => match comments::find(db, id)? {
            Some(comment) => (posts::find(db, comment.post)?, comment.local),
            None => (None, false),
        },
    };
    let Some(post) = post else { return Ok(None) };
    let ours = match object {
        ObjectId::Post(_) => post.local,
        ObjectId::Comment(_) => local,
    };
    let group = actors::find(db, post.group)?.filter(|_| ours);
    Ok(group.filter(|group| group.is_private_group() && !group.local))
}
