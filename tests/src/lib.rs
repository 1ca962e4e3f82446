//! The tests are in `tests/`: `instructions/` holds each instruction's cases, `stories/` whole lives.
