//! Message digests.

use aws_lc_rs::digest as aws;

/// SHA-256 (FIPS 180-4).
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    aws::digest(&aws::SHA256, bytes).as_ref().to_vec()
}

/// SHA-1, for key identifiers and old fingerprints only.
pub fn sha1(bytes: &[u8]) -> Vec<u8> {
    aws::digest(&aws::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}
