//! The door for other programs: `admit`, `hold`, `release`, `capture`, `retire`, `take_back`, `close_hold`,
//! `close_admission`, and a program that goes through it.

mod admit;
mod bond;
mod capture;
mod close_admission;
mod close_hold;
mod ending;
mod hold;
mod other_market;
mod release;
mod retire;
mod take_back;
