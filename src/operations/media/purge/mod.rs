//! Pictures that must go: deleted wherever the hub keeps them, and not taken again.

mod find;
mod take_out;

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use self::find::{Found, Target};
use super::sweep;
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, ObjectId};
use crate::domain::likeness::Likeness;
use crate::domain::media::{MediaState, PictureBlock};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::media::{Bounds, CACHED_SIDE, Made, Rejected};
use crate::operations::account::one_line;
use crate::operations::{Desk, Operation, Operations};
use crate::store::{Db, media, picture_blocks};

/// The longest reason, in letters.
const REASON: u32 = 500;
/// Other uploads that may be the same picture.
const COPIES: u32 = 100;

/// What was done about pictures that had to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Purged {
    /// Uploaded pictures, of which every file was deleted.
    pub(crate) uploaded: usize,
    /// Pictures of other servers, which were dropped here and are fetched no more.
    pub(crate) elsewhere: usize,
    /// Those among them of which nobody here knows how they look: only their address is blocked.
    pub(crate) unseen: usize,
}

/// Deletes a picture wherever the hub keeps it, or all pictures of a post or comment; neither they
/// nor anything that looks like them is taken again. Their files are gone when this returns.
///
/// # Errors
/// If the caller is no admin, nothing is at that address, or the files could not be deleted; then
/// they are deleted within minutes.
pub(crate) async fn purge(
    operations: &Operations,
    caller: Caller,
    address: &str,
    reason: &str,
) -> Result<Purged, Refusal> {
    policy::require_admin(caller)?;
    let reason = said(reason)?;
    let target = Target::read(&operations.names, address)?;
    let names = std::sync::Arc::clone(&operations.names);
    let look = operations
        .store
        .read(move |db| find::find(db, &names, target));
    let (found, object) = look.await?;
    let mut goes = Vec::new();
    for one in found {
        let made = look_at(operations, &one).await?;
        goes.extend(copies(operations, &one, made.as_ref()).await?);
        let likeness = made.map(|made| made.likeness);
        goes.push(Goes { one, likeness });
    }
    let mut known = HashSet::new();
    goes.retain(|going| known.insert(going.one.name().to_owned()));
    let purge = PurgePictures {
        goes: goes.clone(),
        object,
        reason,
    };
    operations.run(caller, purge).await?;
    erase(operations, &goes).await
}

/// The reason, which everybody may read in the log.
fn said(reason: &str) -> Result<String, Refusal> {
    let reason = one_line("reason", reason, REASON)?;
    if reason.is_empty() {
        let sentence = "Please say why; everybody can read it in the log.";
        return Err(Refusal::invalid("reason", "media.reason", sentence));
    }
    Ok(reason)
}

/// What the hub's own tools see in a picture; `None` where its files are not here, or broken.
async fn look_at(operations: &Operations, one: &Found) -> Result<Option<Made>, Refusal> {
    let now = operations.now();
    let kept = match one {
        Found::Uploaded(picture) => {
            let name = picture.file_of_width(None);
            operations.media.cupboard.get(&name, now).await
        }
        Found::Elsewhere(url) => {
            let cached = operations.media.cache.find(url, None, now, Duration::MAX);
            cached.await.map(|cached| cached.map(|cached| cached.bytes))
        }
    };
    let Some(bytes) = kept.map_err(Refusal::fault)? else {
        return Ok(None);
    };
    let bounds = Bounds {
        side: CACHED_SIDE,
        ..Bounds::new(&operations.live.get().media, &[])
    };
    match operations.media.workshop.make(&bytes, &bounds).await {
        Ok(made) => Ok(Some(made)),
        Err(Rejected::Busy) => {
            let sentence = Rejected::Busy.to_string();
            Err(Refusal::new(Kind::Unavailable, "media.busy", sentence))
        }
        Err(_) => Ok(None),
    }
}

/// The same picture, as others uploaded it.
async fn copies(
    operations: &Operations,
    one: &Found,
    made: Option<&Made>,
) -> Result<Vec<Goes>, Refusal> {
    let Some(made) = made else {
        return Ok(Vec::new());
    };
    let blurhash = match one {
        Found::Uploaded(picture) => picture.blurhash.clone(),
        Found::Elsewhere(_) => made.blurhash.clone(),
    };
    let look = move |db: &mut Db| media::list_by_blurhash(db, &blurhash, COPIES);
    let mut same = Vec::new();
    for copy in operations.store.read(look).await? {
        let one = Found::Uploaded(copy);
        let looks = look_at(operations, &one).await?;
        let likeness = looks.map(|looks| looks.likeness);
        if likeness
            .as_ref()
            .is_some_and(|looks| looks.is_like(&made.likeness))
        {
            same.push(Goes { one, likeness });
        }
    }
    Ok(same)
}

/// Deletes the files.
async fn erase(operations: &Operations, goes: &[Goes]) -> Result<Purged, Refusal> {
    let mut done = Purged::default();
    for going in goes {
        match &going.one {
            Found::Uploaded(picture) => {
                sweep::erase(operations, picture).await?;
                done.uploaded += 1;
            }
            Found::Elsewhere(url) => {
                let dropped = operations.media.cache.forget(url).await;
                dropped.map_err(Refusal::fault)?;
                done.elsewhere += 1;
                done.unseen += usize::from(going.likeness.is_none());
            }
        }
    }
    Ok(done)
}

/// A picture that goes, and how it looks, where that is known.
#[derive(Clone, Debug)]
struct Goes {
    one: Found,
    likeness: Option<Likeness>,
}

/// Pictures go: they are taken out of what shows them, and blocked.
struct PurgePictures {
    goes: Vec<Goes>,
    /// The post or comment by which they were found.
    object: Option<ObjectId>,
    reason: String,
}

impl Operation for PurgePictures {
    type Output = ();
    const NAME: &'static str = "purge_pictures";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        let mut places = BTreeMap::new();
        if let Some(object) = self.object {
            places.insert(object.number(), None);
        }
        for picture in self.goes.iter().filter_map(|going| going.one.uploaded()) {
            if let Some(place) = picture.attached_to {
                places.insert(place, Some(picture.owner));
            }
        }
        for (place, owner) in &places {
            self.empty(desk, *place, *owner)?;
        }
        for going in &self.goes {
            if let Found::Uploaded(picture) = &going.one {
                let doomed = MediaState::Doomed;
                media::set_state(desk.db, picture.id, doomed, None, desk.now)?;
            }
            let block = self.block(desk, going);
            picture_blocks::insert(desk.db, &block)?;
        }
        if places.is_empty() {
            let owner = self.goes.iter().find_map(|going| going.one.uploaded());
            let owner = owner.map(|picture| picture.owner);
            desk.log(None, "purge", None, owner, &self.reason)?;
        }
        Ok(())
    }
}

impl PurgePictures {
    /// Takes the pictures out of one place, and says so in the log of its group, or of the hub.
    fn empty(
        &self,
        desk: &mut Desk<'_>,
        place: i64,
        owner: Option<ActorId>,
    ) -> Result<(), Refusal> {
        let names = desk.names;
        let goes = |url: &str| {
            let key = names.media_file(url).map(|file| file.key);
            let name = key.as_deref().unwrap_or(url);
            self.goes.iter().any(|going| going.one.name() == name)
        };
        let shown = take_out::take_out(desk, place, &goes)?;
        let about = shown.as_ref().map(|shown| shown.author).or(owner);
        let (group, object) = shown.map_or((None, None), |shown| (shown.group, shown.object));
        desk.log(group, "purge", object, about, &self.reason)
    }

    fn block(&self, desk: &Desk<'_>, going: &Goes) -> PictureBlock {
        PictureBlock {
            id: desk.next_id(),
            url: match &going.one {
                Found::Uploaded(_) => None,
                Found::Elsewhere(url) => Some(url.clone()),
            },
            likeness: going.likeness.clone(),
            reason: self.reason.clone(),
            by: desk.caller.actor(),
            at: desk.now,
        }
    }
}

/// An admin lets a picture be taken again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LiftPictureBlock {
    /// The block.
    pub(crate) id: i64,
}

impl Operation for LiftPictureBlock {
    type Output = ();
    const NAME: &'static str = "lift_picture_block";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        policy::require_admin(desk.caller)?;
        if !picture_blocks::delete(desk.db, self.id)? {
            let sentence = "There is no such block, or no longer.";
            return Err(Refusal::not_found("media.no_block", sentence));
        }
        desk.log(None, "purge-lift", None, None, "")
    }
}

/// Whether nothing that looks like this may be taken.
pub(in crate::operations) fn is_blocked(db: &mut Db, looks: &Likeness) -> Result<bool, Refusal> {
    let blocked = picture_blocks::list_likenesses(db)?;
    Ok(blocked.iter().any(|known| known.is_like(looks)))
}

/// Whether the picture at an address elsewhere may not be shown here.
///
/// # Errors
/// If the store cannot be read.
pub(crate) async fn is_address_blocked(
    operations: &Operations,
    url: &str,
) -> Result<bool, Refusal> {
    let url = url.to_owned();
    let look = operations
        .store
        .read(move |db| picture_blocks::has_url(db, &url));
    Ok(look.await?)
}

/// Whether a picture of another server may not be shown here, as it looks like one that had to go.
///
/// # Errors
/// If the store cannot be read.
pub(crate) async fn is_picture_blocked(
    operations: &Operations,
    made: &Made,
) -> Result<bool, Refusal> {
    let looks = made.likeness.clone();
    operations
        .store
        .read(move |db| is_blocked(db, &looks))
        .await
}

#[cfg(test)]
mod tests;
