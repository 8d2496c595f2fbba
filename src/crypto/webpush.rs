//! Messages to browsers: encrypted so that the push service between cannot read them (RFC 8291), and
//! signed so that it knows whose they are (RFC 8292).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::bn::{BigNum, BigNumContext};
use openssl::derive::Deriver;
use openssl::ec::{EcGroup, EcKey, EcPoint, PointConversionForm};
use openssl::ecdsa::EcdsaSig;
use openssl::error::ErrorStack;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::symm::{Cipher, encrypt_aead};

use super::mac::hmac;
use super::{digest, token};

/// The size of the one record, in bytes: no push service has to take more (RFC 8030, section 7.2).
const RECORD: u32 = 4096;
/// The most bytes of a message, so that it fits into the record with all that is around it.
pub(crate) const MOST: usize = 3_000;
/// An uncompressed point of P-256.
const POINT: usize = 65;

/// Why a message could not be encrypted or a key not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadPush {
    /// The browser's key is no point of P-256, or its secret has not 16 bytes.
    #[error("The browser's keys are not those of a push subscription.")]
    Keys,
    /// More than a push service has to take.
    #[error("The message is longer than {MOST} bytes.")]
    TooLong,
    /// OpenSSL refused; its own words.
    #[error("OpenSSL could not use the key: {0}")]
    Fault(String),
}

impl From<ErrorStack> for BadPush {
    fn from(fault: ErrorStack) -> Self {
        Self::Fault(fault.to_string())
    }
}

/// The key by which push services know the hub.
#[derive(Clone)]
pub(crate) struct VapidKey(EcKey<Private>);

impl VapidKey {
    /// A new one, in the form in which it is stored.
    ///
    /// # Errors
    /// If OpenSSL cannot make one.
    pub(crate) fn generate() -> Result<String, BadPush> {
        let key = EcKey::generate(&*p256()?)?;
        let secret = key.private_key().to_vec_padded(32)?;
        Ok(URL_SAFE_NO_PAD.encode(secret))
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// If it is none.
    pub(crate) fn parse(text: &str) -> Result<Self, BadPush> {
        let secret = URL_SAFE_NO_PAD
            .decode(text)
            .map_err(|_no_base64| BadPush::Keys)?;
        Ok(Self(private_key(&secret)?))
    }

    /// The public half, as browsers ask for it.
    ///
    /// # Errors
    /// If OpenSSL cannot give it.
    pub(crate) fn public(&self) -> Result<String, BadPush> {
        Ok(URL_SAFE_NO_PAD.encode(public_bytes(&self.0)?))
    }

    /// The `Authorization` header for a push service at this origin, good until a moment in seconds.
    ///
    /// # Errors
    /// If OpenSSL cannot sign.
    pub(crate) fn authorization(
        &self,
        audience: &str,
        contact: &str,
        until: i64,
    ) -> Result<String, BadPush> {
        let claims = serde_json::json!({ "aud": audience, "exp": until, "sub": contact });
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let made = EcdsaSig::sign(&digest::sha256(signed.as_bytes()), &self.0)?;
        let mut signature = made.r().to_vec_padded(32)?;
        signature.extend(made.s().to_vec_padded(32)?);
        let signature = URL_SAFE_NO_PAD.encode(signature);
        Ok(format!(
            "vapid t={signed}.{signature}, k={}",
            self.public()?
        ))
    }
}

/// The keys that a browser gave out with its subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receiver {
    public: Vec<u8>,
    secret: Vec<u8>,
}

impl Receiver {
    /// Reads `p256dh` and `auth` of a subscription.
    ///
    /// # Errors
    /// If they are none.
    pub(crate) fn parse(public: &str, secret: &str) -> Result<Self, BadPush> {
        let decode = |text: &str| {
            let plain = text.trim_end_matches('=');
            URL_SAFE_NO_PAD.decode(plain).map_err(|_bad| BadPush::Keys)
        };
        let (public, secret) = (decode(public)?, decode(secret)?);
        if public.len() != POINT || secret.len() != 16 || point(&public).is_err() {
            return Err(BadPush::Keys);
        }
        Ok(Self { public, secret })
    }

    /// Encrypts a message for the browser, as the body of a request with the coding `aes128gcm`.
    ///
    /// # Errors
    /// If it is too long.
    pub(crate) fn encrypt(&self, message: &[u8]) -> Result<Vec<u8>, BadPush> {
        let own = EcKey::generate(&*p256()?)?;
        self.encrypt_with(message, &own, token::random_bytes())
    }

    fn encrypt_with(
        &self,
        message: &[u8],
        own: &EcKey<Private>,
        salt: [u8; 16],
    ) -> Result<Vec<u8>, BadPush> {
        if message.len() > MOST {
            return Err(BadPush::TooLong);
        }
        let own_public = public_bytes(own)?;
        let shared = agree(own, &self.public)?;
        let label = [b"WebPush: info\0".as_slice(), &self.public, &own_public].concat();
        let input = hkdf(&self.secret, &shared, &label, 32);
        let key = hkdf(&salt, &input, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = hkdf(&salt, &input, b"Content-Encoding: nonce\0", 12);
        // The end of the last record (RFC 8188, section 2).
        let padded = [message, &[2]].concat();
        let (cipher, mut tag) = (Cipher::aes_128_gcm(), [0; 16]);
        let sealed = encrypt_aead(cipher, &key, Some(&nonce), &[], &padded, &mut tag)?;
        let length = u8::try_from(own_public.len()).map_err(|_long| BadPush::Keys)?;
        Ok([
            salt.as_slice(),
            &RECORD.to_be_bytes(),
            &[length],
            &own_public,
            &sealed,
            &tag,
        ]
        .concat())
    }
}

fn p256() -> Result<EcGroup, ErrorStack> {
    EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)
}

fn private_key(secret: &[u8]) -> Result<EcKey<Private>, BadPush> {
    let (group, mut context) = (p256()?, BigNumContext::new_secure()?);
    let secret = BigNum::from_slice(secret)?;
    let mut public = EcPoint::new(&group)?;
    public.mul_generator2(&group, &secret, &mut context)?;
    let key = EcKey::from_private_components(&group, &secret, &public)?;
    key.check_key()?;
    Ok(key)
}

fn public_bytes(key: &EcKey<Private>) -> Result<Vec<u8>, ErrorStack> {
    let mut context = BigNumContext::new()?;
    let form = PointConversionForm::UNCOMPRESSED;
    key.public_key().to_bytes(key.group(), form, &mut context)
}

/// A public key out of a point that somebody sent; one off the curve is refused.
fn point(bytes: &[u8]) -> Result<PKey<openssl::pkey::Public>, ErrorStack> {
    let (group, mut context) = (p256()?, BigNumContext::new()?);
    let point = EcPoint::from_bytes(&group, bytes, &mut context)?;
    let key = EcKey::from_public_key(&group, &point)?;
    key.check_key()?;
    PKey::from_ec_key(key)
}

/// What both sides know and nobody between them.
fn agree(own: &EcKey<Private>, their: &[u8]) -> Result<Vec<u8>, BadPush> {
    let own = PKey::from_ec_key(own.clone())?;
    let their = point(their)?;
    let mut deriver = Deriver::new(&own)?;
    deriver.set_peer(&their)?;
    Ok(deriver.derive_to_vec()?)
}

/// HKDF with SHA-256 (RFC 5869), for at most 32 bytes.
fn hkdf(salt: &[u8], input: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let key = hmac(salt, input);
    let mut output = hmac(&key, &[info, &[1]].concat());
    output.truncate(length);
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    const PUBLIC: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const SECRET: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    #[test]
    fn a_message_is_that_of_rfc_8291() {
        let own = private_key(&decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let salt = decode("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let receiver = Receiver::parse(PUBLIC, SECRET).unwrap();
        let text = b"When I grow up, I want to be a watermelon";
        let body = receiver.encrypt_with(text, &own, salt).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn keys_that_are_none_are_refused() {
        let off_the_curve = URL_SAFE_NO_PAD.encode([&[4_u8][..], &[7; 64]].concat());
        for (public, secret) in [
            ("", SECRET),
            (PUBLIC, ""),
            (PUBLIC, "AAAA"),
            ("not base64!", SECRET),
            (&off_the_curve, SECRET),
            (PUBLIC.get(..40).unwrap(), SECRET),
        ] {
            assert_eq!(
                Receiver::parse(public, secret),
                Err(BadPush::Keys),
                "{public}"
            );
        }
        let receiver = Receiver::parse(PUBLIC, SECRET).unwrap();
        assert_eq!(receiver.encrypt(&[0; MOST + 1]), Err(BadPush::TooLong));
        let body = receiver.encrypt(&[0; MOST]).unwrap();
        assert!(body.len() <= RECORD as usize);
    }

    #[test]
    fn a_push_service_can_check_whose_message_it_is() {
        let key = VapidKey::parse(&VapidKey::generate().unwrap()).unwrap();
        let header = key
            .authorization("https://push.test", "mailto:a@b.test", 1_000)
            .unwrap();
        let (token, public) = header
            .strip_prefix("vapid t=")
            .and_then(|rest| rest.split_once(", k="))
            .unwrap();
        assert_eq!(public, key.public().unwrap());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = decode(signature);
        let (r, s) = signature.split_at(32);
        let number = |bytes: &[u8]| BigNum::from_slice(bytes).unwrap();
        let made = EcdsaSig::from_private_components(number(r), number(s)).unwrap();
        let public = point(&decode(public)).unwrap().ec_key().unwrap();
        assert!(
            made.verify(&digest::sha256(signed.as_bytes()), &public)
                .unwrap()
        );
        let claims = decode(signed.split_once('.').unwrap().1);
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], "https://push.test");
        assert_eq!(claims["exp"], 1_000);
        assert!(VapidKey::parse("nonsense!").is_err());
    }
}
