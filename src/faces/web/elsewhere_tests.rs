//! Taking part from one's own server and signing in from there, against a server on loopback.

use axum::http::StatusCode;
use serde_json::json;

use super::tests::{Browser, PASSWORD, location, open, quoted};
use crate::faces::shared::elsewhere::{Server, lenient};
use crate::faces::shared::testing::{Answer, hub_test};

/// Where a page that leaves the hub leads.
fn leads(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let to = quoted(&answer.text, "http-equiv=\"refresh\" content=\"0; url=");
    to.first().expect("it leads on").replace("&amp;", "&")
}

fn parameter(address: &str, name: &str) -> String {
    let url = url::Url::parse(address).unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

hub_test!(visitors_are_led_to_the_right_page_of_their_server, |hub| {
    let (hub, server) = (lenient(&hub), Server::new());
    let anna = hub.hall.person("anna").await;
    let group = hub.hall.group("drivers", anna).await;
    let post = hub.hall.post(anna, group, "Which bit?").await;
    let mut visitor = Browser::new(&hub, "en");
    let follow = "/intent/follow?of=/c/drivers";
    assert!(visitor.get("/c/drivers").await.text.contains(follow));
    let page = visitor.get(follow).await.text;
    for shown in [
        "@drivers@hub.test",
        "!drivers@hub.test",
        "/intent/qr.svg?of=/c/drivers",
        "/c/drivers/feed.atom",
        "/sign-in?next=/c/drivers",
    ] {
        assert!(page.contains(shown), "{shown} in {page}");
    }
    let code = visitor.get("/intent/qr.svg?of=/c/drivers").await;
    assert_eq!(code.header("content-type"), "image/svg+xml");
    // Somebody whose server publishes where to go.
    let template = json!({"rel": "https://w3id.org/fep/3b86/Follow", "template": server.at("/follow?what={object}")});
    server.houses("mia", &[template]);
    let home = format!("@mia@{}", server.host);
    let form = [("of", "/c/drivers"), ("home", home.as_str())];
    let led = leads(&visitor.send(follow, "/intent/follow", &form).await);
    assert_eq!(
        led,
        server.at("/follow?what=http%3A%2F%2Fhub.test%2Fc%2Fdrivers")
    );
    // It is asked once.
    let again = visitor.get(&format!("/intent/reply?of=/post/{post}")).await;
    assert!(
        again.text.contains(&format!("value=\"{home}\"")),
        "{}",
        again.text
    );
    // Without such links the software decides.
    let nodeinfo = json!({"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.1", "href": server.at("/nodeinfo")}]});
    server.says("/.well-known/nodeinfo", 200, &nodeinfo);
    let software = json!({"version": "2.1", "software": {"name": "lemmy", "version": "1"}});
    server.says("/nodeinfo", 200, &software);
    let of = format!("/post/{post}");
    let form = [("of", of.as_str()), ("home", server.host.as_str())];
    let led = leads(&visitor.send(follow, "/intent/vote", &form).await);
    let uri = format!("http%3A%2F%2Fhub.test%2Fpost%2F{post}");
    assert_eq!(led, server.at(&format!("/search?q={uri}")));
    // This hub itself is no other server, and members need none.
    let form = [("of", "/c/drivers"), ("home", "hub.test")];
    let answer = visitor.send(follow, "/intent/follow", &form).await;
    assert_eq!(location(&answer), "/sign-in?next=%2Fc%2Fdrivers");
    let mut ben = Browser::signed_up(&hub, "ben", "en").await;
    assert_eq!(location(&ben.get(follow).await), "/c/drivers");
});

hub_test!(
    who_types_nonsense_or_asks_for_what_is_not_there_is_told_so,
    |hub| {
        let (hub, server) = (lenient(&hub), Server::new());
        let anna = hub.hall.person("anna").await;
        hub.hall.group("drivers", anna).await;
        let mut visitor = Browser::new(&hub, "de");
        let follow = "/intent/follow?of=/c/drivers";
        for (home, sentence) in [
            ("nonsense", "Bitte schreibe deine Adresse"),
            (server.host.as_str(), "hat nicht gesagt, wohin"),
        ] {
            let form = [("of", "/c/drivers"), ("home", home)];
            let answer = visitor.send(follow, "/intent/follow", &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text.contains(sentence), "{}", answer.text);
        }
        for path in [
            "/intent/follow?of=/c/nobody",
            "/intent/follow?of=//evil.example",
            "/intent/dance?of=/c/drivers",
            "/intent/qr.svg?of=//evil.example",
        ] {
            assert_eq!(
                visitor.get(path).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
        // What a server says may not lead to anything but a web page.
        let template = json!({"rel": "http://ostatus.org/schema/1.0/subscribe", "template": "javascript:alert({uri})"});
        server.houses("mia", &[template]);
        let home = format!("@mia@{}", server.host);
        let form = [("of", "/c/drivers"), ("home", home.as_str())];
        let answer = visitor.send(follow, "/intent/follow", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!answer.text.contains("javascript:"));
    }
);

/// Begins at the hub and comes back from the server with a code.
async fn come_back(browser: &mut Browser<'_>, server: &Server, from: &str) -> Answer {
    let form = [("home", server.host.as_str()), ("next", "/groups")];
    let led = leads(&browser.send(from, "/sign-in/elsewhere", &form).await);
    assert!(led.starts_with(&server.at("/oauth/authorize?")), "{led}");
    assert_eq!(parameter(&led, "scope"), "profile");
    assert_eq!(parameter(&led, "code_challenge_method"), "S256");
    let state = parameter(&led, "state");
    browser
        .get(&format!(
            "/sign-in/elsewhere/return?code=c0de&state={state}"
        ))
        .await
}

hub_test!(
    an_account_elsewhere_is_linked_once_and_signs_in_from_then_on,
    |hub| {
        let (hub, server) = (lenient(&hub), Server::new());
        open(&hub);
        server.houses("mia", &[]);
        server.vouches_for("mia", "mia");
        let mut anna = Browser::signed_up(&hub, "anna", "en").await;
        // A member links it.
        let answer = come_back(&mut anna, &server, "/settings/linked").await;
        assert_eq!(location(&answer), "/settings/linked");
        let page = anna.get("/settings/linked").await.text;
        let handle = format!("/u/mia@{}", server.host);
        assert!(
            page.contains(&handle) && page.contains("The account is linked."),
            "{page}"
        );
        // Another browser signs in with it, and is she.
        let mut fresh = Browser::new(&hub, "en");
        let answer = come_back(&mut fresh, &server, "/sign-in/elsewhere").await;
        assert_eq!(location(&answer), "/groups");
        assert!(fresh.get("/").await.text.contains("/u/anna"));
        // The hub made itself known once, proved its errand, and gave each token back.
        assert_eq!(server.asked("/api/v1/apps").len(), 1);
        let exchanged = server.asked("/oauth/token");
        assert!(
            exchanged
                .iter()
                .all(|asked| asked.contains("code_verifier=")
                    && asked.contains("client_secret=hush"))
        );
        let told = server.asked("/api/v1/accounts/verify_credentials");
        assert!(told.iter().all(|asked| {
            asked
                .to_lowercase()
                .contains("authorization: bearer bearer-1")
        }));
        let revoked = server.asked("/oauth/revoke");
        assert_eq!((revoked.len(), exchanged.len()), (2, 2));
        assert!(revoked.iter().all(|asked| asked.contains("token=bearer-1")));
        // Without the link nobody is signed in any more.
        let id = quoted(
            &anna.get("/settings/linked").await.text,
            "name=\"remote\" value=\"",
        )[0]
        .to_owned();
        let form = [("remote", id.as_str())];
        let answer = anna
            .send("/settings/linked", "/settings/linked/remove", &form)
            .await;
        assert_eq!(location(&answer), "/settings/linked");
        let mut third = Browser::new(&hub, "en");
        let answer = come_back(&mut third, &server, "/sign-in/elsewhere").await;
        assert_eq!(location(&answer), "/sign-in/elsewhere");
        assert!(third.get("/sign-in/elsewhere").await.text.contains(&handle));
        // Who then signs in can link what was proved.
        let form = [("name", "anna"), ("password", PASSWORD)];
        third.send("/sign-in", "/sign-in", &form).await;
        let answer = third
            .send("/settings/linked", "/settings/linked", &[])
            .await;
        assert_eq!(location(&answer), "/settings/linked");
        let page = third.get("/settings/linked").await.text;
        assert!(
            page.contains(&handle) && !page.contains("It is you"),
            "{page}"
        );
    }
);

hub_test!(nobody_signs_in_who_was_not_vouched_for, |hub| {
    let (hub, server) = (lenient(&hub), Server::new());
    server.houses("mia", &[]);
    server.vouches_for("mia", "mia");
    let mut browser = Browser::new(&hub, "en");
    let form = [("home", server.host.as_str())];
    let led = leads(
        &browser
            .send("/sign-in/elsewhere", "/sign-in/elsewhere", &form)
            .await,
    );
    let back = format!(
        "/sign-in/elsewhere/return?code=c0de&state={}",
        parameter(&led, "state")
    );
    // Another browser has nothing of the address.
    let mut other = Browser::new(&hub, "en");
    let answer = other.get(&back).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("began in another browser"));
    assert_eq!(
        browser.get(&back).await.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a state is used once"
    );
    assert!(server.asked("/oauth/token").is_empty());
    for (change, sentence) in [
        (
            json!({"username": "mia", "acct": "mia@else.example"}),
            "does not live on it",
        ),
        (
            json!({"username": "mia", "acct": "mia", "uri": "https://else.example/users/mia"}),
            "does not live on it",
        ),
        (json!({"error": "no"}), "did not say that it is you"),
    ] {
        server.says("/api/v1/accounts/verify_credentials", 200, &change);
        let answer = come_back(&mut browser, &server, "/sign-in/elsewhere").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{change}");
        assert!(answer.text.contains(sentence), "{change}: {}", answer.text);
    }
    // A token is given back whatever becomes of it; a server that forgot the hub meets it anew.
    assert_eq!(server.asked("/oauth/revoke").len(), 3);
    server.says("/oauth/token", 401, &json!({"error": "invalid_client"}));
    come_back(&mut browser, &server, "/sign-in/elsewhere").await;
    server.vouches_for("mia", "mia");
    come_back(&mut browser, &server, "/sign-in/elsewhere").await;
    assert_eq!(server.asked("/api/v1/apps").len(), 2);
    // Metadata that names another host is not followed.
    let metadata = json!({"token_endpoint": "http://127.0.0.1:1/oauth/token"});
    server.says("/.well-known/oauth-authorization-server", 200, &metadata);
    let answer = browser
        .send("/sign-in/elsewhere", "/sign-in/elsewhere", &form)
        .await;
    assert!(
        answer.text.contains("does not let its people sign in"),
        "{}",
        answer.text
    );
});
