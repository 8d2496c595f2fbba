//! Proofs inside documents (FEP-8b32, eddsa-jcs-2022): who has one, has its actor's own word,
//! whoever passed the document on.

use serde_json::{Map, Value, json};

use super::Federation;
use crate::crypto::keypair::{Algorithm, PrivateKey, PublicKey};
use crate::crypto::{canonical, digest, multibase};
use crate::domain::clock::Ts;
use crate::domain::ids::{ActorId, Uri};
use crate::domain::names::Names;
use crate::store::{Db, Res, StoreError, actors};

/// The terms of proofs.
const CONTEXT: &str = "https://w3id.org/security/data-integrity/v1";
/// Proofs of one document that are looked at.
const MOST: usize = 4;
/// The length of an Ed25519 signature.
const LENGTH: usize = 64;

/// A proof, with what it may have been made over.
struct Proof {
    method: Uri,
    created: Option<Ts>,
    signature: Vec<u8>,
    /// As the proof says, then with the document's own context, which some signers leave out of it.
    bases: Vec<Vec<u8>>,
}

impl Federation {
    /// Whether a document bears a good proof of this actor, made no earlier than `since`. A key
    /// that cannot be had proves nothing: then the origin is asked.
    pub(super) async fn is_proven(&self, document: &Value, actor: &Uri, since: Option<Ts>) -> bool {
        let Some(proof) = Proof::of(document, actor, self.now()) else {
            return false;
        };
        if since.is_some_and(|since| proof.created.is_none_or(|at| at < since)) {
            return false;
        }
        let owner = self
            .owner_if(&proof.method, "a proof", |key| proof.is_made_with(key))
            .await;
        match owner {
            Ok(owner) => owner.as_deref() == Some(actor.as_str()),
            Err(no) => {
                tracing::debug!(why = %no, "a proof could not be checked");
                false
            }
        }
    }
}

/// A document with its signer's proof; it must have its `@context` already.
///
/// # Errors
/// What the store says, or if the signer's key is no use.
pub(super) fn prove(
    db: &mut Db,
    names: &Names,
    signer: ActorId,
    document: Value,
    at: Ts,
) -> Res<Value> {
    let unreadable = |why: &str| StoreError::Unreadable(format!("a proof cannot be made: {why}"));
    let stored = actors::find_key_of(db, signer)?.zip(actors::find(db, signer)?);
    let Some((key, signer)) = stored else {
        return Err(unreadable("the signer has no key"));
    };
    let der = key.private_der.unwrap_or_default();
    let key = PrivateKey::from_pkcs8(&der).and_then(|key| key.for_proofs());
    let key = key.map_err(|no| unreadable(&no.to_string()))?;
    attach(document, &names.proof_key(&signer.uri), &key, at)
        .ok_or_else(|| unreadable("the document has no canonical form"))
}

/// Puts the proof made with a key beneath a document.
pub(super) fn attach(document: Value, method: &str, key: &PrivateKey, at: Ts) -> Option<Value> {
    let Value::Object(mut document) = document else {
        return None;
    };
    let contexts = document.get_mut("@context")?.as_array_mut()?;
    contexts.push(Value::from(CONTEXT));
    let options = json!({
        "@context": contexts, "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": method, "proofPurpose": "assertionMethod", "created": at.rfc3339(),
    });
    let mut proof = options.as_object()?.clone();
    let signature = key.sign(&base(proof.clone(), document.clone())).ok()?;
    proof.insert(
        "proofValue".to_owned(),
        Value::from(multibase::encode(&signature)),
    );
    document.insert("proof".to_owned(), Value::Object(proof));
    Some(Value::Object(document))
}

/// Whether a document bears a proof of this actor that was made with this key.
#[cfg(test)]
pub(super) fn is_proven_with(document: &Value, actor: &str, key: &PublicKey) -> bool {
    let actor = Uri::parse(actor).expect("an address");
    Proof::of(document, &actor, Ts(0)).is_some_and(|proof| proof.is_made_with(key))
}

impl Proof {
    /// The first proof of a document that could be this actor's.
    fn of(document: &Value, actor: &Uri, now: Ts) -> Option<Self> {
        let document = document.as_object()?;
        let proofs = match document.get("proof")? {
            Value::Array(proofs) => proofs.as_slice(),
            proof => std::slice::from_ref(proof),
        };
        let mut unproven = document.clone();
        unproven.remove("proof");
        proofs
            .iter()
            .take(MOST)
            .find_map(|proof| Self::read(&unproven, proof.as_object()?, actor, now))
    }

    fn read(
        document: &Map<String, Value>,
        proof: &Map<String, Value>,
        actor: &Uri,
        now: Ts,
    ) -> Option<Self> {
        let text = |name: &str| proof.get(name).and_then(Value::as_str);
        let sound = text("type") == Some("DataIntegrityProof")
            && text("cryptosuite") == Some("eddsa-jcs-2022")
            && text("proofPurpose") == Some("assertionMethod");
        let expires = proof
            .get("expires")
            .map(|at| at.as_str().and_then(Ts::parse));
        let lasts = expires.is_none_or(|at| at.is_some_and(|at| at > now));
        let method = Uri::parse(text("verificationMethod")?)?;
        let signature = multibase::decode(text("proofValue")?)?;
        if !sound || !lasts || !method.same_host(actor) || signature.len() != LENGTH {
            return None;
        }
        Some(Self {
            method,
            created: text("created").and_then(Ts::parse),
            signature,
            bases: bases(document, proof)?,
        })
    }

    fn is_made_with(&self, key: &PublicKey) -> bool {
        let fits = |base: &Vec<u8>| key.verify(Algorithm::Ed25519, base, &self.signature);
        self.bases.iter().any(fits)
    }
}

/// What may have been signed: the digest of the proof's own fields, then that of the document.
fn bases(document: &Map<String, Value>, proof: &Map<String, Value>) -> Option<Vec<Vec<u8>>> {
    let mut options = proof.clone();
    options.remove("proofValue");
    let mut document = document.clone();
    let context = document.get("@context").cloned();
    if let Some(said) = options.get("@context") {
        if context.is_some_and(|context| !begins_with(&context, said)) {
            return None;
        }
        document.insert("@context".to_owned(), said.clone());
        return Some(vec![base(options, document)]);
    }
    let mut bases = vec![base(options.clone(), document.clone())];
    if let Some(context) = context {
        options.insert("@context".to_owned(), context);
        bases.push(base(options, document));
    }
    Some(bases)
}

fn base(options: Map<String, Value>, document: Map<String, Value>) -> Vec<u8> {
    let digest = |fields| digest::sha256(canonical::of(&Value::Object(fields)).as_bytes());
    [digest(options), digest(document)].concat()
}

/// Whether a document's context begins with all that the proof was made under.
fn begins_with(context: &Value, said: &Value) -> bool {
    let list = |value: &Value| match value {
        Value::Array(values) => values.clone(),
        value => vec![value.clone()],
    };
    list(context).starts_with(&list(said))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

    fn fits(document: &Value, actor: &str) -> bool {
        is_proven_with(document, actor, &PublicKey::from_multikey(KEY).unwrap())
    }

    /// The example that FEP-8b32 is published with.
    fn published() -> Value {
        let context = json!([
            "https://www.w3.org/ns/activitystreams",
            "https://w3id.org/security/data-integrity/v1"
        ]);
        json!({
            "@context": context,
            "id": "https://server.example/activities/1",
            "type": "Create",
            "actor": "https://server.example/users/alice",
            "object": {
                "id": "https://server.example/objects/1",
                "type": "Note",
                "attributedTo": "https://server.example/users/alice",
                "content": "Hello world",
                "location": {"type": "Place", "longitude": -71.184_902, "latitude": 25.273_962}
            },
            "proof": {
                "@context": context,
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-jcs-2022",
                "verificationMethod": "https://server.example/users/alice#ed25519-key",
                "proofPurpose": "assertionMethod",
                "proofValue": "zLaewdp4H9kqtwyrLatK4cjY5oRHwVcw4gibPSUDYDMhi4M49v8pcYk3ZB6D69dNpAPbUmY8ocuJ3m9KhKJEEg7z",
                "created": "2023-02-24T23:36:38Z"
            }
        })
    }

    #[test]
    fn what_the_hub_proves_is_believed() {
        let key = PrivateKey::generate_ed25519().unwrap();
        let plain = json!({"@context": ["https://www.w3.org/ns/activitystreams"], "type": "Like"});
        let method = "https://hub.example/u/anna#ed25519-key";
        let proven = attach(plain, method, &key, Ts(0)).unwrap();
        let anna = Uri::parse("https://hub.example/u/anna").unwrap();
        let proof = Proof::of(&proven, &anna, Ts(0)).unwrap();
        assert_eq!(proof.method.as_str(), method);
        assert!(proof.is_made_with(&key.public().unwrap()));
        assert!(attach(json!({"type": "Like"}), method, &key, Ts(0)).is_none());
    }

    const ALICE: &str = "https://server.example/users/alice";

    #[test]
    fn s055_the_published_example_is_believed() {
        assert!(fits(&published(), ALICE));
        let mut without = published();
        without["proof"].as_object_mut().unwrap().remove("@context");
        assert!(
            fits(&without, ALICE),
            "the document's context stands for it"
        );
        let mut bare = published();
        bare.as_object_mut().unwrap().remove("@context");
        assert!(
            fits(&bare, ALICE),
            "inside an Announce the context is the proof's"
        );
        let mut second = published();
        second["proof"] = json!([{"type": "Other"}, second["proof"]]);
        assert!(fits(&second, ALICE), "one of several proofs");
        let mut longer = published();
        longer["@context"]
            .as_array_mut()
            .unwrap()
            .push(json!("https://other.example/ns"));
        assert!(fits(&longer, ALICE), "contexts may be added behind");
    }

    #[test]
    fn s055_every_change_breaks_a_proof() {
        let with = |pointer: &str, value: Value| {
            let mut changed = published();
            *changed.pointer_mut(pointer).unwrap() = value;
            changed
        };
        for (pointer, value) in [
            ("/object/content", json!("Hello world!")),
            ("/object/location/longitude", json!(-71.184_903)),
            ("/type", json!("Update")),
            ("/@context/0", json!("https://other.example/ns")),
            ("/proof/@context/0", json!("https://other.example/ns")),
            ("/proof/type", json!("Ed25519Signature2020")),
            ("/proof/cryptosuite", json!("eddsa-rdfc-2022")),
            ("/proof/proofPurpose", json!("authentication")),
            ("/proof/created", json!("2023-02-24T23:36:39Z")),
            (
                "/proof/verificationMethod",
                json!("https://other.example/users/alice#k"),
            ),
            ("/proof/proofValue", json!("zLaewdp4")),
            ("/proof/proofValue", json!(7)),
            ("/proof", json!("proof")),
        ] {
            assert!(
                !fits(&with(pointer, value.clone()), ALICE),
                "{pointer}: {value}"
            );
        }
        let mut added = published();
        added["object"]["summary"] = json!("");
        assert!(!fits(&added, ALICE), "a field more");
        added = published();
        added["proof"]["expires"] = json!("1969-01-01T00:00:00Z");
        assert!(!fits(&added, ALICE), "expired");
        assert!(!fits(&published(), "https://other.example/users/alice"));
    }
}
