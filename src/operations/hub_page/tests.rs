//! Pages about the hub are written by admins, in each language, and what they said is kept.

use crate::domain::caller::Caller;
use crate::domain::hub_page::in_language;
use crate::domain::membership::Role;
use crate::domain::refusal::Kind;
use crate::operations::testing::Hall;
use crate::store::testing::db_test;
use crate::views::hub_page;

use super::WriteHubPage;

fn page(language: &str, title: &str, body: &str) -> WriteHubPage {
    WriteHubPage {
        name: "imprint".to_owned(),
        language: language.to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
    }
}

db_test!(pages_are_written_replaced_and_taken_away, |store| {
    let hall = Hall::new(store).await;
    let ben = hall.person("ben").await;
    let admin = Caller::Member {
        actor: hall.person("ada").await.actor().unwrap(),
        role: Role::Admin,
    };
    let refused = hall.run(ben, page("de", "Impressum", "Ben")).await;
    assert_eq!(refused.unwrap_err().kind, Kind::Forbidden);
    let german = page("de", "Impressum", "Ada, *Gasse 1* <script>");
    hall.run(admin, german).await.unwrap();
    hall.run(admin, page("en", "Legal notice", "Ada"))
        .await
        .unwrap();
    hall.pass(60);
    hall.run(admin, page("en", "Legal notice", "Ada, here"))
        .await
        .unwrap();
    let all = hall.read(hub_page::all).await;
    let found = |language| in_language(&all, "imprint", language).unwrap();
    assert!(found("de").html.contains("<em>Gasse 1</em>"));
    assert!(!found("de").html.contains("<script"));
    assert_eq!(found("en").source, "Ada, here");
    assert_eq!(found("fr").language, "de", "the first of the others");
    assert_eq!(in_language(&all, "rules", "de"), None);
    let before = hall
        .read(|db| hub_page::versions(db, "imprint", "en"))
        .await;
    let said: Vec<&str> = before.iter().map(|(_, said)| &**said).collect();
    assert_eq!(said, ["Ada"]);
    hall.run(admin, page("de", "", "")).await.unwrap();
    let all = hall.read(hub_page::all).await;
    assert_eq!(in_language(&all, "imprint", "de").unwrap().language, "en");
    let kept = hall
        .read(|db| hub_page::versions(db, "imprint", "de"))
        .await;
    assert_eq!(kept.len(), 1, "what was said is kept");
});

db_test!(pages_need_a_name_a_language_and_a_title, |store| {
    let hall = Hall::new(store).await;
    let admin = Caller::Member {
        actor: hall.person("ada").await.actor().unwrap(),
        role: Role::Admin,
    };
    let mut named = page("de", "Impressum", "Ada");
    for (name, sound) in [
        ("imprint", true),
        ("", false),
        ("../x", false),
        ("A", false),
    ] {
        named.name = name.to_owned();
        let done = hall.run(admin, named.clone()).await;
        assert_eq!(done.is_ok(), sound, "{name}");
    }
    let refused = hall.run(admin, page("no language", "A", "B")).await;
    assert_eq!(refused.unwrap_err().code, "language.tag");
    let refused = hall.run(admin, page("de", " ", "B")).await;
    assert_eq!(refused.unwrap_err().code, "page.title");
});
