//! A private message to its text.

use crate::domain::clock::Ts;
use crate::operations::markup::{Foreign, Markup};
use crate::text::plain;

use super::super::wire;
use super::object::{html, published_at, source};

/// The text of a message, its pictures and files as links below it; and when it was written.
pub(crate) fn message(object: &wire::Object, now: Ts) -> (Markup, Ts) {
    let mut text = html(object);
    text.extend(object.attachments.iter().map(link));
    let source = source(object).filter(|_| object.attachments.is_empty());
    let body = Markup::Html(Foreign::new(&text, source, Vec::new(), Vec::new()));
    (body, published_at(object, now))
}

fn link(file: &wire::Attachment) -> String {
    let name = file.name.as_deref().unwrap_or(&file.url);
    let (url, name) = (plain::escape(&file.url), plain::escape(name));
    format!("<p><a href=\"{url}\">{name}</a></p>")
}
