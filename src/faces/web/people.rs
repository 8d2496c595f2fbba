//! What the hub's own moderators do: let newcomers in, shut people out; and founding groups.

use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::ids::{ActorId, Handle};
use crate::domain::letter::DeadLetter;
use crate::domain::membership::{Among, Role, Standing};
use crate::domain::refusal::{Kind, Refusal};
use crate::operations::Operation;
use crate::operations::account::{Approve, Reinstate, Suspend};
use crate::operations::actor::Keys;
use crate::operations::group::CreateGroup;
use crate::operations::moderation::Unban;
use crate::settings::Founders;
use crate::views::account::{self, PersonCard};
use crate::views::invitation::{self, ArrivalCard};
use crate::views::letter;
use crate::views::{actor, moderation};

use super::answer::{Answer, Led, Page, Wrong, next};
use super::form::Submission;
use super::model::{Face, List};
use super::moderate::{self, Banned};
use super::visit::Visit;

/// People on one page.
const PAGE: u32 = 50;

const AT: &str = "/people";
/// Letters of what is looked for that count.
const SOUGHT: usize = 100;

#[derive(Serialize)]
struct Model {
    query: String,
    /// What of the list is shown: `all`, `waiting`, `suspended` or `moderators`.
    show: &'static str,
    chips: Vec<Chip>,
    people: List<Person>,
    bans: Vec<Banned>,
    /// Whether letters reach anybody.
    mail_sent: bool,
    letters_waiting: i64,
    letters_dead: Vec<Dead>,
}

/// A part of the hub's people to choose.
#[derive(Serialize)]
struct Chip {
    key: &'static str,
    href: String,
    current: bool,
    /// How many, where that is worth saying.
    count: i64,
}

#[derive(Serialize)]
struct Person {
    face: Face,
    email: String,
    at: i64,
    inviter: Option<Face>,
    answer: String,
    standing: &'static str,
    role: &'static str,
}

/// A letter that was given up.
#[derive(Serialize)]
struct Dead {
    recipient: String,
    subject: String,
    problem: String,
    at: i64,
}

/// The parts of the hub's people by the words that stand for them in the address.
const PARTS: [(&str, Among); 4] = [
    ("all", Among::Everybody),
    ("waiting", Among::Standing(Standing::Pending)),
    ("suspended", Among::Standing(Standing::Suspended)),
    ("moderators", Among::Moderators),
];

/// `/people`: everybody with an account, by name, address and standing; first of all who waits to
/// be let in.
pub(super) async fn show(visit: Visit) -> Result<Answer, Refusal> {
    crate::domain::policy::require_hub_moderator(visit.caller())?;
    let request = visit.page(PAGE);
    let query: String = visit.query("q").unwrap_or_default().trim().to_owned();
    let query: String = query.chars().take(SOUGHT).collect();
    let asked = visit.query("show").unwrap_or_default().to_owned();
    let (text, first) = (query.clone(), query.is_empty());
    let look = visit.state.read(move |db| {
        let waiting = account::waiting(db)?;
        let (show, among) = part(&asked, first && waiting > 0);
        let people = account::list(db, among, &text, request)?;
        let ids: Vec<ActorId> = people.items.iter().map(|one| one.actor.id).collect();
        let arrivals = invitation::arrivals(db, &ids)?;
        let bans = moderation::bans(db, None)?;
        Ok::<_, Refusal>((waiting, show, people, arrivals, bans, letter::post(db)?))
    });
    let (waiting, show, people, arrivals, bans, post) = look.await?;
    let mut arrivals = arrivals.into_iter();
    let model = Model {
        chips: chips(&query, show, waiting),
        people: List::new(people, &at(&query, show), |one| {
            Person::new(one, arrivals.next().unwrap_or_default())
        }),
        query,
        show,
        bans: bans.into_iter().map(Banned::new).collect(),
        mail_sent: visit.settings.mail.is_sent(),
        letters_waiting: post.waiting,
        letters_dead: post.dead.into_iter().map(Dead::new).collect(),
    };
    Ok(Page::new("people.html", visit.text("people-title"), &model)
        .unlisted()
        .into())
}

/// The part that is asked for; where none is, those who wait if there are any, else everybody.
fn part(asked: &str, waiting: bool) -> (&'static str, Among) {
    let [everybody, pending, ..] = PARTS;
    let otherwise = if waiting { pending } else { everybody };
    PARTS
        .into_iter()
        .find(|(key, _)| *key == asked)
        .unwrap_or(otherwise)
}

fn at(query: &str, show: &str) -> String {
    let mut given = url::form_urlencoded::Serializer::new(String::new());
    given.append_pair("show", show);
    if !query.is_empty() {
        given.append_pair("q", query);
    }
    format!("{AT}?{}", given.finish())
}

fn chips(query: &str, show: &str, waiting: i64) -> Vec<Chip> {
    let chip = |(key, _): (&'static str, Among)| Chip {
        key,
        href: at(query, key),
        current: key == show,
        count: if key == "waiting" { waiting } else { 0 },
    };
    PARTS.map(chip).into()
}

impl Person {
    fn new(of: PersonCard, arrival: ArrivalCard) -> Self {
        Self {
            face: Face::new(&of.actor),
            email: of.email,
            at: of.actor.created_at.0,
            inviter: arrival.inviter.as_ref().map(Face::new),
            answer: arrival.answer,
            standing: of.standing.as_str(),
            role: of.role.as_str(),
        }
    }
}

impl Dead {
    fn new(letter: DeadLetter) -> Self {
        Self {
            recipient: letter.recipient,
            subject: letter.subject,
            problem: letter.problem,
            at: letter.died_at.0,
        }
    }
}

/// The member of this hub whose name stands in the form.
async fn member(form: &Submission) -> Result<Actor, Refusal> {
    let missing = || Refusal::not_found("actor.not_found", "There is no such person.");
    let handle = form
        .visit
        .here(Handle::parse(form.fields.text("person")).ok_or_else(missing)?);
    form.visit
        .state
        .read(move |db| actor::person(db, &handle))
        .await
}

async fn act(
    form: &Submission,
    operation: impl Operation,
    note: &'static str,
) -> Result<Answer, Refusal> {
    let visit = &form.visit;
    visit
        .state
        .operations()
        .run(visit.caller(), operation)
        .await?;
    Ok(Led::to(next(&form.fields, AT)).note(note).into())
}

/// `/people/approve`: lets somebody in.
pub(super) async fn approve(form: Submission) -> Result<Answer, Refusal> {
    let actor = member(&form).await?.id;
    act(&form, Approve { actor }, "approved").await
}

/// `/people/suspend`: shuts somebody out.
pub(super) async fn suspend(form: Submission) -> Result<Answer, Refusal> {
    let actor = member(&form).await?.id;
    act(&form, Suspend { actor }, "suspended").await
}

/// `/people/reinstate`: lets somebody back in.
pub(super) async fn reinstate(form: Submission) -> Result<Answer, Refusal> {
    let actor = member(&form).await?.id;
    act(&form, Reinstate { actor }, "reinstated").await
}

/// `/people/ban`: keeps somebody, here or elsewhere, out of the whole hub.
pub(super) async fn ban(form: Submission) -> Result<Answer, Refusal> {
    let actor = moderate::person(&form).await?;
    act(&form, moderate::sentence(&form, None, actor), "banned").await
}

/// `/people/unban`: lets somebody in again.
pub(super) async fn unban(form: Submission) -> Result<Answer, Refusal> {
    let unban = Unban {
        group: None,
        actor: moderate::person(&form).await?,
        relay: None,
    };
    act(&form, unban, "unbanned").await
}

/// Whether to show somebody the way to a group of their own; the operation decides.
pub(super) fn may_found(visit: &Visit) -> bool {
    let least = match visit.settings.groups.founders {
        Founders::Admins => Role::Admin,
        Founders::Moderators => Role::Moderator,
        Founders::Members => Role::Member,
    };
    let caller = visit.caller();
    matches!(caller, crate::domain::caller::Caller::Member { role, .. } if role >= least)
}

#[derive(Default, Serialize)]
struct Founding {
    name: String,
    title: String,
    summary: String,
    restricted: bool,
    private: bool,
    wrong: Wrong,
}

/// `/groups/new`.
pub(super) async fn found_form(visit: Visit) -> Result<Answer, Refusal> {
    crate::domain::policy::require_actor(visit.caller())?;
    Ok(found_page(&visit, &Founding::default()).into())
}

fn found_page(visit: &Visit, model: &Founding) -> Page {
    Page::new("found_group.html", visit.text("found-group"), model).unlisted()
}

/// `/groups/new`, sent: a group of the caller's.
pub(super) async fn found(form: Submission) -> Result<Answer, Refusal> {
    let (visit, fields) = (&form.visit, &form.fields);
    let create = CreateGroup {
        name: fields.text("name").trim().to_ascii_lowercase(),
        title: fields.text("title").to_owned(),
        summary: fields.text("summary").to_owned(),
        owner: None,
        posting_restricted: fields.ticked("restricted"),
        private: fields.ticked("private"),
        keys: Keys::generate().await?,
    };
    let model = Founding {
        name: create.name.clone(),
        title: create.title.clone(),
        summary: create.summary.clone(),
        restricted: create.posting_restricted,
        private: create.private,
        wrong: Wrong::default(),
    };
    let path = format!("/c/{}", create.name);
    match visit.state.operations().run(visit.caller(), create).await {
        Ok(_) => Ok(Led::to(path).note("founded").into()),
        Err(refusal) if matches!(refusal.kind, Kind::Invalid | Kind::Conflict) => {
            let model = Founding {
                wrong: visit.wrong(&refusal),
                ..model
            };
            Ok(found_page(visit, &model).rejected(&refusal).into())
        }
        Err(refusal) => Err(refusal),
    }
}
