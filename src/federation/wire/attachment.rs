//! The `attachment` list of a post or comment: links, pictures, films, sounds.

use serde_json::Value;

use super::lenient::{Fields, label, page_of};
use crate::domain::media::Focus;

/// Attachments that are kept (statement 95).
const ATTACHMENTS: usize = 16;
/// Characters of a text for people who do not see the picture.
const ALT: usize = 1_500;

/// What an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttachmentKind {
    /// A page elsewhere.
    Link,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A sound.
    Audio,
    /// Something to download.
    Document,
}

/// One attachment with an address that can be opened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attachment {
    /// By `type`, and for `Document` by the media type, as Mastodon sends every picture.
    pub(crate) kind: AttachmentKind,
    /// Where it is.
    pub(crate) url: String,
    /// As the sender says.
    pub(crate) media_type: Option<String>,
    /// Alt text or title: `name`, else `summary` (`GoToSocial`).
    pub(crate) name: Option<String>,
    /// Pixels, within reason.
    pub(crate) width: Option<u32>,
    /// Pixels, within reason.
    pub(crate) height: Option<u32>,
    /// A blurred preview in a few letters.
    pub(crate) blurhash: Option<String>,
    /// What stays in view where it is cropped.
    pub(crate) focus: Option<Focus>,
}

impl Attachment {
    /// The first sixteen usable attachments. Blogs attach nothing and name one picture as `image`;
    /// beside attachments that is the thumbnail of a page elsewhere (Lemmy), and left out.
    pub(super) fn read_all(fields: Fields<'_>) -> Vec<Self> {
        let attached = fields.list("attachment").into_iter();
        let attached: Vec<Self> = attached.filter_map(Self::read).take(ATTACHMENTS).collect();
        if attached.is_empty() {
            let pictures = fields.list("image").into_iter();
            return pictures.filter_map(Self::read_picture).take(1).collect();
        }
        attached
    }

    /// The address of the picture in `image` where a link is attached.
    pub(super) fn read_thumbnail(fields: Fields<'_>) -> Option<String> {
        let attached = fields.list("attachment").into_iter().take(ATTACHMENTS);
        let links = |one: &Self| one.kind == AttachmentKind::Link;
        attached.filter_map(Self::read).find(links)?;
        let mut pictures = fields.list("image").into_iter();
        pictures.find_map(Self::read_picture).map(|one| one.url)
    }

    fn read(value: &Value) -> Option<Self> {
        let fields = Fields::of(value).ok()?;
        let kind = kind(&fields.kind(&[])?, media_type(fields).as_deref())?;
        Self::of(fields, kind)
    }

    fn read_picture(value: &Value) -> Option<Self> {
        Self::of(Fields::of(value).ok()?, AttachmentKind::Image)
    }

    fn of(fields: Fields<'_>, kind: AttachmentKind) -> Option<Self> {
        let url = fields
            .uri("href")
            .or_else(|| page_of(&fields.list("url")))?;
        let alt = |key: &str| fields.text(key).and_then(|text| label(&text, ALT));
        Some(Self {
            kind,
            url,
            name: alt("name").or_else(|| alt("summary")),
            width: pixels(fields, "width"),
            height: pixels(fields, "height"),
            blurhash: fields
                .text("blurhash")
                .filter(|hash| (6..=128).contains(&hash.len()) && hash.is_ascii()),
            focus: focus(fields),
            media_type: media_type(fields),
        })
    }
}

fn media_type(fields: Fields<'_>) -> Option<String> {
    fields.text("mediaType").filter(|media| media.len() <= 100)
}

fn kind(name: &str, media_type: Option<&str>) -> Option<AttachmentKind> {
    match name {
        "Link" | "Page" => Some(AttachmentKind::Link),
        "Image" => Some(AttachmentKind::Image),
        "Video" => Some(AttachmentKind::Video),
        "Audio" => Some(AttachmentKind::Audio),
        "Document" => Some(match media_type.and_then(|media| media.split('/').next()) {
            Some("image") => AttachmentKind::Image,
            Some("video") => AttachmentKind::Video,
            Some("audio") => AttachmentKind::Audio,
            _ => AttachmentKind::Document,
        }),
        _ => None,
    }
}

fn pixels(fields: Fields<'_>, key: &str) -> Option<u32> {
    let pixels = u32::try_from(fields.count(key)?).ok()?;
    (1..=65_535).contains(&pixels).then_some(pixels)
}

/// Two numbers from -1 to 1; anything else says nothing.
fn focus(fields: Fields<'_>) -> Option<Focus> {
    match fields.list("focalPoint").as_slice() {
        [x, y] => Focus::new(x.as_f64()?, y.as_f64()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn attachments(value: &Value) -> Vec<Attachment> {
        Attachment::read_all(Fields::of(value).unwrap())
    }

    #[test]
    fn s095_thirty_attachments_become_sixteen() {
        let many: Vec<_> = (0..30)
            .map(|n| json!({"type": "Image", "url": format!("https://m/{n}.png")}))
            .collect();
        let kept = attachments(&json!({ "attachment": many }));
        assert_eq!((kept.len(), kept[0].url.as_str()), (16, "https://m/0.png"));
    }

    #[test]
    fn each_dialect_of_a_picture_is_one() {
        let kept = attachments(&json!({"attachment": [
            {"type": "Document", "mediaType": "image/png", "url": "https://m/1", "name": "alt", "width": 3, "height": -1, "blurhash": "LKO2?U%2Tw=w]~RBVZRi};RPxuwH"},
            {"type": "Image", "url": [{"type": "Link", "href": "https://m/2", "mediaType": "image/jpeg"}], "name": null, "summary": "alt"},
            {"type": "Document", "url": "https://m/3"},
            {"type": "Link", "href": "https://page/", "name": ""},
            {"type": "Image", "url": "javascript:1"}, {"type": "PropertyValue", "name": "x"}, "https://m/4", null
        ]}));
        let kinds: Vec<_> = kept
            .iter()
            .map(|one| (one.kind, one.url.as_str(), one.name.as_deref()))
            .collect();
        assert_eq!(
            kinds,
            [
                (AttachmentKind::Image, "https://m/1", Some("alt")),
                (AttachmentKind::Image, "https://m/2", Some("alt")),
                (AttachmentKind::Document, "https://m/3", None),
                (AttachmentKind::Link, "https://page/", None),
            ]
        );
        assert_eq!(
            (kept[0].width, kept[0].height, kept[0].blurhash.is_some()),
            (Some(3), None, true),
            "H82"
        );
    }

    #[test]
    fn the_picture_of_a_blog_is_attached_where_nothing_is() {
        let image = json!({"type": "Image", "url": "https://m/1.webp", "mediaType": "image/webp", "name": "A pot"});
        let kept = attachments(&json!({"attachment": [], "image": image}));
        let [picture] = kept.as_slice() else {
            panic!("{kept:?}");
        };
        assert_eq!(
            (picture.kind, picture.url.as_str(), picture.name.as_deref()),
            (AttachmentKind::Image, "https://m/1.webp", Some("A pot"))
        );
        assert_eq!(picture.media_type.as_deref(), Some("image/webp"));
        let link = json!({"type": "Link", "href": "https://page/"});
        let kept = attachments(&json!({"attachment": link, "image": image}));
        assert_eq!(kept[0].kind, AttachmentKind::Link);
        let thumbnail = |value: &Value| Attachment::read_thumbnail(Fields::of(value).unwrap());
        let page = json!({"attachment": link, "image": image});
        assert_eq!(thumbnail(&page).as_deref(), Some("https://m/1.webp"));
        assert_eq!(thumbnail(&json!({"attachment": [], "image": image})), None);
        let hostile = json!({"attachment": link, "image": "javascript:1"});
        assert_eq!(thumbnail(&hostile), None);
        assert_eq!(
            kept.len(),
            1,
            "the thumbnail of a page is no picture of the post"
        );
        let hostile = json!({"image": [{"type": "Image", "url": "javascript:1"}, "x", 7, null]});
        assert!(attachments(&hostile).is_empty());
    }

    #[test]
    fn h82_a_focal_point_is_two_numbers_within_the_picture() {
        let read = |point: Value| {
            let one = json!({"type": "Image", "url": "https://m/1", "focalPoint": point});
            attachments(&json!({ "attachment": one }))[0].focus
        };
        assert_eq!(read(json!([-0.5, 1])), Focus::new(-0.5, 1.0));
        assert_eq!(read(json!([0, 0])), Some(Focus::MIDDLE));
        for odd in [
            json!(null),
            json!(0.5),
            json!([]),
            json!([0.1]),
            json!([0.1, 0.2, 0.3]),
            json!([1.5, 0]),
            json!([0, -1e308]),
            json!(["0", "0"]),
            json!([[0, 0], [0, 0]]),
            json!({"x": 0, "y": 0}),
        ] {
            assert_eq!(read(odd.clone()), None, "H82 {odd}");
        }
    }

    #[test]
    fn a_single_attachment_may_stand_without_a_list() {
        assert_eq!(
            attachments(&json!({"attachment": {"type": "Link", "href": "https://page/"}})).len(),
            1
        );
        assert!(attachments(&json!({"attachment": null})).is_empty());
    }
}
