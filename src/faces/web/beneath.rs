//! Comments beneath a page of another website: the thread that is about the page, in a frame, or the
//! way to open one.

use crate::domain::caller::Caller;
use crate::domain::clock::Ts;
use crate::domain::ids::Handle;
use crate::domain::refusal::Refusal;
use crate::domain::webpage::Webpage;
use crate::views::{Snapshot, group, webpage};

use super::answer::Answer;
use super::embed::{self, Shown};
use super::model::Face;
use super::visit::Visit;

/// `/embed/comments?url=&group=`.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    let (page, handle) = (page_of(&visit)?, group_of(&visit)?);
    let (limit, now) = (embed::limit(&visit), visit.now);
    let look = move |db: &mut Snapshot| of_page(db, &page, &handle, limit, now);
    let shown = visit.state.read(look).await?;
    Ok(Answer::File(embed::render(&visit, shown)?))
}

/// The page that is asked about, of a website that may show frames of this hub.
fn page_of(visit: &Visit) -> Result<Webpage, Refusal> {
    let asked = visit.query("url").unwrap_or_default();
    let page = Webpage::parse(asked).ok_or_else(|| {
        let sentence = "Please say in url= which page this is about: a whole web address.";
        Refusal::invalid("url", "embed.url", sentence)
    })?;
    let (host, listed) = (page.host(), &visit.settings.sharing.embed_hosts);
    if listed.iter().any(|one| one.as_str() == host) {
        return Ok(page);
    }
    Err(Refusal::forbidden(
        "embed.host",
        "This hub shows no comments about pages of that website.",
    ))
}

/// The group whose threads count: that of the address, else that of the settings.
fn group_of(visit: &Visit) -> Result<Handle, Refusal> {
    let asked = visit.query("group").filter(|group| !group.is_empty());
    let name = asked.unwrap_or(&visit.settings.sharing.comments_group);
    let handle = Handle::parse(name).ok_or_else(|| {
        let sentence = "Please say in group= in which group threads about this page are.";
        Refusal::invalid("group", "embed.group", sentence)
    })?;
    Ok(visit.here(handle))
}

fn of_page(
    db: &mut Snapshot,
    page: &Webpage,
    handle: &Handle,
    limit: u32,
    now: Ts,
) -> Result<Shown, Refusal> {
    let found = group::find(db, handle)?;
    let of = group::page(db, found, Caller::Visitor, now)?;
    if !of.open {
        return Err(Refusal::not_found(
            "group.not_found",
            "There is no such group.",
        ));
    }
    if let Some(thread) = webpage::thread(db, of.group.id, page)? {
        return embed::of_thread(db, thread, limit);
    }
    let path = Face::new(&of.group).href;
    let mut asked = url::form_urlencoded::Serializer::new(String::new());
    asked.append_pair("form", "link");
    asked.append_pair("url", &page.to_string());
    Ok(Shown {
        title: of.group.title,
        open: Some(format!("{path}/new?{}", asked.finish())),
        path,
        ..Shown::default()
    })
}
