//! Writing: new posts, and changes of posts and comments, each with a preview that the server makes.

use serde::Serialize;

use crate::domain::activity::Origin;
use crate::domain::ids::ObjectId;
use crate::domain::policy;
use crate::domain::post::PostKind;
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::comment::UpdateComment;
use crate::operations::markup::{Edit, Markup};
use crate::operations::post::{CreatePost, UpdatePost};
use crate::text::markdown::{self, Links};
use crate::views::group::GroupPage;
use crate::views::post;

use super::answer::{Answer, Led, Page, Wrong};
use super::form::{Fields, Submission};
use super::frame::{Choice, choices};
use super::group::{GroupModel, seen};
use super::thread::place;
use super::visit::Visit;

/// What somebody writes.
#[derive(Clone, Default)]
struct Draft {
    title: String,
    url: String,
    body: String,
    language: String,
    sensitive: bool,
}

#[derive(Serialize)]
struct Model {
    group: Option<GroupModel>,
    action: String,
    back: String,
    comment: bool,
    title: String,
    url: String,
    body: String,
    sensitive: bool,
    languages: Vec<Choice>,
    preview: Option<String>,
    wrong: Wrong,
}

impl Draft {
    fn read(fields: &Fields) -> Self {
        Self {
            title: fields.text("title").to_owned(),
            url: fields.text("url").trim().to_owned(),
            body: fields.text("body").to_owned(),
            language: fields.text("language").to_owned(),
            sensitive: fields.ticked("sensitive"),
        }
    }

    fn link(&self) -> Option<String> {
        (!self.url.is_empty()).then(|| self.url.clone())
    }

    fn language(&self) -> Option<String> {
        crate::text::language::tag(&self.language)
    }

    fn model(self, visit: &Visit, back: String) -> Model {
        Model {
            group: None,
            action: visit.path.split('?').next().unwrap_or("/").to_owned(),
            back,
            comment: false,
            languages: choices(visit, Some(&self.language)),
            title: self.title,
            url: self.url,
            body: self.body,
            sensitive: self.sensitive,
            preview: None,
            wrong: Wrong::default(),
        }
    }
}

impl Model {
    /// The body as it would look.
    fn previewed(mut self) -> Self {
        self.preview = Some(markdown::render(&self.body, &Links::NONE));
        self
    }
}

/// `/c/{name}/new`.
pub(super) async fn new_form(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    let page = seen(&visit).await?;
    let draft = Draft {
        title: visit.query("title").unwrap_or_default().to_owned(),
        url: visit.query("url").unwrap_or_default().to_owned(),
        language: visit.language.clone(),
        ..Draft::default()
    };
    Ok(new_page(&visit, &page, draft, |model| model).into())
}

fn new_page(
    visit: &Visit,
    page: &GroupPage,
    draft: Draft,
    with: impl FnOnce(Model) -> Model,
) -> Page {
    let group = GroupModel::new(page);
    let model = with(draft.model(visit, group.href().to_owned()));
    let model = Model {
        group: Some(group),
        ..model
    };
    Page::new("write.html", visit.text("write-title"), &model).unlisted()
}

/// `/c/{name}/new`, sent: a post, or a look at it.
pub(super) async fn new(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    policy::require_actor(visit.caller())?;
    let (page, draft) = (seen(visit).await?, Draft::read(&form.fields));
    if form.fields.ticked("preview") {
        return Ok(new_page(visit, &page, draft, Model::previewed).into());
    }
    let create = CreatePost {
        group: page.group.id,
        kind: PostKind::Page,
        title: draft.title.clone(),
        body: Markup::Markdown(draft.body.clone()),
        link_url: draft.link(),
        language: draft.language(),
        sensitive: draft.sensitive,
        warning: None,
        attachments: Vec::new(),
        origin: Origin::Local,
    };
    match visit.state.operations().run(visit.caller(), create).await {
        Ok(id) => Ok(Led::to(format!("/post/{id}")).note("posted").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let wrong = visit.wrong(&refusal);
            let page = new_page(visit, &page, draft, |model| Model { wrong, ..model });
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

/// `/post/{id}/edit` and `/comment/{id}/edit`.
pub(super) async fn edit_form(visit: Visit) -> Result<Answer, Refusal> {
    let (draft, back) = stored(&visit).await?;
    Ok(edit_page(&visit, draft.model(&visit, back)).into())
}

fn edit_page(visit: &Visit, model: Model) -> Page {
    let comment = visit.path.starts_with("/comment/");
    let model = Model { comment, ..model };
    Page::new("write.html", visit.text("edit-title"), &model).unlisted()
}

/// What is to be changed, for its author only, and where it stands.
async fn stored(visit: &Visit) -> Result<(Draft, String), Refusal> {
    let object = visit.object()?;
    let back = place(visit, object).await?;
    let (author, draft) = visit
        .state
        .read(move |db| match object {
            ObjectId::Post(id) => {
                let post = post::visible_card(db, None, id)?.post;
                let draft = Draft {
                    title: post.title,
                    url: post.link_url.unwrap_or_default(),
                    body: post.source.unwrap_or_default(),
                    language: post.language.unwrap_or_default(),
                    sensitive: post.sensitive,
                };
                Ok::<_, Refusal>((post.author, draft))
            }
            ObjectId::Comment(id) => {
                let comment = post::comment(db, None, id)?.comment;
                let body = comment.source.unwrap_or_default();
                Ok((
                    comment.author,
                    Draft {
                        body,
                        ..Draft::default()
                    },
                ))
            }
        })
        .await?;
    policy::require_author(visit.caller(), author)?;
    Ok((draft, back))
}

/// `.../edit`, sent: the change, or a look at it.
pub(super) async fn edit(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let (_, back) = stored(visit).await?;
    let draft = Draft::read(&form.fields);
    if form.fields.ticked("preview") {
        return Ok(edit_page(visit, draft.model(visit, back).previewed()).into());
    }
    match change(visit, &draft).await {
        Ok(()) => Ok(Led::to(back).note("saved").into()),
        Err(refusal) if refusal.kind == Kind::Invalid => {
            let wrong = visit.wrong(&refusal);
            let page = edit_page(
                visit,
                Model {
                    wrong,
                    ..draft.model(visit, back)
                },
            );
            Ok(page.rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}

async fn change(visit: &Visit, draft: &Draft) -> Result<(), Refusal> {
    let (operations, caller) = (visit.state.operations(), visit.caller());
    let body = Markup::Markdown(draft.body.clone());
    match visit.object()? {
        ObjectId::Comment(comment) => {
            let update = UpdateComment {
                comment,
                body,
                language: None,
                edit: Edit::Local,
            };
            operations.run(caller, update).await
        }
        ObjectId::Post(post) => {
            let update = UpdatePost {
                post,
                title: Some(draft.title.clone()),
                body: Some(body),
                link_url: Some(draft.link()),
                language: Some(draft.language()),
                sensitive: Some(draft.sensitive),
                warning: None,
                attachments: None,
                edit: Edit::Local,
            };
            operations.run(caller, update).await
        }
    }
}
