//! People are followed by a button, listed, and followed no more; who is followed is told.

use super::*;

hub_test!(people_are_followed_by_a_button, |hub| {
    open(&hub);
    let mut anna = Browser::signed_up(&hub, "anna_b", "en").await;
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    let author = hub.hall.read(|db| {
        let found = crate::views::actor::find_local(db, "anna_b")?;
        Ok(found.expect("she signed up").id)
    });
    let author = Caller::Member {
        actor: author.await,
        role: Role::Member,
    };
    let group = hub.hall.group("drivers", author).await;
    hub.hall.post(author, group, "Which bit?").await;

    let empty = ben.get("/following").await.text;
    assert!(empty.contains("You follow nobody yet."), "{empty}");
    let home = ben.get("/?in=following").await.text;
    assert!(!home.contains("Which bit?"), "{home}");
    let visitor = Browser::new(&hub, "en").get("/u/anna_b").await.text;
    assert!(visitor.contains("/intent/follow?of=/u/anna_b"), "{visitor}");

    let done = ben.send("/u/anna_b", "/u/anna_b/follow", &[]).await;
    assert_eq!(location(&done), "/u/anna_b");
    let page = ben.get("/u/anna_b").await.text;
    assert!(page.contains("You follow them now."), "{page}");
    assert!(page.contains("/u/anna_b/unfollow") && page.contains("1 follower"));
    let home = ben.get("/?in=following").await.text;
    assert!(home.contains("Which bit?"), "{home}");
    let old = ben.get("/?in=joined").await.text;
    assert!(
        old.contains("Which bit?"),
        "the address that it had leads there"
    );
    let list = ben.get("/following").await.text;
    assert!(list.contains("/u/anna_b/unfollow"), "{list}");

    let told = anna.get("/notices?show=followers").await.text;
    assert!(
        told.contains("follows you") && told.contains("@ben@"),
        "{told}"
    );
    let settings = anna.get("/settings/notifications").await.text;
    assert!(settings.contains("mail_followers"), "{settings}");
    let own = anna.get("/following").await.text;
    assert!(own.contains("1 follower"), "{own}");
    location(&anna.send("/following", "/following/shown", &[]).await);
    let page = ben.get("/u/anna_b").await.text;
    assert!(!page.contains("1 follower"), "she does not want that");

    let back = [("next", "/following")];
    let done = ben.send("/following", "/u/anna_b/unfollow", &back).await;
    assert_eq!(location(&done), "/following");
    let page = ben.get("/u/anna_b").await.text;
    assert!(page.contains("action=\"/u/anna_b/follow\""), "{page}");

    anna.send("/u/ben", "/u/ben/away", &[("distance", "block")])
        .await;
    let no = ben.send("/u/anna_b", "/u/anna_b/follow", &[]).await;
    assert_eq!(no.status, StatusCode::FORBIDDEN);
    assert!(
        no.text.contains("does not want to be followed by you"),
        "{}",
        no.text
    );
});
