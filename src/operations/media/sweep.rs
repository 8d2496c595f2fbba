//! What nobody needs any more is deleted: the files first, then the row.

use crate::domain::caller::Caller;
use crate::domain::ids::MediaId;
use crate::domain::media::{Media, MediaState};
use crate::domain::refusal::Refusal;
use crate::operations::{Desk, Operation, Operations};
use crate::store::media;

/// An upload that was not finished after so many seconds never will be.
const UNFINISHED: i64 = 3_600;
/// Pictures whose files are deleted before the next are looked for.
const CHUNK: u32 = 100;

/// Dooms what was not finished, never used, deleted for long, or lost what showed it.
struct Doom;

impl Operation for Doom {
    type Output = usize;
    const NAME: &'static str = "doom_media";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<usize, Refusal> {
        let kept = &desk.settings.media;
        let mut doomed = 0;
        for (state, seconds) in [
            (MediaState::Arriving, UNFINISHED),
            (MediaState::Unused, kept.unused_retention.seconds()),
            (MediaState::Hidden, kept.deleted_retention.seconds()),
        ] {
            let before = desk.now.plus_seconds(-seconds);
            doomed += media::doom_left(desk.db, state, before, desk.now)?;
        }
        Ok(doomed + media::doom_lost(desk.db, desk.now)?)
    }
}

/// The files of a picture are gone.
struct Forget(MediaId);

impl Operation for Forget {
    type Output = ();
    const NAME: &'static str = "forget_media";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        Ok(media::delete(desk.db, self.0)?)
    }
}

/// Deletes every picture that nobody needs any more; how many there were.
///
/// # Errors
/// If files or rows could not be deleted; the rest is deleted next time.
pub(crate) async fn sweep(operations: &Operations) -> Result<usize, Refusal> {
    operations.run(Caller::System, Doom).await?;
    let mut gone = 0;
    loop {
        let doomed = operations
            .store
            .read(|db| media::list_doomed(db, CHUNK))
            .await?;
        for picture in &doomed {
            erase(operations, picture).await?;
        }
        gone += doomed.len();
        if doomed.len() < CHUNK as usize {
            return Ok(gone);
        }
    }
}

/// Deletes the files of a picture, and then its row.
pub(super) async fn erase(operations: &Operations, picture: &Media) -> Result<(), Refusal> {
    let (cupboard, now) = (&operations.media.cupboard, operations.now());
    for name in picture.files() {
        let deleted = cupboard.delete(&name, now).await;
        deleted.map_err(Refusal::fault)?;
    }
    operations.run(Caller::System, Forget(picture.id)).await
}
