//! A picture is uploaded: made harmless first, then noted, then written.

use super::{described, purge};
use crate::crypto::{digest, token};
use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, MediaId};
use crate::domain::likeness::Likeness;
use crate::domain::media::{Focus, Media, MediaState, WIDTHS};
use crate::domain::policy;
use crate::domain::refusal::{Kind, Refusal};
use crate::media::{Bounds, CupboardError, Made, Rejected};
use crate::operations::{Desk, Operation, Operations};
use crate::settings;
use crate::store::{Db, media};

/// Takes a picture from somebody and keeps what can be shown of it.
///
/// # Errors
/// If it is no picture that is taken, or more than they may upload.
pub(crate) async fn upload(
    operations: &Operations,
    caller: Caller,
    bytes: &[u8],
    alt: &str,
) -> Result<Media, Refusal> {
    let owner = policy::require_actor(caller)?;
    let (settings, now) = (operations.live.get(), operations.now());
    if bytes.len() > settings.media.picture_limit.length() {
        return Err(too_large(&settings.media));
    }
    let alt = described(alt)?;
    let allowed = settings.media.clone();
    operations
        .store
        .read(move |db| check_allowance(db, &allowed, owner, 0, now))
        .await?;
    let bounds = Bounds::new(&settings.media, &WIDTHS);
    let made = operations.media.workshop.make(bytes, &bounds).await;
    let made = made.map_err(|rejected| refused("file", rejected))?;
    let noted = Note::new(owner, alt, &made);
    let picture = operations.run(caller, noted).await?;
    write(operations, &picture, made).await?;
    operations.run(caller, Finish(picture.id)).await?;
    Ok(picture)
}

async fn write(operations: &Operations, picture: &Media, made: Made) -> Result<(), Refusal> {
    let (cupboard, now) = (&operations.media.cupboard, operations.now());
    for smaller in made.smaller {
        let name = picture.file_of_width(Some(smaller.width));
        let kept = cupboard.put(&name, smaller.bytes, now).await;
        kept.map_err(not_kept)?;
    }
    let name = picture.file_of_width(None);
    let kept = cupboard.put(&name, made.full.bytes, now).await;
    kept.map_err(not_kept)
}

/// A picture whose files come next.
struct Note {
    owner: ActorId,
    alt: Option<String>,
    key: String,
    kind: crate::domain::media::PictureKind,
    bytes: i64,
    size: (i32, i32),
    blurhash: String,
    likeness: Likeness,
}

impl Note {
    /// The key is a hash of the content and of something that nobody knows: who has a picture
    /// cannot ask whether somebody uploaded it, and each upload can be deleted for itself.
    fn new(owner: ActorId, alt: Option<String>, made: &Made) -> Self {
        let mut hashed = token::random_bytes::<32>().to_vec();
        hashed.extend_from_slice(&made.full.bytes);
        let files = std::iter::once(&made.full).chain(&made.smaller);
        let bytes: usize = files.map(|file| file.bytes.len()).sum();
        let side = |pixels: u32| i32::try_from(pixels).unwrap_or(i32::MAX);
        Self {
            owner,
            alt,
            key: digest::hex(&digest::sha256(&hashed)),
            kind: made.kind,
            bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
            size: (side(made.full.width), side(made.full.height)),
            blurhash: made.blurhash.clone(),
            likeness: made.likeness.clone(),
        }
    }
}

impl Operation for Note {
    type Output = Media;
    const NAME: &'static str = "note_media";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Media, Refusal> {
        let (allowed, now) = (&desk.settings.media, desk.now);
        check_allowance(desk.db, allowed, self.owner, self.bytes, now)?;
        if purge::is_blocked(desk.db, &self.likeness)? {
            let sentence = "The admins of this hub do not allow this picture.";
            return Err(Refusal::invalid("file", "media.blocked", sentence));
        }
        let picture = Media {
            id: MediaId(desk.next_id()),
            owner: self.owner,
            key: self.key.clone(),
            kind: self.kind,
            bytes: self.bytes,
            width: self.size.0,
            height: self.size.1,
            blurhash: self.blurhash.clone(),
            alt: self.alt.clone(),
            focus: Focus::MIDDLE,
            state: MediaState::Arriving,
            attached_to: None,
            created_at: now,
            changed_at: now,
        };
        media::insert(desk.db, &picture)?;
        Ok(picture)
    }
}

/// The files of a picture are there.
struct Finish(MediaId);

impl Operation for Finish {
    type Output = ();
    const NAME: &'static str = "finish_media";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<(), Refusal> {
        let unused = MediaState::Unused;
        Ok(media::set_state(desk.db, self.0, unused, None, desk.now)?)
    }
}

/// Whether somebody may upload so many bytes more.
fn check_allowance(
    db: &mut Db,
    allowed: &settings::Media,
    owner: ActorId,
    bytes: i64,
    now: Ts,
) -> Result<(), Refusal> {
    let lately = media::count_since(db, owner, now.plus_seconds(-3_600))?;
    if lately >= i64::from(allowed.uploads_per_hour) {
        return Err(Refusal::new(
            Kind::Limited { retry_after: 600 },
            "media.too_often",
            "You uploaded many pictures within the last hour. Please go on a little later.",
        ));
    }
    let most = i64::try_from(allowed.person_quota.bytes()).unwrap_or(i64::MAX);
    if media::bytes_of(db, owner)?.saturating_add(bytes) >= most {
        return Err(Refusal::new(
            Kind::TooLarge,
            "media.quota",
            format!(
                "Your pictures take up all of the {} that one person may use here. Please delete some first.",
                allowed.person_quota
            ),
        ));
    }
    Ok(())
}

pub(in crate::operations) fn too_large(allowed: &settings::Media) -> Refusal {
    let most = allowed.picture_limit;
    let sentence = format!("A picture has at most {most}. Please make it smaller.");
    Refusal {
        kind: Kind::TooLarge,
        ..Refusal::invalid("file", "media.too_large", sentence)
    }
}

/// Why nothing was made of a picture of this field.
pub(in crate::operations) fn refused(field: &'static str, rejected: Rejected) -> Refusal {
    let code = match rejected {
        Rejected::Kind => "media.kind",
        Rejected::Large => "media.large",
        Rejected::Broken => "media.broken",
        Rejected::Slow => "media.slow",
        Rejected::Busy => {
            return Refusal::new(Kind::Unavailable, "media.busy", rejected.to_string());
        }
    };
    Refusal::invalid(field, code, rejected.to_string())
}

/// Why a file was not kept.
pub(in crate::operations) fn not_kept(error: CupboardError) -> Refusal {
    if matches!(error, CupboardError::Full) {
        let sentence = "This hub has no room for pictures left. Please tell its admins.";
        return Refusal::new(Kind::Unavailable, "media.full", sentence);
    }
    Refusal::fault(error)
}
