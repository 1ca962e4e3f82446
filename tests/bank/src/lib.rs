//! All that there is are the tests in `tests/`.

#![forbid(unsafe_code)]
