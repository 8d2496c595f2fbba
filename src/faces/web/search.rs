//! The search: posts, comments, people and groups by words, narrowed by place, author, time and
//! language; an address or handle leads to what it stands for.

use serde::Serialize;

use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Handle};
use crate::domain::page::Page as Rows;
use crate::domain::refusal::Refusal;
use crate::domain::search::{Filter, Kind};
use crate::text::plain::excerpt_html;
use crate::views::search;
use crate::views::{Snapshot, actor, group};

use super::answer::{Answer, Led, Page};
use super::found::{is_address, local_path};
use super::frame::{Choice, choices};
use super::home::PAGE;
use super::model::{CommentModel, Face, List, PostModel, posts};
use super::visit::Visit;

/// The longest search.
const LONGEST: usize = 300;
/// The parts of a search's address that narrow it.
const NARROW: [&str; 5] = ["group", "author", "since", "until", "language"];
const TABS: [Tab; 6] = [
    Tab::Posts,
    Tab::Comments,
    Tab::Questions,
    Tab::Events,
    Tab::People,
    Tab::Groups,
];
/// Nobody has this number.
const NOBODY: ActorId = ActorId(-1);
/// A day in seconds.
const DAY: i64 = 24 * 3600;

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Tab {
    #[default]
    Posts,
    Comments,
    Questions,
    Events,
    People,
    Groups,
}

impl Tab {
    fn as_str(self) -> &'static str {
        match self {
            Self::Posts => "posts",
            Self::Comments => "comments",
            Self::Questions => "questions",
            Self::Events => "events",
            Self::People => "people",
            Self::Groups => "groups",
        }
    }

    fn parse(text: &str) -> Self {
        let found = TABS.into_iter().find(|tab| tab.as_str() == text);
        found.unwrap_or_default()
    }

    fn kind(self) -> Kind {
        match self {
            Self::Questions => Kind::Questions,
            Self::Events => Kind::Events,
            _ => Kind::Posts,
        }
    }
}

#[derive(Serialize)]
struct TabModel {
    key: Tab,
    href: String,
    current: bool,
}

#[derive(Serialize)]
struct Model {
    query: String,
    tab: Tab,
    tabs: Vec<TabModel>,
    narrowed: bool,
    group: String,
    author: String,
    since: String,
    until: String,
    languages: Vec<Choice>,
    posts: List<PostModel>,
    comments: List<CommentModel>,
    actors: List<Listed>,
    people: Vec<Face>,
    unknown: bool,
}

/// A person or group in a list.
#[derive(Serialize)]
pub(super) struct Listed {
    face: Face,
    about: String,
}

impl Listed {
    /// Somebody with the beginning of what they say about themselves.
    pub(super) fn new(of: &crate::domain::actor::Actor) -> Self {
        Self {
            face: Face::new(of),
            about: excerpt_html(&of.summary_html, 160),
        }
    }
}

/// What was found.
struct Found {
    posts: Rows<crate::views::post::PostCard>,
    comments: Rows<crate::views::post::CommentCard>,
    actors: Rows<crate::domain::actor::Actor>,
    people: Vec<crate::domain::actor::Actor>,
}

/// What was asked for.
#[derive(Clone)]
struct Asked {
    words: String,
    tab: Tab,
    group: Option<Handle>,
    author: Option<Handle>,
    since: Option<Ts>,
    until: Option<Ts>,
    language: Option<String>,
}

/// `/search?q=`: posts by their words; an address or handle by what it stands for.
pub(super) async fn search(visit: Visit) -> Result<Answer, Refusal> {
    let asked = Asked::read(&visit);
    let address = is_address(&asked.words);
    if address && let Some(path) = local_path(&visit, &asked.words).await? {
        return Ok(Led::to(path).into());
    }
    let found = find(&visit, asked.clone()).await?;
    Ok(page(&visit, &asked, found, address).into())
}

impl Asked {
    fn read(visit: &Visit) -> Self {
        let text = |name: &str| {
            let text = visit.query(name).unwrap_or_default().trim();
            text.chars().take(LONGEST).collect::<String>()
        };
        let handle = |name: &str| Handle::parse(&text(name)).map(|handle| visit.here(handle));
        Self {
            words: text("q"),
            tab: Tab::parse(&text("tab")),
            group: handle("group"),
            author: handle("author"),
            since: day(&text("since")),
            until: day(&text("until")).map(|day| day.plus_seconds(DAY)),
            language: Some(text("language")).filter(|code| !code.is_empty()),
        }
    }

    fn narrowed(&self) -> bool {
        let some = self.group.is_some() || self.author.is_some() || self.language.is_some();
        some || self.since.is_some() || self.until.is_some()
    }

    fn is_nothing(&self) -> bool {
        self.words.is_empty() && !self.narrowed()
    }
}

/// The beginning of a day, in UTC.
fn day(text: &str) -> Option<Ts> {
    Ts::parse(&format!("{text}T00:00:00Z"))
}

async fn find(visit: &Visit, asked: Asked) -> Result<Found, Refusal> {
    let (viewer, request) = (visit.actor(), visit.page(PAGE));
    let look = move |db: &mut Snapshot| {
        let mut found = Found {
            posts: nothing(),
            comments: nothing(),
            actors: nothing(),
            people: Vec::new(),
        };
        if asked.is_nothing() {
            return Ok::<_, Refusal>(found);
        }
        let filter = filter(db, &asked)?;
        let words = &asked.words;
        match asked.tab {
            Tab::Posts | Tab::Questions | Tab::Events => {
                found.posts = search::posts(db, viewer, &filter, request)?;
            }
            Tab::Comments => found.comments = search::comments(db, viewer, &filter, request)?,
            Tab::People => found.actors = search::people(db, viewer, words, false, request)?,
            Tab::Groups => found.actors = search::groups(db, viewer, words, request)?,
        }
        if let Some(handle) = Handle::parse(words) {
            let named = actor::find_by_handle(db, &handle, None)?;
            found.people = group::veiled(db, viewer, named.into_iter().collect())?;
            found.people.retain(|actor| actor.deleted_at.is_none());
        }
        Ok(found)
    };
    visit.state.read(look).await
}

fn filter(db: &mut Snapshot, asked: &Asked) -> Result<Filter, Refusal> {
    let mut named = |handle: &Option<Handle>| match handle {
        None => Ok::<_, Refusal>(None),
        Some(handle) => {
            let found = actor::find_by_handle(db, handle, None)?;
            Ok(Some(found.map_or(NOBODY, |actor| actor.id)))
        }
    };
    Ok(Filter {
        words: asked.words.clone(),
        kind: asked.tab.kind(),
        group: named(&asked.group)?,
        author: named(&asked.author)?,
        since: asked.since,
        until: asked.until,
        language: asked.language.clone(),
    })
}

fn page(visit: &Visit, asked: &Asked, found: Found, address: bool) -> Page {
    let viewer = visit.actor();
    let here = address_of(visit, asked, asked.tab);
    let text = |name: &str| visit.query(name).unwrap_or_default().to_owned();
    let tab = |tab: Tab| TabModel {
        key: tab,
        href: address_of(visit, asked, tab),
        current: tab == asked.tab,
    };
    let model = Model {
        query: asked.words.clone(),
        tab: asked.tab,
        tabs: TABS.map(tab).into(),
        narrowed: asked.narrowed(),
        group: text("group"),
        author: text("author"),
        since: text("since"),
        until: text("until"),
        languages: choices(visit, asked.language.as_deref()),
        posts: posts(found.posts, &here, viewer),
        comments: List::new(found.comments, &here, |card| {
            CommentModel::new(&card, None, viewer)
        }),
        actors: List::new(found.actors, &here, |actor| Listed::new(&actor)),
        people: found.people.iter().map(Face::new).collect(),
        unknown: address,
    };
    Page::new("search.html", visit.text("search-title"), &model).unlisted()
}

/// The address of the same search for something else.
fn address_of(visit: &Visit, asked: &Asked, tab: Tab) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("q", &asked.words);
    pairs.append_pair("tab", tab.as_str());
    for name in NARROW {
        if let Some(value) = visit.query(name).filter(|value| !value.is_empty()) {
            pairs.append_pair(name, value);
        }
    }
    format!("/search?{}", pairs.finish())
}

fn nothing<T>() -> Rows<T> {
    Rows {
        items: Vec::new(),
        next: None,
    }
}

#[derive(Serialize)]
struct Tagged {
    query: String,
    posts: List<PostModel>,
}

/// `/tags/{name}`: posts that bear a tag.
pub(super) async fn tag(visit: Visit) -> Result<Answer, Refusal> {
    let name: String = visit.param("name").chars().take(LONGEST).collect();
    let (viewer, request) = (visit.actor(), visit.page(PAGE));
    let filter = Filter::of(&name);
    let found = visit
        .state
        .read(move |db| search::posts(db, viewer, &filter, request));
    let path = format!("/tags/{}", visit.param("name"));
    let model = Tagged {
        posts: posts(found.await?, &path, viewer),
        query: name,
    };
    let title = format!("#{}", model.query);
    Ok(Page::new("tag.html", title, &model).unlisted().into())
}
