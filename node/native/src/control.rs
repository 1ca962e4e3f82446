use std::io::BufRead;

use crate::{clock::Clock, options};

/// Does what whoever started the node says line by line, until nobody is there any more who could say something. `speed FACTOR`
/// changes the clock's.
pub fn listen(input: impl BufRead, clock: &Clock) {
    for line in input.lines().map_while(Result::ok) {
        let speed = line.trim().strip_prefix("speed ").map(options::speed);
        match speed {
            Some(Ok(speed)) => clock.set_speed(speed),
            _ => eprintln!("node: {line:?} means nothing; say \"speed FACTOR\""),
        }
    }
}
