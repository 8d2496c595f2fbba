//! The files of the brand: made harmless first, then kept on the shelf, then chosen.

use crate::crypto::{digest, token};
use crate::domain::brand::{Chosen, Font, LARGEST_FONT, Sign, is_font};
use crate::domain::caller::Caller;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::media::Bounds;
use crate::operations::media::{not_kept, refused, too_large};
use crate::operations::{Desk, Operation, Operations};

/// Signs are kept no wider and no higher than this: what a large screen shows of an installed hub.
const SIDE: u32 = 512;

/// Sets the logo or the sign of the hub; without a picture it is that of the settings again.
///
/// # Errors
/// If the caller is no admin, or it is no picture that is taken.
pub(crate) async fn set_sign(
    operations: &Operations,
    caller: Caller,
    sign: Sign,
    picture: Option<&[u8]>,
) -> Result<(), Refusal> {
    policy::require_admin(caller)?;
    let Some(bytes) = picture else {
        return choose(operations, caller, Choice::Sign(sign, None)).await;
    };
    let allowed = &operations.live.get().media;
    if bytes.len() > allowed.picture_limit.length() {
        return Err(too_large(allowed));
    }
    let bounds = Bounds {
        side: SIDE.min(allowed.longest_side),
        ..Bounds::new(allowed, &[])
    };
    let made = operations.media.workshop.make(bytes, &bounds).await;
    let made = made.map_err(|rejected| refused(sign.as_str(), rejected))?;
    let name = fresh(sign.as_str(), made.kind.extension());
    put(operations, &name, made.full.bytes).await?;
    choose(operations, caller, Choice::Sign(sign, Some(name))).await
}

/// A font as it was chosen.
#[derive(Clone, Debug)]
pub(crate) enum Letters<'a> {
    /// Of those on the reader's device, or of a file that is there already; `None`: as the settings
    /// say.
    Known(Option<Font>),
    /// Those of this file.
    New(&'a [u8]),
}

/// Sets the letters of all pages.
///
/// # Errors
/// If the caller is no admin, or the file is no font that is taken.
pub(crate) async fn set_font(
    operations: &Operations,
    caller: Caller,
    letters: Letters<'_>,
) -> Result<(), Refusal> {
    policy::require_admin(caller)?;
    let font = match letters {
        Letters::Known(font) => font,
        Letters::New(bytes) => {
            check_font(bytes)?;
            let name = fresh("font", "woff2");
            put(operations, &name, bytes.to_vec()).await?;
            Some(Font::File(name))
        }
    };
    choose(operations, caller, Choice::Font(font)).await
}

fn check_font(bytes: &[u8]) -> Result<(), Refusal> {
    let (code, sentence) = if bytes.len() > LARGEST_FONT {
        let most = LARGEST_FONT / 1024;
        let sentence = format!("A font has at most {most} KiB here. Please leave out letters.");
        ("brand.font_large", sentence)
    } else if is_font(bytes) {
        return Ok(());
    } else {
        let sentence = "This is no WOFF2 font. Please send one.";
        ("brand.font_kind", sentence.to_owned())
    };
    Err(Refusal::invalid("font", code, sentence))
}

/// A name that no file had before, so that browsers keep none too long.
fn fresh(what: &str, ending: &str) -> String {
    let some = digest::hex(&token::random_bytes::<8>());
    format!("{what}-{some}.{ending}")
}

async fn put(operations: &Operations, name: &str, bytes: Vec<u8>) -> Result<(), Refusal> {
    let kept = operations.media.shelf.put(name, bytes).await;
    kept.map_err(not_kept)
}

/// What of the brand's files is chosen anew.
enum Choice {
    Sign(Sign, Option<String>),
    Font(Option<Font>),
}

impl Choice {
    /// Puts it among the others, and gives back the file that was in its place.
    fn replace(&self, chosen: &mut Chosen) -> Option<String> {
        match self {
            Self::Sign(Sign::Logo, file) => std::mem::replace(&mut chosen.logo, file.clone()),
            Self::Sign(Sign::Favicon, file) => std::mem::replace(&mut chosen.favicon, file.clone()),
            Self::Font(font) => file_of(std::mem::replace(&mut chosen.font, font.clone())),
        }
    }

    /// The file that is chosen.
    fn file(&self) -> Option<String> {
        match self {
            Self::Sign(_, file) => file.clone(),
            Self::Font(font) => file_of(font.clone()),
        }
    }
}

fn file_of(font: Option<Font>) -> Option<String> {
    match font? {
        Font::File(name) => Some(name),
        Font::Device(_) => None,
    }
}

impl Operation for Choice {
    type Output = Option<String>;
    const NAME: &'static str = "choose_brand_file";

    fn perform(&self, desk: &mut Desk<'_>) -> Result<Option<String>, Refusal> {
        policy::require_admin(desk.caller)?;
        let mut before = None;
        super::choose(desk, |chosen| before = self.replace(chosen))?;
        Ok(before)
    }
}

/// Chooses a file that lies on the shelf, and deletes the one before; what was not chosen after all
/// does not stay.
async fn choose(operations: &Operations, caller: Caller, choice: Choice) -> Result<(), Refusal> {
    let file = choice.file();
    let done = operations.run(caller, choice).await;
    let needless = match &done {
        Ok(before) => before
            .clone()
            .filter(|before| Some(before) != file.as_ref()),
        Err(_) => file,
    };
    if let Some(name) = needless {
        let gone = operations.media.shelf.delete(&name).await;
        gone.map_err(Refusal::fault)?;
    }
    done.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brand::Family;
    use crate::domain::refusal::Kind;
    use crate::media::testing::png;
    use crate::operations::testing::Hall;
    use crate::store::brand;
    use crate::store::testing::db_test;

    const FONT: &[u8] = b"wOF2\0\x01\0\0\0\0\0\x10\0\x01xx";

    async fn chosen(hall: &Hall) -> Chosen {
        hall.read(brand::find).await
    }

    db_test!(a_sign_is_made_harmless_and_the_one_before_goes, |store| {
        let hall = Hall::new(store).await;
        let (operations, anna) = (&hall.operations, hall.person("anna").await);
        let set = async |by, file: Option<&[u8]>| set_sign(operations, by, Sign::Logo, file).await;
        let picture = png(900, 600);
        let refused = set(anna, Some(&picture)).await.unwrap_err();
        assert_eq!(refused.kind, Kind::Forbidden);
        let svg = b"<svg onload='alert(1)'/>".as_slice();
        let refused = set(Caller::System, Some(svg)).await.unwrap_err();
        assert_eq!(
            (&*refused.code, refused.fields[0].name),
            ("media.kind", "logo")
        );
        assert_eq!(chosen(&hall).await, Chosen::default());
        set(Caller::System, Some(&picture)).await.unwrap();
        let first = chosen(&hall).await.logo.unwrap();
        let shelf = &operations.media.shelf;
        let kept = shelf.get(&first).await.unwrap().unwrap();
        // A PNG says its width and height in its first chunk.
        let size =
            [&kept[16..20], &kept[20..24]].map(|side| u32::from_be_bytes(side.try_into().unwrap()));
        assert_eq!(size, [512, 341], "no larger than is shown");
        set(Caller::System, Some(&picture)).await.unwrap();
        let second = chosen(&hall).await.logo.unwrap();
        assert_ne!(first, second);
        assert_eq!(shelf.get(&first).await.unwrap(), None);
        set(Caller::System, None).await.unwrap();
        assert_eq!(chosen(&hall).await.logo, None);
        assert_eq!(shelf.get(&second).await.unwrap(), None);
    });

    db_test!(a_font_is_bounded_and_known_by_its_first_bytes, |store| {
        let hall = Hall::new(store).await;
        let (operations, anna) = (&hall.operations, hall.person("anna").await);
        let refused = set_font(operations, anna, Letters::New(FONT)).await;
        assert_eq!(refused.unwrap_err().kind, Kind::Forbidden);
        for (bytes, code) in [
            (b"OTTO and more".to_vec(), "brand.font_kind"),
            (vec![0; LARGEST_FONT + 1], "brand.font_large"),
        ] {
            let refused = set_font(operations, Caller::System, Letters::New(&bytes)).await;
            assert_eq!(refused.unwrap_err().code, code);
        }
        let set = async |letters| set_font(operations, Caller::System, letters).await;
        set(Letters::New(FONT)).await.unwrap();
        let font = chosen(&hall).await.font.unwrap();
        let name = font.as_str().to_owned();
        let shelf = &operations.media.shelf;
        assert_eq!(shelf.get(&name).await.unwrap().as_deref(), Some(FONT));
        set(Letters::Known(Some(font))).await.unwrap();
        assert!(shelf.get(&name).await.unwrap().is_some(), "it stays chosen");
        let book = Some(Font::Device(Family::Book));
        set(Letters::Known(book.clone())).await.unwrap();
        assert_eq!(chosen(&hall).await.font, book);
        assert_eq!(shelf.get(&name).await.unwrap(), None);
    });
}
