//! Pages elsewhere, served on loopback, as posts that link to them show them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{self, StatusCode};
use axum::response::IntoResponse as _;
use tokio::task::JoinSet;

use super::previews::once;
use super::testing::World;
use crate::domain::caller::Caller;
use crate::domain::ids::{ActorId, PostId};
use crate::domain::link_preview::LinkPreview;
use crate::operations::markup::{Edit, Markup};
use crate::operations::post::{CreatePost, UpdatePost};
use crate::operations::testing::{from_elsewhere, text_post};
use crate::settings::Settings;
use crate::store::testing::db_test;
use crate::store::{Db, link_previews};

const DAY: i64 = 24 * 3600;

/// Headers and body of an answer.
type Served = (StatusCode, Vec<(&'static str, String)>, String);

/// A website on loopback.
struct Site {
    base: String,
    pages: Arc<Mutex<HashMap<String, Served>>>,
    asked: Arc<Mutex<Vec<String>>>,
    _serving: JoinSet<()>,
}

impl Site {
    async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let pages: Arc<Mutex<HashMap<String, Served>>> = Arc::default();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (served, noted) = (Arc::clone(&pages), Arc::clone(&asked));
        let app = Router::new().fallback(move |uri: http::Uri| {
            noted.lock().unwrap().push(uri.path().to_owned());
            let page = served.lock().unwrap().get(uri.path()).cloned();
            async move {
                let Some((status, headers, body)) = page else {
                    return StatusCode::NOT_FOUND.into_response();
                };
                let mut answer = (status, body).into_response();
                for (name, value) in headers {
                    answer.headers_mut().insert(name, value.parse().unwrap());
                }
                answer
            }
        });
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            base,
            pages,
            asked,
            _serving: serving,
        }
    }

    fn serve(&self, path: &str, served: Served) {
        let mut pages = self.pages.lock().unwrap();
        pages.insert(path.to_owned(), served);
    }

    fn page(&self, path: &str, head: &str) {
        let html = format!("<!doctype html><html><head>{head}</head><body>x</body></html>");
        let kind = vec![("content-type", "text/html; charset=utf-8".to_owned())];
        self.serve(path, (StatusCode::OK, kind, html));
    }

    fn leads(&self, path: &str, to: &str) {
        let to = vec![("location", format!("{}{to}", self.base))];
        self.serve(path, (StatusCode::FOUND, to, String::new()));
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn times(&self, path: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|one| *one == path).count()
    }
}

fn link_to(group: ActorId, url: &str) -> CreatePost {
    CreatePost {
        link_url: Some(url.to_owned()),
        ..text_post(group, "Have a look", "")
    }
}

impl World {
    async fn shows(&self, post: PostId) -> Option<LinkPreview> {
        let card = move |db: &mut Db| link_previews::list(db, &[post]);
        let card = self.hall.read(card).await.remove(&post);
        card.map(|card| card.preview)
    }

    /// Posts it, and lets the worker look once.
    async fn posts(&self, author: Caller, post: CreatePost) -> PostId {
        let id = self.hall.run(author, post).await.unwrap();
        once(&self.federation).await.unwrap();
        id
    }
}

const TEA: &str = "<title>Tea</title><meta name=description content='All about tea'>\
    <meta property='og:site_name' content='Brand'><meta property='og:image' content='/tea.png'>";

fn tea(site: &Site) -> LinkPreview {
    LinkPreview {
        title: Some("Tea".to_owned()),
        description: Some("All about tea".to_owned()),
        site: Some("Brand".to_owned()),
        picture: Some(site.at("/tea.png")),
    }
}

db_test!(
    a_page_is_fetched_once_in_seven_days_for_all_that_link_to_it,
    |store| {
        let world = World::new(store).await;
        let anna = world.hall.person("ann").await;
        let site = Site::new().await;
        site.page("/tea", TEA);
        let url = site.at("/tea?utm_source=mail#pots");
        let first = world.posts(anna, link_to(world.group, &url)).await;
        assert_eq!(world.shows(first).await, Some(tea(&site)));
        let text = format!("Look:\n\n{}\n\nGood.", site.at("/tea"));
        let text = text_post(world.group, "In words", &text);
        let second = world.posts(anna, text).await;
        assert_eq!(world.shows(second).await, Some(tea(&site)));
        assert_eq!(site.times("/tea"), 1, "the second came from what is kept");
        assert_eq!(site.times("/tea.png"), 0, "pictures are for readers");
        world.hall.pass(8 * DAY);
        site.page("/tea", "<title>Coffee</title>");
        let third = world.posts(anna, link_to(world.group, &url)).await;
        assert_eq!(site.times("/tea"), 2);
        for post in [first, second, third] {
            let title = world.shows(post).await.and_then(|page| page.title);
            assert_eq!(title.as_deref(), Some("Coffee"));
        }
    }
);

db_test!(where_nothing_can_be_had_the_plain_link_stays, |store| {
    let world = World::new(store).await;
    let anna = world.hall.person("ann").await;
    let site = Site::new().await;
    let kind = |kind: &str| vec![("content-type", kind.to_owned())];
    let html = format!("<head>{TEA}</head>");
    site.serve(
        "/json",
        (StatusCode::OK, kind("application/json"), html.clone()),
    );
    site.serve("/gone", (StatusCode::GONE, kind("text/html"), html));
    site.page("/mute", "<meta name=description content=x>");
    site.page("/end", TEA);
    for (from, to) in [("/a", "/b"), ("/b", "/c"), ("/c", "/d"), ("/d", "/end")] {
        site.leads(from, to);
    }
    for path in ["/json", "/gone", "/mute", "/nowhere", "/a"] {
        let post = link_to(world.group, &site.at(path));
        let post = world.posts(anna, post).await;
        assert_eq!(world.shows(post).await, None, "{path}");
        assert_eq!(site.times(path), 1, "{path}");
    }
    let led = world
        .posts(anna, link_to(world.group, &site.at("/b")))
        .await;
    assert_eq!(world.shows(led).await, Some(tea(&site)), "three redirects");
    let again = world
        .posts(anna, link_to(world.group, &site.at("/gone")))
        .await;
    assert_eq!(world.shows(again).await, None);
    assert_eq!(
        site.times("/gone"),
        1,
        "what failed is not asked for again soon"
    );
});

db_test!(a_long_page_is_read_to_half_a_mebibyte, |store| {
    let world = World::new(store).await;
    let anna = world.hall.person("ann").await;
    let site = Site::new().await;
    let filling = " ".repeat(600 * 1024);
    site.page("/early", &format!("{TEA}{filling}"));
    site.page("/late", &format!("{filling}{TEA}"));
    let early = world
        .posts(anna, link_to(world.group, &site.at("/early")))
        .await;
    assert_eq!(world.shows(early).await, Some(tea(&site)));
    let late = world
        .posts(anna, link_to(world.group, &site.at("/late")))
        .await;
    assert_eq!(world.shows(late).await, None);
});

db_test!(no_part_of_a_page_is_shown_against_its_will, |store| {
    let world = World::new(store).await;
    let anna = world.hall.person("ann").await;
    let site = Site::new().await;
    site.page(
        "/head",
        &format!("{TEA}<meta name=robots content=noarchive>"),
    );
    let headers = vec![
        ("content-type", "text/html".to_owned()),
        ("x-robots-tag", "nosnippet".to_owned()),
    ];
    site.serve(
        "/header",
        (StatusCode::OK, headers, format!("<head>{TEA}</head>")),
    );
    for path in ["/head", "/header"] {
        let post = world
            .posts(anna, link_to(world.group, &site.at(path)))
            .await;
        let quiet = LinkPreview {
            description: None,
            ..tea(&site)
        };
        assert_eq!(world.shows(post).await, Some(quiet), "{path}");
    }
});

db_test!(
    nothing_is_fetched_for_private_groups_or_where_it_is_switched_off,
    |store| {
        let world = World::new(store).await;
        let anna = world.hall.person("ann").await;
        let site = Site::new().await;
        site.page("/tea", TEA);
        let closed = world.hall.group("closed", anna).await;
        world
            .hall
            .change_actor(closed, |group| group.manually_approves = true)
            .await;
        let hidden = world.posts(anna, link_to(closed, &site.at("/tea"))).await;
        assert_eq!((site.times("/tea"), world.shows(hidden).await), (0, None));
        let own = link_to(world.group, "http://hub.test/c/drivers");
        world.posts(anna, own).await;
        let mut settings: Settings = (*world.federation.settings()).clone();
        settings.posts.link_previews = false;
        world.hall.operations.live.reload(settings).unwrap();
        let off = world
            .posts(anna, link_to(world.group, &site.at("/tea")))
            .await;
        assert_eq!((site.times("/tea"), world.shows(off).await), (0, None));
    }
);

db_test!(
    a_picture_that_came_along_is_used_and_others_wait_their_turn,
    |store| {
        let world = World::new(store).await;
        let mia = world.hall.remote("mia@lemmy.test").await;
        let site = Site::new().await;
        site.page("/tea", TEA);
        let now = world.federation.now();
        let from = |number: u32| from_elsewhere(&format!("https://lemmy.test/post/{number}"), now);
        let carried = "https://lemmy.test/pictrs/1.webp".to_owned();
        let with = CreatePost {
            thumbnail: Some(carried.clone()),
            origin: from(1),
            ..link_to(world.group, &site.at("/tea"))
        };
        let with = world.posts(mia, with).await;
        let shown = world.shows(with).await.unwrap();
        assert_eq!(shown.picture, Some(carried.clone()));
        assert_eq!((shown.title, site.times("/tea")), (None, 0));
        let without = CreatePost {
            origin: from(2),
            ..link_to(world.group, &site.at("/tea"))
        };
        let without = world.posts(mia, without).await;
        world.hall.pass(60);
        once(&world.federation).await.unwrap();
        assert_eq!(world.shows(without).await, Some(tea(&site)));
        let both = world.shows(with).await.unwrap();
        assert_eq!(
            (both.title, both.picture),
            (Some("Tea".into()), Some(carried))
        );
        let old = CreatePost {
            origin: from_elsewhere("https://lemmy.test/post/3", now.plus_seconds(-30 * DAY)),
            ..link_to(world.group, &site.at("/old"))
        };
        world.posts(mia, old).await;
        world.hall.pass(60);
        once(&world.federation).await.unwrap();
        assert_eq!(
            site.times("/old"),
            0,
            "who follows a group fetches no history"
        );
    }
);

db_test!(a_changed_link_shows_another_page, |store| {
    let world = World::new(store).await;
    let anna = world.hall.person("ann").await;
    let site = Site::new().await;
    site.page("/tea", TEA);
    site.page("/pot", "<title>Pots</title>");
    let post = world
        .posts(anna, link_to(world.group, &site.at("/tea")))
        .await;
    let change = |url: Option<String>| UpdatePost {
        post,
        title: None,
        body: Some(Markup::Markdown("A text.".to_owned())),
        link_url: Some(url),
        language: None,
        sensitive: None,
        warning: None,
        attachments: None,
        extra: crate::domain::post::Extra::Nothing,
        thumbnail: None,
        edit: Edit::Local,
    };
    let other = change(Some(site.at("/pot")));
    world.hall.run(anna, other).await.unwrap();
    assert_eq!(world.shows(post).await, None, "until it is fetched");
    once(&world.federation).await.unwrap();
    let title = world.shows(post).await.and_then(|page| page.title);
    assert_eq!(title.as_deref(), Some("Pots"));
    world.hall.run(anna, change(None)).await.unwrap();
    assert_eq!(world.shows(post).await, None);
    let soon = world.federation.now().plus_seconds(1);
    let gone = move |db: &mut Db, _| link_previews::delete_unused(db, soon, 10);
    assert_eq!(world.hall.write(gone).await, 2, "nobody links to either");
});
