//! PKCS#12
