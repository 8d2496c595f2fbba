//! Which pictures an address stands for: one of its own, or all that a post or comment shows.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::domain::ids::{CommentId, ObjectId, PostId};
use crate::domain::media::Media;
use crate::domain::names::{Local, Names};
use crate::domain::post::Attachment;
use crate::domain::refusal::Refusal;
use crate::store::{Db, comments, held, media, posts};
use crate::text::pictures::addresses;

/// What an address stands for.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// The uploaded picture with this key.
    Uploaded(String),
    /// What a post or comment shows.
    Object(ObjectId),
    /// The picture, post or comment at an address elsewhere.
    Elsewhere(String),
}

/// A picture that was found.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// It was uploaded here.
    Uploaded(Media),
    /// It lies at an address elsewhere.
    Elsewhere(String),
}

impl Found {
    /// By what it is told from others: its key, or its address.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Uploaded(picture) => &picture.key,
            Self::Elsewhere(url) => url,
        }
    }

    /// The picture, if it was uploaded here.
    pub(super) fn uploaded(&self) -> Option<&Media> {
        match self {
            Self::Uploaded(picture) => Some(picture),
            Self::Elsewhere(_) => None,
        }
    }
}

impl Target {
    /// Reads an address as it stands in a browser: whole, or only the path of one of this hub.
    pub(super) fn read(names: &Names, address: &str) -> Result<Self, Refusal> {
        let mut address = address.trim().to_owned();
        if address.starts_with('/') {
            address.insert_str(0, names.base());
        }
        if let Some(file) = names.media_file(&address) {
            return Ok(Self::Uploaded(file.key));
        }
        let url = url::Url::parse(&address).map_err(|_no_address| unclear())?;
        if let Some(elsewhere) = proxied(names, &address) {
            return Ok(Self::Elsewhere(elsewhere));
        }
        if !names.is_local(&address) {
            let web = matches!(url.scheme(), "http" | "https");
            return web.then_some(Self::Elsewhere(address)).ok_or_else(unclear);
        }
        // As a thread is opened at one of its comments.
        let comment = url.query_pairs().find(|(name, _)| name == "comment");
        if let Some(id) = comment.and_then(|(_, id)| id.parse().ok()) {
            return Ok(Self::Object(ObjectId::Comment(CommentId(id))));
        }
        match names.parse(&address) {
            Some(Local::Post(id)) => Ok(Self::Object(ObjectId::Post(id))),
            Some(Local::Comment(id)) => Ok(Self::Object(ObjectId::Comment(id))),
            _ => Err(unclear()),
        }
    }
}

/// The address elsewhere of a picture that this hub shows in its place.
fn proxied(names: &Names, address: &str) -> Option<String> {
    let rest = address.strip_prefix(names.base())?;
    let coded = rest.strip_prefix("/media/proxy/")?.split('/').nth(2)?;
    String::from_utf8(URL_SAFE_NO_PAD.decode(coded).ok()?).ok()
}

fn unclear() -> Refusal {
    let sentence = "Please give the address of a picture, a post or a comment.";
    Refusal::invalid("address", "media.address", sentence)
}

/// The pictures of a target, and the post or comment that shows them, if it was asked for.
pub(super) fn find(
    db: &mut Db,
    names: &Names,
    target: Target,
) -> Result<(Vec<Found>, Option<ObjectId>), Refusal> {
    match target {
        Target::Uploaded(key) => {
            let picture = media::find(db, &key)?.ok_or_else(|| {
                let sentence = "This hub has no such picture, or no longer.";
                Refusal::not_found("media.not_found", sentence)
            })?;
            Ok((vec![Found::Uploaded(picture)], None))
        }
        Target::Object(object) => of_object(db, names, object),
        Target::Elsewhere(url) => {
            if let Some(post) = posts::find_by_uri(db, &url)? {
                return of_object(db, names, ObjectId::Post(post.id));
            }
            if let Some(comment) = comments::find_by_uri(db, &url)? {
                return of_object(db, names, ObjectId::Comment(comment.id));
            }
            Ok((vec![Found::Elsewhere(url)], None))
        }
    }
}

fn of_object(
    db: &mut Db,
    names: &Names,
    object: ObjectId,
) -> Result<(Vec<Found>, Option<ObjectId>), Refusal> {
    let (attachments, html) = shown(db, object)?.ok_or_else(|| {
        Refusal::not_found("media.no_object", "There is no such post or comment.")
    })?;
    let pictures = attachments
        .into_iter()
        .filter(is_picture)
        .map(|one| one.url);
    let mut found = Vec::new();
    for url in pictures.chain(addresses(&html)) {
        match names.media_file(&url) {
            Some(file) => found.extend(media::find(db, &file.key)?.map(Found::Uploaded)),
            None => found.push(Found::Elsewhere(url)),
        }
    }
    if found.is_empty() {
        let sentence = "There is no picture in this post or comment.";
        return Err(Refusal::not_found("media.none", sentence));
    }
    Ok((found, Some(object)))
}

fn shown(db: &mut Db, object: ObjectId) -> Result<Option<(Vec<Attachment>, String)>, Refusal> {
    Ok(match object {
        ObjectId::Comment(id) => {
            comments::find(db, id)?.map(|comment| (comment.attachments, comment.html))
        }
        ObjectId::Post(id) => match posts::find(db, id)? {
            Some(post) => Some((post.attachments, post.html)),
            None => waiting(db, id)?,
        },
    })
}

fn waiting(db: &mut Db, id: PostId) -> Result<Option<(Vec<Attachment>, String)>, Refusal> {
    Ok(held::find(db, id)?.map(|held| (held.attachments, held.html)))
}

/// A picture, or what nobody says is something else.
fn is_picture(one: &Attachment) -> bool {
    let kind = one.media_type.as_deref();
    kind.is_none_or(|kind| kind.starts_with("image/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Option<String> {
        let target = Target::read(&Names::new("https://hub.example"), address);
        target.ok().map(|target| format!("{target:?}"))
    }

    #[test]
    fn an_address_is_read_as_it_stands_in_a_browser() {
        let key = "ab".repeat(32);
        let coded = URL_SAFE_NO_PAD.encode("https://other.example/1.png");
        for (address, target) in [
            (
                format!("https://hub.example/media/{key}-640.jpg"),
                format!("Uploaded({key:?})"),
            ),
            (format!(" /media/{key}.png "), format!("Uploaded({key:?})")),
            (
                format!("https://hub.example/media/proxy/abc/640/{coded}"),
                "Elsewhere(\"https://other.example/1.png\")".to_owned(),
            ),
            ("/post/7".to_owned(), "Object(Post(PostId(7)))".to_owned()),
            (
                "https://hub.example/post/7?comment=9#comment-9".to_owned(),
                "Object(Comment(CommentId(9)))".to_owned(),
            ),
            (
                "/comment/9".to_owned(),
                "Object(Comment(CommentId(9)))".to_owned(),
            ),
            (
                "https://other.example/2.png".to_owned(),
                "Elsewhere(\"https://other.example/2.png\")".to_owned(),
            ),
        ] {
            assert_eq!(read(&address), Some(target), "{address}");
        }
        for unclear in [
            "",
            "picture",
            "/c/tea",
            "/",
            "ftp://other.example/1.png",
            "/media/x.svg",
        ] {
            assert_eq!(read(unclear), None, "{unclear}");
        }
    }
}
