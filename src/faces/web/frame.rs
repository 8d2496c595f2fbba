//! What stands around every page: the hub, who is signed in, languages, the switch between them.

use serde::Serialize;

use crate::domain::announcement::Announcement;
use crate::domain::look::Look;

use super::model::Face;
use super::sharing::Shared;
use super::visit::{self, Visit};

/// What every template finds as `frame`.
#[derive(Serialize)]
pub(super) struct Frame {
    /// The title of the page, without the hub's name.
    pub(super) title: String,
    /// The ActivityPub id of what the page shows.
    pub(super) alternate: Option<String>,
    /// The address under which it is to be known.
    pub(super) canonical: Option<String>,
    /// The Atom feed of it.
    pub(super) feed: Option<String>,
    /// Not for search engines.
    pub(super) unlisted: bool,
    /// How it is shown where somebody shares it.
    pub(super) shared: Option<Shared>,
    language: String,
    languages: Vec<Choice>,
    hub: String,
    host: String,
    look: Look,
    theme: String,
    logo: Option<String>,
    favicon: Option<String>,
    me: Option<Me>,
    open: bool,
    csrf: String,
    path: String,
    place: String,
    announcements: Vec<Told>,
    note: Option<String>,
    undo: Option<String>,
    now: i64,
}

/// Somebody who is signed in.
#[derive(Serialize)]
struct Me {
    face: Face,
    unread: i64,
    unread_messages: i64,
    groups: Vec<Face>,
    hub_moderator: bool,
    admin: bool,
    /// How much waits for them as a moderator.
    waiting: Option<i64>,
}

/// What admins tell everybody.
#[derive(Serialize)]
struct Told {
    id: i64,
    html: String,
}

impl Told {
    fn new(announcement: &Announcement) -> Self {
        Self {
            id: announcement.id.0,
            html: announcement.html.clone(),
        }
    }
}

/// One of the hub's languages.
#[derive(Serialize)]
pub(super) struct Choice {
    code: String,
    name: String,
    current: bool,
}

impl Frame {
    /// The frame of a page for a visit.
    pub(super) fn new(visit: &Visit, title: String) -> Self {
        let me = visit.signed.as_ref().map(|signed| Me {
            face: Face::new(&signed.actor),
            unread: visit.own.unread.notices,
            unread_messages: visit.own.unread.messages,
            groups: visit.own.groups.iter().map(Face::new).collect(),
            hub_moderator: signed.caller.moderates_hub(),
            admin: signed.caller.is_admin(),
            waiting: visit.own.waiting,
        });
        Self {
            title,
            alternate: None,
            canonical: None,
            feed: None,
            unlisted: false,
            shared: None,
            languages: choices(visit, Some(&visit.language)),
            language: visit.language.clone(),
            hub: visit.settings.instance.name.clone(),
            host: visit.state.names().host().to_owned(),
            look: visit.look,
            theme: visit.theme.sheet.path.clone(),
            logo: visit.theme.logo.as_ref().map(|file| file.path.clone()),
            favicon: visit.theme.favicon.as_ref().map(|file| file.path.clone()),
            open: visit.settings.accounts.registration != crate::settings::Registration::Closed,
            me,
            csrf: visit.form_token(),
            path: visit.path.clone(),
            place: visit.path.split('?').next().unwrap_or("/").to_owned(),
            announcements: visit.announcements.iter().map(Told::new).collect(),
            note: visit.note.as_ref().and_then(|note| note_text(visit, note)),
            undo: visit.note.as_deref().and_then(undo_path),
            now: visit.now.0,
        }
    }
}

/// The hub's languages to choose from, each by its own name.
pub(super) fn choices(visit: &Visit, current: Option<&str>) -> Vec<Choice> {
    let choice = |code: String| Choice {
        name: visit
            .state
            .pages
            .text(&code, "language-name")
            .unwrap_or_else(|| code.clone()),
        current: Some(code.as_str()) == current,
        code,
    };
    let mut codes = visit::languages(&visit.state, &visit.settings);
    // A text may be in a language that the pages do not have.
    let other = current.filter(|code| !code.is_empty() && codes.iter().all(|known| known != code));
    codes.extend(other.map(str::to_owned));
    codes.into_iter().map(choice).collect()
}

/// Only what has a text is said, so a made-up cookie says nothing.
fn note_text(visit: &Visit, note: &str) -> Option<String> {
    // What follows says how to take it back.
    let note = match undo_path(note) {
        Some(_) => note.split('_').next().unwrap_or(note),
        None => note,
    };
    visit
        .state
        .pages
        .text(&visit.language, &format!("note-{note}"))
}

/// The address that takes back what was done, if a note says so: `deleted_post_7_restore`, or
/// `read_notices_7_unread` for what was marked read at that moment.
fn undo_path(note: &str) -> Option<String> {
    let parts: Vec<&str> = note.split('_').collect();
    let [_, kind, number, verb] = parts[..] else {
        return None;
    };
    let known = matches!(
        (kind, verb),
        ("post" | "comment", "restore" | "unremove") | ("notices", "unread")
    );
    if !known {
        return None;
    }
    let number: i64 = number.parse().ok()?;
    Some(format!("/{kind}/{number}/{verb}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_takes_back_what_can_be_taken_back_only() {
        for (note, path) in [
            ("deleted_post_7_restore", Some("/post/7/restore")),
            ("removed_comment_8_unremove", Some("/comment/8/unremove")),
            ("read_notices_9_unread", Some("/notices/9/unread")),
            ("read_notices_9_restore", None),
            ("deleted_post_7_unread", None),
            ("deleted", None),
            ("let_in", None),
            ("deleted_post_7_delete", None),
            ("deleted_post_x_restore", None),
            ("deleted_sign-out_7_restore", None),
            ("deleted_post_7_restore_x", None),
        ] {
            assert_eq!(undo_path(note).as_deref(), path, "{note}");
        }
    }
}
