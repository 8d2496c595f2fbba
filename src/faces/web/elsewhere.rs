//! Signing in with an account elsewhere, and the accounts elsewhere that belong to a member.

use serde::Serialize;

use crate::crypto::token;
use crate::domain::actor::Actor;
use crate::domain::ids::ActorId;
use crate::domain::intent::Home;
use crate::domain::policy;
use crate::domain::refusal::Refusal;
use crate::faces::shared::cookie::Cookie;
use crate::federation::sign_in::Errand;
use crate::operations::account::{LinkActor, SignedIn, UnlinkActor, sign_in_linked};
use crate::views::{account, actor};

use super::answer::{Answer, Led, Page, Wrong, next};
use super::form::Submission;
use super::intent::leave;
use super::leaving;
use super::model::Face;
use super::visit::{self, Visit, is_local_path};

/// Where members see their accounts elsewhere.
const LINKED: &str = "/settings/linked";
/// How long a browser keeps what stands for a proof, in seconds.
const PROOF: u64 = 30 * 60;

#[derive(Serialize)]
struct Model {
    home: String,
    next: String,
    proved: Option<Face>,
    linked: Vec<Linked>,
    wrong: Wrong,
}

#[derive(Serialize)]
struct Linked {
    id: i64,
    face: Face,
}

/// `/sign-in/elsewhere`: asks for the server, or says what to do with an account that was proved.
pub(super) async fn form(visit: Visit) -> Result<Answer, Refusal> {
    if visit.signed.is_some() {
        return Ok(Led::to(LINKED).into());
    }
    let next = visit.query("next").filter(|path| is_local_path(path));
    let next = next.unwrap_or("/").to_owned();
    let home = visit.home.clone().unwrap_or_default();
    let page = page(&visit, home, next, Wrong::default()).await?;
    Ok(page.into())
}

async fn page(visit: &Visit, home: String, next: String, wrong: Wrong) -> Result<Page, Refusal> {
    let model = Model {
        home,
        next,
        proved: proved(visit).await?.as_ref().map(Face::new),
        linked: linked_of(visit).await?,
        wrong,
    };
    let (template, title) = match visit.signed {
        Some(_) => ("linked.html", visit.text("linked-title")),
        None => ("elsewhere.html", visit.text("elsewhere-title")),
    };
    Ok(Page::new(template, title, &model).unlisted().with_form())
}

/// The account elsewhere that this browser proved to be its user's and that is not linked yet.
pub(super) async fn proved(visit: &Visit) -> Result<Option<Actor>, Refusal> {
    let federation = &visit.state.federation;
    let remote = visit
        .proof
        .as_deref()
        .and_then(|token| federation.proof(token));
    let Some(remote) = remote else {
        return Ok(None);
    };
    visit.state.read(move |db| actor::find(db, remote)).await
}

async fn linked_of(visit: &Visit) -> Result<Vec<Linked>, Refusal> {
    let Some(member) = visit.actor() else {
        return Ok(Vec::new());
    };
    let linked = visit.state.read(move |db| account::links_of(db, member));
    let linked = linked.await?.into_iter();
    Ok(linked
        .map(|actor| Linked {
            id: actor.id.0,
            face: Face::new(&actor),
        })
        .collect())
}

/// `/sign-in/elsewhere`, sent: leads somebody to their server, which says that it is they.
pub(super) async fn begin(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let typed = form.fields.text("home").trim().to_owned();
    let next = next(&form.fields, "/");
    let errand = Errand {
        browser: token::hash_hex(visit.secret()),
        member: visit.actor(),
        next: next.clone(),
    };
    match lead(visit, &typed, errand).await {
        Ok(page) => Ok(page.into()),
        Err(refusal) => {
            let wrong = visit.wrong(&refusal);
            let page = page(visit, typed, next, wrong).await?;
            Ok(page.rejected(&refusal).into())
        }
    }
}

async fn lead(visit: &Visit, typed: &str, errand: Errand) -> Result<Page, Refusal> {
    let home = Home::parse(typed).ok_or_else(super::intent::malformed)?;
    let rate = visit.settings.limits.look_ups;
    visit.count(&visit.key_of_address("look-ups"), rate)?;
    let federation = &visit.state.federation;
    let door = Box::pin(federation.begin_sign_in(&home, errand)).await?;
    let remember = super::intent::remember(visit, &home);
    Ok(leave(visit, &door).cookie(remember))
}

/// `/sign-in/elsewhere/return`: somebody comes back from their server.
pub(super) async fn back(visit: Visit) -> Result<Answer, Refusal> {
    match arrive(&visit).await {
        Ok(led) => Ok(led.into()),
        Err(refusal) => {
            let home = visit.home.clone().unwrap_or_default();
            let wrong = visit.wrong(&refusal);
            let page = page(&visit, home, "/".to_owned(), wrong).await?;
            Ok(page.rejected(&refusal).into())
        }
    }
}

async fn arrive(visit: &Visit) -> Result<Led, Refusal> {
    let text = |name| visit.query(name).unwrap_or_default();
    let browser = token::hash_hex(visit.secret());
    let federation = &visit.state.federation;
    let finish = federation.finish_sign_in(text("state"), text("code"), &browser);
    let (remote, errand) = Box::pin(finish).await?;
    let operations = visit.state.operations();
    if visit.actor().is_some() && visit.actor() == errand.member {
        let link = LinkActor { remote: remote.id };
        operations.run(visit.caller(), link).await?;
        return Ok(Led::to(LINKED).note("linked"));
    }
    match sign_in_linked(operations, remote.id, &visit.device).await? {
        Some(signed) => {
            let next = leaving::first(visit, signed.actor, errand.next).await?;
            Ok(signed_in(visit, &signed, next))
        }
        None => Ok(unlinked(visit, remote.id)),
    }
}

fn signed_in(visit: &Visit, signed: &SignedIn, next: String) -> Led {
    Led::to(next)
        .note("signed_in")
        .cookie(visit::session_cookie(&visit.settings, &signed.token))
        .cookie(Cookie::Seed.forget(visit.secure()))
}

/// The account belongs to nobody here yet: the proof waits until somebody signs in or up.
fn unlinked(visit: &Visit, remote: ActorId) -> Led {
    let token = visit.state.federation.keep_proof(remote);
    let keep = Cookie::Proof.set(&token, Some(PROOF), visit.secure());
    let to = match visit.signed {
        Some(_) => LINKED,
        None => "/sign-in/elsewhere",
    };
    Led::to(to).cookie(keep)
}

/// `/settings/linked`: the accounts elsewhere that belong to a member.
pub(super) async fn linked(visit: Visit) -> Result<Answer, Refusal> {
    policy::require_actor(visit.caller())?;
    let home = visit.home.clone().unwrap_or_default();
    let page = page(&visit, home, LINKED.to_owned(), Wrong::default()).await?;
    Ok(page.into())
}

/// `/settings/linked`, sent: links the account that was proved.
pub(super) async fn link(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    policy::require_actor(visit.caller())?;
    let remote = proved(visit).await?.ok_or_else(unproved)?;
    let link = LinkActor { remote: remote.id };
    visit.state.operations().run(visit.caller(), link).await?;
    if let Some(token) = &visit.proof {
        visit.state.federation.forget_proof(token);
    }
    let forget = Cookie::Proof.forget(visit.secure());
    Ok(Led::to(LINKED).note("linked").cookie(forget).into())
}

/// `/settings/linked/remove`: takes a link away.
pub(super) async fn unlink(form: Submission) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    let remote = form
        .fields
        .text("remote")
        .parse()
        .map_or(ActorId(0), ActorId);
    let unlink = UnlinkActor { remote };
    visit.state.operations().run(visit.caller(), unlink).await?;
    Ok(Led::to(LINKED).note("unlinked").into())
}

fn unproved() -> Refusal {
    Refusal::forbidden(
        "elsewhere.expired",
        "This took too long, or began in another browser. Please begin again.",
    )
}
