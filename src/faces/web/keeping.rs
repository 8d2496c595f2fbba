//! What a member keeps of what they read: saved posts and comments, threads followed or muted; and
//! what a text said before.

use serde::Serialize;

use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::reading::Watch;
use crate::domain::refusal::Refusal;
use crate::operations::reading::{SaveObject, WatchThread};
use crate::text::diff::{Piece, PieceKind};
use crate::views::history::{self, Step};
use crate::views::saved::{self, Kept};

use super::answer::{Answer, Led, Page};
use super::form::Submission;
use super::home::PAGE;
use super::model::{CommentModel, List, PostModel};
use super::thread::place;
use super::visit::Visit;

#[derive(Serialize)]
struct Model {
    kept: List<Item>,
}

/// A post or a comment.
#[derive(Serialize)]
struct Item {
    post: Option<PostModel>,
    comment: Option<CommentModel>,
}

/// `/saved`: what the member keeps, the last kept first.
pub(super) async fn list(visit: Visit) -> Result<Answer, Refusal> {
    let (member, request) = (policy::require_actor(visit.caller())?, visit.page(PAGE));
    let page = visit
        .state
        .read(move |db| saved::page(db, member, request))
        .await?;
    let item = |kept| match kept {
        Kept::Post(card) => Item {
            post: Some(PostModel::new(&card, Some(member))),
            comment: None,
        },
        Kept::Comment(card) => Item {
            post: None,
            comment: Some(CommentModel::new(&card, None, Some(member))),
        },
    };
    let model = Model {
        kept: List::new(page, "/saved", item),
    };
    let page = Page::new("saved.html", visit.text("saved-title"), &model);
    Ok(page.unlisted().into())
}

/// `.../save`: kept for later, or no longer.
pub(super) async fn save(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let (object, saved) = (visit.object()?, form.fields.ticked("saved"));
    let save = SaveObject { object, saved };
    visit.state.operations().run(visit.caller(), save).await?;
    let back = visit.referer.clone();
    let back = back.filter(|path| !path.starts_with("/post/"));
    let to = match back {
        Some(path) => path,
        None => place(visit, object).await?,
    };
    let note = if saved { "kept" } else { "unkept" };
    Ok(Led::to(to).note(note).into())
}

/// `/post/{id}/watch`: followed, muted, or neither.
pub(super) async fn watch(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let post = visit.post()?;
    let watch = Watch::parse(form.fields.text("watch"));
    let set = WatchThread { post, watch };
    visit.state.operations().run(visit.caller(), set).await?;
    let note = match watch {
        Some(Watch::Followed) => "thread-followed",
        Some(Watch::Muted) => "thread-muted",
        None => "thread-left",
    };
    Ok(Led::to(format!("/post/{post}")).note(note).into())
}

#[derive(Serialize)]
struct History {
    title: String,
    back: String,
    steps: Vec<StepModel>,
}

/// One version.
#[derive(Serialize)]
struct StepModel {
    at: i64,
    first: bool,
    title: Vec<PieceModel>,
    text: Vec<PieceModel>,
}

#[derive(Serialize)]
struct PieceModel {
    kind: PieceKind,
    text: String,
}

impl StepModel {
    fn new(step: Step) -> Self {
        let pieces = |pieces: Vec<Piece>| {
            let one = |piece: Piece| PieceModel {
                kind: piece.kind,
                text: piece.text,
            };
            pieces.into_iter().map(one).collect()
        };
        Self {
            at: step.written_at.0,
            first: step.first,
            title: pieces(step.title),
            text: pieces(step.text),
        }
    }
}

/// `/post/{id}/history` and `/comment/{id}/history`: what it said before.
pub(super) async fn history(visit: Visit) -> Result<Answer, Refusal> {
    let (object, caller, now) = (visit.object()?, visit.caller(), visit.now);
    let public = visit.settings.posts.history_public;
    let found = visit
        .state
        .read(move |db| history::of(db, caller, object, public, now))
        .await?;
    let post = found.post.post.id;
    let model = History {
        back: match object {
            ObjectId::Post(id) => format!("/post/{id}"),
            ObjectId::Comment(id) => format!("/post/{post}?comment={id}#comment-{id}"),
        },
        title: found.post.post.title,
        steps: found.versions.into_iter().map(StepModel::new).collect(),
    };
    let page = Page::new("history.html", visit.text("history-title"), &model);
    Ok(page.unlisted().into())
}
