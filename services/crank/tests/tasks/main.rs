//! A market moved by tasks, on the real programs, beside the same market moved by a keeper. `stand_in` does what TukTuk does.
//!
//! | module | subject |
//! | --- | --- |
//! | `scene` | the community, and what happens in it |
//! | `in_time` | tasks run in their time |
//! | `out_of_time` | tasks run late, twice, in any order, or not at all |
//! | `plans` | what is planned, and what is queued of it |
//! | `real` | with TukTuk's own program, where there is one |
//! | `cost` | what it costs, as its page says |

mod cost;
mod in_time;
mod out_of_time;
mod plans;
mod real;
mod scene;
mod stand_in;
