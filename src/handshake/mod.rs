//! stub
pub mod failure;
pub mod transcript;
use crate::pki::Cert;
use crate::pki::crl::Crl;
pub use failure::{CertRefusal, Failure};
pub use transcript::{Side, Step, Transcript};
/// stub
pub fn verify(_: &[Cert], _: &[Cert], _: Side, _: Option<&str>, _: time::OffsetDateTime, _: &[Crl]) -> Result<(), Failure> {
    Ok(())
}
