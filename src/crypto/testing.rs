//! TLS servers that nobody should trust, for tests of the way out.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};

use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::ssl::{SslAcceptor, SslMethod, SslVersion};
use openssl::x509::extension::SubjectAlternativeName;
use openssl::x509::{X509, X509NameBuilder};

/// What is wrong with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Nothing, for those who trust its certificate.
    Nothing,
    /// Its certificate is another's, though one that is trusted.
    WrongName,
    /// Nobody vouches for its certificate.
    SelfSigned,
    /// Nor is it valid any more.
    Expired,
    /// It speaks TLS 1.1 at best.
    Old,
}

/// Starts a server with a flaw; it answers every request with 200, if it gets that far. Its
/// certificate comes along, as DER.
pub(crate) fn tls_server(flaw: Flaw) -> (SocketAddr, Vec<u8>) {
    let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
    let mut name = X509NameBuilder::new().unwrap();
    name.append_entry_by_text("CN", "localhost").unwrap();
    let name = name.build();
    let ends = if flaw == Flaw::Expired {
        100
    } else {
        4_000_000_000
    };
    let mut certificate = X509::builder().unwrap();
    certificate.set_version(2).unwrap();
    certificate.set_subject_name(&name).unwrap();
    certificate.set_issuer_name(&name).unwrap();
    certificate.set_pubkey(&key).unwrap();
    let times = [0, ends].map(|at| Asn1Time::from_unix(at).unwrap());
    certificate.set_not_before(&times[0]).unwrap();
    certificate.set_not_after(&times[1]).unwrap();
    let mut names = SubjectAlternativeName::new();
    match flaw {
        Flaw::WrongName => names.dns("elsewhere.test"),
        _ => names.ip("127.0.0.1"),
    };
    let names = names
        .build(&certificate.x509v3_context(None, None))
        .unwrap();
    certificate.append_extension(names).unwrap();
    certificate.sign(&key, MessageDigest::sha256()).unwrap();
    let mut acceptor = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls()).unwrap();
    acceptor.set_private_key(&key).unwrap();
    let certificate = certificate.build();
    acceptor.set_certificate(&certificate).unwrap();
    if flaw == Flaw::Old {
        acceptor
            .set_min_proto_version(Some(SslVersion::TLS1))
            .unwrap();
        acceptor
            .set_max_proto_version(Some(SslVersion::TLS1_1))
            .unwrap();
        acceptor.set_cipher_list("ALL:@SECLEVEL=0").unwrap();
    }
    let acceptor = acceptor.build();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // Whoever does not trust the certificate leaves here.
            let Ok(mut stream) = acceptor.accept(stream.unwrap()) else {
                continue;
            };
            drop(stream.read(&mut [0; 1024]));
            drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        }
    });
    (address, certificate.to_der().unwrap())
}
