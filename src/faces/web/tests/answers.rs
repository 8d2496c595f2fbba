//! Answers that are kept while somebody writes them, with forms alone and for the page's script.

use super::*;

hub_test!(an_answer_is_kept_gone_on_with_and_sent, |hub| {
    open(&hub);
    let (_, post, first) = furnish(&hub).await;
    let thread = format!("/post/{post}");
    let (to_post, to_comment) = (
        format!("{thread}/comments"),
        format!("/comment/{first}/answers"),
    );
    for (language, kept_here, list_title) in [
        ("en", "Your draft, not sent yet", "Answers begun"),
        (
            "de",
            "Dein Entwurf, noch nicht abgeschickt",
            "Angefangene Antworten",
        ),
    ] {
        let mut ben = Browser::signed_up(&hub, &format!("ben{language}"), language).await;
        assert!(!ben.get("/drafts").await.text.contains(list_title));
        let fresh = ben.get(&thread).await.text;
        assert!(!fresh.contains(kept_here), "{fresh}");
        let keep = [("body", "Torx <& so>"), ("keep", "1")];
        let led = ben.send(&thread, &to_post, &keep).await;
        assert_eq!(location(&led), format!("{thread}#answer"));
        let keep = [("body", "Really, \"always\"?"), ("keep", "1")];
        let led = ben.send(&thread, &to_comment, &keep).await;
        assert!(location(&led).ends_with(&format!("#comment-{first}")));
        let page = ben.get(&thread).await;
        sound(&thread, &page, language);
        assert_eq!(page.text.matches(kept_here).count(), 2, "{}", page.text);
        for kept in [
            "Torx &lt;&amp; so&gt;</textarea>",
            "Really, &quot;always&quot;?</textarea>",
        ] {
            assert!(page.text.contains(kept), "{kept} in {}", page.text);
        }
        let list = ben.get("/drafts").await;
        sound("/drafts", &list, language);
        assert!(list.text.contains(list_title), "{}", list.text);
        for way in [
            format!("href=\"{thread}#answer\""),
            format!("href=\"{thread}?comment={first}#comment-{first}\""),
        ] {
            assert!(list.text.contains(&way), "{way} in {}", list.text);
        }
        let sent = ben.send(&thread, &to_post, &[("body", "Torx.")]).await;
        assert!(location(&sent).contains("#comment-"));
        let page = ben.get(&thread).await.text;
        assert_eq!(page.matches(kept_here).count(), 1, "{page}");
        let discard = format!("/drafts/answers/{first}/discard");
        location(&ben.send("/drafts", &discard, &[]).await);
        assert!(!ben.get("/drafts").await.text.contains(list_title));
        let again = ben.send("/drafts", &discard, &[]).await;
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        // In the thread the button may be pressed on a page that is not new.
        let led = ben.send(&thread, &to_post, &[("discard", "1")]).await;
        assert_eq!(location(&led), format!("{thread}#answer"));
    }
});

hub_test!(what_is_typed_is_kept_for_the_script, |hub| {
    open(&hub);
    let (_, post, first) = furnish(&hub).await;
    let thread = format!("/post/{post}");
    let mut ben = Browser::signed_up(&hub, "ben", "de").await;
    let mut eve = Browser::signed_up(&hub, "eve", "de").await;
    for (to, body, said) in [
        (format!("{thread}/comments/keep"), "Tor", "Gespeichert"),
        (format!("{thread}/comments/keep"), "Torx", "Gespeichert"),
        (
            format!("/comment/{first}/answers/keep"),
            "So?",
            "Gespeichert",
        ),
        (format!("/comment/{first}/answers/keep"), " ", ""),
    ] {
        let kept = ben.send(&thread, &to, &[("body", body)]).await;
        assert_eq!((kept.status, kept.text.trim()), (StatusCode::OK, said));
    }
    let page = ben.get(&thread).await.text;
    assert!(page.contains(">Torx</textarea>"), "{page}");
    assert!(!page.contains("So?"), "{page}");
    assert!(!eve.get(&thread).await.text.contains("Torx</textarea>"));
    let long = "x".repeat(20_001);
    let keep = format!("{thread}/comments/keep");
    let refused = ben.send(&thread, &keep, &[("body", &long)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("body", long.as_str()), ("keep", "1")];
    let to = format!("{thread}/comments");
    let refused = ben.send(&thread, &to, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(&long), "nothing typed is lost");
    let missing = ben.send(&thread, "/post/1/comments/keep", &[("body", "?")]);
    assert_eq!(missing.await.status, StatusCode::NOT_FOUND);
});
