//! The one `@context` of everything that is sent (federation.md appendix A). It is a constant:
//! contexts are never fetched, by us or for us.

use std::sync::LazyLock;

use serde_json::Value;

use crate::federation::bridge;

const TERMS: &str = r#"["https://www.w3.org/ns/activitystreams","https://w3id.org/security/v1",{
"toot":"http://joinmastodon.org/ns#","lemmy":"https://join-lemmy.org/ns#","gts":"https://gotosocial.org/ns#",
"litepub":"http://litepub.social/ns#","schema":"http://schema.org#","misskey":"https://misskey-hub.net/ns#",
"fedibird":"http://fedibird.com/ns#","pt":"https://joinpeertube.org/ns#","sc":"http://schema.org/",
"mz":"https://joinmobilizon.org/ns#",
"manuallyApprovesFollowers":"as:manuallyApprovesFollowers","sensitive":"as:sensitive","Hashtag":"as:Hashtag",
"movedTo":{"@id":"as:movedTo","@type":"@id"},"alsoKnownAs":{"@id":"as:alsoKnownAs","@type":"@id"},
"discoverable":"toot:discoverable","indexable":"toot:indexable","memorial":"toot:memorial",
"suspended":"toot:suspended","featured":{"@id":"toot:featured","@type":"@id"},"Emoji":"toot:Emoji",
"blurhash":"toot:blurhash","votersCount":"toot:votersCount",
"focalPoint":{"@container":"@list","@id":"toot:focalPoint"},
"moderators":{"@id":"lemmy:moderators","@type":"@id"},"postingRestrictedToMods":"lemmy:postingRestrictedToMods",
"distinguished":"lemmy:distinguished","removeData":"lemmy:removeData","language":"sc:inLanguage",
"identifier":"sc:identifier","CommunityPostTag":"lemmy:CommunityPostTag","Lock":"lemmy:Lock",
"expires":"as:endTime","commentsEnabled":"pt:commentsEnabled",
"PropertyValue":"schema:PropertyValue","value":"schema:value","EmojiReact":"litepub:EmojiReact",
"ChatMessage":"litepub:ChatMessage",
"quote":{"@id":"https://w3id.org/fep/044f#quote","@type":"@id"},
"quoteAuthorization":{"@id":"https://w3id.org/fep/044f#quoteAuthorization","@type":"@id"},
"QuoteRequest":"https://w3id.org/fep/044f#QuoteRequest",
"QuoteAuthorization":"https://w3id.org/fep/044f#QuoteAuthorization","quoteUri":"fedibird:quoteUri",
"_misskey_quote":"misskey:_misskey_quote",
"interactionPolicy":{"@id":"gts:interactionPolicy","@type":"@id"},"canQuote":{"@id":"gts:canQuote","@type":"@id"},
"canReply":{"@id":"gts:canReply","@type":"@id"},"automaticApproval":{"@id":"gts:automaticApproval","@type":"@id"},
"manualApproval":{"@id":"gts:manualApproval","@type":"@id"},
"interactingObject":{"@id":"gts:interactingObject","@type":"@id"},
"interactionTarget":{"@id":"gts:interactionTarget","@type":"@id"},
"joinMode":"mz:joinMode","participantCount":"mz:participantCount","onlineLink":"mz:onlineAddress",
"maximumAttendeeCapacity":"sc:maximumAttendeeCapacity","address":"sc:address",
"attendees":{"@id":"https://w3id.org/fep/8a8e/attendees","@type":"@id"},"VirtualLocation":"sc:VirtualLocation",
"timezone":"mz:timezone","dislikes":{"@id":"pt:dislikes","@type":"@id"},
"webfinger":"https://w3id.org/fep/2c59#webfinger","implements":{"@id":"https://w3id.org/fep/844e#implements","@type":"@id"},
"assertionMethod":{"@id":"https://w3id.org/security#assertionMethod","@type":"@id"},
"Multikey":"https://w3id.org/security#Multikey","publicKeyMultibase":"https://w3id.org/security#publicKeyMultibase"}]"#;

/// The `@context` value.
pub(crate) fn context() -> &'static Value {
    static CONTEXT: LazyLock<Value> = LazyLock::new(|| {
        serde_json::from_str(TERMS).expect("the constant is JSON, a test says so")
    });
    &CONTEXT
}

/// The document as the outermost one: with `@context`, which Lemmy's group inbox, Discourse and
/// Mastodon look for.
pub(crate) fn with_context(document: Value) -> Value {
    bridge::with_context(document, context().clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_context_names_activitystreams_as_a_string_first() {
        assert_eq!(context()[0], "https://www.w3.org/ns/activitystreams");
        assert_eq!(context()[1], "https://w3id.org/security/v1");
        assert!(context()[2].as_object().unwrap().len() > 50);
    }

    #[test]
    fn a_document_keeps_its_fields_under_the_context() {
        let document = with_context(json!({"id": "https://h/1", "object": {"type": "Note"}}));
        assert_eq!(document["id"], "https://h/1");
        assert_eq!(document["object"], json!({"type": "Note"}));
        assert_eq!(document["@context"], *context());
        assert!(
            serde_json::to_string(&document)
                .unwrap()
                .starts_with("{\"@context\"")
        );
    }
}
