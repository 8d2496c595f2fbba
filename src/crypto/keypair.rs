//! Actor keys, always kept parsed: reading a PEM costs more than verifying a signature.

use std::fmt;

use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private, Public};
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Signer, Verifier};

use super::{digest, multibase};

/// The smallest RSA modulus that is accepted, in bits.
const SMALLEST_RSA: i32 = 2048;
/// The largest RSA modulus that is accepted, in bits: verifying gets slow beyond it.
const LARGEST_RSA: i32 = 8192;
/// What keeps the seed of a key for proofs apart from every other use of a key's bytes.
const PROOF_LABEL: &[u8] = b"guildhall key for proofs 1\0";
/// What stands before the bytes of an Ed25519 key in a Multikey (FEP-521a).
const ED25519_CODEC: [u8; 2] = [0xed, 0x01];
/// The longest PEM or DER text that is read, in bytes.
const LONGEST_KEY: usize = 16 * 1024;

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadKey {
    /// Not one PEM or DER public key.
    #[error("The key is not a single public key in PEM or DER form.")]
    Unreadable,
    /// Neither RSA nor Ed25519.
    #[error("The key is neither an RSA nor an Ed25519 key.")]
    Kind,
    /// An RSA modulus outside 2048 to 8192 bits.
    #[error("The RSA key has {0} bits; between 2048 and 8192 are accepted.")]
    Size(i32),
    /// An RSA exponent or modulus that no honest generator makes.
    #[error("The RSA key has an exponent or modulus that is not sound.")]
    Unsound,
    /// OpenSSL refused; its own words.
    #[error("OpenSSL could not use the key: {0}")]
    Fault(String),
}

impl From<openssl::error::ErrorStack> for BadKey {
    fn from(fault: openssl::error::ErrorStack) -> Self {
        Self::Fault(fault.to_string())
    }
}

/// How a signature was made. The key decides; a name that contradicts it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaSha256,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    RsaSha512,
    /// RSASSA-PSS with SHA-512 (RFC 9421 only).
    RsaPssSha512,
    /// Ed25519.
    Ed25519,
    /// Not named: RSA-SHA256 for an RSA key, Ed25519 for an Ed25519 key.
    Derived,
}

/// The key with which a local actor signs. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct PrivateKey(PKey<Private>);

impl PrivateKey {
    /// Makes an RSA key of 2048 bits. Costs 200 to 700 ms: never on the path of a request.
    pub(crate) fn generate() -> Result<Self, BadKey> {
        Ok(Self(PKey::from_rsa(Rsa::generate(2048)?)?))
    }

    /// The Ed25519 key with which the owner of this one proves documents. It is always the same
    /// for the same key, so that it need not be stored.
    pub(crate) fn for_proofs(&self) -> Result<Self, BadKey> {
        let secret = [PROOF_LABEL, &self.to_pkcs8()?].concat();
        let seed = digest::sha256(&secret);
        Ok(Self(PKey::private_key_from_raw_bytes(&seed, Id::ED25519)?))
    }

    /// Makes an Ed25519 key.
    #[cfg(test)]
    pub(crate) fn generate_ed25519() -> Result<Self, BadKey> {
        Ok(Self(PKey::generate_ed25519()?))
    }

    /// Reads the stored form.
    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self, BadKey> {
        if der.len() > LONGEST_KEY {
            return Err(BadKey::Unreadable);
        }
        Ok(Self(PKey::private_key_from_pkcs8(der)?))
    }

    /// The form to store: PKCS#8 DER, not encrypted.
    pub(crate) fn to_pkcs8(&self) -> Result<Vec<u8>, BadKey> {
        Ok(self.0.private_key_to_pkcs8()?)
    }

    /// The public half.
    pub(crate) fn public(&self) -> Result<PublicKey, BadKey> {
        if self.0.id() == Id::ED25519 {
            return PublicKey::from_ed25519(&self.0.raw_public_key()?);
        }
        let rsa = self.0.rsa()?;
        PublicKey::from_rsa(Rsa::from_public_components(
            rsa.n().to_owned()?,
            rsa.e().to_owned()?,
        )?)
    }

    /// Signs with RSA-SHA256, or with Ed25519 where the key is one.
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, BadKey> {
        if self.0.id() == Id::ED25519 {
            return Ok(Signer::new_without_digest(&self.0)?.sign_oneshot_to_vec(message)?);
        }
        Ok(Signer::new(MessageDigest::sha256(), &self.0)?.sign_oneshot_to_vec(message)?)
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(..)")
    }
}

/// The key with which signatures of an actor are verified. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct PublicKey(PKey<Public>);

impl PublicKey {
    /// Reads one PEM, `PUBLIC KEY` (SPKI) or `RSA PUBLIC KEY` (PKCS#1), in about 10 µs.
    /// Certificates, private keys and several PEMs in a row are refused.
    pub(crate) fn from_pem(pem: &str) -> Result<Self, BadKey> {
        if pem.len() > LONGEST_KEY {
            return Err(BadKey::Unreadable);
        }
        let (label, body) = unarmour(pem).ok_or(BadKey::Unreadable)?;
        let der = digest::from_base64(&body).ok_or(BadKey::Unreadable)?;
        match label {
            "PUBLIC KEY" => Self::from_spki(&der),
            "RSA PUBLIC KEY" => Self::from_rsa(Rsa::public_key_from_der_pkcs1(&der)?),
            _ => Err(BadKey::Unreadable),
        }
    }

    /// Reads DER, SPKI or PKCS#1.
    pub(crate) fn from_der(der: &[u8]) -> Result<Self, BadKey> {
        if der.len() > LONGEST_KEY {
            return Err(BadKey::Unreadable);
        }
        match spki(der) {
            Some(_) => Self::from_spki(der),
            None => Self::from_rsa(Rsa::public_key_from_der_pkcs1(der)?),
        }
    }

    /// Reads the 32 bytes of an Ed25519 key.
    pub(crate) fn from_ed25519(raw: &[u8]) -> Result<Self, BadKey> {
        if raw.len() != 32 {
            return Err(BadKey::Unreadable);
        }
        Ok(Self(PKey::public_key_from_raw_bytes(raw, Id::ED25519)?))
    }

    /// Reads the `publicKeyMultibase` of an Ed25519 key, `z6Mk...`.
    pub(crate) fn from_multikey(text: &str) -> Result<Self, BadKey> {
        let bytes = multibase::decode(text).ok_or(BadKey::Unreadable)?;
        let raw = bytes.strip_prefix(&ED25519_CODEC).ok_or(BadKey::Kind)?;
        Self::from_ed25519(raw)
    }

    fn from_spki(der: &[u8]) -> Result<Self, BadKey> {
        // OpenSSL's own reader of SPKI takes 200 µs and more; the key inside takes 1 µs.
        match spki(der).ok_or(BadKey::Unreadable)? {
            Spki::Rsa(pkcs1) => Self::from_rsa(Rsa::public_key_from_der_pkcs1(pkcs1)?),
            Spki::Ed25519(raw) => Self::from_ed25519(raw),
            Spki::Other => Err(BadKey::Kind),
        }
    }

    fn from_rsa(rsa: Rsa<Public>) -> Result<Self, BadKey> {
        let bits = rsa.n().num_bits();
        if !(SMALLEST_RSA..=LARGEST_RSA).contains(&bits) {
            return Err(BadKey::Size(bits));
        }
        let exponent = rsa.e();
        if !rsa.n().is_bit_set(0)
            || !exponent.is_bit_set(0)
            || !(2..=33).contains(&exponent.num_bits())
        {
            return Err(BadKey::Unsound);
        }
        Ok(Self(PKey::from_rsa(rsa)?))
    }

    /// The PEM that an actor document publishes: `-----BEGIN PUBLIC KEY-----`.
    pub(crate) fn to_pem(&self) -> Result<String, BadKey> {
        let pem = self.0.public_key_to_pem()?;
        String::from_utf8(pem).map_err(|_not_text| BadKey::Unreadable)
    }

    /// The `publicKeyMultibase` of an Ed25519 key.
    pub(crate) fn to_multikey(&self) -> Result<String, BadKey> {
        let raw = self.0.raw_public_key()?;
        Ok(multibase::encode(
            &[&ED25519_CODEC, raw.as_slice()].concat(),
        ))
    }

    /// SPKI DER, the form to store.
    pub(crate) fn to_der(&self) -> Result<Vec<u8>, BadKey> {
        Ok(self.0.public_key_to_der()?)
    }

    /// Whether `signature` was made over `message` with the private half of this key.
    pub(crate) fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        self.try_verify(algorithm, message, signature)
            .unwrap_or(false)
    }

    fn try_verify(
        &self,
        algorithm: Algorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, BadKey> {
        let edwards = self.0.id() == Id::ED25519;
        match (algorithm, edwards) {
            (Algorithm::Ed25519 | Algorithm::Derived, true) => {
                Ok(Verifier::new_without_digest(&self.0)?.verify_oneshot(signature, message)?)
            }
            // Whoever leaves the algorithm to the key nearly always means SHA-256 with an RSA key.
            (Algorithm::Derived, false) => {
                let usual = self.try_verify(Algorithm::RsaSha256, message, signature)?;
                Ok(usual || self.try_verify(Algorithm::RsaSha512, message, signature)?)
            }
            (Algorithm::RsaSha256, false) => Ok(Verifier::new(MessageDigest::sha256(), &self.0)?
                .verify_oneshot(signature, message)?),
            (Algorithm::RsaSha512, false) => Ok(Verifier::new(MessageDigest::sha512(), &self.0)?
                .verify_oneshot(signature, message)?),
            (Algorithm::RsaPssSha512, false) => {
                let mut verifier = Verifier::new(MessageDigest::sha512(), &self.0)?;
                verifier.set_rsa_padding(Padding::PKCS1_PSS)?;
                verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
                verifier.set_rsa_mgf1_md(MessageDigest::sha512())?;
                Ok(verifier.verify_oneshot(signature, message)?)
            }
            _ => Ok(false),
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.public_eq(&other.0)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PublicKey(..)")
    }
}

/// Takes the armour off exactly one PEM: its label and its base64 without white space.
fn unarmour(pem: &str) -> Option<(&str, String)> {
    let rest = pem.trim().strip_prefix("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, end) = rest.split_once("-----END ")?;
    let whole = end.strip_prefix(label)?.strip_prefix("-----")?.is_empty();
    whole.then(|| (label, body.split_ascii_whitespace().collect()))
}

/// What a SubjectPublicKeyInfo holds.
enum Spki<'a> {
    /// An RSA key in PKCS#1 DER.
    Rsa(&'a [u8]),
    /// A raw Ed25519 key.
    Ed25519(&'a [u8]),
    /// A key of another kind.
    Other,
}

const SEQUENCE: u8 = 0x30;
const OBJECT_ID: u8 = 0x06;
const BIT_STRING: u8 = 0x03;
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// Opens the outer layers of a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
fn spki(der: &[u8]) -> Option<Spki<'_>> {
    let (outer, after) = value_of(SEQUENCE, der)?;
    let (algorithm, rest) = value_of(SEQUENCE, outer)?;
    let (id, _parameters) = value_of(OBJECT_ID, algorithm)?;
    let (bits, end) = value_of(BIT_STRING, rest)?;
    let (0, key) = bits.split_first().map(|(unused, key)| (*unused, key))? else {
        return None;
    };
    if !after.is_empty() || !end.is_empty() {
        return None;
    }
    Some(match id {
        RSA_ENCRYPTION => Spki::Rsa(key),
        ED25519 => Spki::Ed25519(key),
        _ => Spki::Other,
    })
}

/// The value of one DER element with this tag, and what follows it.
fn value_of(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&found, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    if found != tag {
        return None;
    }
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 => rest
            .split_first()
            .map(|(a, rest)| (usize::from(*a), rest))?,
        0x82 => {
            let (bytes, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*bytes)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::bn::BigNum;

    fn rsa(bits: u32) -> Rsa<Private> {
        Rsa::generate(bits).unwrap()
    }

    #[test]
    fn an_rsa_key_without_an_algorithm_takes_either_digest() {
        let key = PKey::from_rsa(rsa(2048)).unwrap();
        let public = PublicKey::from_der(&key.public_key_to_der().unwrap()).unwrap();
        for digest in [MessageDigest::sha256(), MessageDigest::sha512()] {
            let mut signer = Signer::new(digest, &key).unwrap();
            let signature = signer.sign_oneshot_to_vec(b"message").unwrap();
            assert!(public.verify(Algorithm::Derived, b"message", &signature));
            assert!(!public.verify(Algorithm::Derived, b"massage", &signature));
        }
        let mut signer = Signer::new(MessageDigest::sha1(), &key).unwrap();
        let signature = signer.sign_oneshot_to_vec(b"message").unwrap();
        assert!(!public.verify(Algorithm::Derived, b"message", &signature));
    }

    #[test]
    fn a_signature_fits_its_message_and_key_only() {
        let key = PrivateKey::generate().unwrap();
        let public = key.public().unwrap();
        let signature = key.sign(b"message").unwrap();
        assert!(public.verify(Algorithm::RsaSha256, b"message", &signature));
        assert!(public.verify(Algorithm::Derived, b"message", &signature));
        assert!(!public.verify(Algorithm::RsaSha512, b"message", &signature));
        assert!(!public.verify(Algorithm::Ed25519, b"message", &signature));
        assert!(!public.verify(Algorithm::RsaSha256, b"massage", &signature));
        assert!(!public.verify(Algorithm::RsaSha256, b"message", b""));
        let other = PrivateKey::generate().unwrap().public().unwrap();
        assert!(!other.verify(Algorithm::RsaSha256, b"message", &signature));
        assert_ne!(other, public);
    }

    #[test]
    fn stored_keys_come_back_whole() {
        let key = PrivateKey::generate().unwrap();
        let again = PrivateKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.public().unwrap(), key.public().unwrap());
        let public = key.public().unwrap();
        assert_eq!(
            PublicKey::from_der(&public.to_der().unwrap()).unwrap(),
            public
        );
        assert!(PrivateKey::from_pkcs8(b"not a key").is_err());
        assert_eq!(format!("{key:?}"), "PrivateKey(..)");
    }

    #[test]
    fn pem_is_read_in_every_form_that_peers_publish() {
        let rsa = rsa(2048);
        let spki = String::from_utf8(rsa.public_key_to_pem().unwrap()).unwrap();
        let pkcs1 = String::from_utf8(rsa.public_key_to_pem_pkcs1().unwrap()).unwrap();
        let expected = PublicKey::from_pem(&spki).unwrap();
        assert_eq!(expected.to_pem().unwrap(), spki);
        for pem in [
            pkcs1,
            spki.replace('\n', "\r\n"),
            spki.trim().to_owned(),
            format!("\n {spki}\n"),
        ] {
            assert_eq!(PublicKey::from_pem(&pem).unwrap(), expected, "{pem}");
        }
        let der = rsa.public_key_to_der_pkcs1().unwrap();
        assert_eq!(PublicKey::from_der(&der).unwrap(), expected);
    }

    #[test]
    fn what_is_not_one_public_key_is_refused() {
        let rsa = rsa(2048);
        let spki = String::from_utf8(rsa.public_key_to_pem().unwrap()).unwrap();
        let private = String::from_utf8(rsa.private_key_to_pem().unwrap()).unwrap();
        let certificate = spki.replace("PUBLIC KEY", "CERTIFICATE");
        let two = format!("{spki}{spki}");
        let long = format!("{}{spki}", " ".repeat(LONGEST_KEY));
        let cut = spki.get(..200).unwrap().to_owned();
        for pem in [
            private,
            certificate,
            two,
            long,
            cut,
            String::new(),
            "-----BEGIN ".to_owned(),
        ] {
            assert!(PublicKey::from_pem(&pem).is_err(), "{pem}");
        }
        assert_eq!(
            PublicKey::from_pem(&"x".repeat(20_000)),
            Err(BadKey::Unreadable)
        );
    }

    #[test]
    fn weak_and_unsound_rsa_keys_are_refused() {
        for bits in [512, 1024] {
            let small = rsa(bits).public_key_to_der().unwrap();
            assert_eq!(
                PublicKey::from_der(&small),
                Err(BadKey::Size(bits.cast_signed()))
            );
        }
        let good = rsa(2048);
        let build = |n: BigNum, e: u32| {
            PublicKey::from_rsa(
                Rsa::from_public_components(n, BigNum::from_u32(e).unwrap()).unwrap(),
            )
        };
        let odd = || good.n().to_owned().unwrap();
        assert!(build(odd(), 65537).is_ok());
        assert_eq!(build(odd(), 1), Err(BadKey::Unsound));
        assert_eq!(build(odd(), 65536), Err(BadKey::Unsound));
        let mut even = odd();
        even.sub_word(1).unwrap();
        assert_eq!(build(even, 65537), Err(BadKey::Unsound));
        let mut huge = BigNum::new().unwrap();
        huge.set_bit(16_383).unwrap();
        huge.set_bit(0).unwrap();
        assert_eq!(build(huge, 65537), Err(BadKey::Size(16_384)));
        assert_eq!(
            build(BigNum::from_u32(0).unwrap(), 65537),
            Err(BadKey::Size(0))
        );
    }

    #[test]
    fn ed25519_keys_verify_and_round_trip() {
        let key = PrivateKey::generate_ed25519().unwrap();
        let public = key.public().unwrap();
        let signature = key.sign(b"message").unwrap();
        assert!(public.verify(Algorithm::Ed25519, b"message", &signature));
        assert!(public.verify(Algorithm::Derived, b"message", &signature));
        assert!(!public.verify(Algorithm::RsaSha256, b"message", &signature));
        assert!(!public.verify(Algorithm::Ed25519, b"massage", &signature));
        assert_eq!(
            PublicKey::from_pem(&public.to_pem().unwrap()).unwrap(),
            public
        );
        assert!(PublicKey::from_ed25519(&[0; 31]).is_err());
    }

    #[test]
    fn a_key_has_one_key_for_proofs() {
        let key = PrivateKey::generate().unwrap();
        let proving = key.for_proofs().unwrap().public().unwrap();
        assert_eq!(key.for_proofs().unwrap().public().unwrap(), proving);
        let text = proving.to_multikey().unwrap();
        assert!(text.starts_with("z6Mk"), "{text}");
        assert_eq!(PublicKey::from_multikey(&text).unwrap(), proving);
        let other = PrivateKey::generate_ed25519().unwrap();
        assert_ne!(other.for_proofs().unwrap().public().unwrap(), proving);
    }

    #[test]
    fn multikeys_hold_ed25519_keys_only() {
        let key = PublicKey::from_multikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2");
        assert_eq!(key.unwrap().0.id(), Id::ED25519);
        let other = |codec: u8, length: usize| {
            multibase::encode(&[&[codec, 0x01], vec![7; length].as_slice()].concat())
        };
        for bad in [
            other(0xed, 31),
            other(0xe7, 33),
            "z".to_owned(),
            String::new(),
        ] {
            assert!(PublicKey::from_multikey(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn other_kinds_of_keys_are_named() {
        let group =
            openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::X9_62_PRIME256V1).unwrap();
        let ec = PKey::from_ec_key(openssl::ec::EcKey::generate(&group).unwrap()).unwrap();
        assert_eq!(
            PublicKey::from_der(&ec.public_key_to_der().unwrap()),
            Err(BadKey::Kind)
        );
    }

    #[test]
    fn damaged_der_never_panics() {
        let good = rsa(2048).public_key_to_der().unwrap();
        for length in 0..good.len() {
            assert!(PublicKey::from_der(&good[..length]).is_err());
        }
        for place in 0..good.len().min(64) {
            let mut bad = good.clone();
            bad[place] ^= 0xff;
            drop(PublicKey::from_der(&bad));
        }
    }
}
