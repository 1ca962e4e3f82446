//! TLS to servers, with the provider of cryptography that the RPC client has, too.

use std::{path::Path, path::PathBuf, sync::Arc};

use rustls::{
    crypto::ring,
    pki_types::{
        pem::{self, PemObject},
        CertificateDer,
    },
    ClientConfig, RootCertStore,
};

/// Why certificates can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("{path}: {error}; certificates in PEM are expected")]
    Unreadable { path: PathBuf, error: pem::Error },
    #[error("{path} holds no certificate; BEGIN CERTIFICATE is expected in it")]
    Empty { path: PathBuf },
    #[error("{0}; the certificates can't be used")]
    Unusable(#[from] rustls::Error),
}

/// Of who holds servers' certificates against those in a file.
///
/// # Errors
/// [`TlsError`].
pub fn trusting(ca: &Path) -> Result<ClientConfig, TlsError> {
    let unreadable = |error| TlsError::Unreadable {
        path: ca.into(),
        error,
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(ca).map_err(unreadable)? {
        roots.add(certificate.map_err(unreadable)?)?;
    }
    match roots.is_empty() {
        true => Err(TlsError::Empty { path: ca.into() }),
        false => client(roots),
    }
}

/// Of who holds them against those that browsers trust.
///
/// # Errors
/// [`TlsError`].
pub fn trusting_public() -> Result<ClientConfig, TlsError> {
    let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    client(roots)
}

fn client(roots: RootCertStore) -> Result<ClientConfig, TlsError> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_a_file_without_a_certificate_when_it_is_read_then_that_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ca.pem");
        assert!(matches!(trusting(&file), Err(TlsError::Unreadable { .. })));
        std::fs::write(&file, "nothing of the kind").expect("written");
        assert!(matches!(trusting(&file), Err(TlsError::Empty { .. })));
    }

    #[test]
    fn given_the_public_certificates_when_they_are_taken_then_they_can_be_used() {
        trusting_public().expect("usable");
    }
}
